"""What a phrase has in a row between its gaps: without one of these it is never found by sound."""

from collections.abc import Iterator
from itertools import product

from qc.language.phrase import Gap, Literal, Part, Sequence_
from qc.matching.spellings import SHORTEST_RUN

LONGER_RUN = 6  # so many syllables in a row tell more than the shortest run
_MOST = 4096
_GAP = "~"


def runs(tree: Sequence_) -> frozenset[str] | None:
    """What the phrase may have in a row, at least `SHORTEST_RUN` long, as it begins: one of these is in every
    match that has so many syllables in a row, an empty gap between them or not. None when there are too many
    to try."""
    longer = _runs(tree, LONGER_RUN)
    return longer if longer is not None else _runs(tree, SHORTEST_RUN)


def _runs(tree: Sequence_, length: int) -> frozenset[str] | None:
    long: set[str] = set()
    ends = {""}  # what is too short before a gap, but may go on where the gap is empty
    for part in _between_gaps(tree):
        ways = _marked(part, length)
        if ways is None:
            return None
        next_ends = {""}
        for way in (way for marked in ways for way in _with_empty_gaps(marked)):
            first, *others = way.split(_GAP)
            grown = {end + first for end in ends} if len(first) < SHORTEST_RUN else {first}
            long.update(run for run in (*grown, *others) if len(run) >= SHORTEST_RUN)
            next_ends.update(run for run in ({others[-1]} if others else grown) if len(run) < SHORTEST_RUN)
        ends = next_ends
    return frozenset(long)


def _between_gaps(tree: Sequence_) -> Iterator[Sequence_]:
    parts: list[Part] = []
    for part in tree.parts:
        if isinstance(part, Gap):
            yield Sequence_(tuple(parts))
            parts = []
        else:
            parts.append(part)
    yield Sequence_(tuple(parts))


def _with_empty_gaps(marked: str) -> Iterator[str]:
    """A way to write a part of a phrase, with each of its gaps filled or empty."""
    pieces = marked.split(_GAP)
    for joints in product(("", _GAP), repeat=len(pieces) - 1):
        yield pieces[0] + "".join(joint + piece for joint, piece in zip(joints, pieces[1:], strict=True))


def _marked(tree: Sequence_, length: int) -> set[str] | None:
    """How a part of a phrase may be written: the first `length` characters between gaps, gaps marked."""
    found: set[str] | None = {""}
    for part in tree.parts:
        found = _crossed(found, _marked_part(part, length), length)
    return found


def _marked_part(part: Part, length: int) -> set[str] | None:
    if isinstance(part, Literal):
        return {part.text}
    if isinstance(part, Gap):
        return {_GAP}
    once: set[str] = set()
    for option in part.options:
        ways = _marked(option, length)
        if ways is None:
            return None
        once |= ways
    found: set[str] | None = once
    for _ in range(part.most - 1):
        found = _crossed(found, once | {""}, length)
    return found


def _crossed(before: set[str] | None, after: set[str] | None, length: int) -> set[str] | None:
    if before is None or after is None or len(before) * len(after) > _MOST:
        return None
    joined = (one + other for one, other in product(before, after))
    return {_GAP.join(run[:length] for run in text.split(_GAP)) for text in joined}
