"""Speech that a reading left out: where somebody speaks, and no word was written."""

from collections.abc import Sequence

from pypinyin import lazy_pinyin
from rapidfuzz.fuzz import partial_ratio

from transcription.sound.speech import Stretch
from transcription.types import Word

# So much speech without a word is no breath and no drawn-out syllable.
LOST_S = 1.2
# Word times are not exact: a word covers a little more than it says.
_REACH_S = 0.4
# Words that sound so alike (0..100) to part of what was written are the same words heard twice.
_SAME = 60


def lost_stretches(stretches: Sequence[Stretch], words: Sequence[Word]) -> list[Stretch]:
    """The parts of the speech, in the seconds of the recording, that no word covers."""
    found = []
    for stretch in stretches:
        start = stretch.start
        for word in (*words, Word("", stretch.end + _REACH_S, stretch.end + _REACH_S, 1.0)):
            end = min(word.start - _REACH_S, stretch.end)
            if end - start >= LOST_S:
                found.append(Stretch(start, end))
            start = max(start, word.end + _REACH_S)
    return found


def is_repeated(text: str, written: str) -> bool:
    """Whether the text sounds like part of what was already written: then nothing was lost."""
    first, second = (" ".join(lazy_pinyin(each)) for each in (text, written))
    return bool(first) and bool(second) and partial_ratio(first, second) >= _SAME
