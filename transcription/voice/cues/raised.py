"""Raised voices: clearly louder and higher than the speaker's own calm voice, for longer than a word."""

from collections.abc import Iterable, Sequence
from functools import partial

from transcription.types import Because, Cue
from transcription.voice.cues.lasting import Lasting, lasting, turns_of
from transcription.voice.cues.rises import rises
from transcription.voice.cues.stirred import stirred_cue
from transcription.voice.measure.baseline import USUAL_LEVEL_SD_DB, USUAL_PITCH_SD
from transcription.voice.types import SpeakerVoice, UtteranceVoice

# Mean rise of level and pitch, in standard deviations, from which an utterance may belong to a raised voice …
_LEAST = 1.5
# … and what must speak for it in all (transcription/voice/cues/lasting.py).
RAISED = 2.0
# The level alone must rise this much: a high voice is not a loud one …
RAISED_LEVEL_SD = 2.0
# … and the pitch must rise with it: turning up the line does not lift the voice.
RAISED_PITCH_SD = 0.8
# One loud word is no raised voice.
MIN_RAISED_S = 1.5


def raised_voices(voices: Sequence[UtteranceVoice], speakers: Iterable[SpeakerVoice]) -> list[Cue]:
    """Where somebody is clearly louder and higher than the same person's calm voice.

    Args:
        voices: everything said in the call, in order of time.
        speakers: the calm voice of each speaker.
    """
    cues = []
    for calm in speakers:
        if calm.calm_level is None or calm.calm_pitch is None:
            continue
        found = lasting(
            turns_of(calm.speaker, voices),
            partial(_score, calm=calm),
            least=_LEAST,
        )
        cues += [cue for part in found if (cue := _raised(part, calm)) is not None]
    return cues


def _score(voice: UtteranceVoice, calm: SpeakerVoice) -> float | None:
    rise = rises(voice, calm)
    if rise.level is None or rise.pitch is None or rise.pitch < 0:
        return None
    return (rise.level + rise.pitch) / 2


def _raised(part: Lasting, calm: SpeakerVoice) -> Cue | None:
    louder = (part.mean(lambda voice: voice.level) or 0.0) - (calm.calm_level or 0.0)
    higher = (part.mean(lambda voice: voice.pitch) or 0.0) - (calm.calm_pitch or 0.0)
    loud = louder >= RAISED_LEVEL_SD * USUAL_LEVEL_SD_DB and higher >= RAISED_PITCH_SD * USUAL_PITCH_SD
    if part.seconds < MIN_RAISED_S or part.evidence < RAISED or not loud:
        return None
    risen = Because(
        f"音量 {louder:+.1f} dB，音高 {higher:+.1f} 个半音", f"{louder:+.1f} dB, {higher:+.1f} semitones"
    )
    return stirred_cue("raised_voice", part, calm, enough=RAISED, risen=risen)
