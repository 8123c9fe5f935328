"""A recording with a tone over personal data: what lies under it is not in the copy."""

import hashlib
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import IO, Final

import av
import numpy as np

from ingest.audio import AudioLimits, Samples, decode
from ingest.sound import Sound
from transcription.privacy.detect import find_in_text
from transcription.privacy.times import MARGIN_S
from transcription.privacy.types import Span
from transcription.types import RejectedText

Stretch = tuple[float, float]
TONE_HZ: Final = 1000.0
_TONE_LEVEL: Final = 0.1
_BITS_PER_CHANNEL: Final = 24_000
# Somebody waits for the copy. The least effort takes 0.4 of the time; its spectrum is 0.15 dB further off.
_EFFORT: Final = {"compression_level": "0"}
# What people say into each other is toned on both channels: it leaks from one into the other.
_FULL_SCALE: Final = 32_767
# Changes when copies made before are to be made again.
_VERSION: Final = "1"


def stretches(spans: Iterable[Span], rejected: Iterable[RejectedText] = ()) -> tuple[Stretch, ...]:
    """When personal data is heard, in seconds, in order; text that was rejected counts as a whole."""
    doubtful = [
        (max(0.0, text.start - MARGIN_S), text.end + MARGIN_S) for text in rejected if find_in_text(text.text)
    ]
    joined: list[Stretch] = []
    for start, end in sorted([*((span.start_s, span.end_s) for span in spans), *doubtful]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def copy_name(sha256: str, tones: Sequence[Stretch]) -> str:
    """What a copy is kept under: the same recording with the same stretches has the same name."""
    said = ";".join(f"{start:.3f}-{end:.3f}" for start, end in tones)
    return hashlib.sha256(f"{_VERSION}|{sha256}|{said}".encode()).hexdigest()


def write_toned(recording: Path, tones: Sequence[Stretch], target: Path | IO[bytes], comment: str) -> float:
    """Write an Ogg Opus copy with a tone over these stretches, on all channels; return its length in seconds.

    Args:
        comment: stands in the copy's metadata.

    Raises:
        AudioError: the recording cannot be decoded (`ingest.audio.decode`).
    """
    sound = decode(recording, AudioLimits(max_seconds=float("inf"), max_bytes=2**62)).sound
    file = str(target) if isinstance(target, Path) else target
    with av.open(file, mode="w", format="ogg") as writer:
        writer.metadata["comment"] = comment
        layout = "mono" if sound.channels == 1 else "stereo"
        encoder = writer.add_stream("libopus", rate=sound.rate, layout=layout, options=_EFFORT)
        encoder.bit_rate = _BITS_PER_CHANNEL * sound.channels
        encoder.time_base = Fraction(1, sound.rate)
        for start in range(0, sound.length, sound.rate):
            writer.mux(
                encoder.encode(_frame(toned(sound, start, start + sound.rate, tones), start, sound, layout))
            )
        writer.mux(encoder.encode(None))
    return sound.duration_s


def toned(sound: Sound, start: int, stop: int, tones: Sequence[Stretch]) -> Samples:
    """Samples `start` to `stop` of every channel, with the tone in place of what was said."""
    samples = sound.read(start, stop)
    for begin, end in tones:
        first = max(int(begin * sound.rate) - start, 0)
        last = min(int(np.ceil(end * sound.rate)) - start, samples.shape[1])
        if first < last:
            times = np.arange(start + first, start + last) / sound.rate
            samples[:, first:last] = _TONE_LEVEL * np.sin(2 * np.pi * TONE_HZ * times)
    return samples


def _frame(samples: Samples, at: int, sound: Sound, layout: str) -> av.AudioFrame:
    packed = np.ascontiguousarray((samples.T * _FULL_SCALE).astype("<i2").reshape(1, -1))
    frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=layout)
    frame.sample_rate, frame.pts, frame.time_base = sound.rate, at, Fraction(1, sound.rate)
    return frame
