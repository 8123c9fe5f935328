"""Fields of a call's record by name, filled from columns or from parts of a name that somebody mapped."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from ingest.formats.clock import When, from_clock, from_epoch
from ingest.formats.refusals import refusal
from ingest.formats.types import FormatOptions

# Beside the fields of call.json that hold one value: time given as date and time apart, or as an epoch, and
# the recording's name.
FIELDS: Final = frozenset(
    [
        *("external_id", "direction", "started_at", "started_at.date", "started_at.time", "started_at.epoch"),
        *("recording", "ended_by", "language", "connected", "duration_s"),
        *("agent.id", "agent.name", "agent.team"),
        *("customer.id", "customer.name", "customer.number", "customer.relation", "customer.timezone"),
        *("case.id", "case.client", "case.product", "case.days_overdue", "case.amount_due", "case.currency"),
        *("case.complaints_before", "note.outcome", "note.text"),
    ]
)
_FREE_TEXT: Final = frozenset(["agent.name", "customer.name", "note.outcome", "note.text"])
_FORMULA: Final = re.compile(r"[=@\t\r]|[+-](?![0-9.(])")
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "direction": {
        **dict.fromkeys(["outbound", "out", "o", "呼出", "去电", "外呼", "主叫"], "outbound"),
        **dict.fromkeys(["inbound", "in", "i", "呼入", "来电", "被叫"], "inbound"),
    },
    "ended_by": {
        **dict.fromkeys(["agent", "坐席", "催收员"], "agent"),
        **dict.fromkeys(["customer", "客户", "债务人"], "customer"),
    },
}
_LONGEST_ID: Final = 400


def _check_fields(mapping: Mapping[str, str]) -> Mapping[str, str]:
    unknown = sorted(set(mapping) - FIELDS)
    if unknown:
        raise ValueError(f"there is no field {unknown[0]}; there are {', '.join(sorted(FIELDS))}")
    if "external_id" not in mapping and "recording" not in mapping:
        raise ValueError("external_id must be mapped, or recording, whose name is the id then")
    return mapping


Mapped = Annotated[dict[str, str], AfterValidator(_check_fields)]


class MappedOptions(FormatOptions):
    """How the values are to be read.

    Attributes:
        time_format: of `strptime`, for times that can be read in two ways (03/04/2026 10:00).
    """

    time_format: str | None = Field(None, max_length=100)


def fill(
    values: Mapping[str, Any], where: str, options: MappedOptions
) -> tuple[dict[str, object], str | None]:
    """The record of a call and the name of its recording.

    Args:
        values: by field; text, or what a spreadsheet holds.
        where: the place of the record.
        options: say how times are written, and what holds for all records.

    Raises:
        BadInputError: `format.formula`, `format.missing`, `format.bad_value`.
    """
    texts = {name: as_text(name, value, where) for name, value in values.items()}
    recording = texts.pop("recording", "") or None
    external_id = texts.get("external_id") or _stem(recording)
    if not external_id:
        raise refusal("format.missing", "the record has no id and names no recording", where)
    if len(external_id) > _LONGEST_ID:
        raise refusal("format.bad_value", "the id is longer than any that can be right", where)
    document: dict[str, object] = {"external_id": external_id, "source": options.source}
    document |= _when(values, options).fields()
    for name, text in texts.items():
        if not text or name.startswith(("started_at", "external_id")):
            continue
        outer, _, inner = name.partition(".")
        word = _word(name, text, where)
        if inner:
            group = document.setdefault(outer, {})
            assert isinstance(group, dict)  # noqa: S101 - only written here
            group[inner] = word
        else:
            document[outer] = word
    if {"note.outcome", "note.text"} & values.keys():
        document.setdefault("note", None)  # the column is there and the collector wrote nothing
    _add_defaults(document, recording, options)
    return document, recording


def _when(values: Mapping[str, Any], options: MappedOptions) -> When:
    if values.get("started_at.epoch") not in (None, ""):
        return from_epoch(values["started_at.epoch"], "started_at.epoch")
    clock = values.get("started_at")
    if clock in (None, "") and values.get("started_at.date") and values.get("started_at.time"):
        day = values["started_at.date"]
        date = day.date().isoformat() if isinstance(day, datetime) else str(day).strip()
        clock = f"{date} {str(values['started_at.time']).strip()}"
    return from_clock(clock, options.zone, options.time_format)


def as_text(name: str, value: Any, where: str) -> str:
    """A value as text. Ids may not begin like a formula: they go into other people's workbooks."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():  # spreadsheets keep ids as numbers
        value = int(value)
    text = str(value).strip()
    if (
        name not in _FREE_TEXT
        and not name.startswith("started_at")
        and _FORMULA.match(str(value).lstrip(" "))
    ):
        raise refusal("format.formula", "the value begins like a formula", f"{where} {name}")
    return text


def _word(name: str, text: str, where: str) -> str:
    words = _WORDS.get(name)
    if words is None:
        return text
    word = words.get(text.lower())
    if word is None:
        known = ", ".join(words)
        raise refusal("format.bad_value", f"{text[:40]!r} is none of: {known}", f"{where} {name}")
    return word


def _add_defaults(document: dict[str, object], recording: str | None, options: FormatOptions) -> None:
    if options.customer_zone:
        customer = document.setdefault("customer", {})
        if isinstance(customer, dict):
            customer.setdefault("timezone", options.customer_zone)
    about: dict[str, object] = {"file": _base(recording)} if recording else {}
    if options.channels is not None:
        about["channels"] = {str(index): role for index, role in options.channels.items()}
    if about:
        document["recording"] = about


def _base(path: str) -> str:
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def _stem(path: str | None) -> str:
    base = _base(path) if path else ""
    return base.rpartition(".")[0] or base
