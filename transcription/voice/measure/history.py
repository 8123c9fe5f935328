"""A collector's usual calm voice, from earlier calls: it shows who is stirred up from the first word on.

Pitch, tilt and pace belong to the person and can be compared between calls. Loudness belongs to the line as
much as to the person, and is compared only where it has hardly changed from call to call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from transcription.voice.measure.baseline import (
    USUAL_LEVEL_SD_DB,
    USUAL_PITCH_RANGE_SD,
    USUAL_PITCH_SD,
    USUAL_RATE_SD,
    USUAL_TILT_SD_DB,
    CalmVoice,
)
from transcription.voice.types import SpeakerVoice

CalmFrom = Literal["call", "history"]

# With fewer calls, or less speech, nothing is usual yet.
MIN_CALLS = 5
MIN_SPEECH_S = 120.0
# A call with less speech of the collector says little about the calm voice.
_MIN_CALL_S = 6.0
# The calm voice of one person differs about so much from day to day; less measured spread is chance.
_LEAST_PITCH_SD = 0.8
_LEAST_TILT_SD = 1.0
_LEAST_RATE_SD = 0.4
_LEAST_LEVEL_SD = 0.5
# More spread than this between calls: not one person, or not one line; and a few calls are alike by chance.
_MOST_PITCH_SD = 2.0
_MOST_LEVEL_SD = 1.0
_LEVEL_CALLS = 10
# The calmest part of a call lies so far above the usual calm voice that it is not calm.
_DEPARTED_SD = 1.5
_DEPARTED_PITCH_SD = 1.5


@dataclass(frozen=True, slots=True)
class Usual:
    """One measure of the calm voice over many calls, and its spread from call to call."""

    value: float
    sd: float

    def rise(self, value: float | None) -> float | None:
        """How far a value lies above the usual one, in standard deviations."""
        return None if value is None else (value - self.value) / self.sd


@dataclass(frozen=True, slots=True)
class UsualVoice:
    """A collector's calm voice over earlier calls.

    `pitch` in semitones above 100 Hz, `tilt` in dB, `rate` in characters a second, `level` in dB below full
    scale; `level` is None where the line differs from call to call, the others where too few calls have them.
    """

    calls: int
    measured_s: float
    pitch: Usual
    tilt: Usual | None
    rate: Usual | None
    level: Usual | None

    def departed(self, pitch: float | None, tilt: float | None, rate: float | None) -> bool:
        """True where even the calmest part of a call, as given, lies clearly above this voice."""
        higher = self.pitch.rise(pitch)
        if higher is None or higher < _DEPARTED_PITCH_SD:
            return False
        others = [usual.rise(value) for usual, value in ((self.tilt, tilt), (self.rate, rate)) if usual]
        known = [higher, *(rise for rise in others if rise is not None)]
        return sum(known) / len(known) >= _DEPARTED_SD

    def calm(self) -> CalmVoice:
        """The same as the calm voice of a call, with the spread that sentences have."""
        return CalmVoice(
            level=self.level.value if self.level else None,
            level_sd=USUAL_LEVEL_SD_DB,
            pitch=self.pitch.value,
            pitch_sd=max(self.pitch.sd, USUAL_PITCH_SD),
            pitch_range=None,
            pitch_range_sd=USUAL_PITCH_RANGE_SD,
            tilt=self.tilt.value if self.tilt else None,
            tilt_sd=max(self.tilt.sd, USUAL_TILT_SD_DB) if self.tilt else USUAL_TILT_SD_DB,
            rate=self.rate.value if self.rate else None,
            rate_sd=max(self.rate.sd, USUAL_RATE_SD) if self.rate else USUAL_RATE_SD,
        )


def chosen(here: CalmVoice | None, usual: UsualVoice | None) -> tuple[CalmVoice | None, CalmFrom | None]:
    """The calm voice to judge by, and where it is from.

    That of the call itself, unless too little was said in it, or even the calmest part of it lies clearly
    above what is usual: then the speaker was stirred up from the first word.

    Args:
        here: the calm voice in this call, None where too little was said.
        usual: that of the same person's earlier calls, None where it is not known.
    """
    if usual is not None and (here is None or usual.departed(here.pitch, here.tilt, here.rate)):
        return usual.calm(), "history"
    return here, None if here is None else "call"


def usual_voice(earlier: Sequence[SpeakerVoice]) -> UsualVoice | None:
    """The usual calm voice of one collector; None where there are too few calls, or not one voice.

    Calls that were themselves judged by the history are left out: their calm part was not calm.

    Args:
        earlier: this collector's part in earlier calls, in any order; give the last 30 to 50.
    """
    calls = [voice for voice in earlier if voice.calm_from == "call" and voice.measured_s >= _MIN_CALL_S]
    measured_s = sum(voice.measured_s for voice in calls)
    pitch = _usual([voice.calm_pitch for voice in calls], _LEAST_PITCH_SD)
    if pitch is None or pitch.sd > _MOST_PITCH_SD or measured_s < MIN_SPEECH_S:
        return None
    level = _usual([voice.calm_level for voice in calls], _LEAST_LEVEL_SD)
    return UsualVoice(
        calls=len(calls),
        measured_s=round(measured_s, 1),
        pitch=pitch,
        tilt=_usual([voice.calm_tilt for voice in calls], _LEAST_TILT_SD),
        rate=_usual([voice.calm_rate for voice in calls], _LEAST_RATE_SD),
        level=level
        if level is not None and len(calls) >= _LEVEL_CALLS and level.sd <= _MOST_LEVEL_SD
        else None,
    )


def _usual(values: Sequence[float | None], least_sd: float) -> Usual | None:
    """Median and robust spread: a few heated calls among them change little."""
    known = [value for value in values if value is not None]
    if len(known) < MIN_CALLS:
        return None
    middle = median(known)
    spread = 1.4826 * median(abs(value - middle) for value in known)
    return Usual(round(middle, 2), round(max(spread, least_sd), 2))
