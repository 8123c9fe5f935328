"""Triples of syllables: whatever the tolerance allows leaves one of them."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qc.language.phrase import compile_phrase
from qc.matching.compare import COLUMNS, UNKNOWN, Rows
from qc.matching.near import Key, NearIndex, keys_of
from qc.matching.readings import CODES, FAMILIES, kind
from qc.matching.spellings import LOOSE, STRICT, Tolerance, near, rows

Heard = tuple[int | None, ...]
LONG = "我现在就去你们公司找你们领导投诉你还钱"  # more syllables than are compared


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


@pytest.mark.parametrize("tolerance", [STRICT, LOOSE])
@pytest.mark.parametrize(
    "phrase", ["再打我就报警", "还(你|您)钱吗(现在)?", "扫我微信转账给我们公司吧", LONG, "叫你没工作"]
)
@settings(deadline=None, max_examples=150)
@given(said=st.data())
def test_what_is_within_its_tolerance_is_found_and_by_how_much_it_is_off(
    phrase: str, tolerance: Tolerance, said: st.DataObject
):
    ways = rows(compile_phrase(phrase, {}, "zh").tree, tolerance)
    letters = list(phrase.translate(str.maketrans("", "", "(|)?")))
    for _ in range(said.draw(st.integers(0, 4))):
        at = said.draw(st.integers(0, len(letters)))
        letters[at : at + said.draw(st.integers(0, 1))] = said.draw(
            st.text(alphabet="再在豹还海。a扫", max_size=2)
        )
    kinds = tuple(map(kind, letters))
    named = {tuple(place): off for *place, off in Rows(ways).anywhere(range(len(ways)), kinds).tolist()}
    expected = {
        (number, start, more): off
        for number, row in enumerate(ways)
        for start in range(len(kinds))
        for more in ((0,) if row.one_off else (0, -1, 1))
        if (off := near(row, kinds, start, more)) is not None
    }
    if any(len(row.kinds) > COLUMNS for row in ways):
        assert expected.keys() <= named.keys()
        assert set(named.values()) <= {UNKNOWN}
    else:
        assert named == expected


@pytest.mark.parametrize(
    "said", ["再打我九报警", "扫我危信钻账给我们公司吧", LONG[1:], LONG + "扫我微信转账给我们吧再大我就报警"]
)
def test_an_index_finds_what_comparing_every_row_at_every_place_finds(said: str):
    phrases = ("再打我就报警", "叫你没工作", "扫我微信转账给我们公司吧", LONG)
    ways = [row for phrase in phrases for row in rows(compile_phrase(phrase, {}, "zh").tree, STRICT)] * 30
    points = np.array([*map(ord, said)], np.uint32)
    found = NearIndex(ways).places(CODES.of(points), FAMILIES.of(points))
    everywhere = Rows(ways).anywhere(range(len(ways)), [*map(kind, said)])
    assert {*map(tuple, found.tolist())} == {*map(tuple, everywhere.tolist())}
    assert len(found) >= 30  # more than there is room for at first
