"""What of a text the model looks at: runs of characters and runs of sounds, weighted and scaled."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from math import log

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, lazy_pinyin

from qc.matching.syllables import fold as fold_syllable
from qc.matching.text import SENTENCE_ENDS, is_chinese, normalise

CHARACTERS = (1, 2, 3, 4)  # lengths of the runs of characters
SOUNDS = (2, 3, 4)  # lengths of the runs of syllables: what a recogniser garbles still sounds alike
_EDGE = "^"
_SOUND = "~"  # begins a gram of sounds; characters never do, as matching drops it
_NOTHING = 1e-9
_KEPT = 512  # texts whose weights are kept: those of some calls
Rows = NDArray[np.int64]
Values = NDArray[np.float64]


def grams(text: str) -> Mapping[str, int]:
    """How often each run of characters and of sounds occurs in normalised `text`.

    Sentence ends other than question marks are edges: recognisers set them as they like.
    """
    found: Counter[str] = Counter()
    for sentence in _sentences(text):
        edged = _EDGE + sentence + _EDGE
        found.update(
            [edged[at : at + length] for length in CHARACTERS for at in range(len(edged) - length + 1)]
        )
        del found[_EDGE]
        sounds = [_EDGE, *map(_sound_of, sentence), _EDGE]
        found.update(
            [
                _SOUND + " ".join(sounds[at : at + length])
                for length in SOUNDS
                for at in range(len(sounds) - length + 1)
            ]
        )
    return found


@cache
def _sound_of(char: str) -> str:
    """The folded syllable of a character on its own: any reading will do, if it is always the same."""
    return fold_syllable(lazy_pinyin(char, style=Style.NORMAL)[0]) if is_chinese(char) else char


def _sentences(text: str) -> Iterable[str]:
    start = 0
    for at, char in enumerate(text):
        if char in SENTENCE_ENDS:
            end = at + 1 if char == "?" else at
            if end > start:
                yield text[start:end]
            start = at + 1
    if start < len(text):
        yield text[start:]


def fold(raw: str) -> str:
    """Text as it is compared: normalised like everything that rules are matched with."""
    return normalise(raw).text


def is_sound(gram: str) -> bool:
    """Whether a gram is of sounds."""
    return gram.startswith(_SOUND)


def shown(gram: str) -> str:
    """A gram as people read it: edges left out, sounds in slashes."""
    inner = gram.replace(_EDGE, "").strip()
    return f"/{inner[len(_SOUND) :].strip()}/" if is_sound(gram) else inner


class Vocabulary:
    """The grams that a model knows, each with its rarity, in the order of their rows."""

    def __init__(self, rarity: Mapping[str, float]) -> None:
        self.row = {gram: at for at, gram in enumerate(rarity)}
        self._rarity = np.fromiter(rarity.values(), dtype=np.float64, count=len(rarity))
        self._sound = np.fromiter(map(is_sound, rarity), dtype=bool, count=len(rarity))
        self.weighed = lru_cache(maxsize=_KEPT)(self._weighed)

    def __len__(self) -> int:
        """How many grams it has."""
        return len(self.row)

    def _weighed(self, text: str) -> tuple[Rows, Values]:
        """`weigh` for a normalised text. What was asked last is kept (`weighed`), as a turn is first scored
        for all banks and then held against the examples of several; the arrays are not to be changed."""
        return self.weigh(grams(text))

    def weigh(self, counts: Mapping[str, int]) -> tuple[Rows, Values]:
        """TF-IDF: 1 + log of the count, times the rarity of the gram; characters and sounds are each scaled
        to length 1 and then both to length 1 together. Unknown grams are left out.

        Returns:
            the rows of the grams, and their weights.
        """
        row_of = self.row.get
        known = {row: count for gram, count in counts.items() if (row := row_of(gram)) is not None}
        if not known:
            return np.empty(0, dtype=np.int64), np.empty(0)
        rows = np.fromiter(known.keys(), dtype=np.int64, count=len(known))
        times = np.fromiter(known.values(), dtype=np.int64, count=len(known))
        values: Values = (1 + np.log(times)) * self._rarity[rows]
        sound = self._sound[rows]
        squares = values * values
        lengths = np.sqrt([np.add.reduce(squares[~sound]), np.add.reduce(squares[sound])])
        values /= np.where(sound, lengths[1], lengths[0]) * np.sqrt(np.count_nonzero(lengths > _NOTHING))
        return rows, values


def rarities(counted: Iterable[Mapping[str, int]], at_least: int) -> dict[str, float]:
    """The smoothed inverse document frequency of every gram that `at_least` of the counted texts have."""
    frequency: Counter[str] = Counter()
    number = 0
    for counts in counted:
        number += 1
        frequency.update(counts.keys())
    return {
        gram: 1 + log((1 + number) / (1 + count))
        for gram, count in sorted(frequency.items())
        if count >= at_least
    }
