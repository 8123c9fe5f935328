"""Which recording a record means."""

import re
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlsplit

from ingest.sources.names import base_name, shown
from store.errors import BadInputError


class Named(Protocol):
    """A recording with its path in the source."""

    key: str


def is_address(recording: str) -> bool:
    """Whether the record gives an address instead of a file."""
    return urlsplit(recording[:200]).scheme.lower() in ("http", "https")


def choose(recording: str | None, found: Sequence[Named], where: str) -> Named | None:
    """The one of several recordings of that name whose folders fit the record's path best; None: none.

    Raises:
        BadInputError: `source.ambiguous`, several fit equally well: the wrong one would accuse somebody.
    """
    if not found:
        return None
    if len(found) == 1:
        return found[0]
    wanted = _parts(recording or "")
    fits = [_common_end(wanted, _parts(each.key)) for each in found]
    best = [each for each, fit in zip(found, fits, strict=True) if fit == max(fits)]
    if len(best) > 1:
        raise BadInputError(
            f"{len(best)} recordings fit this record",
            code="source.ambiguous",
            where=where,
            mend=f"Keep one of {', '.join(shown(base_name(each.key)) for each in best[:3])}, in one folder.",
        )
    return best[0]


def _parts(path: str) -> list[str]:
    return [part for part in re.split(r"[/\\]", path) if part not in ("", ".")]


def _common_end(first: list[str], second: list[str]) -> int:
    count = 0
    for one, other in zip(reversed(first), reversed(second), strict=False):
        if one != other:
            break
        count += 1
    return count
