"""Each speaker against the same speaker's own calm voice, so that a loud line accuses nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from transcription.voice.types import UtteranceVoice

Values = NDArray[np.float64]

# Natural variation between the sentences of a calm speaker on the telephone (dB, semitones).
USUAL_LEVEL_SD_DB = 2.0
USUAL_PITCH_SD = 1.0
USUAL_PITCH_RANGE_SD = 2.0
USUAL_TILT_SD_DB = 2.0
USUAL_RATE_SD = 1.0
MOST_SPREAD = 1.25
# The calm voice is taken from the quieter part of the call: in a heated call most sentences are loud.
_CALM_PERCENTILE = 25
# … and from how the speaker began. Somebody who is loud from the first word has a loud voice, or a loud line.
_OPENING_S = 4.0


class Enough(NamedTuple):
    """How much must be known of a speaker: so many utterances, none shorter than `utterance_s`, that last
    `speech_s` together. Shorter ones say little about the voice."""

    utterances: int = 3
    utterance_s: float = 1.0
    speech_s: float = 6.0


OF_A_CALL: Final = Enough()


class VoiceLike(Protocol):
    """What arousal is told from, of an utterance or of any stretch of speech."""

    @property
    def level(self) -> float | None: ...  # noqa: D102
    @property
    def pitch(self) -> float | None: ...  # noqa: D102
    @property
    def pitch_top(self) -> float | None: ...  # noqa: D102
    @property
    def tilt(self) -> float | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class CalmVoice:
    """A speaker's calm voice and the natural spread of each measure from sentence to sentence.

    Levels are in dB, pitch in semitones above 100 Hz, `pitch_range` in semitones, tilt in dB, rate in
    characters a second. A measure that is not known is None: the level of other calls says nothing of this
    one, because every line has its own.
    """

    level: float | None
    level_sd: float
    pitch: float | None
    pitch_sd: float
    pitch_range: float | None
    pitch_range_sd: float
    tilt: float | None
    tilt_sd: float
    rate: float | None
    rate_sd: float
    pitch_top: float | None = None
    pitch_top_sd: float = USUAL_PITCH_SD

    def rises(self, voice: VoiceLike) -> tuple[float | None, float | None, float | None]:
        """How far a stretch of speech lies above the calm voice, in standard deviations: of level, of pitch
        and of tilt. None where one of the two is not known.

        Pitch is that of the 90th percentile, the median where the former is not known: in a tone language
        a stirred voice widens upwards, while the median moves with the words.
        """
        top = rise(voice.pitch_top, self.pitch_top, self.pitch_top_sd)
        return (
            rise(voice.level, self.level, self.level_sd),
            rise(voice.pitch, self.pitch, self.pitch_sd) if top is None else top,
            rise(voice.tilt, self.tilt, self.tilt_sd),
        )


def rise(value: float | None, calm: float | None, spread: float) -> float | None:
    """How far a value lies above the calm one, in standard deviations."""
    return None if value is None or calm is None else (value - calm) / spread


def calm_voice(
    voices: Sequence[UtteranceVoice], *, in_order: bool = True, enough: Enough = OF_A_CALL
) -> CalmVoice | None:
    """The calm voice of one speaker; None when too little was said to know it.

    Args:
        voices: the speaker's utterances.
        in_order: they follow each other as given: how the speaker began is then taken for calm.
        enough: how much it takes.
    """
    usable = [
        voice for voice in voices if voice.pitch is not None and voice.end - voice.start >= enough.utterance_s
    ]
    seconds = [voice.end - voice.start for voice in usable]
    if len(usable) < enough.utterances or sum(seconds) < enough.speech_s:
        return None

    def calm(name: str, usual: float) -> tuple[float | None, float]:
        known = [
            (value, length)
            for voice, length in zip(usable, seconds, strict=True)
            if (value := getattr(voice, name)) is not None
        ]
        return _calm_of(known, usual, in_order) if len(known) >= enough.utterances else (None, usual)

    level, level_sd = calm("level", USUAL_LEVEL_SD_DB)
    pitch, pitch_sd = calm("pitch", USUAL_PITCH_SD)
    top, top_sd = calm("pitch_top", USUAL_PITCH_SD)
    wide, wide_sd = calm("pitch_range", USUAL_PITCH_RANGE_SD)
    tilt, tilt_sd = calm("tilt", USUAL_TILT_SD_DB)
    rate, rate_sd = calm("rate", USUAL_RATE_SD)
    return CalmVoice(
        level, level_sd, pitch, pitch_sd, wide, wide_sd, tilt, tilt_sd, rate, rate_sd, top, top_sd
    )


def _calm_of(
    known: Sequence[tuple[float, float]], usual: float, in_order: bool
) -> tuple[float | None, float]:
    """The calm value of one measure, rounded, and its spread; from its values and how long each lasted."""
    measured = np.array([value for value, _ in known])
    weights = np.array([length for _, length in known])
    calm = _calm(measured)
    if in_order:
        opening = int(np.searchsorted(np.cumsum(weights), _OPENING_S)) + 1
        calm = min(calm, float(np.average(measured[:opening], weights=weights[:opening])))
    return round(calm, 2), round(_spread_near(measured, calm, usual), 3)


def _calm(values: Values) -> float:
    return float(np.percentile(values, _CALM_PERCENTILE))


def _spread_near(values: Values, calm: float, usual: float) -> float:
    """Robust standard deviation of the calm utterances, at least the usual one and not much more.

    In a short call with few calm utterances the measured spread is mostly chance, hence the upper bound.
    """
    near = values[np.abs(values - calm) <= 2 * usual]
    spread = float(1.4826 * np.median(np.abs(near - calm))) if len(near) else usual
    return min(max(spread, usual), MOST_SPREAD * usual)
