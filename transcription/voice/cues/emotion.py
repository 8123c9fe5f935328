"""From measured voices to cues of emotion, each with its confidence and the reasons it may be wrong."""

from dataclasses import dataclass

from transcription.types import Cue, Transcript
from transcription.voice.cues.agitation import agitations
from transcription.voice.cues.distress import withdrawals
from transcription.voice.cues.escalation import course, escalation, with_course
from transcription.voice.cues.limits import with_limits
from transcription.voice.cues.outset import agitated_from_the_outset
from transcription.voice.cues.pressed import pressed_voices
from transcription.voice.cues.raised import raised_voices
from transcription.voice.measure.measures import Measured
from transcription.voice.types import SpeakerVoice, UtteranceVoice


@dataclass(frozen=True, slots=True)
class Emotions:
    """Cues of emotion in no order, and the voices with what limits them and how arousal went on."""

    cues: tuple[Cue, ...]
    utterances: tuple[UtteranceVoice, ...]
    speakers: tuple[SpeakerVoice, ...]


def emotions(measured: Measured, transcript: Transcript) -> Emotions:
    """Find raised voices, agitation, withdrawal and escalation.

    Nothing is found of a speaker whose calm voice is not known: who hardly speaks shows no emotion that could
    be told from how the same person always sounds. Only who sounds like hardly any calm person from the first
    word on is taken for agitated, doubtfully.

    Args:
        measured: the voices of the call.
        transcript: what was said; its health tells how good the recording is.
    """
    voices, speakers = with_limits(measured.utterances, measured.speakers, transcript, measured.places)
    raised = raised_voices(voices, speakers)
    raised += pressed_voices(voices, speakers, raised)
    cues = [*raised, *agitations(voices, speakers, raised), *withdrawals(voices, speakers)]
    told = []
    for speaker in speakers:
        own = [voice for voice in voices if voice.speaker == speaker.speaker]
        found = course(own)
        told.append(with_course(speaker, found))
        rising = escalation(speaker, own, found)
        cues += [] if rising is None else [rising]
    cues += agitated_from_the_outset(voices, speakers, cues)
    return Emotions(tuple(cues), voices, tuple(told))
