from pathlib import Path

import pytest

from bench.asr.errors import Errors
from bench.asr.recordings import Recording
from bench.asr.results import BATCHED_PEER, DEFAULT_PEER, OURS, Outcome, summary, table, totals
from bench.asr.workers import Heard


def _outcome(setting: str, texts: tuple[str, str], cpu_s: float, source: str = "calls") -> Outcome:
    recording = Recording("A", source, Path("A.opus"), Path("A.call.json"), ("一二三四五", "六七八九十"))
    return Outcome(setting, recording, 60.0, Heard(texts, cpu_s, cpu_s))


OUTCOMES = [
    _outcome(OURS, ("一二三四五", "六七八九"), 3.0),
    _outcome(DEFAULT_PEER, ("一二三四五谢谢", "六七八九十"), 12.0),
    _outcome(BATCHED_PEER, ("一二三", "六七八"), 6.0),
    _outcome("diting, beam 1", ("", ""), 1.0),
    _outcome(OURS, ("一二三四五", "六七八九十"), 6.0, "clips"),
    _outcome(BATCHED_PEER, ("一二三四五", "六七八九十"), 12.0, "clips"),
]


def test_figures_are_pooled_per_source_and_over_all() -> None:
    found = totals(OUTCOMES)
    assert list(found) == ["all", "calls", "clips"]
    ours = found["all"][OURS]
    assert ours.errors == Errors(said=20, deletions=1)
    assert (ours.cpu_s, ours.audio_s, ours.cost) == (9.0, 120.0, 270.0)
    assert found["calls"][OURS].cost == 180.0


def test_the_last_line_compares_with_the_best_of_the_others() -> None:
    line = summary(OUTCOMES, {"model": "base"})
    assert line["cpu_ratio_batched"] == 0.5
    assert line["cpu_ratio_default"] == pytest.approx(270 / 720, abs=1e-3)
    assert line["cer"] == 0.05
    assert (line["cer_best_peer"], line["best_peer"]) == (0.2, DEFAULT_PEER)
    assert line["model"] == "base"
    assert (line["audio"], line["audio_s"]) == ({"calls": 1, "clips": 1}, 120.0)
    assert line["settings"]["all"][DEFAULT_PEER] == {
        "cer": 0.2,
        "deletions": 0.0,
        "insertions": 0.2,
        "substitutions": 0.0,
        "cpu_s_per_hour": 720.0,
    }


def test_what_was_not_run_is_null_not_zero() -> None:
    line = summary([_outcome(OURS, ("", ""), 1.0)], {})
    assert line["cer"] == 1.0
    assert line["cer_best_peer"] is line["best_peer"] is None
    assert line["cpu_ratio_batched"] is line["cpu_ratio_default"] is None
    assert summary([_outcome(DEFAULT_PEER, ("", ""), 1.0)], {})["cer"] is None


def test_the_table_starts_with_the_fewest_errors() -> None:
    lines = table(totals(OUTCOMES)["all"]).splitlines()
    assert lines[2] == "| **diting** | 0.050 | 0.050 | 0.000 | 0.000 | 270 | 0.50 |"
    assert lines[-1].startswith("| **diting, beam 1** | 1.000 | 1.000 ")
