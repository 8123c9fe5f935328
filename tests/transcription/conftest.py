"""Sounds and engines for the transcription tests."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.audio import RATE, Audio, Samples
from ingest.sound import Sound
from transcription.engines.engine import Hearing, LanguageGuess, Options, Reading


class ScriptedEngine:
    """An engine that says what it is told, and remembers which ways it was asked for."""

    name = "scripted"
    model = "script"

    def __init__(self, readings: Sequence[Reading], language: LanguageGuess | None = None) -> None:
        self._readings = readings
        self._language = language or LanguageGuess("zh", 0.9)
        self.asked: list[int] = []

    @property
    def options(self) -> Options:
        return {"script": len(self._readings)}

    @property
    def ways(self) -> int:
        return len(self._readings)

    def hear(
        self,
        clips: Sequence[Samples],
        language: str | None,
        way: int = 0,
        *,
        speakers: Sequence[int] = (),  # noqa: ARG002
    ) -> Hearing:
        if language is None:
            return Hearing((self._readings[way],) * len(clips), self._language)
        self.asked += [way] * len(clips)
        return Hearing((self._readings[way],) * len(clips))


@pytest.fixture
def scripted() -> type[ScriptedEngine]:
    return ScriptedEngine


@pytest.fixture
def make_audio() -> Callable[..., Audio]:
    """Wraps samples of shape (channels, n) as a decoded recording."""

    def make(samples: NDArray[np.float32]) -> Audio:
        return Audio(
            codec="pcm_s16le",
            source_rate=RATE,
            source_channels=len(samples),
            duration_s=samples.shape[1] / RATE,
            sha256="0" * 64,
            bytes=samples.size * 2,
            sound=Sound.from_array(samples.astype(np.float32)),
        )

    return make


@pytest.fixture
def voice() -> Callable[..., Samples]:
    """A buzz with harmonics at a pitch and level: what the voice measures see in a vowel."""

    def make(seconds: float, hertz: float, level_db: float) -> Samples:
        times = np.arange(round(seconds * RATE)) / RATE
        wave = np.sum([np.sin(2 * np.pi * hertz * k * times) / k for k in range(1, 12)], axis=0)
        scale = 10 ** (level_db / 20) / np.sqrt(np.mean(wave**2))
        return (wave * scale).astype(np.float32)

    return make
