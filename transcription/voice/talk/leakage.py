"""What leaks from one channel into the other, by its level: faint, and always as faint as that."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from ingest.sound import Sound
from transcription.sound.levels import FRAME_S, Levels, measure_levels
from transcription.types import AudioHealth

# Leaked sound varies by less than a decibel around its usual level, somebody speaking by more than this.
_MARGIN_DB = 6.0
# Stronger than this it is no leakage: both channels then carry both voices.
_STRONGEST_DB = -10.0
# How far below its loudest a side is still loud enough for its leakage to be heard above the noise.
_LOUD_DB = 15.0
# While one side speaks the other mostly listens: the lower half of the distances is the leak.
_LISTENING_PERCENTILE = 40
# Time differences between the channels, and how much an echo is smeared.
_SMEAR_S = 0.03
_FEWEST_FRAMES = 4


@dataclass(frozen=True, slots=True)
class Leakage:
    """How far each channel lies above what is expected to leak into it (dB per frame of `FRAME_S`), shape
    (channels, frames), and whether the other side is loud then."""

    above: Levels
    loud: NDArray[np.bool_]

    def is_leaked(self, channel: int, start: float, end: float) -> bool:
        """Whether a channel carries nothing but leakage between two times in seconds."""
        part = slice(int(start / FRAME_S), int(np.ceil(end / FRAME_S)))
        above = self.above[channel, part][self.loud[channel, part]]
        return len(above) >= _FEWEST_FRAMES and float(np.median(above)) <= _MARGIN_DB


def leakage(sound: Sound, health: AudioHealth | None = None) -> Leakage | None:
    """What leaks between the two channels of a recording; None where there are not two, or nothing leaks.

    Args:
        sound: the recording.
        health: tells of echoes, which come later than what they come from.
    """
    if sound.channels != 2:
        return None
    levels = measure_levels(sound)
    if levels.shape[1] == 0:
        return None
    above, loud = np.full(levels.shape, np.inf), np.zeros(levels.shape, dtype=np.bool_)
    for channel in (0, 1):
        for delay_s, db in _ways(levels[channel], levels[1 - channel], channel, health):
            source = _shifted(levels[1 - channel], delay_s)
            above[channel] = np.minimum(above[channel], levels[channel] - source - db)
            loud[channel] |= _is_loud(source)
    return Leakage(above, loud) if loud.any() else None


def _ways(own: Levels, other: Levels, channel: int, health: AudioHealth | None) -> list[tuple[float, float]]:
    """The ways by which the other side comes through: so much later (s), and so much louder (dB)."""
    usual = float(np.percentile((own - _shifted(other, 0.0))[_is_loud(other)], _LISTENING_PERCENTILE))
    echoes = () if health is None else health.echoes
    ways = [(echo.delay_ms / 1000, echo.level_db) for echo in echoes if echo.channel == channel]
    return [(0.0, usual), *ways] if usual <= _STRONGEST_DB else ways


def _is_loud(levels: Levels) -> NDArray[np.bool_]:
    return np.asarray(levels >= np.percentile(levels, 98) - _LOUD_DB)


def _shifted(levels: Levels, delay_s: float) -> Levels:
    """The levels so much later, the loudest of a short time around."""
    later = round(delay_s / FRAME_S)
    moved = np.concatenate([np.full(min(later, len(levels)), -200.0), levels[: max(0, len(levels) - later)]])
    return np.asarray(maximum_filter1d(moved, 2 * round(_SMEAR_S / FRAME_S / 2) + 1))
