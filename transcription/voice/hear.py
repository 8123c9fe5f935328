"""All cues of one call, and how it sounded."""

from typing import NamedTuple

from ingest.audio import Audio
from ingest.progress import Progress, ignore
from transcription.types import Cue, Transcript
from transcription.voice.cues.emotion import emotions
from transcription.voice.cues.rate import hurried_speech
from transcription.voice.document import settled
from transcription.voice.measure.history import UsualVoice
from transcription.voice.measure.measures import Measured, measure
from transcription.voice.measure.waveform import waveform
from transcription.voice.talk.interaction import converse
from transcription.voice.types import VoiceReport

# Changes whenever the measures change: cues of different versions are kept apart.
VERSION = "3"


class Heard(NamedTuple):
    """What was heard beside the words: cues in order of time, and how both voices sounded."""

    cues: tuple[Cue, ...]
    voice: VoiceReport


def hear(
    transcript: Transcript,
    audio: Audio | None,
    *,
    usual: UsualVoice | None = None,
    progress: Progress = ignore,
) -> Heard:
    """Find overlap, interruption, silence and hurried speech from the times, emotion from the sound.

    Without audio the voices are not judged. The same input gives the same cues, in order of time.

    Args:
        transcript: what was said.
        audio: its sound, if there is one.
        usual: the collector's calm voice in earlier calls, where it is known.
        progress: is told the share (0..1) of the work that is done.
    """
    people = [utterance for utterance in transcript.utterances if utterance.kind == "speech"]
    talk, cues = converse(transcript, None if audio is None else audio.sound)
    cues += hurried_speech(people)
    measured = Measured()
    outline: tuple[tuple[int, ...], ...] = ()
    if audio is not None and audio.sound.length:
        measured = measure(transcript, audio.sound, usual=usual, progress=progress)
        outline = waveform(audio.sound)
    felt = emotions(measured, transcript)
    cues += felt.cues
    ordered = tuple(sorted(cues, key=lambda cue: (cue.start, cue.end, cue.kind, cue.speaker)))
    report = VoiceReport(felt.utterances, felt.speakers, measured.seconds, talk, outline)
    return Heard(ordered, settled(report))
