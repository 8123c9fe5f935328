"""Single tones and pairs of tones: ring-back, busy, keys, fax, beeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transcription.sound.spectrum import Powers

_MIN_DB = -58.0
# The share of all power that lies in one or two narrow peaks: a voice has many harmonics.
_PURE = 0.88
_SECOND = 0.06  # of the strongest: below this a second peak is noise
_REACH = 3  # bins around a peak that belong to it
_SAME_HZ = 12.0
_SAME_DB = 8.0
_WHOLE_DB = 3.0  # frames that hold nothing but the tone
_GAP_FRAMES = 1


class ToneFrames(NamedTuple):
    """What is loudest in each frame: frequencies (Hz), how pure, and how loud (dB).

    `second` is 0 where there is but one tone.
    """

    first: NDArray[np.float32]
    second: NDArray[np.float32]
    pure: NDArray[np.float32]
    level: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tone:
    """An uninterrupted tone, or pair of tones (`high` > 0), in seconds and Hz.

    `purity` (0..1) is the share of the power that lies in it; `drift` (Hz) and `sway` (dB) are how far
    pitch and level move while it sounds. A machine's hardly move at all.
    """

    start: float
    end: float
    low: float
    high: float
    purity: float
    drift: float = 0.0
    sway: float = 0.0

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.end - self.start

    def near(self, low: float, high: float = 0.0, within: float = _SAME_HZ) -> bool:
        """Whether it is this tone or this pair."""
        return abs(self.low - low) <= within and abs(self.high - high) <= within


def tone_frames(powers: Powers, hz_per_bin: float, lowest_hz: float) -> ToneFrames:
    """The loudest one or two tones of each frame.

    Args:
        powers: spectra, the first bin at `lowest_hz`.
        hz_per_bin: distance of bins.
        lowest_hz: frequency of the first bin.
    """
    total = powers.sum(axis=1) + 1e-12
    rest = powers.copy()
    one, power_one = _take_peak(rest, hz_per_bin, lowest_hz)
    two, power_two = _take_peak(rest, hz_per_bin, lowest_hz)
    paired = power_two > _SECOND * power_one
    pure = np.where(paired, power_one + power_two, power_one) / total
    low, high = np.minimum(one, two), np.maximum(one, two)
    return ToneFrames(
        np.where(paired, low, one).astype(np.float32),
        np.where(paired, high, 0.0).astype(np.float32),
        pure.astype(np.float32),
        (10 * np.log10(total)).astype(np.float32),
    )


def _take_peak(
    powers: Powers, hz_per_bin: float, lowest_hz: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequency and power of the strongest peak of each row, which is then wiped out."""
    rows = np.arange(len(powers))
    at = np.clip(powers.argmax(axis=1), 1, powers.shape[1] - 2)
    left, middle, right = (np.log(powers[rows, at + step] + 1e-20) for step in (-1, 0, 1))
    curve = left - 2 * middle + right
    shift = np.where(np.abs(curve) > 1e-9, (left - right) / (2 * np.where(curve == 0, 1, curve)), 0)
    hertz = lowest_hz + (at + np.clip(shift, -0.5, 0.5)) * hz_per_bin
    power = np.zeros(len(powers))
    for step in range(-_REACH, _REACH + 1):
        place = np.clip(at + step, 0, powers.shape[1] - 1)
        power += powers[rows, place]
        powers[rows, place] = 0
    return hertz, power


def tones(frames: ToneFrames, hop_s: float, window_s: float, *, shortest_s: float) -> list[Tone]:
    """Runs of frames with the same tone.

    The first and the last frame of a tone hold only part of it, so its edges lie where it is half as loud.
    """
    tonal = (frames.pure >= _PURE) & (frames.level >= _MIN_DB)
    found, place, count = [], 0, len(tonal)
    while place < count:
        if not tonal[place]:
            place += 1
            continue
        end = _run_end(frames, tonal, place)
        # Most runs are bits of voices; what is too short with all its frames needs no closer look.
        if (end - place) * hop_s >= shortest_s:
            tone = _tone(frames, place, end, hop_s, window_s)
            if tone.seconds >= shortest_s:
                found.append(tone)
        place = end
    return found


def _run_end(frames: ToneFrames, tonal: NDArray[np.bool_], start: int) -> int:
    """One past the last frame that goes on with the tone of `start`."""
    last, place = start, start + 1
    while place < len(tonal) and place - last <= _GAP_FRAMES + 1:
        if tonal[place] and _same(frames, last, place):
            last = place
        place += 1
    return last + 1


def _same(frames: ToneFrames, one: int, other: int) -> bool:
    return bool(
        abs(frames.first[one] - frames.first[other]) <= _SAME_HZ
        and abs(frames.second[one] - frames.second[other]) <= _SAME_HZ
    )


def _tone(frames: ToneFrames, start: int, end: int, hop_s: float, window_s: float) -> Tone:
    run = slice(start, end)
    full = np.percentile(frames.level[run], 75)
    loud = np.flatnonzero(frames.level[run] >= full - _SAME_DB)
    inner = frames.level[run] >= full - _WHOLE_DB
    middle = window_s / 2
    return Tone(
        start=(start + int(loud[0])) * hop_s + middle - hop_s / 2,
        end=(start + int(loud[-1])) * hop_s + middle + hop_s / 2,
        low=float(np.median(frames.first[run])),
        high=float(np.median(frames.second[run])),
        purity=float(np.mean(frames.pure[run][inner])),
        drift=_spread(frames.first[run][inner]),
        sway=_spread(frames.level[run][inner]),
    )


def _spread(values: NDArray[np.float32]) -> float:
    """How far the values lie apart, a few odd frames aside."""
    low, high = np.percentile(values, (10, 90))
    return float(high - low)


def series(found: Sequence[Tone], longest_pause_s: float) -> list[list[Tone]]:
    """Tones of the same pitch one after the other, with pauses no longer than given."""
    groups: list[list[Tone]] = []
    for tone in found:
        mine = next(
            (
                group
                for group in reversed(groups)
                if group[-1].near(tone.low, tone.high) and tone.start - group[-1].end <= longest_pause_s
            ),
            None,
        )
        if mine is None:
            groups.append([tone])
        else:
            mine.append(tone)
    return groups
