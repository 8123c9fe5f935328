"""The audit log as a tree of hashes: shows that entries are in it without showing the others. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.evidence.standalone import leaf, node


@dataclass(frozen=True, slots=True)
class Tree:
    """The root over all entries, and for each wanted entry (by its place, from 0) the way up to the root."""

    root: bytes
    paths: dict[int, list[bytes]]


def build(hashes: Sequence[bytes], wanted: Collection[int]) -> Tree:
    """The tree of RFC 9162 over the hashes of all entries in their order; there is at least one."""
    paths: dict[int, list[bytes]] = {index: [] for index in wanted}
    row = [leaf(each) for each in hashes]
    depth = 0
    while len(row) > 1:
        for index, path in paths.items():
            beside = (index >> depth) ^ 1
            if beside < len(row):
                path.append(row[beside])
        odd = row[-1:] if len(row) % 2 else []
        row = [node(row[place], row[place + 1]) for place in range(0, len(row) - 1, 2)] + odd
        depth += 1
    return Tree(row[0], paths)
