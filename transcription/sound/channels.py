"""The channels of a recording: which are alike, and what of one leaks into the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from ingest.audio import Samples
from transcription.sound.speech import Stretch

_FRAME_S = 0.010
_FLOOR_DB = -100.0
# A frame counts as this channel's own sound when it is this much above what leaks in from the other side.
OWN_MARGIN_DB = 8.0
# A whole stretch must stand out a little more, and lie within this range of the side's usual level.
STRETCH_MARGIN_DB = 9.0
QUIETEST_DB = 21.0
# Leakage stronger than this is no leakage: both channels then carry both voices.
STRONGEST_LEAK_DB = -10.0
# An echo comes back later than the voice that caused it.
_ECHO_S = 0.25
# Around own sound the channel stays open, so that soft beginnings and endings of words survive.
_OPEN_S = 0.12
SAME_CORRELATION = 0.97
_COMPARED_S = 300.0


@dataclass(frozen=True, slots=True)
class Channel:
    """One of two channels without what leaks in from the other.

    `samples` is silent where only the other side is heard. `levels` and `source` are the levels of the
    original channel and of the other one, in dB per 10 ms frame; `leak_db` is how far below the other
    side its leakage lies, None where there is none to be told.
    """

    samples: Samples
    levels: NDArray[np.float64]
    source: NDArray[np.float64]
    leak_db: float | None


def is_dual_mono(channels: NDArray[np.float32], rate: int) -> bool:
    """True when two channels carry the same sound, gain aside: then they do not tell who speaks."""
    if channels.shape[1] == 0:
        return False
    # Some minutes tell; the whole of a long recording in double precision would only fill the memory.
    part = channels[:, : round(_COMPARED_S * rate)]
    first, second = (channel.astype(np.float64) - channel.mean() for channel in part)
    scale = np.sqrt(np.dot(first, first) * np.dot(second, second))
    return bool(scale > 0 and abs(np.dot(first, second)) / scale >= SAME_CORRELATION)


def remove_crosstalk(channels: NDArray[np.float32], rate: int) -> tuple[Channel, Channel]:
    """Silence each of two channels where it carries only what leaks in from the other.

    The leak is estimated from the recording itself: how far a channel stays below the other while the
    other is loud. Frames not clearly above the leak to be expected are silenced, so that nobody's words
    are heard twice, once for each speaker.

    Args:
        channels: (2, n) samples.
        rate: samples per second.
    """
    first, second = (_levels(channel, rate) for channel in channels)
    return _remove_leak(channels[0], first, second, rate), _remove_leak(channels[1], second, first, rate)


def _remove_leak(
    samples: Samples, levels: NDArray[np.float64], other: NDArray[np.float64], rate: int
) -> Channel:
    # What was said up to `_ECHO_S` ago may still be heard: look back, not ahead.
    echo = round(_ECHO_S / _FRAME_S)
    source = maximum_filter1d(other, echo, origin=echo // 2 - 1) if len(other) else other
    leak = _estimate_leak(levels, source)
    if leak is not None:
        is_own = levels > source + leak + OWN_MARGIN_DB
        is_open = maximum_filter1d(is_own.astype(np.uint8), 2 * round(_OPEN_S / _FRAME_S) + 1)
        samples = _gate(samples, is_open, rate)
    return Channel(samples, levels, source, leak)


def own_speech(channel: Channel, stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Keep the stretches that are this side's own speech.

    Dropped are remains of the other side's loudest sounds, and stretches far below this side's usual level.
    """
    if not len(channel.levels):
        return ()
    usual = np.percentile(channel.levels, 90)
    kept = []
    for stretch in stretches:
        part = slice(
            int(stretch.start / _FRAME_S), max(int(stretch.end / _FRAME_S), int(stretch.start / _FRAME_S) + 1)
        )
        level = np.percentile(channel.levels[part], 90)
        leaked = (
            -np.inf if channel.leak_db is None else np.percentile(channel.source[part], 90) + channel.leak_db
        )
        if level > leaked + STRETCH_MARGIN_DB and level > usual - QUIETEST_DB:
            kept.append(stretch)
    return tuple(kept)


def _levels(channel: Samples, rate: int) -> NDArray[np.float64]:
    frame = round(_FRAME_S * rate)
    count = -(-len(channel) // frame)
    padded = np.zeros(count * frame, dtype=np.float32)
    padded[: len(channel)] = channel
    power = np.mean(np.square(padded.reshape(count, frame)), axis=1, dtype=np.float64)
    return np.asarray(10 * np.log10(np.maximum(power, 10 ** (_FLOOR_DB / 10))), dtype=np.float64)


def _estimate_leak(own: NDArray[np.float64], source: NDArray[np.float64]) -> float | None:
    """The usual distance to the other side while that is loud; None where no leak can be told."""
    if len(source) == 0:
        return None
    loud = source >= np.percentile(source, 95) - 12
    # While the other speaks this side mostly listens: the lower half of the distances is the leak.
    leak = float(np.percentile((own - source)[loud], 40))
    return leak if leak <= STRONGEST_LEAK_DB else None


def _gate(channel: Samples, is_open: NDArray[np.uint8], rate: int) -> Samples:
    """Silence the closed frames, with ramps of one frame: a hard edge would click."""
    frame = round(_FRAME_S * rate)
    before, after = np.pad(is_open, (1, 0), mode="edge")[:-1], is_open
    # Each frame goes from the state of the one before to its own.
    ramp = np.linspace(0, 1, frame, endpoint=False, dtype=np.float32)
    gated = np.zeros(len(is_open) * frame, dtype=np.float32)
    gated[: len(channel)] = channel
    frames = gated.reshape(len(is_open), frame)
    frames[(before == 0) & (after == 0)] = 0
    frames[(before == 0) & (after == 1)] *= ramp
    frames[(before == 1) & (after == 0)] *= ramp[::-1]
    return gated[: len(channel)]
