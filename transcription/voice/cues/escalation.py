"""How somebody's arousal goes on over a call: rising, falling, up and down again, or level."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transcription.types import Because, Cue
from transcription.voice.cues.limits import common_limits, doubts, worth
from transcription.voice.types import SpeakerVoice, Trend, UtteranceVoice

Values = NDArray[np.float64]

# A course needs this much: fewer utterances, or less speech, is chance.
MIN_UTTERANCES = 5
MIN_SPEECH_S = 15.0
_MIN_UTTERANCE_S = 0.8
# The course is seen through a window of so much of the speaker's own speech.
_WINDOW_S = 6.0
# What the end of a call, by the speaker's own speech, is held against: somebody may get stirred up early.
_OPENING = 0.2
_END = 1 / 3
# So much arousal (standard deviations) must lie between two parts of a call for them to differ.
CHANGED = 0.9
# … and the pitch must rise with it (semitones), or only the loudness did, which may be the line's.
_HIGHER = 0.5
# What has come down from the peak by this share of its height is over.
_OVER = 0.6


@dataclass(frozen=True, slots=True)
class Course:
    """The course of one speaker's arousal. `rise` is that of the last third of the speech over its opening,
    `higher` that of the pitch in semitones; `peak` the highest that lasted, at `peak_at` seconds; `since` is
    from when on it stayed up, if it did."""

    trend: Trend
    rise: float
    higher: float
    peak: float
    peak_at: float
    since: float | None


class _Speech:
    """What one speaker said, as one stretch of speech without what lies between."""

    def __init__(self, voices: Sequence[UtteranceVoice]) -> None:
        self._lengths = np.array([_seconds(voice) for voice in voices])
        self._ends = np.cumsum(self._lengths)
        self._total = float(self._ends[-1])

    def opening(self, values: Values) -> float:
        """Mean of a measure over how the speaker began."""
        return self._mean(values, 0.0, max(_WINDOW_S, _OPENING * self._total))

    def end(self, values: Values) -> float:
        """Mean of a measure over the last part."""
        return self._mean(values, (1 - _END) * self._total, self._total)

    def smoothed(self, values: Values) -> Values:
        """For every utterance the mean over the speech around its middle."""
        middles = self._ends - self._lengths / 2
        return np.array([self._mean(values, at - _WINDOW_S / 2, at + _WINDOW_S / 2) for at in middles])

    def _mean(self, values: Values, start: float, stop: float) -> float:
        inside = np.clip(
            np.minimum(self._ends, stop) - np.maximum(self._ends - self._lengths, start), 0.0, None
        )
        return float(np.sum(values * inside) / np.sum(inside))


def course(voices: Sequence[UtteranceVoice]) -> Course | None:
    """The course of the arousal of one speaker; None when too little was said.

    Args:
        voices: the speaker's utterances in order of time.
    """
    known = [
        voice
        for voice in voices
        if voice.arousal is not None and voice.pitch is not None and _seconds(voice) >= _MIN_UTTERANCE_S
    ]
    if len(known) < MIN_UTTERANCES or sum(map(_seconds, known)) < MIN_SPEECH_S:
        return None
    speech = _Speech(known)
    arousal = np.array([voice.arousal for voice in known], dtype=np.float64)
    pitch = np.array([voice.pitch for voice in known], dtype=np.float64)
    early, late = speech.opening(arousal), speech.end(arousal)
    smooth = speech.smoothed(arousal)
    top = int(np.argmax(smooth))
    rise, peak = late - early, float(smooth[top])
    since = _stayed_since(smooth, early + rise / 2) if rise >= CHANGED else None
    return Course(
        trend=_trend(early, late, peak),
        rise=round(rise, 2),
        higher=round(speech.end(pitch) - speech.opening(pitch), 2),
        peak=round(peak, 2),
        peak_at=round((known[top].start + known[top].end) / 2, 2),
        since=None if since is None else known[since].start,
    )


def with_course(speaker: SpeakerVoice, found: Course | None) -> SpeakerVoice:
    """The speaker with the course of the arousal; without one, what was said was too little for it."""
    if found is None:
        limits = dict.fromkeys((*speaker.limits, "short_speech"))
        return replace(speaker, limits=tuple(limits))
    return replace(speaker, trend=found.trend, peak=found.peak, peak_at=found.peak_at)


def escalation(speaker: SpeakerVoice, voices: Sequence[UtteranceVoice], found: Course | None) -> Cue | None:
    """That somebody got stirred up in the call and stayed so; None where that did not happen.

    Args:
        speaker: whose arousal it is.
        voices: the speaker's utterances in order of time.
        found: its course.
    """
    if found is None or found.trend != "rising" or found.since is None or found.higher < _HIGHER:
        return None
    stirred = [voice for voice in voices if voice.start >= found.since]
    limits = common_limits(voices)
    doubt = doubts(limits)
    return Cue(
        "escalation",
        speaker.speaker,
        found.since,
        stirred[-1].end,
        found.rise,
        "sd",
        tuple(voice.utterance for voice in stirred),
        confidence=round(min(1.0, 0.5 + 0.4 * (found.rise - CHANGED)) * worth(limits), 2),
        because=Because(
            f"激动程度从开头到最后三分之一上升 {found.rise:.1f} 个标准差，"
            f"{found.peak_at:.0f} 秒处最高{doubt.zh}",
            f"arousal rose by {found.rise:.1f} sd from the opening to the last third of the speech,"
            f" highest at {found.peak_at:.0f} s{doubt.en}",
        ),
    )


def _trend(early: float, late: float, peak: float) -> Trend:
    over = peak - late >= _OVER * (peak - early)
    if peak - early >= CHANGED and peak - late >= CHANGED and over:
        return "peak"
    if late - early >= CHANGED:
        return "rising"
    return "falling" if early - late >= CHANGED else "level"


def _stayed_since(smooth: Values, least: float) -> int:
    """The first utterance from which on the arousal stays above `least`."""
    below = np.flatnonzero(smooth < least)
    return min(int(below[-1]) + 1, len(smooth) - 1) if len(below) else 0


def _seconds(voice: UtteranceVoice) -> float:
    return voice.end - voice.start
