"""Many texts at once, as a tree of their characters in tables for machine code: where does one begin?"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qc.matching.compiled import compiled, inner
from qc.matching.machine import Ints, Points

Keys = NDArray[np.uint64]
Bits = NDArray[np.uint8]
_POINT_BITS = 21
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_BITS_A_SLOT = 3  # two to the power of it: most characters that lead nowhere are known by one bit


class Trie(NamedTuple):
    """Texts by their characters. A node is a slot, and `keys` tells the node before it and the character that
    leads from there to it, or 0; `numbers` that of the text that ends there, or -1. `known` has a bit for
    each key, and is small enough to stay in the cache."""

    keys: Keys
    numbers: Ints
    known: Bits
    shift: np.uint64


def trie(texts: Iterable[str]) -> Trie:
    """The tree of texts that are all different, by their numbers."""
    every = list(texts)
    bits = max(4, (2 * len({text[:end] for text in every for end in range(1, len(text) + 1)})).bit_length())
    made = Trie(
        np.zeros(1 << bits, np.uint64),
        np.full(1 << bits, -1, np.int32),
        np.zeros(1 << bits + _BITS_A_SLOT - 3, np.uint8),
        np.uint64(64 - bits),
    )
    points = np.frombuffer("".join(every).encode("utf-32-le"), np.uint32)
    _fill(*made, points, np.fromiter(map(len, every), np.int32))
    return made


@inner
def _fill(keys: Keys, numbers: Ints, known: Bits, shift: np.uint64, points: Points, sizes: Ints) -> None:
    place = 0
    for number in range(sizes.size):
        node = np.int64(keys.size)
        for point in points[place : place + sizes[number]]:
            key = np.uint64(node) << np.uint64(_POINT_BITS) | np.uint64(point)
            hashed = key * _SPREAD
            bit = hashed >> (shift - np.uint64(_BITS_A_SLOT))
            known[bit >> np.uint64(3)] |= np.uint8(1 << (bit & np.uint64(7)))
            node = np.int64(hashed >> shift)
            while keys[node] and keys[node] != key:
                node = (node + 1) & (keys.size - 1)
            keys[node] = key
        numbers[node] = number
        place += sizes[number]


@inner
def child(keys: Keys, known: Bits, shift: np.uint64, node: np.int64, point: np.uint32) -> np.int64:
    """The node that a character leads to, from the number of slots on; -1 where there is none."""
    key = np.uint64(node) << np.uint64(_POINT_BITS) | np.uint64(point)
    hashed = key * _SPREAD
    bit = hashed >> (shift - np.uint64(_BITS_A_SLOT))
    if not known[bit >> np.uint64(3)] >> np.uint8(bit & np.uint64(7)) & 1:
        return np.int64(-1)
    slot = np.int64(hashed >> shift)
    while keys[slot] != key:
        if not keys[slot]:
            return np.int64(-1)
        slot = (slot + 1) & (keys.size - 1)
    return slot


@compiled
def beginnings(keys: Keys, numbers: Ints, known: Bits, shift: np.uint64, points: Points) -> Ints:
    """The places at which at least one of the texts begins."""
    found = np.empty(points.size, np.int32)
    count = 0
    for begin in range(points.size):
        node, place = np.int64(keys.size), begin
        while place < points.size:
            node = child(keys, known, shift, node, points[place])
            if node < 0:
                break
            if numbers[node] >= 0:
                found[count] = begin
                count += 1
                break
            place += 1
    return found[:count]
