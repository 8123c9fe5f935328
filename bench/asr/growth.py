"""How the cost of Diting grows: with the speech in a call, or with its length?

    python -m bench.asr.growth [--calls FOLDER] [--speech SECONDS]

Puts what was said in recorded calls together again with pauses of equal length, so that a call holds as
much speech, and as large a share of speech, as wanted. The last line of standard output is one JSON object:
`cost_10_percent`, the cost of an hour with 10 % speech divided by that of an hour of nothing but speech, and
`fourfold`, the cost of four times the speech divided by four times the cost of the speech: 1.0 is linear.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import numpy as np
from faster_whisper.audio import decode_audio

from bench.asr.recordings import CHANNELS, Recording, find_calls
from bench.asr.telephone import LINE_RATE, Samples, write_call
from bench.asr.workers import ROOT, Worker
from transcription.given import load_transcript

SETTING = "diting"
_NOISE = 0.001  # -60 dBFS
_SHORTEST_S = 0.3


class Piece(NamedTuple):
    """What one side said in one go."""

    side: int
    samples: Samples


class Shape(NamedTuple):
    """How much speech a call holds, in seconds, and how large a share of the call that is."""

    speech_s: float
    share: float


def pieces(calls: Sequence[Recording]) -> list[Piece]:
    """Every utterance of some calls, cut out of its channel."""
    sides = {role: side for side, role in CHANNELS.items()}
    found = []
    for call in calls:
        channels = decode_audio(str(call.audio), LINE_RATE, split_stereo=True)
        for utterance in load_transcript(call.audio.with_suffix(".transcript.json")).utterances:
            cut = slice(int(utterance.start * LINE_RATE), int(utterance.end * LINE_RATE))
            if utterance.end - utterance.start >= _SHORTEST_S and utterance.speaker in sides:
                found.append(Piece(sides[utterance.speaker], channels[sides[utterance.speaker]][cut]))
    return found


def arrange(said: Sequence[Piece], shape: Shape, rng: np.random.Generator) -> Samples:
    """A call of that shape: the pieces in order, again and again if need be, and noise all along."""
    chosen, left = [], round(shape.speech_s * LINE_RATE)
    for piece in cycle(said):
        if left <= 0:
            break
        chosen.append(piece._replace(samples=piece.samples[:left]))
        left -= len(chosen[-1].samples)
    length = round(shape.speech_s / shape.share * LINE_RATE)
    pause = (length - round(shape.speech_s * LINE_RATE)) // len(chosen)
    call: Samples = rng.normal(0.0, _NOISE, (2, length)).astype(np.float32)
    start = 0
    for side, samples in chosen:
        call[side, start : start + len(samples)] += samples
        start += len(samples) + pause
    return np.asarray(np.clip(call, -1.0, 1.0), dtype=np.float32)


def _measure(calls: Sequence[Recording], shapes: Sequence[Shape], folder: Path) -> Iterator[float]:
    """CPU-seconds for a call of each shape, after one that is not counted."""
    said = pieces(calls)
    with Worker([sys.executable, "-m", "bench.asr.ours"], folder / "log") as worker:
        for number, shape in enumerate((shapes[0], *shapes)):
            path = folder / f"{number}.wav"
            write_call(path, arrange(said, shape, np.random.default_rng(number)), "pcm_alaw")
            heard = worker.hear(SETTING, Recording(path.stem, "growth", path, calls[0].record, ("", "")))
            if number:
                yield heard.cpu_s


def main() -> int:
    """Measure five calls and print what they cost."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.asr.growth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--calls", type=Path, default=ROOT / "samples/calls", help="as for bench.asr")
    parser.add_argument("--speech", type=float, default=120.0, help="seconds of speech in the smallest call")
    arguments = parser.parse_args()
    calls, speech = find_calls(arguments.calls.resolve()), arguments.speech
    if not calls:
        print(f"there are no calls in {arguments.calls}", file=sys.stderr)
        return 2
    shapes = [Shape(speech * more, 1.0) for more in (1, 2, 4)] + [Shape(speech, 0.5), Shape(speech, 0.1)]
    print("| speech s | share | call s | CPU-s | CPU-s per hour of call | CPU-s per hour of speech |")
    print("|---|---|---|---|---|---|")
    used = []
    with tempfile.TemporaryDirectory(prefix="bench-growth-") as folder:
        for shape, cpu_s in zip(shapes, _measure(calls, shapes, Path(folder)), strict=True):
            length = shape.speech_s / shape.share
            rates = f"{cpu_s / length * 3600:.0f} | {cpu_s / shape.speech_s * 3600:.0f}"
            print(
                f"| {shape.speech_s:.0f} | {shape.share:.0%} | {length:.0f} | {cpu_s:.1f} | {rates} |",
                flush=True,
            )
            used.append(cpu_s)
    figures = {
        "cost_10_percent": round(used[4] * 0.1 / used[0], 3),
        "fourfold": round(used[2] / used[0] / 4, 3),
    }
    print(f"\n{json.dumps(figures)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
