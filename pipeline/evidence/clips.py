"""The sound of single findings, as WAV files that every player plays; personal data under a tone."""

import io
import wave
from collections.abc import Sequence
from typing import Final

import numpy as np

from ingest.sound import Samples, Sound

AROUND_S: Final = 2.0
_TONE_HZ: Final = 1000
_TONE_LEVEL: Final = 0.1
_FULL_SCALE: Final = 32767


def clip(sound: Sound, start: float, end: float, hidden: Sequence[tuple[float, float]]) -> bytes:
    """What is heard from `start` to `end`, and a little around it, in seconds; 16-bit WAV at 16 kHz.

    Args:
        hidden: from when to when, in seconds of the recording, a tone is heard instead on every channel.
    """
    begins = max(0.0, start - AROUND_S)
    samples = toned(sound.part(begins, end + AROUND_S), sound.rate, begins, hidden)
    pcm = np.rint(samples.T * _FULL_SCALE).clip(-_FULL_SCALE - 1, _FULL_SCALE).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(sound.channels)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(pcm.tobytes())
    return out.getvalue()


def toned(samples: Samples, rate: int, begins: float, hidden: Sequence[tuple[float, float]]) -> Samples:
    """The samples, which begin at `begins` seconds of the recording, with a tone in place of what is hidden:
    nothing of what was there is left under it."""
    shown = samples.copy()
    for start, end in hidden:
        first = max(0, int((start - begins) * rate))
        last = min(shown.shape[1], int(np.ceil((end - begins) * rate)))
        if first < last:
            times = np.arange(first, last) / rate
            shown[:, first:last] = _TONE_LEVEL * np.sin(2 * np.pi * _TONE_HZ * times)
    return shown
