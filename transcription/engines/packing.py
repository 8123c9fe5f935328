"""Several clips of one speaker in one window: more context for the recogniser, and no window half empty."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ingest.audio import RATE, Samples
from transcription.types import Word

# So far before its end a word still sounds.
_TAIL_S = 0.12
# Packs need not be more alike in length than this.
_EVEN_S = 0.1


class Pack(NamedTuple):
    """Consecutive clips, one after the other with silence between.

    `places` are the clips' places in the order given; `spans` are `(start, end)` of each within the pack, in
    seconds.
    """

    places: tuple[int, ...]
    spans: tuple[tuple[float, float], ...]

    @property
    def seconds(self) -> float:
        """Length of the whole pack."""
        return self.spans[-1][1]


def pack(lengths: Sequence[float], longest_s: float, gap_s: float) -> list[Pack]:
    """Put clips of these lengths, in order, in as few packs of at most `longest_s` seconds as hold them, all
    about equally long: packs that are read together cost as much as the longest of them.

    A clip that is longer is a pack by itself.
    """
    packs = _filled(lengths, longest_s, gap_s)
    shortest, longest = 0.0, longest_s
    while longest - shortest > _EVEN_S:
        middle = (shortest + longest) / 2
        tried = _filled(lengths, middle, gap_s)
        if len(tried) <= len(packs):
            packs, longest = tried, middle
        else:
            shortest = middle
    return packs


def _filled(lengths: Sequence[float], longest_s: float, gap_s: float) -> list[Pack]:
    packs: list[Pack] = []
    for place, length in enumerate(lengths):
        start = packs[-1].seconds + gap_s if packs else 0.0
        if packs and start + length <= longest_s:
            before = packs.pop()
            packs.append(Pack((*before.places, place), (*before.spans, (start, start + length))))
        else:
            packs.append(Pack((place,), ((0.0, length),)))
    return packs


def joined(clips: Sequence[Samples], packed: Pack) -> Samples:
    """The sound of a pack."""
    sound = np.zeros(round(packed.seconds * RATE), dtype=np.float32)
    for place, (start, _end) in zip(packed.places, packed.spans, strict=True):
        first = round(start * RATE)
        part = clips[place][: len(sound) - first]
        sound[first : first + len(part)] = part
    return sound


def unpacked(words: Sequence[Word], packed: Pack) -> list[tuple[Word, ...]]:
    """The words of each clip, in seconds from its start: every word goes to the clip that it ends in.

    The aligner lets the first word after a silence begin before it, and the last word before one end in it.
    """
    shares: list[list[Word]] = [[] for _span in packed.spans]
    for word in words:
        inside = word.end - min(_TAIL_S, (word.end - word.start) / 2)
        distances = [max(start - inside, inside - end, 0.0) for start, end in packed.spans]
        owner = distances.index(min(distances))
        start, end = packed.spans[owner]
        first = min(max(word.start, start), end)
        shares[owner].append(word._replace(start=first - start, end=min(max(word.end, first), end) - start))
    return [tuple(share) for share in shares]
