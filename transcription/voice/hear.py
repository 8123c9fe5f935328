"""All cues of one call, and how it sounded."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.audio import Audio
from ingest.progress import Progress, ignore
from ingest.sound import Sound
from transcription.types import Cue, Speaker, Transcript
from transcription.voice.baseline import Voice
from transcription.voice.document import settled
from transcription.voice.history import UsualVoice
from transcription.voice.loudness import frame_levels, speech_level
from transcription.voice.pitch import median_pitch
from transcription.voice.raised import hurried_speech, raised_voices
from transcription.voice.timing import overlaps, silences
from transcription.voice.types import VoiceReport

Levels = NDArray[np.float64]

# Changes whenever the measures change: cues of different versions are kept apart.
VERSION = "1"


class Heard(NamedTuple):
    """What was heard beside the words: cues in order of time, and how both voices sounded."""

    cues: tuple[Cue, ...]
    voice: VoiceReport


def hear(
    transcript: Transcript,
    audio: Audio | None,
    *,
    usual: UsualVoice | None = None,  # noqa: ARG001 (the measures take it up)
    progress: Progress = ignore,
) -> Heard:
    """Find overlap, interruption, silence and hurried speech from the times; raised voices from the sound.

    Without audio the voices are not judged. The same input gives the same cues, in order of time.

    Args:
        transcript: what was said.
        audio: its sound, if there is one.
        usual: the collector's calm voice in earlier calls, where it is known.
        progress: is told the share (0..1) of the work that is done.
    """
    people = [utterance for utterance in transcript.utterances if utterance.kind == "speech"]
    cues = [*overlaps(people), *silences(transcript), *hurried_speech(people)]
    if audio is not None and audio.sound.length:
        cues += raised_voices(_voices(replace(transcript, utterances=tuple(people)), audio.sound, progress))
    ordered = tuple(sorted(cues, key=lambda cue: (cue.start, cue.end, cue.kind, cue.speaker)))
    return Heard(ordered, settled(VoiceReport()))


def _voices(transcript: Transcript, sound: Sound, progress: Progress) -> dict[Speaker, list[Voice]]:
    """How each utterance sounds, by speaker. What lies between the utterances is not listened to."""
    said = transcript.utterances
    levels = [frame_levels(sound, utterance.start, utterance.end) for utterance in said]
    places = _channels(transcript, sound.channels, levels)
    voices: dict[Speaker, list[Voice]] = {}
    for done, (utterance, heard) in enumerate(zip(said, levels, strict=True), start=1):
        channel = places.get(utterance.speaker, 0)
        level = speech_level(heard[channel])
        pitch = None if level is None else median_pitch(sound, channel, utterance.start, utterance.end)
        if level is not None and pitch is not None:
            voice = Voice(utterance.id, utterance.start, utterance.end, level, pitch)
            voices.setdefault(utterance.speaker, []).append(voice)
        progress(done / len(said))
    return voices


def _channels(transcript: Transcript, count: int, levels: Sequence[Levels]) -> dict[Speaker, int]:
    """Which channel each speaker is on: as transcribed, or, for a given transcript, where the sound is.

    Args:
        transcript: what was said.
        count: how many channels there are.
        levels: of each utterance, shape (channels, frames).
    """
    if count < 2:
        return {}
    roles: tuple[Speaker, Speaker] = ("agent", "customer")
    known = {role: transcript.options.get(f"{role}_channel") for role in roles}
    found = {role: channel for role, channel in known.items() if isinstance(channel, int) and channel < count}
    if len(found) == len(roles):
        return found
    spoken = {
        role: [heard for u, heard in zip(transcript.utterances, levels, strict=True) if u.speaker == role]
        for role in roles
    }
    best = max(
        permutations(range(count), 2),
        key=lambda pair: sum(
            _mean_level(spoken[role], channel) for role, channel in zip(roles, pair, strict=True)
        ),
    )
    return dict(zip(roles, best, strict=True))


def _mean_level(levels: Sequence[Levels], channel: int) -> float:
    frames = np.concatenate([heard[channel] for heard in levels]) if levels else np.zeros(0)
    return float(frames.mean()) if len(frames) else 0.0
