"""What listening to voices costs, part by part, beside librosa's pitch tracker on the same sound.

    python -m bench.voice [FOLDER] [--limit N] [--rounds N]

FOLDER holds two-channel calls: NAME.opus and NAME.transcript.json with true times (default: the sample
calls). Every round runs every part once on every call, in turn, so that a busy machine slows all alike; the
least of the rounds counts. CPU-seconds of one thread per second of call. `librosa.pyin` hears what our pitch
tracker hears: the utterances alone, at the same hop. The last line is one JSON object.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import librosa
import numpy as np

from ingest.audio import Audio, decode
from transcription.given import load_transcript
from transcription.types import Transcript
from transcription.voice.hear import hear
from transcription.voice.measure.bands import HOP_S, frame_bands
from transcription.voice.measure.loudness import frame_levels
from transcription.voice.measure.measures import measure
from transcription.voice.measure.pitch import HIGHEST_HZ, LOWEST_HZ, frame_pitches
from transcription.voice.talk.interaction import converse

SAMPLES = Path(__file__).parents[2] / "samples" / "calls"
TARGET = 0.015
OURS = "everything (hear)"
PEER = "librosa.pyin (pitch alone)"


@dataclass(frozen=True)
class Call:
    name: str
    transcript: Transcript
    audio: Audio
    channels: dict[str, int]


def read_calls(folder: Path, limit: int) -> list[Call]:
    calls = []
    for path in sorted(folder.glob("*.opus")):
        given = path.with_suffix(".transcript.json")
        if given.is_file() and len(calls) < limit:
            transcript, audio = load_transcript(given), decode(path)
            places = measure(transcript, audio.sound).places
            calls.append(Call(path.stem, transcript, audio, {str(who): at for who, at in places.items()}))
    return calls


def pitch(call: Call) -> None:
    for said in call.transcript.utterances:
        frame_pitches(call.audio.sound, call.channels.get(said.speaker, 0), said.start, said.end)


def bands(call: Call) -> None:
    for said in call.transcript.utterances:
        frame_bands(call.audio.sound, call.channels.get(said.speaker, 0), said.start, said.end)


def levels(call: Call) -> None:
    for said in call.transcript.utterances:
        frame_levels(call.audio.sound, said.start, said.end)


def pyin(call: Call) -> None:
    rate = call.audio.rate
    for said in call.transcript.utterances:
        samples = call.audio.sound.part(said.start, said.end)[call.channels.get(said.speaker, 0)]
        if len(samples) > rate // 10:
            librosa.pyin(samples, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, sr=rate, hop_length=round(HOP_S * rate))


PARTS: dict[str, Callable[[Call], object]] = {
    "pitch (swift-f0)": pitch,
    "bands: level and tilt": bands,
    "where there is speech": levels,
    "turns, pauses, holds": lambda call: converse(call.transcript, call.audio.sound),
    "all measures": lambda call: measure(call.transcript, call.audio.sound),
    OURS: lambda call: hear(call.transcript, call.audio),
    PEER: pyin,
}


def timed(calls: Sequence[Call], rounds: int) -> dict[str, float]:
    """The least CPU-seconds of each part over the rounds, per second of call."""
    length = sum(call.audio.duration_s for call in calls)
    best = dict.fromkeys(PARTS, np.inf)
    for number in range(rounds):
        spent = dict.fromkeys(PARTS, 0.0)
        for call in calls:
            for name, part in PARTS.items():
                begun = time.process_time()
                part(call)
                spent[name] += time.process_time() - begun
            print(f"\rround {number + 1}/{rounds}: {call.name}  ", end="", file=sys.stderr, flush=True)
        best = {name: min(best[name], seconds) for name, seconds in spent.items()}
    print(file=sys.stderr)
    return {name: round(seconds / length, 5) for name, seconds in best.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    parser.add_argument("--limit", type=int, default=6, help="so many calls at most")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    calls = read_calls(arguments.folder, arguments.limit)
    if not calls:
        parser.error(f"{arguments.folder} holds no NAME.opus with NAME.transcript.json")
    hear(calls[0].transcript, calls[0].audio)  # loads the model
    pyin(calls[0])  # compiles
    seconds = timed(calls, arguments.rounds)
    for name, value in seconds.items():
        print(f"{name:28s} {value:.5f}")
    figures = {
        "calls": len(calls),
        "seconds": round(sum(call.audio.duration_s for call in calls), 1),
        "cpu_s_per_s": seconds,
        "ours": seconds[OURS],
        "pyin": seconds[PEER],
        "ratio_ours_pyin": round(seconds[OURS] / seconds[PEER], 3),
        "target": TARGET,
        "met": seconds[OURS] <= TARGET,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
