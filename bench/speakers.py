"""How well two speakers on one channel are told apart, and who is the agent.

    python -m bench.speakers FOLDER… [--no-words]

A FOLDER holds recordings with the truth beside them: NAME.opus (two channels) and NAME.mono.opus with
NAME.transcript.json (true times), or NAME….flac and NAME….wav with NAME.rttm. Two channels are mixed, one up
to 6 dB below the other (fixed by the name). Prints per recording and per folder:

- diarization error rate (DER), collar ±0.25 s: speech missed, false alarm, wrong speaker (confusion);
- role accuracy: the share of the speech time that the transcript gives to the right role;
- real-time factor (RTF) of the split: CPU-seconds per second of recording, speech detection not counted.

Where each speaker has a channel, only what speech detection finds in it counts as speech: turns hold pauses.
The last line is one JSON object.
"""

import argparse
import hashlib
import itertools
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.audio import Audio, decode
from ingest.sound import Sound
from transcription.engines.registry import make_engine
from transcription.given import load_transcript
from transcription.sound.channels import Channel, normalise_level
from transcription.sound.levels import measure_levels
from transcription.sound.speech import detect_pieces, detect_speech
from transcription.speakers.voices import split_by_voice
from transcription.transcribe import transcribe

FRAMES_PER_S = 100
COLLAR_S = 0.25
MOST_DB = 6.0
# A shorter rest of a turn after the pauses are taken out is no speech.
_SHORTEST_S = 0.05

Span = tuple[str, float, float]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Case:
    """A recording on one channel, and who truly speaks when."""

    name: str
    audio: Audio
    truth: tuple[Span, ...]
    has_roles: bool


@dataclass(slots=True)
class Score:
    """Seconds: of speech (each speaker counted), and of each kind of error. Sums when added."""

    speech: float = 0.0
    missed: float = 0.0
    false_alarm: float = 0.0
    confused: float = 0.0
    roles_right: float = 0.0
    roles_speech: float = 0.0
    cpu: float = 0.0
    duration: float = 0.0

    def add(self, other: "Score") -> None:
        for field, value in asdict(other).items():
            setattr(self, field, getattr(self, field) + value)

    def figures(self) -> dict[str, float | None]:
        errors = self.missed + self.false_alarm + self.confused
        shares = {
            "der": errors,
            "missed": self.missed,
            "false_alarm": self.false_alarm,
            "confusion": self.confused,
        }
        return {
            **{name: round(value / self.speech, 4) for name, value in shares.items()},
            "role_accuracy": round(self.roles_right / self.roles_speech, 4) if self.roles_speech else None,
            "rtf": round(self.cpu / self.duration, 4),
        }


