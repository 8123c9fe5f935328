"""What of a text the model looks at: runs of characters and runs of sounds, weighted and scaled."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, lazy_pinyin

from qc.likeness.runs import RunTable, counted
from qc.matching.syllables import fold as fold_syllable
from qc.matching.text import SENTENCE_ENDS, is_chinese, normalise

CHARACTERS = (1, 2, 3, 4)  # lengths of the runs of characters
SOUNDS = (2, 3, 4)  # lengths of the runs of syllables: what a recogniser garbles still sounds alike
_EDGE = "^"
_SOUND = "~"  # begins a gram of sounds; characters never do, as matching drops it
_HEARD_EDGE = _SOUND + _EDGE
_NOTHING = 1e-9
Rows = NDArray[np.int64]
Values = NDArray[np.float64]


def grams(text: str) -> Mapping[str, int]:
    """How often each run of characters and of sounds occurs in normalised `text`.

    Sentence ends other than question marks are edges: recognisers set them as they like.
    """
    found: Counter[str] = Counter()
    for sentence in _sentences(text):
        edged = _edged(sentence)
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


def _edged(sentence: str) -> str:
    return _EDGE + sentence + _EDGE


def _heard(sentence: str) -> list[str]:
    """The sounds of a sentence between its edges, spelt as no character is."""
    return [_HEARD_EDGE, *map(_unit_of, sentence), _HEARD_EDGE]


@cache
def _unit_of(char: str) -> str:
    return _SOUND + _sound_of(char)


def _units(gram: str) -> Sequence[str]:
    """A gram as the runs of units that it is made of."""
    return [_SOUND + sound for sound in gram[len(_SOUND) :].split(" ")] if is_sound(gram) else gram


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
        self._runs = RunTable([_units(gram) for gram in rarity])

    def __len__(self) -> int:
        """How many grams it has."""
        return len(self.row)

    def weigh_texts(self, texts: Sequence[str]) -> list[tuple[Rows, Values]]:
        """`weigh` for normalised texts, all at once: bit by bit what it gives for their `grams`."""
        if not texts:
            return []
        sentences = [list(_sentences(text)) for text in texts]
        rows, times, owner = counted(self._runs, sentences, ((_edged, CHARACTERS), (_heard, SOUNDS)))
        ends: list[int] = np.searchsorted(owner, np.arange(len(texts)), side="right").tolist()
        values = self._values(rows, times, owner, ends)
        return [(rows[start:end], values[start:end]) for start, end in pairwise([0, *ends])]

    def weigh(self, counts: Mapping[str, int]) -> tuple[Rows, Values]:
        """TF-IDF: 1 + log of the count, times the rarity of the gram; characters and sounds are each scaled
        to length 1 and then both to length 1 together. Unknown grams are left out.

        Returns:
            the rows of the grams, and their weights.
        """
        row_of = self.row.get
        known = {row: count for gram, count in counts.items() if (row := row_of(gram)) is not None}
        rows = np.fromiter(known.keys(), dtype=np.int64, count=len(known))
        times = np.fromiter(known.values(), dtype=np.int64, count=len(known))
        return rows, self._values(rows, times, np.zeros(len(rows), dtype=np.int64), [len(rows)])

    def _values(self, rows: Rows, times: Rows, owner: Rows, ends: Sequence[int]) -> Values:
        """The weights of the grams of texts; `owner` tells the text of each, `ends` where each text ends."""
        values: Values = (1 + np.log(times)) * self._rarity[rows]
        sound = self._sound[rows]
        squares = values * values
        sums = []  # text by text, so that a sum does not depend on the other texts
        for start, end in pairwise([0, *ends]):
            own, heard = squares[start:end], sound[start:end]
            sums.append((np.add.reduce(own[~heard]), np.add.reduce(own[heard])))
        lengths = np.sqrt(sums)
        both = np.sqrt(np.count_nonzero(lengths > _NOTHING, axis=1))
        values /= np.where(sound, lengths[owner, 1], lengths[owner, 0]) * both[owner]
        return values


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
