"""The voice of every utterance, of every second and of every speaker, measured."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.progress import Progress, ignore
from ingest.sound import Sound
from transcription.types import Speaker, Transcript, Utterance
from transcription.voice.cues.rate import speech_rate, spoken_characters
from transcription.voice.measure.arousal import arousal, level_counts
from transcription.voice.measure.baseline import CalmVoice, calm_voice
from transcription.voice.measure.frames import Sounding, listen
from transcription.voice.measure.history import CalmFrom, UsualVoice, chosen
from transcription.voice.measure.loudness import frame_levels
from transcription.voice.measure.track import by_second
from transcription.voice.types import SpeakerVoice, UtteranceVoice

Values = NDArray[np.float64]

# The rate of fewer characters is that of one word.
_MIN_CHARACTERS = 4
_MEASURES = 3  # level, pitch and tilt
# So much speech tells as much of the voice as more does.
_SURE_S = 1.5


class Measured(NamedTuple):
    """What `measure` found: utterances in the order of the transcript, speakers in order of their names, the
    arousal of every second of the call by speaker, and on which channel each speaker was looked for (empty
    where there is only one)."""

    utterances: tuple[UtteranceVoice, ...] = ()
    speakers: tuple[SpeakerVoice, ...] = ()
    seconds: dict[Speaker, tuple[float | None, ...]] = {}  # noqa: RUF012 - a NamedTuple takes no factory
    places: Mapping[Speaker, int] = {}


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
    spoken = []
    for done, (utterance, heard) in enumerate(zip(said, levels, strict=True), start=1):
        channel = places.get(utterance.speaker, 0)
        frames = listen(sound, channel, utterance.start, utterance.end, heard[channel])
        spoken.append((voice_of(utterance, frames.sounding(utterance.start, utterance.end)), frames))
        progress(done / len(said))
    judged: dict[int, UtteranceVoice] = {}
    speakers, seconds = [], {}
    for speaker in sorted({voice.speaker for voice, _ in spoken}):
        own = [(voice, frames) for voice, frames in spoken if voice.speaker == speaker]
        voices = [voice for voice, _ in own]
        calm, source = chosen(calm_voice(voices), usual if speaker == "agent" else None)
        counts = calm is None or level_counts(voices, calm)
        judged |= {voice.utterance: with_arousal(voice, calm, level_counts=counts) for voice in voices}
        seconds[speaker] = by_second(own, calm, sound.duration_s, level_counts=counts)
        speakers.append(_speaker(speaker, voices, calm, source, counts))
    return Measured(tuple(judged[voice.utterance] for voice, _ in spoken), tuple(speakers), seconds, places)


def voice_of(utterance: Utterance, sounding: Sounding) -> UtteranceVoice:
    """One utterance as it sounds; without arousal, which needs the others."""
    rate = None
    if sounding.pauses is not None and spoken_characters(utterance.text) >= _MIN_CHARACTERS:
        rate = speech_rate(utterance.text, (utterance.end - utterance.start) * (1 - sounding.pauses))
    return UtteranceVoice(
        utterance=utterance.id,
        speaker=utterance.speaker,
        start=utterance.start,
        end=utterance.end,
        level=sounding.level,
        pitch=sounding.pitch,
        pitch_range=sounding.pitch_range,
        tilt=sounding.tilt,
        rate=None if rate is None else round(rate, 2),
        pauses=sounding.pauses,
        pitch_top=sounding.pitch_top,
    )


def with_arousal(
    voice: UtteranceVoice, calm: CalmVoice | None, *, level_counts: bool = True
) -> UtteranceVoice:
    """The same utterance against the speaker's calm voice, and how far that can be trusted."""
    if calm is None:
        return replace(voice, limits=("short_speech",))
    value = arousal(voice, calm, level_counts=level_counts)
    if value is None:
        return voice
    level, pitch, tilt = calm.rises(voice)
    known = sum(rise is not None for rise in (level if level_counts else None, pitch, tilt)) / _MEASURES
    spoken_s = (voice.end - voice.start) * (1 - (voice.pauses or 0.0))
    confidence = round(known * min(1.0, spoken_s / _SURE_S), 2)
    return replace(voice, arousal=value, confidence=confidence, limits=() if level_counts else ("agc",))


def _speaker(
    speaker: Speaker,
    own: Sequence[UtteranceVoice],
    calm: CalmVoice | None,
    source: CalmFrom | None,
    counts: bool,
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
        limits=() if counts else ("agc",),
    )


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
