"""How far word times are from the truth: first and last words of utterances whose times are known.

    make bench-word-times [BENCH_CALLS=FOLDER] [BENCH_FLAGS="--limit 6"]

FOLDER holds NAME.opus, NAME.call.json and NAME.transcript.json, whose utterances have true times, as in
`samples/calls`. Words are those that the product writes down. The last line of standard output is one JSON
object; the exit status is 1 when the median error is above 150 ms.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from ingest.audio import decode
from ingest.metadata import load_call_record
from transcription.engines.registry import make_engine
from transcription.given import load_transcript
from transcription.transcribe import transcribe
from transcription.types import Transcript, Utterance, Word

MAX_MEDIAN_S = 0.150
_ROOT = Path(__file__).resolve().parents[1]
_FOLDERS = (_ROOT.parent / "shared/devset/audio", _ROOT / "samples/calls")
# A word belongs to an utterance when its middle is in it, or at most this far outside.
_NEAR_S = 0.4


def main() -> int:
    """Run the bench; returns 0, 1 when the limit is missed, or 2 when there is nothing to hear."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.word_times",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--calls", type=Path, default=next(filter(Path.is_dir, _FOLDERS)))
    parser.add_argument("--limit", type=int, default=6, help="how many calls (6)")
    arguments = parser.parse_args()
    every = sorted(path.stem for path in arguments.calls.glob("*.opus") if "." not in path.stem)
    names = _spread(every, arguments.limit)
    if not names:
        print("there is no recording to hear: give --calls", file=sys.stderr)
        return 2
    engine = make_engine("faster-whisper")
    errors: list[tuple[float, float]] = []
    for name in names:
        truth = load_transcript(arguments.calls / f"{name}.transcript.json")
        record = load_call_record(arguments.calls / f"{name}.call.json")
        found = edge_errors(truth, transcribe(decode(arguments.calls / f"{name}.opus"), record, engine))
        print(f"{name}: {len(found)} of {len(truth.utterances)} utterances have words")
        errors += found
    return _report(len(names), np.array(errors))


def edge_errors(truth: Transcript, heard: Transcript) -> list[tuple[float, float]]:
    """Of every true utterance with words in it: how much later the first starts and the last ends, in s."""
    found = []
    for speaker in ("agent", "customer"):
        said = [utterance for utterance in truth.utterances if utterance.speaker == speaker]
        words = [word for u in heard.utterances if u.speaker == speaker for word in u.words]
        for utterance in said:
            mine = [word for word in words if _nearest(word, said) is utterance]
            if mine:
                found.append((mine[0].start - utterance.start, mine[-1].end - utterance.end))
    return found


def _nearest(word: Word, said: Sequence[Utterance]) -> Utterance | None:
    middle = (word.start + word.end) / 2
    away = [max(u.start - middle, middle - u.end, 0.0) for u in said]
    best = min(range(len(said)), key=away.__getitem__, default=None)
    return said[best] if best is not None and away[best] <= _NEAR_S else None


def _spread(names: Sequence[str], limit: int) -> list[str]:
    """So many of the names, from everywhere among them."""
    places = np.linspace(0, len(names) - 1, min(limit, len(names))).round().astype(int)
    return [names[place] for place in places]


def _report(calls: int, errors: np.ndarray) -> int:
    table = Table("edge", "median error", "90 % below", "bias")
    for edge, column in (("start of the first word", errors[:, 0]), ("end of the last word", errors[:, 1])):
        size = np.abs(column) * 1000
        table.add_row(
            edge,
            f"{np.median(size):.0f} ms",
            f"{np.percentile(size, 90):.0f} ms",
            f"{np.median(column) * 1000:+.0f} ms",
        )
    Console(width=100).print(table)
    starts, ends = np.median(np.abs(errors), axis=0)
    median = float(np.median(np.abs(errors)))
    print(
        json.dumps(
            {
                "calls": calls,
                "utterances": len(errors),
                "median_ms": round(median * 1000),
                "start_ms": round(float(starts) * 1000),
                "end_ms": round(float(ends) * 1000),
            }
        )
    )
    return 0 if median <= MAX_MEDIAN_S else 1


if __name__ == "__main__":
    sys.exit(main())
