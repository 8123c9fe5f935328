"""Put what a run measured into docs/performance.md: `python -m bench.asr.publish [RESULTS.json]`.

Replaces what stands between the two marks in the page, and draws the picture that it shows.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.asr.errors import Errors
from bench.asr.results import Figures, table
from bench.asr.workers import ROOT

BEGIN, END = "<!-- bench-asr -->", "<!-- /bench-asr -->"
PICTURE = "images/transcription-cost.svg"  # beside the page
_HEADINGS = {
    "all": "All recordings 全部录音",
    "calls": "Calls 通话",
    "clips": "Calls made of clips 由单句拼成的通话",
}


def page_with(page: str, results: Mapping[str, Any], measured_on: str) -> str:
    """The page with the tables of a run between its marks.

    Raises:
        ValueError: the page has no marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{chr(10).join(_section(results, measured_on))}\n{END}{after}"


def _section(results: Mapping[str, Any], measured_on: str) -> Iterator[str]:
    line = results["summary"]
    audio = " + ".join(f"{count} {source}" for source, count in line["audio"].items())
    versions = ", ".join(f"{name} {number}" for name, number in line["versions"].items())
    yield f"{measured_on}; {audio}, {line['audio_s'] / 60:.0f} minutes; {line['model']}; {versions}."
    yield ""
    yield f"- CPU-seconds ÷ those of `faster-whisper batched`: **{_shown(line['cpu_ratio_batched'])}**"
    yield f"- CPU-seconds ÷ those of `faster-whisper`: **{_shown(line['cpu_ratio_default'])}**"
    peer = f"{_shown(line['cer_best_peer'])} ({line['best_peer']})"
    yield f"- CER **{_shown(line['cer'])}**, of the best peer {peer}"
    yield f"\n![Cost against errors 成本与错误率]({PICTURE})"
    for source, settings in _figures(results["outcomes"]).items():
        yield f"\n### {_HEADINGS[source]}\n"
        yield table(settings)


def _shown(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"


def _figures(outcomes: list[Mapping[str, Any]]) -> dict[str, dict[str, Figures]]:
    found: dict[str, dict[str, Figures]] = {"all": {}}
    for outcome in outcomes:
        made = Figures(Errors(**outcome["errors"]), outcome["cpu_s"], outcome["duration_s"])
        for source in ("all", outcome["source"]):
            settings = found.setdefault(source, {})
            settings[outcome["setting"]] = settings.get(outcome["setting"], Figures()) + made
    return found


def main() -> None:
    """Write the page and the picture."""
    source = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "var/bench-asr/results.json")
    page, picture = ROOT / "docs/performance.md", ROOT / "docs" / PICTURE
    results = json.loads(source.read_text(encoding="utf-8"))
    measured_on = datetime.fromtimestamp(source.stat().st_mtime, UTC).date().isoformat()
    page.write_text(page_with(page.read_text(encoding="utf-8"), results, measured_on), encoding="utf-8")
    python = ROOT / ".venv-bench/bin/python"
    subprocess.run([python, "-m", "bench.asr.plot", source.resolve(), picture], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
