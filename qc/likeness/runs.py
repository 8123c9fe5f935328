"""Which runs of characters and sounds stand in texts, looked up for all texts of a call at once."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

_UNKNOWN = 1  # the number of a unit that no known run has; 0 is no unit at all
_BITS, _LONGEST = 16, 4  # units of so many bits, so many of them in a key
_MOST = 1 << _BITS


class RunTable:
    """Known runs of one to four units, a unit being a character or a sound, each known by its row.

    Args:
        runs: the units of each run, in the order of the rows. A sound must not be spelt like a character.
    """

    def __init__(self, runs: Sequence[Sequence[str]]) -> None:
        units = dict.fromkeys(unit for run in runs for unit in run)
        if len(units) + _UNKNOWN >= _MOST or max(map(len, runs), default=0) > _LONGEST:
            raise ValueError("the runs do not fit into their keys")
        self._number = {unit: number for number, unit in enumerate(units, start=_UNKNOWN + 1)}
        lengths = np.fromiter(map(len, runs), np.int64, count=len(runs))
        numbers = np.fromiter((self._number[unit] for run in runs for unit in run), np.uint64)
        owner = np.repeat(np.arange(len(runs)), lengths)
        place = np.arange(len(numbers)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        keys = np.zeros(len(runs), np.uint64)
        np.bitwise_or.at(keys, owner, numbers << ((_LONGEST - 1 - place) * _BITS).astype(np.uint64))
        self._row = np.argsort(keys)
        self._keys = keys[self._row]

    def numbers(self, units: Iterable[str]) -> NDArray[np.uint64]:
        """Units by their numbers. Those that no known run has are all alike."""
        number = self._number.get
        return np.array([number(unit, _UNKNOWN) for unit in units], np.uint64)

    def rows(self, keys: NDArray[np.uint64]) -> Numbers:
        """The rows of runs by their keys, -1 for those that are not known."""
        if not len(self._keys):
            return np.full(len(keys), -1, np.int64)
        order = np.argsort(keys)  # looked up in order, neighbours are in the cache
        asked = keys[order]
        at = np.searchsorted(self._keys, asked)
        at[at == len(self._keys)] = 0
        rows = np.empty(len(keys), np.int64)
        rows[order] = np.where(self._keys[at] == asked, self._row[at], -1)
        return rows


def keys_of(numbers: NDArray[np.uint64], lengths: Sequence[int]) -> list[NDArray[np.uint64]]:
    """The keys of all runs of each of the lengths, in order of their beginnings."""
    found: list[NDArray[np.uint64]] = []
    keys = numbers << np.uint64((_LONGEST - 1) * _BITS)
    for length in range(1, max(lengths) + 1):
        if length > 1:
            keys = keys[:-1] | numbers[length - 1 :] << np.uint64((_LONGEST - length) * _BITS)
        if length in lengths:
            found.append(keys)
    return found


def counted(
    table: RunTable,
    texts: Sequence[Sequence[str]],
    kinds: Sequence[tuple[Callable[[str], Sequence[str]], Sequence[int]]],
) -> tuple[Numbers, Numbers, Numbers]:
    """The known runs of each text, in the order in which they first occur: sentence by sentence, in each kind
    by kind, the shorter runs first.

    Args:
        table: the known runs.
        texts: the sentences of each text.
        kinds: how to take a sentence apart into units, and the lengths of the runs to look for. All kinds
            make equally many units of a sentence.

    Returns:
        the rows of the runs of all texts, how often each occurs in its text, and which text that is.
    """
    sentences = [(owner, said) for owner, text in enumerate(texts) for said in text]
    keys: list[NDArray[np.uint64]] = []
    within: list[Numbers] = []
    sentence = np.empty(0, np.int64)
    for units_of, lengths in kinds:
        # Between two sentences stands a unit that no run has.
        units = [[*units_of(said), ""] for _, said in sentences]
        sentence = np.repeat(np.arange(len(units)), [len(each) for each in units])
        numbers = table.numbers(unit for each in units for unit in each)
        keys += (made := keys_of(numbers, lengths))
        within += [sentence[: len(each)] for each in made]
    rows = table.rows(np.concatenate(keys))
    known = rows >= 0
    rows, place = rows[known], np.concatenate(within)[known]
    order = np.argsort(place, kind="stable")
    owner = np.array([each for each, _ in sentences], np.int64)[place[order]]
    pairs, first, times = np.unique(owner << 32 | rows[order], return_index=True, return_counts=True)
    order = np.argsort(first)
    pairs = pairs[order]
    return pairs & 0xFFFFFFFF, times[order], pairs >> 32
