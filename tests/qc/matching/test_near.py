"""Triples of syllables: whatever the tolerance allows leaves one of them."""

from collections.abc import Iterator
from itertools import combinations

import pytest

from qc.matching.near import Key, keys_of

Heard = tuple[int | None, ...]


def changed(row: list[int | None], most: int) -> Iterator[Heard]:
    for number in range(most + 1):
        for places in combinations(range(len(row)), number):
            yield tuple(None if at in places else sound for at, sound in enumerate(row))


def damaged(size: int, differences: int, *, lost_or_added: bool) -> Iterator[Heard]:
    row: list[int | None] = list(range(size))
    yield from changed(row, differences)
    if lost_or_added:
        for at in range(size):
            yield from changed(row[:at] + row[at + 1 :], differences - 1)
        for at in range(size + 1):
            yield from changed([*row[:at], None, *row[at:]], differences - 1)


def has_key(heard: Heard, keys: tuple[Key, ...]) -> bool:
    return any(
        (heard[at], heard[at + second], heard[at + third]) == triple
        for (second, third), triple in keys
        for at in range(len(heard) - third)
    )


@pytest.mark.parametrize(("size", "differences"), [(5, 1), (6, 2), (7, 2), (8, 2), (9, 2), (10, 3), (12, 3)])
def test_whatever_may_differ_leaves_a_key(size: int, differences: int):
    for heard in damaged(size, differences, lost_or_added=size > 5):
        assert has_key(heard, keys_of(size)), heard
