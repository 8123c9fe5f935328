import pytest

from bench.asr.publish import BEGIN, END, page_with

RESULTS = {
    "summary": {
        "cpu_ratio_batched": 0.5,
        "cpu_ratio_default": None,
        "cer": 0.1,
        "cer_best_peer": 0.2,
        "best_peer": "faster-whisper batched",
        "audio": {"calls": 1},
        "audio_s": 120.0,
        "model": "base",
        "versions": {"diting": "1.0"},
    },
    "outcomes": [
        {
            "setting": setting,
            "source": "calls",
            "duration_s": 120.0,
            "cpu_s": cpu_s,
            "errors": {"said": 10, "deletions": errors, "insertions": 0, "substitutions": 0},
        }
        for setting, cpu_s, errors in (("diting", 5.0, 1), ("faster-whisper batched", 10.0, 2))
    ],
}


def test_tables_replace_what_stood_between_the_marks() -> None:
    page = page_with(f"above\n{BEGIN}\nold\n{END}\nbelow\n", RESULTS, "2026-11-22")
    assert page.startswith(f"above\n{BEGIN}\n2026-11-22; 1 calls, 2 minutes; base; diting 1.0.\n")
    assert page.endswith(f"{END}\nbelow\n")
    assert "old" not in page
    assert "- CPU-seconds ÷ those of `faster-whisper batched`: **0.500**\n" in page
    assert "- CPU-seconds ÷ those of `faster-whisper`: **not measured**\n" in page
    assert "- CER **0.100**, of the best peer 0.200 (faster-whisper batched)\n" in page
    assert "| **diting** | 0.100 | 0.100 | 0.000 | 0.000 | 150 | 0.50 |" in page
    assert page.count("(images/transcription-cost.svg)") == 1
    assert page.count("### ") == 2
    assert page_with(page, RESULTS, "2026-11-22") == page


def test_a_page_without_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="bench-asr"):
        page_with("nothing here", RESULTS, "2026-11-22")
