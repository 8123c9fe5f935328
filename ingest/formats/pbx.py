"""What all records of telephone switches have in common: legs of one call, inside and outside numbers."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Final, Generic, NamedTuple, TypeVar

import re2
from pydantic import AfterValidator, Field

from ingest.formats.types import FormatOptions

_Leg = TypeVar("_Leg")

_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ().-]{4,24}")

# Switches write a call's legs as they end, so those of one call stand near each other.
_WINDOW: Final = 2_000
_MOST_LEGS: Final = 200


def check_pattern(pattern: str) -> str:
    """Refuse what is no RE2 expression.

    Raises:
        ValueError: with what is wrong about it.
    """
    try:
        compile_pattern(pattern)
    except re2.error as error:
        raise ValueError(f"this is no RE2 expression: {error}") from None
    return pattern


@lru_cache(maxsize=64)
def compile_pattern(pattern: str) -> "re2._Regexp":
    """A linear-time expression: no text can make it slow."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1024 * 1024
    return re2.compile(pattern, options)


Pattern = Annotated[str, AfterValidator(check_pattern), Field(max_length=1_000)]


class PbxOptions(FormatOptions):
    """Options of all switches.

    Attributes:
        internal: which numbers are extensions of collectors (RE2, matched whole).
        recording: how recordings are called, by the columns of the record: `{uniqueid}.wav`. None: the record
            names them, or their names hold the call's id.
    """

    internal: Pattern = "[0-9]{2,6}"
    recording: str | None = Field(None, max_length=400)


class Sides(NamedTuple):
    """Who called whom. All None where the numbers do not tell."""

    direction: str | None = None
    agent: str | None = None
    customer: str | None = None


def sides(caller: str, called: str, answered_by: str, options: PbxOptions) -> Sides:
    """Tell the collector's extension from the customer's number.

    Args:
        caller: the number that called.
        called: the number that was called.
        answered_by: the extension that took the call, where the record says it.
        options: say what an extension looks like.
    """
    internal = compile_pattern(options.internal)
    inside_caller, inside_called = (bool(internal.fullmatch(number)) for number in (caller, called))
    if inside_caller and _is_number(called) and not inside_called:
        return Sides("outbound", caller, called)
    if _is_number(caller) and not inside_caller and (inside_called or internal.fullmatch(answered_by)):
        taken_by = answered_by if internal.fullmatch(answered_by) else called
        return Sides("inbound", taken_by, caller)
    return Sides()


def people(found: Sides, options: FormatOptions, file: str | None) -> dict[str, object]:
    """The fields of a call's record that say who spoke, and on which channel."""
    fields: dict[str, object] = {"direction": found.direction}
    if found.agent:
        fields["agent"] = {"id": found.agent}
    customer = {"number": found.customer, "timezone": options.customer_zone}
    fields["customer"] = {name: value for name, value in customer.items() if value}
    recording: dict[str, object] = {"file": file} if file else {}
    if options.channels is not None:
        recording["channels"] = {str(index): role for index, role in options.channels.items()}
    if recording:
        fields["recording"] = recording
    return fields


def _is_number(text: str) -> bool:
    """Whether this can be somebody's telephone number: dial plans leave marks such as `&` there too."""
    return _NUMBER.fullmatch(text) is not None


class Legs(Generic[_Leg]):
    """Gathers the legs of calls in bounded memory: a call is complete when 2,000 further legs have come."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, tuple[int, list[_Leg]]] = OrderedDict()
        self._seen = 0

    def add(self, key: str, leg: _Leg) -> Iterator[list[_Leg]]:
        """Take a leg; gives the calls that are complete now, in the order in which they began."""
        self._seen += 1
        _, legs = self._waiting.setdefault(key, (self._seen, []))
        if len(legs) < _MOST_LEGS:
            legs.append(leg)
        while self._waiting and next(iter(self._waiting.values()))[0] <= self._seen - _WINDOW:
            yield self._waiting.popitem(last=False)[1][1]

    def rest(self) -> Iterator[list[_Leg]]:
        """The calls still held, when there are no more legs."""
        while self._waiting:
            yield self._waiting.popitem(last=False)[1][1]


def seconds(value: str | None) -> float | None:
    """A duration in seconds as switches write it; None where it is no plain number."""
    text = (value or "").strip()
    if not text.replace(".", "", 1).isdigit() or not text.isascii() or len(text) > 12:
        return None
    return float(text)


def without_blanks(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "")}
