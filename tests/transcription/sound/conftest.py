"""Sounds of the telephone, made at 8 kHz and sent through a line: band, G.711, noise."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfilt

from ingest.audio import RATE

Wave = NDArray[np.float64]
LINE_RATE = 8_000


class Telephone:
    """Makes sounds and carries them."""

    def tone(self, hertz: Sequence[float], seconds: float, level_db: float = -18.0) -> Wave:
        """One or more sines together."""
        times = np.arange(round(seconds * LINE_RATE)) / LINE_RATE
        wave = sum(np.sin(2 * np.pi * each * times) for each in hertz)
        return np.asarray(wave * 10 ** (level_db / 20) * np.sqrt(2 / len(hertz)))

    def pause(self, seconds: float) -> Wave:
        return np.zeros(round(seconds * LINE_RATE))

    def repeat(self, wave: Wave, pause_s: float, times: int) -> Wave:
        return np.concatenate([wave, self.pause(pause_s)] * times)

    def carry(self, *parts: Wave, noise_db: float = -55.0, seed: int = 0) -> NDArray[np.float32]:
        """Through the line: float32 at the rate of decoded recordings, shape (n,)."""
        wave = np.concatenate(parts)
        band = sosfilt(butter(4, (300, 3400), "band", fs=LINE_RATE, output="sos"), wave)
        noise = np.random.default_rng(seed).normal(size=len(wave)) * 10 ** (noise_db / 20)
        return self.record(band + noise)

    def record(self, wave: Wave) -> NDArray[np.float32]:
        """What comes out of the line, coded, recorded and decoded."""
        return np.asarray(resample_poly(a_law(wave), RATE // LINE_RATE, 1), dtype=np.float32)

    def talk(self, seconds: float, *, pitch: float = 130.0, level_db: float = -20.0, seed: int = 0) -> Wave:
        """Syllables with gliding harmonics, formants and pauses: to every measure here it is speech."""
        rng = np.random.default_rng(seed)
        syllables: list[Wave] = []
        while sum(map(len, syllables)) < seconds * LINE_RATE:
            count = round(rng.uniform(0.12, 0.28) * LINE_RATE)
            glide = pitch * np.linspace(rng.uniform(0.8, 1.3), rng.uniform(0.8, 1.3), count)
            phase = 2 * np.pi * np.cumsum(glide) / LINE_RATE
            formant = rng.uniform(400, 900), rng.uniform(1100, 2200)
            wave = np.zeros(count)
            for harmonic in range(1, 24):
                hertz = harmonic * glide.mean()
                gain = sum(1 / (1 + ((hertz - peak) / 150) ** 2) for peak in formant)
                wave += gain * np.sin(harmonic * phase)
            syllables += [wave * np.hanning(count), self.pause(rng.choice((0.03, 0.06, 0.25)))]
        wave = np.concatenate(syllables)[: round(seconds * LINE_RATE)]
        return np.asarray(wave / np.sqrt(np.mean(wave**2)) * 10 ** (level_db / 20))

    def music(self, seconds: float, timbre: str, level_db: float = -20.0, seed: int = 0) -> Wave:
        """Chords and melody in a rhythm: `piano`, `pad`, `sung`."""
        rng = np.random.default_rng(seed)
        wave = self.pause(seconds)
        beat = 0.4
        for number in range(int(seconds / beat)):
            chord = [(0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)][number // 4 % 4]
            melody = 12 + int(rng.choice((0, 2, 4, 7, 9)))
            notes = [*chord, melody] if timbre != "sung" else [melody]
            for note in notes:
                self._play(wave, number * beat, 220 * 2 ** (note / 12), timbre, beat)
        return np.asarray(wave / np.sqrt(np.mean(wave**2)) * 10 ** (level_db / 20))

    def _play(self, wave: Wave, start: float, hertz: float, timbre: str, beat: float) -> None:
        length = {"piano": 2.0 * beat, "pad": 4.0 * beat, "sung": beat}[timbre]
        first = round(start * LINE_RATE)
        count = min(round(length * LINE_RATE), len(wave) - first)
        times = np.arange(count) / LINE_RATE
        wobble = 0.15 * np.sin(2 * np.pi * 5.5 * times) if timbre == "sung" else 0.0
        shape = np.exp(-times / 0.5) if timbre == "piano" else np.hanning(count) ** 0.3
        for harmonic in range(1, 9):
            tone = np.sin(harmonic * (2 * np.pi * hertz * times + wobble)) / harmonic
            wave[first : first + count] += tone * shape


def a_law(wave: Wave) -> Wave:
    """There and back again through G.711 A-law."""
    ratio = 87.6
    scale = 1 + np.log(ratio)
    size = np.abs(np.clip(wave, -1, 1))
    coded = np.where(size < 1 / ratio, ratio * size, 1 + np.log(np.maximum(ratio * size, 1))) / scale
    steps = (np.floor(coded * 127.999) + 0.5) / 128
    decoded = np.where(steps < 1 / scale, steps * scale / ratio, np.exp(steps * scale - 1) / ratio)
    return np.asarray(decoded * np.sign(wave))


@pytest.fixture
def telephone() -> Telephone:
    return Telephone()


@pytest.fixture
def blocks() -> Callable[..., list[NDArray[np.float32]]]:
    """Channels of a recording in blocks of odd lengths, as they are read."""

    def cut(*channels: NDArray[np.float32], size: int = 50_001) -> list[NDArray[np.float32]]:
        both = np.stack(channels)
        return [both[:, start : start + size] for start in range(0, both.shape[1], size)]

    return cut
