"""Calls in which the other side answers in a word or two: stored voices, put together on a telephone line."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from bench.guard.noises import RATE, Rng, Wave, white
from bench.guard.telephone import line
from ingest.audio import decode

FOLDER = Path(__file__).parent / "speech"
PER_CALL = 12
# How loud the answering side is, and how far below the noise of its line lies, in dB.
LINES = ((-14.0, 40.0), (-20.0, 30.0), (-24.0, 18.0), (-38.0, 28.0))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word or two by one voice: 8 kHz samples. `source` says how it came to be."""

    text: str
    language: str
    source: str
    wave: Wave


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in its place: seconds from the start of the call, on the customer's channel."""

    spoken: Spoken
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Call:
    """Two channels at 8 kHz, the agent first, and the customer's answers."""

    language: str
    answers: tuple[Answer, ...]
    channels: list[Wave]


def load(name: str) -> list[Spoken]:
    """What is stored under that name: NAME.opus, and NAME.json with the places in it."""
    sound = decode(FOLDER / f"{name}.opus").sound
    samples = sound.read(0, sound.length)[0]
    narrow = resample_poly(samples.astype(np.float64), 1, 2)
    return [
        Spoken(
            place["text"],
            place.get("language", "zh"),
            place.get("source", name),
            narrow[round(place["start"] * RATE) : round(place["end"] * RATE)],
        )
        for place in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    ]


def calls() -> Iterator[Call]:
    """Every stored answer once; the same calls every time."""
    rng = np.random.default_rng(11)
    questions, answers = load("questions"), [*load("answers"), *load("recorded")]
    for language in ("zh", "en"):
        asked = [question for question in questions if question.language == language]
        for source in sorted({answer.source for answer in answers}):
            given = [a for a in answers if a.language == language and a.source == source]
            order = rng.permutation(len(given))
            for number, start in enumerate(range(0, len(given), PER_CALL)):
                chosen = [given[i] for i in order[start : start + PER_CALL]]
                yield _call(rng, language, asked, chosen, LINES[number % len(LINES)])


def _call(
    rng: Rng,
    language: str,
    questions: Sequence[Spoken],
    answers: Sequence[Spoken],
    quality: tuple[float, float],
) -> Call:
    """One question after the other, each with its answer; pauses as people leave them."""
    level, noise = quality
    agent, customer, placed, at = _Channel(), _Channel(), [], 0.5
    for spoken in answers:
        question = questions[rng.integers(len(questions))]
        at = agent.add(question.wave, at) + rng.uniform(0.25, 0.9)
        end = customer.add(spoken.wave, at)
        placed.append(Answer(spoken, at, end))
        at = end + rng.uniform(0.3, 1.0)
    count = round((at + 0.5) * RATE)
    voices = line(agent.wave(count), -20.0), line(customer.wave(count), level)
    leak = 10 ** (rng.uniform(-45, -35) / 20)
    channels = [
        own + leak * other + line(white(rng, count), loud - noise)
        for own, other, loud in ((voices[0], voices[1], -20.0), (voices[1], voices[0], level))
    ]
    return Call(language, tuple(placed), channels)


class _Channel:
    """Collects the sounds of one channel, each at its time, all equally loud."""

    def __init__(self) -> None:
        self._parts: list[tuple[int, Wave]] = []

    def add(self, wave: Wave, at: float) -> float:
        """Put a sound at that time; returns when it ends."""
        loud = np.sqrt(np.mean(np.square(wave)))
        self._parts.append((round(at * RATE), wave / max(loud, 1e-9)))
        return at + len(wave) / RATE

    def wave(self, count: int) -> Wave:
        whole = np.zeros(count)
        for start, part in self._parts:
            whole[start : start + len(part)] += part[: max(0, count - start)]
        return whole
