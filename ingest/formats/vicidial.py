"""VICIdial: rows of recording_log, joined with vicidial_log (outbound) or vicidial_closer_log (inbound)."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from ingest.formats.clock import When, first, from_clock, from_epoch, settled
from ingest.formats.lines import Encoding, Row, read_rows
from ingest.formats.pbx import Sides, people, seconds, without_blanks
from ingest.formats.refusals import refusal
from ingest.formats.types import Described, FormatOptions, Unreadable
from store.errors import BadInputError

# The order of the columns in the table recording_log.
_COLUMNS: Final = (
    *("recording_id", "channel", "server_ip", "extension", "start_time", "start_epoch", "end_time"),
    *("end_epoch", "length_in_sec", "length_in_min", "filename", "location", "lead_id", "user"),
    "vicidial_id",
)
# What VICIdial writes where nobody was reached; see the statuses of the system.
_NOBODY: Final = frozenset(
    ["NA", "B", "AB", "N", "A", "AA", "AM", "DC", "ADC", "PDROP", "DROP", "NEW", "QUEUE"]
)
_DATE_NUMBER: Final = re.compile(r"\d{8}-\d{6}_(\+?\d{5,20})(?:[_-].*)?")


class VicidialOptions(FormatOptions):
    """How this VICIdial writes its records.

    Attributes:
        columns: names of the columns, where the export has no line of names. Default: those of recording_log.
        encoding: of the file.
    """

    columns: tuple[str, ...] | None = None
    encoding: Encoding = "auto"


def read(stream: BinaryIO, where: str, options: VicidialOptions) -> Iterator[Described | Unreadable]:
    """The recordings in an export of recording_log, alone or joined with the log of calls."""
    names = options.columns
    for row in read_rows(stream, where, encoding=options.encoding):
        if isinstance(row, Unreadable):
            yield row
            continue
        if names is None:
            lower = tuple(cell.strip().lower() for cell in row.cells)
            names = lower if "recording_id" in lower else _COLUMNS
            if names is lower:
                continue
        yield _described(row, names, options)


def describe(columns: Mapping[str, str], where: str, options: VicidialOptions) -> Described:
    """The call of one recording.

    Raises:
        BadInputError: `format.missing`, `format.bad_value`.
    """
    number = columns.get("recording_id", "")
    if not number:
        raise refusal("format.missing", "the record has no recording_id", where)
    if not (number.isascii() and number.isdigit() and len(number) <= 20):
        raise refusal(
            "format.bad_value", "recording_id is no number: the columns may be in another order", where
        )
    file = columns.get("location") or columns.get("filename") or None
    customer = _customer_number(columns)
    direction = _direction(columns)
    document: dict[str, object] = {
        "external_id": number,
        "source": options.source,
        **_when(columns, options).fields(),
        **people(Sides(direction, columns.get("user"), customer), options, _name(file)),
        "connected": False if columns.get("status", "").upper() in _NOBODY else None,
        "duration_s": seconds(columns.get("length_in_sec")),
        "vicidial": _kept(columns),
    }
    if columns.get("user_group"):
        document["agent"] = without_blanks({"id": columns.get("user"), "team": columns["user_group"]})
    if columns.get("lead_id"):
        document["customer"] = {"id": columns["lead_id"], **_mapping(document["customer"])}
    document = without_blanks(document) | {"started_at": document["started_at"]}
    return Described(document, file, where)


def _described(row: Row, names: tuple[str, ...], options: VicidialOptions) -> Described | Unreadable:
    if len(row.cells) != len(names):
        problem = f"the record has {len(row.cells)} columns, not {len(names)}"
        return Unreadable(row.where, refusal("format.columns", problem, row.where))
    columns = {name: _cell(cell) for name, cell in zip(names, row.cells, strict=True)}
    try:
        return describe(columns, row.where, options)
    except BadInputError as error:
        return Unreadable(row.where, error)


def _cell(cell: str) -> str:
    r"""MySQL writes NULL as `\N`."""
    text = cell.strip()
    return "" if text in ("NULL", "\\N") else text


def _when(columns: Mapping[str, str], options: VicidialOptions) -> When:
    epoch = from_epoch(columns.get("start_epoch"), "start_epoch", "s")
    clock = from_clock(columns.get("start_time"), options.zone)
    checked = settled(clock, epoch)
    return checked if checked.problem == "time.contradictory" else first(epoch, checked)


def _direction(columns: Mapping[str, str]) -> str | None:
    """Rows of vicidial_closer_log have a closecallid; those of vicidial_log a list and a status."""
    if columns.get("closecallid"):
        return "inbound"
    return "outbound" if columns.get("list_id") and columns.get("phone_number") else None


def _customer_number(columns: Mapping[str, str]) -> str | None:
    """From the log of calls, with its country code; else from the name, which by default holds the number."""
    number = columns.get("phone_number", "")
    if number:
        code = columns.get("phone_code", "")
        return f"+{code}{number}" if code.isdigit() and code != "0" and not number.startswith("+") else number
    match = _DATE_NUMBER.fullmatch(columns.get("filename", ""))
    return match.group(1) if match else None


def _name(file: str | None) -> str | None:
    try:
        return PurePosixPath(urlsplit(file).path).name or None if file else None
    except ValueError:  # no URL, and nothing that could be a file name
        return None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _kept(columns: Mapping[str, str]) -> dict[str, object]:
    names = ("vicidial_id", "uniqueid", "status", "term_reason", "campaign_id", "list_id", "lead_id")
    return without_blanks({name: columns.get(name) for name in names})
