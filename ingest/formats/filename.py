"""Calls described by nothing but the names of their recordings."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, BinaryIO, Final

from pydantic import AfterValidator, Field

from ingest.formats.fields import FIELDS, MappedOptions, fill
from ingest.formats.pbx import check_pattern, compile_pattern
from ingest.formats.refusals import refusal
from ingest.formats.types import Described, Unreadable
from store.errors import BadInputError

# Names of groups hold no dots: agent_id stands for agent.id.
_GROUPS: Final[Mapping[str, str]] = {
    **{name.replace(".", "_"): name for name in FIELDS if name != "recording"},
    **{"date": "started_at.date", "time": "started_at.time", "epoch": "started_at.epoch"},
    **{"number": "customer.number", "agent": "agent.id"},
}
_LONGEST: Final = 1_000


def _check(pattern: str) -> str:
    check_pattern(pattern)
    groups = compile_pattern(pattern).groupindex
    unknown = sorted(set(groups) - set(_GROUPS))
    if unknown:
        raise ValueError(f"there is no field {unknown[0]}; there are {', '.join(sorted(_GROUPS))}")
    if not groups:
        raise ValueError("the pattern names no group, such as (?P<external_id>[0-9]+)")
    return pattern


class FileNameOptions(MappedOptions):
    """How the recordings are named.

    Attributes:
        pattern: RE2 expression that matches the whole name without its folders, with groups named after
            fields: `(?P<date>[0-9]{8})-(?P<time>[0-9]{6})_(?P<agent>[0-9]+)_(?P<number>[0-9]+)[.]wav`.
    """

    pattern: Annotated[str, AfterValidator(_check), Field(max_length=1_000)]


def read(stream: BinaryIO, where: str, options: FileNameOptions) -> Iterator[Described | Unreadable]:
    """The call of the recording called `where`; its content is not looked at."""
    del stream
    name = re.split(r"[/\\]", where)[-1]
    match = compile_pattern(options.pattern).fullmatch(name) if len(name) <= _LONGEST else None
    if match is None:
        yield Unreadable(where, refusal("format.bad_value", "the name does not match the pattern", where))
        return
    values = {_GROUPS[group]: text for group, text in match.groupdict().items() if text}
    try:
        document, _ = fill({**values, "recording": name}, where, options)
    except BadInputError as error:
        yield Unreadable(where, error)
        return
    yield Described(document, where, where)
