"""The sound of single findings, as WAV files that every player plays; personal data under a tone."""

import io
import wave
from collections.abc import Sequence
from typing import Final

import numpy as np

from ingest.sound import Sound
from transcription.privacy.sound import Stretch, toned

AROUND_S: Final = 2.0
_FULL_SCALE: Final = 32767


def clip(sound: Sound, start: float, end: float, tones: Sequence[Stretch]) -> bytes:
    """What is heard from `start` to `end`, and a little around it, in seconds; 16-bit WAV at 16 kHz, with a
    tone on every channel over the stretches of the recording named by `tones`."""
    first, last = max(0, int((start - AROUND_S) * sound.rate)), int((end + AROUND_S) * sound.rate)
    samples = toned(sound, first, last, tones)
    pcm = np.rint(samples.T * _FULL_SCALE).clip(-_FULL_SCALE - 1, _FULL_SCALE).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(sound.channels)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(pcm.tobytes())
    return out.getvalue()
