"""All cues of one call."""

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from ingest.audio import Audio
from transcription.types import Cue, Speaker, Transcript, Utterance
from transcription.voice.baseline import Voice
from transcription.voice.loudness import HOP_S, frame_levels, speech_level
from transcription.voice.pitch import PitchTrack, median_pitch, pitch_track
from transcription.voice.raised import hurried_speech, raised_voices
from transcription.voice.timing import overlaps, silences

# Changes whenever the measures change: cues of different versions are kept apart.
VERSION = "1"


def hear(transcript: Transcript, audio: Audio | None) -> tuple[Cue, ...]:
    """Find overlap, interruption, silence and hurried speech from the times; raised voices from the sound.

    Without audio the voices are not judged. The same input gives the same cues, in order of time.
    """
    cues = [*overlaps(transcript.utterances), *silences(transcript), *hurried_speech(transcript.utterances)]
    if audio is not None and audio.samples.size:
        cues += raised_voices(_voices(transcript, audio))
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end, cue.kind, cue.speaker)))


def _voices(transcript: Transcript, audio: Audio) -> dict[Speaker, list[Voice]]:
    """How each utterance sounds, by speaker."""
    levels = [frame_levels(channel, audio.rate) for channel in audio.samples]
    tracks: dict[int, PitchTrack] = {}
    voices: dict[Speaker, list[Voice]] = {}
    places = _channels(transcript, levels)
    for utterance in transcript.utterances:
        channel = places.get(utterance.speaker, 0)
        if channel not in tracks:
            tracks[channel] = pitch_track(audio.samples[channel], audio.rate)
        level = speech_level(levels[channel], utterance.start, utterance.end)
        pitch = median_pitch(tracks[channel], utterance.start, utterance.end)
        if level is not None and pitch is not None:
            voice = Voice(utterance.id, utterance.start, utterance.end, level, pitch)
            voices.setdefault(utterance.speaker, []).append(voice)
    return voices


def _channels(transcript: Transcript, levels: list[NDArray[np.float64]]) -> dict[Speaker, int]:
    """Which channel each speaker is on: as transcribed, or, for a given transcript, where the sound is."""
    if len(levels) < 2:
        return {}
    roles: tuple[Speaker, Speaker] = ("agent", "customer")
    known = {role: transcript.options.get(f"{role}_channel") for role in roles}
    found = {
        role: channel for role, channel in known.items() if isinstance(channel, int) and channel < len(levels)
    }
    if len(found) == len(roles):
        return found
    spoken = {role: [u for u in transcript.utterances if u.speaker == role] for role in roles}
    best = max(
        permutations(range(len(levels)), 2),
        key=lambda pair: sum(
            _mean_level(levels[channel], spoken[role]) for role, channel in zip(roles, pair, strict=True)
        ),
    )
    return dict(zip(roles, best, strict=True))


def _mean_level(levels: NDArray[np.float64], utterances: list[Utterance]) -> float:
    parts = [levels[int(u.start / HOP_S) : int(u.end / HOP_S)] for u in utterances]
    frames = np.concatenate(parts) if parts else np.zeros(0)
    return float(frames.mean()) if len(frames) else 0.0
