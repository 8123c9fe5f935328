"""Arousal second by second, for pictures and for what lasts longer than a sentence."""

from collections.abc import Sequence
from math import ceil

from transcription.voice.measure.arousal import arousal
from transcription.voice.measure.baseline import CalmVoice
from transcription.voice.measure.frames import Frames
from transcription.voice.types import UtteranceVoice

# One second says little: each is judged with this much before and after it, within the same utterance.
_AROUND_S = 1.0
# A second counts for a speaker who speaks this much of it.
_MIN_SPOKEN_S = 0.3


def by_second(
    spoken: Sequence[tuple[UtteranceVoice, Frames]],
    calm: CalmVoice | None,
    duration_s: float,
    *,
    level_counts: bool = True,
) -> tuple[float | None, ...]:
    """Arousal of one speaker in every second of the call, None where nothing of it can be judged.

    Args:
        spoken: the speaker's utterances.
        calm: the speaker's calm voice.
        duration_s: length of the call.
        level_counts: whether loudness follows the voice.
    """
    track: list[float | None] = [None] * ceil(duration_s)
    if calm is None:
        return tuple(track)
    most = [0.0] * len(track)
    for voice, frames in spoken:
        for second in range(int(voice.start), min(len(track), ceil(voice.end))):
            share = min(voice.end, second + 1) - max(voice.start, second)
            if share < _MIN_SPOKEN_S or share <= most[second]:
                continue
            start, end = max(voice.start, second - _AROUND_S), min(voice.end, second + 1 + _AROUND_S)
            value = arousal(frames.sounding(start, end), calm, level_counts=level_counts)
            if value is not None:
                track[second], most[second] = value, share
    return tuple(track)
