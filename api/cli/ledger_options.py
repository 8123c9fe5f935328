"""`--where FIELD=VALUE`: which lines of the ledger are meant."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Final

import typer

from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.sorting import SORTS
from ingest.times import UnreadableTimeError, read_moment
from store.errors import BadInputError

_SEVERAL: Final[Mapping[str, str]] = {
    "kind": "kinds",
    "level": "levels",
    "state": "states",
    "source": "sources",
    "result": "results",
    "handler": "handlers",
    "reporter": "reporters",
    "reviewer": "reviewers",
    "team": "teams",
    "collector": "collectors",
    "client": "clients",
}
_YES: Final[Mapping[str, bool]] = {
    "yes": True,
    "true": True,
    "是": True,
    "no": False,
    "false": False,
    "否": False,
}


def _yes(text: str) -> bool:
    if text.casefold() not in _YES:
        raise ValueError("write yes or no")
    return _YES[text.casefold()]


_SINGLE: Final[Mapping[str, Callable[[str], Any]]] = {
    "since": read_moment,
    "until": read_moment,
    "number": str,
    "name": str,
    "contact": str,
    "text": str,
    "overdue": _yes,
    "open": _yes,
}
FIELDS: Final = (*_SEVERAL, *_SINGLE)

Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="FIELD=VALUE", help=f"may be repeated; fields: {', '.join(FIELDS)}"),
]
Sort = Annotated[str, typer.Option("--sort", metavar="COLUMN", help=", ".join(SORTS))]
Ascending = Annotated[bool, typer.Option("--ascending", help="smallest or oldest first")]


def read_filters(where: Sequence[str] | None) -> Filters:
    """The filters that were asked for; several values of one field mean any of them.

    Raises:
        BadInputError: `ledger.filter`, an unknown field or a value that cannot be read.
    """
    several: dict[str, list[str]] = {}
    single: dict[str, Any] = {}
    for each in where or ():
        field, equals, value = each.partition("=")
        field, value = field.strip(), value.strip()
        if not equals or not value or field not in FIELDS:
            raise _refusal(each, field)
        if field in _SEVERAL:
            several.setdefault(_SEVERAL[field], []).append(value)
            continue
        try:
            single[field] = _SINGLE[field](value)
        except (ValueError, UnreadableTimeError) as error:
            mend = "Write times as 2026-03-05T00:00:00+08:00, and yes or no."
            raise BadInputError(str(error), code="ledger.filter", where=each, mend=mend) from error
    chosen: dict[str, Any] = {name: tuple(values) for name, values in several.items()}
    return Filters(**chosen, **single)


def _refusal(given: str, field: str) -> BadInputError:
    near = get_close_matches(field, FIELDS, n=1)
    hint = f"Did you mean {near[0]}? " if near and near[0] != field else ""
    return BadInputError(
        "this is no filter of the ledger",
        code="ledger.filter",
        where=given,
        mend=f"{hint}Write FIELD=VALUE; fields: {', '.join(FIELDS)}.",
    )
