"""How far an utterance lies above the speaker's own calm voice, measure by measure."""

from dataclasses import dataclass

from transcription.types import Because
from transcription.voice.measure.baseline import (
    USUAL_LEVEL_SD_DB,
    USUAL_PITCH_SD,
    USUAL_RATE_SD,
    USUAL_TILT_SD_DB,
)
from transcription.voice.types import SpeakerVoice, UtteranceVoice


@dataclass(frozen=True, slots=True)
class Rises:
    """In standard deviations of calm sentences; None where the utterance or the calm voice is not known."""

    level: float | None
    pitch: float | None
    tilt: float | None
    rate: float | None


def rises(voice: UtteranceVoice, calm: SpeakerVoice) -> Rises:
    """How far one utterance lies above a calm voice."""
    return Rises(
        level=_rise(voice.level, calm.calm_level, USUAL_LEVEL_SD_DB),
        pitch=_rise(voice.pitch, calm.calm_pitch, USUAL_PITCH_SD),
        tilt=_rise(voice.tilt, calm.calm_tilt, USUAL_TILT_SD_DB),
        rate=_rise(voice.rate, calm.calm_rate, USUAL_RATE_SD),
    )


def against(calm: SpeakerVoice) -> Because:
    """What a speaker is held against, in plain words."""
    if calm.calm_from == "history":
        return Because("与本人以往通话平静时相比", "against the speaker's own calm voice in earlier calls")
    return Because("与本人平静时相比", "against the speaker's own calm voice")


def _rise(value: float | None, calm: float | None, spread: float) -> float | None:
    return None if value is None or calm is None else (value - calm) / spread
