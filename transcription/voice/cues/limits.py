"""Why a voice may have been misheard, and how much less a cue from it is worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Final

from transcription.sound.fitness import CLIPPED, SNR_DB
from transcription.spans import Spans
from transcription.types import AudioHealth, Because, Speaker, Transcript
from transcription.voice.types import Limit, SpeakerVoice, UtteranceVoice

# What is left of a confidence under each limit. Together with the confidence from which a rule takes a cue
# for certain (0.6), one grave limit or two small ones leave the judgement to a person.
_WORTH: Final[Mapping[Limit, float]] = {
    "short_speech": 0.65,
    "noise": 0.7,
    "crosstalk": 0.65,
    "agc": 0.85,
    "clipped": 0.85,
    "one_channel": 0.85,
    "no_times": 0.85,
}
_WORDS: Final[Mapping[Limit, Because]] = {
    "short_speech": Because("此人说话太少", "this speaker said little"),
    "noise": Because("线路噪声大", "the line is noisy"),
    "crosstalk": Because("同时听到另一方的声音", "the other voice is heard as well"),
    "agc": Because("线路自动调节音量", "the line evens out loudness"),
    "clipped": Because("录音过载失真", "the recorder was overloaded"),
    "one_channel": Because("双方在同一声道", "both voices are on one channel"),
    "no_times": Because("所给转写的时间与录音不符", "the times of the given transcript do not fit the sound"),
}
# With less speech of a person the calm voice is hardly known.
SHORT_SPEECH_S: Final = 12.0
# An echo so strong moves the measures of who is not speaking.
_ECHO_DB: Final = -25.0
# So much of an utterance said over the other makes it doubtful whose voice was measured.
_OVERLAPPED: Final = 0.3
# Who has no voice in half of the utterances that are said to be theirs did not speak at those times.
_UNHEARD: Final = 0.5


def with_limits(
    voices: Sequence[UtteranceVoice],
    speakers: Sequence[SpeakerVoice],
    transcript: Transcript,
    places: Mapping[Speaker, int],
) -> tuple[tuple[UtteranceVoice, ...], tuple[SpeakerVoice, ...]]:
    """The same voices with the reasons why they may have been misheard, and less confidence for each.

    Args:
        voices: all utterances in order of time.
        speakers: those who speak them.
        transcript: what was said; its health tells how good the recording is.
        places: the channel of each speaker; empty where all are on one.
    """
    own = {
        speaker.speaker: _speaker_limits(
            speaker, [voice for voice in voices if voice.speaker == speaker.speaker], transcript, places
        )
        for speaker in speakers
    }
    spoken = Spans(voices)
    judged = tuple(_limited(voice, own.get(voice.speaker, ()), spoken, not places) for voice in voices)
    return judged, tuple(
        replace(speaker, limits=_together(speaker.limits, own[speaker.speaker])) for speaker in speakers
    )


def worth(limits: Iterable[Limit]) -> float:
    """What is left of a confidence of 1 under these limits."""
    return prod(_WORTH[limit] for limit in limits)


def doubts(limits: Sequence[Limit]) -> Because:
    """The limits in plain words, to follow a sentence; empty without any."""
    if not limits:
        return Because()
    return Because(
        "；可能有误：" + "、".join(_WORDS[limit].zh for limit in limits),
        "; it may be wrong: " + ", ".join(_WORDS[limit].en for limit in limits),
    )


def common_limits(voices: Sequence[UtteranceVoice]) -> tuple[Limit, ...]:
    """All limits of some utterances, each once."""
    return _together(*(voice.limits for voice in voices))


def _limited(
    voice: UtteranceVoice, own: Sequence[Limit], spoken: Spans[UtteranceVoice], one_channel: bool
) -> UtteranceVoice:
    over = sum(
        min(voice.end, other.end) - max(voice.start, other.start)
        for other in spoken.between(voice.start, voice.end)
        if other.speaker != voice.speaker
    )
    overlapped: tuple[Limit, ...] = ()
    # On channels of their own two voices hardly touch each other's measures.
    if one_channel and over > _OVERLAPPED * (voice.end - voice.start):
        overlapped = ("crosstalk",)
    limits = _together(voice.limits, own, overlapped)
    return replace(voice, limits=limits, confidence=round(voice.confidence * worth(limits), 2))


def _speaker_limits(
    speaker: SpeakerVoice,
    voices: Sequence[UtteranceVoice],
    transcript: Transcript,
    places: Mapping[Speaker, int],
) -> tuple[Limit, ...]:
    limits: list[Limit] = []
    if speaker.measured_s < SHORT_SPEECH_S and speaker.calm_from != "history":
        limits.append("short_speech")
    if transcript.health is not None:
        limits += _channel_limits(transcript.health, places.get(speaker.speaker, 0))
    if not places:
        limits.append("one_channel")
    if transcript.engine == "given" and sum(voice.pitch is None for voice in voices) > _UNHEARD * len(voices):
        limits.append("no_times")
    return tuple(limits)


def _channel_limits(health: AudioHealth, channel: int) -> list[Limit]:
    limits: list[Limit] = []
    measured = health.channels[channel] if channel < len(health.channels) else None
    if measured is not None and measured.snr_db is not None and measured.snr_db < SNR_DB[0]:
        limits.append("noise")
    echoes = any(echo.channel == channel and echo.level_db > _ECHO_DB for echo in health.echoes)
    if health.duplicate is not None or echoes:
        limits.append("crosstalk")
    if measured is not None and measured.clipped >= CLIPPED[1]:
        limits.append("clipped")
    return limits


def _together(*limits: Sequence[Limit]) -> tuple[Limit, ...]:
    return tuple(dict.fromkeys(limit for group in limits for limit in group))