def cases(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*.opus")):
        name = path.name.removesuffix(".opus")
        said = path.with_name(f"{name.removesuffix('.mono')}.transcript.json")
        if not said.is_file():
            continue
        truth = [(item.speaker, item.start, item.end) for item in load_transcript(said).utterances]
        sibling = path.with_name(path.name.replace(".mono.opus", ".opus"))
        audio = decode(path)
        channels = (
            audio
            if audio.sound.channels == 2
            else decode(sibling)
            if sibling != path and sibling.is_file()
            else None
        )
        yield Case(name, _mixed(audio, name), _without_pauses(truth, channels), has_roles=True)
    for path in sorted([*folder.glob("*.flac"), *folder.glob("*.wav")]):
        truths = [truth for truth in folder.glob("*.rttm") if path.name.startswith(truth.stem)]
        if truths:
            yield Case(truths[0].stem, _mixed(decode(path), path.stem), _rttm(truths[0]), has_roles=False)


def _mixed(audio: Audio, name: str) -> Audio:
    """One channel; of two, the second is a few dB louder or quieter."""
    samples = audio.sound.read(0, audio.sound.length)
    if len(samples) == 2:
        draw = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 2**32
        samples = samples[:1] + samples[1:] * np.float32(10 ** (MOST_DB * (2 * draw - 1) / 20))
        samples = samples / max(1.0, float(np.abs(samples).max()))
    return replace(audio, sound=Sound.from_array(samples[:1]), source_channels=1)


def _without_pauses(truth: Sequence[Span], channels: Audio | None) -> tuple[Span, ...]:
    """The turns less the pauses in them, where each speaker has a channel: agent 0, customer 1."""
    if channels is None:
        return tuple(truth)
    speech = dict(zip(("agent", "customer"), map(detect_speech, _channels(channels)), strict=True))
    return tuple(
        (who, max(start, stretch.start), min(end, stretch.end))
        for who, start, end in truth
        for stretch in speech[who]
        if min(end, stretch.end) - max(start, stretch.start) > _SHORTEST_S
    )


def _channels(audio: Audio) -> list[Channel]:
    levels = measure_levels(audio.sound)
    return [normalise_level(Channel(audio.sound, index, own)) for index, own in enumerate(levels)]


def _rttm(path: Path) -> tuple[Span, ...]:
    rows = [
        line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("SPEAKER")
    ]
    return tuple((row[7], float(row[3]), float(row[3]) + float(row[4])) for row in rows)


def _flags(spans: Sequence[tuple[float, float]], frames: int) -> Flags:
    flags = np.zeros(frames, dtype=np.bool_)
    for start, end in spans:
        flags[round(start * FRAMES_PER_S) : round(end * FRAMES_PER_S)] = True
    return flags


def _counted(truth: Sequence[Span], frames: int) -> Flags:
    """All but the collar around where somebody starts or stops."""
    edges = [(max(0.0, edge - COLLAR_S), edge + COLLAR_S) for _, *span in truth for edge in span]
    return ~_flags(edges, frames)


def score_split(
    truth: Sequence[Span], sides: Sequence[Sequence[tuple[float, float]]], seconds: float
) -> Score:
    """Missed, false and confused speech under the better naming of the two voices."""
    frames = int(seconds * FRAMES_PER_S) + FRAMES_PER_S
    who = sorted({name for name, _, _ in truth})
    counted = _counted(truth, frames)
    true = np.array([_flags([(a, b) for name, a, b in truth if name == each], frames) for each in who])[
        :, counted
    ]
    heard = np.array([_flags(side, frames) for side in sides])[:, counted]
    right = max(
        sum((true[number] & heard[side]).sum() for number, side in enumerate(order[: len(who)]))
        for order in itertools.permutations(range(len(sides)))
    )
    speaking, found = true.sum(axis=0), heard.sum(axis=0)
    return Score(
        speech=speaking.sum() / FRAMES_PER_S,
        missed=np.maximum(speaking - found, 0).sum() / FRAMES_PER_S,
        false_alarm=np.maximum(found - speaking, 0).sum() / FRAMES_PER_S,
        confused=(np.minimum(speaking, found).sum() - right) / FRAMES_PER_S,
    )


def score_roles(truth: Sequence[Span], said: Sequence[Span], seconds: float) -> Score:
    """Speech time in utterances of the right role; where both truly speak, either is right."""
    frames = int(seconds * FRAMES_PER_S) + FRAMES_PER_S
    counted = _counted(truth, frames)
    speech = right = np.zeros(frames, dtype=np.bool_)
    for role in ("agent", "customer"):
        true = _flags([(a, b) for who, a, b in truth if who == role], frames)
        speech = speech | true
        right = right | (true & _flags([(a, b) for who, a, b in said if who == role], frames))
    return Score(
        roles_right=(right & counted).sum() / FRAMES_PER_S,
        roles_speech=(speech & counted).sum() / FRAMES_PER_S,
    )


def measure(case: Case, *, words: bool) -> tuple[Score, float]:
    """The score of one recording, and how clearly the voices differ."""
    (mono,) = _channels(case.audio)
    pieces = detect_pieces(mono)
    started = time.process_time()
    split = split_by_voice(mono.part, pieces)
    cpu = time.process_time() - started
    score = score_split(case.truth, split.sides, case.audio.duration_s)
    score.add(Score(cpu=cpu, duration=case.audio.duration_s))
    if words and case.has_roles:
        heard = transcribe(case.audio, None, make_engine("faster-whisper"))
        said = [(item.speaker, item.start, item.end) for item in heard.utterances]
        score.add(score_roles(case.truth, said, case.audio.duration_s))
    return score, split.clarity


def _line(name: str, figures: dict[str, float | None], note: str = "") -> str:
    shown = "  ".join(
        f"{key} {'—' if value is None else format(value, '.4f')}" for key, value in figures.items()
    )
    return f"{name:24} {shown}{note}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--no-words", action="store_true", help="do not transcribe: no role accuracy")
    options = parser.parse_args()
    summary = {}
    for folder in options.folders:
        totals = {"two channels mixed": Score(), "recorded as one": Score()}
        for case in cases(folder):
            score, clarity = measure(case, words=not options.no_words)
            print(_line(case.name, score.figures(), f"  clarity {clarity:.2f}"), flush=True)
            totals["recorded as one" if case.name.endswith(".mono") else "two channels mixed"].add(score)
        for kind, total in totals.items():
            if total.speech:
                summary[f"{folder.parent.name}/{folder.name} {kind}"] = total.figures()
                print(_line(kind, total.figures()), flush=True)
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
