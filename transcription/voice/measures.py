"""The voice of every utterance, of every second and of every speaker, measured."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.progress import Progress, ignore
from ingest.sound import Sound
from transcription.types import Speaker, Transcript, Utterance
from transcription.voice.baseline import CalmVoice, calm_voice
from transcription.voice.history import CalmFrom, UsualVoice, chosen
from transcription.voice.loudness import frame_levels, spoken_frames
from transcription.voice.pitch import frame_pitches
from transcription.voice.rate import speech_rate, spoken_characters
from transcription.voice.tilt import frame_tilts
from transcription.voice.types import SpeakerVoice, UtteranceVoice

Values = NDArray[np.float64]

_MIN_LEVEL_FRAMES = 15
_MIN_VOICED_FRAMES = 12
_MIN_CHARACTERS = 4


class Measured(NamedTuple):
    """What `measure` found: utterances in the order of the transcript, speakers in order of their names, and
    the arousal of every second of the call by speaker."""

    utterances: tuple[UtteranceVoice, ...] = ()
    speakers: tuple[SpeakerVoice, ...] = ()
    seconds: dict[Speaker, tuple[float | None, ...]] = {}  # noqa: RUF012 - a NamedTuple takes no factory


def measure(
    transcript: Transcript,
    sound: Sound,
    *,
    usual: UsualVoice | None = None,
    progress: Progress = ignore,
) -> Measured:
    """Measure the voices of a call.

    Args:
        transcript: what was said; announcements are left out.
        sound: the recording.
        usual: the calm voice of the agent in earlier calls, for calls in which too little is said, and
            for those in which the agent is stirred up from the first word.
        progress: is told the share (0..1) that is done.

    The same input gives the same numbers: all are rounded.
    """
    said = [utterance for utterance in transcript.utterances if utterance.kind == "speech"]
    levels = [frame_levels(sound, utterance.start, utterance.end) for utterance in said]
    places = channels_of(transcript, said, sound.channels, levels)
    voices = []
    for done, (utterance, heard) in enumerate(zip(said, levels, strict=True), start=1):
        channel = places.get(utterance.speaker, 0)
        voices.append(_voice(utterance, sound, channel, heard[channel]))
        progress(done / len(said))
    speakers, judged = [], {voice.utterance: voice for voice in voices}
    for speaker in sorted({voice.speaker for voice in voices}):
        own = [voice for voice in voices if voice.speaker == speaker]
        calm, source = chosen(calm_voice(own), usual if speaker == "agent" else None)
        judged |= {voice.utterance: _with_arousal(voice, calm) for voice in own}
        speakers.append(_speaker(speaker, own, calm, source))
    utterances = tuple(judged[voice.utterance] for voice in voices)
    return Measured(utterances, tuple(speakers), _seconds(utterances, sound.duration_s))


def _voice(utterance: Utterance, sound: Sound, channel: int, levels: Values) -> UtteranceVoice:
    """How one utterance sounds; without arousal."""
    start, end = utterance.start, utterance.end
    spoken = spoken_frames(levels)
    active = levels[spoken]
    voice = UtteranceVoice(utterance.id, utterance.speaker, start, end, None, None, None, None, None, None)
    if len(active) < _MIN_LEVEL_FRAMES:
        return voice
    pitches = frame_pitches(sound, channel, start, end)
    voiced = ~np.isnan(pitches)
    voice = replace(
        voice, level=round(float(np.median(active)), 2), pauses=round(1 - len(active) / len(levels), 3)
    )
    if spoken_characters(utterance.text) >= _MIN_CHARACTERS:
        speaking = (end - start) * len(active) / len(levels)
        rate = speech_rate(utterance.text, speaking)
        voice = replace(voice, rate=None if rate is None else round(rate, 2))
    if voiced.sum() < _MIN_VOICED_FRAMES:
        return voice
    low, middle, high = np.percentile(pitches[voiced], (10, 50, 90))
    tilts = frame_tilts(sound, channel, start, end)
    return replace(
        voice,
        pitch=round(float(middle), 2),
        pitch_range=round(float(high - low), 2),
        tilt=round(float(np.median(tilts[voiced[: len(tilts)]])), 2),
    )


def _with_arousal(voice: UtteranceVoice, calm: CalmVoice | None) -> UtteranceVoice:
    rises = [] if calm is None else [rise for rise in calm.rises(voice) if rise is not None]
    if not rises:
        return replace(voice, limits=("short_speech",))
    return replace(voice, arousal=round(float(np.mean(rises)), 2), confidence=round(len(rises) / 3, 2))


def _speaker(
    speaker: Speaker, own: Sequence[UtteranceVoice], calm: CalmVoice | None, source: CalmFrom | None
) -> SpeakerVoice:
    measured = sum(voice.end - voice.start for voice in own if voice.pitch is not None)
    if calm is None:
        return SpeakerVoice(
            speaker, round(measured, 2), None, None, None, None, None, limits=("short_speech",)
        )
    return SpeakerVoice(
        speaker,
        round(measured, 2),
        source,
        calm.level,
        calm.pitch,
        calm.tilt,
        calm.rate,
    )


def _seconds(voices: Sequence[UtteranceVoice], duration_s: float) -> dict[Speaker, tuple[float | None, ...]]:
    tracks: dict[Speaker, list[float | None]] = {}
    for voice in voices:
        track = tracks.setdefault(voice.speaker, [None] * int(np.ceil(duration_s)))
        for second in range(int(voice.start), min(len(track), int(np.ceil(voice.end)))):
            track[second] = voice.arousal
    return {speaker: tuple(track) for speaker, track in tracks.items()}


def channels_of(
    transcript: Transcript, said: Sequence[Utterance], count: int, levels: Sequence[Values]
) -> dict[Speaker, int]:
    """Which channel each speaker is on: as transcribed, or, for a given transcript, where the sound is.

    Args:
        transcript: what was said.
        said: its utterances.
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
        role: [heard for u, heard in zip(said, levels, strict=True) if u.speaker == role] for role in roles
    }
    best = max(
        permutations(range(count), 2),
        key=lambda pair: sum(
            _mean_level(spoken[role], channel) for role, channel in zip(roles, pair, strict=True)
        ),
    )
    return dict(zip(roles, best, strict=True))


def _mean_level(levels: Sequence[Values], channel: int) -> float:
    frames = np.concatenate([heard[channel] for heard in levels]) if levels else np.zeros(0)
    return float(frames.mean()) if len(frames) else 0.0
