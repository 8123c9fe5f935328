"""Where words begin and end: attention tells which sound a word is, the sound tells where its edges are."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from ingest.audio import RATE, Samples
from transcription.types import Word

_FRAME_S = 0.01
# A pause is at least this long: the closure of a p, t or k is shorter.
_PAUSE_S = 0.08
# Sound is this far up between the level of the pauses and that of the voice (in dB).
_SOUND = 0.3
# Where pauses and voice are closer than this, the sound does not tell.
_MIN_RANGE_DB = 10.0
# A word keeps at least this much; its edges move this far at most.
_SHORTEST_S = 0.06
_FARTHEST_IN_S = 0.6
_FARTHEST_OUT_S = 0.3


def fit_to_sound(words: Sequence[Word], clip: Samples) -> tuple[Word, ...]:
    """Move the edges of words to where the sound begins and ends.

    The aligner gives every moment of a clip to some word: the first starts with the clip, and a pause
    belongs to the word before or after it. It also lets the last word before a pause end too early. Here
    edges move inwards out of a pause, and an end moves outwards while the sound goes on and no other word
    begins.

    Args:
        words: in order, with times in seconds from the start of the clip.
        clip: the sound they were heard in, at `RATE`.
    """
    sounding = _sounding(clip)
    limits = (*(word.start for word in words[1:]), len(clip) / RATE)
    return tuple(_fit(word, limit, sounding) for word, limit in zip(words, limits, strict=False))


def _fit(word: Word, limit: float, sounding: NDArray[np.bool_]) -> Word:
    first, last = round(word.start / _FRAME_S), round(word.end / _FRAME_S)
    frames = np.flatnonzero(sounding[first:last])
    if not len(frames):
        return word
    start = min((first + int(frames[0])) * _FRAME_S, word.start + _FARTHEST_IN_S)
    end = max((first + int(frames[-1]) + 1) * _FRAME_S, word.end - _FARTHEST_IN_S)
    if first + int(frames[-1]) == last - 1:
        silent = np.flatnonzero(~sounding[last:])
        goes_on = int(silent[0]) if len(silent) else len(sounding) - last
        end = min(max(end, limit), word.end + min(goes_on * _FRAME_S, _FARTHEST_OUT_S))
    start = max(word.start, start)
    return word._replace(start=start, end=end) if end - start >= _SHORTEST_S else word


def _sounding(clip: Samples) -> NDArray[np.bool_]:
    """Whether each frame of 10 ms sounds: all, where no pause stands out. Short gaps are closed."""
    frame = round(_FRAME_S * RATE)
    count = len(clip) // frame
    if count == 0:
        return np.ones(0, dtype=np.bool_)
    power = np.mean(np.square(clip[: count * frame].reshape(count, frame), dtype=np.float64), axis=1)
    levels = 10 * np.log10(power + 1e-10)
    quiet, loud = np.percentile(levels, 5), np.percentile(levels, 90)
    if loud - quiet < _MIN_RANGE_DB:
        return np.ones(count, dtype=np.bool_)
    sounds = (levels > quiet + _SOUND * (loud - quiet)).astype(np.uint8)
    # An odd width keeps the edges where they are.
    width = round(_PAUSE_S / _FRAME_S) | 1
    return np.asarray(minimum_filter1d(maximum_filter1d(sounds, width), width) > 0)
