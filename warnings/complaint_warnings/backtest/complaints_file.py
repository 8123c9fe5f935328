"""Reads the complaints that really arrived: a CSV file, each bad line refused by itself."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.times import UnreadableTimeError, read_moment
from store.errors import BadInputError

WHO = ("debtor", "customer_id", "case_id")
_LONGEST = 320
_TIME_MEND = "Write date, time and zone, such as 2026-03-05T10:12:00+08:00."


@dataclass(frozen=True, slots=True)
class ArrivedComplaint:
    """One complaint: who it is about (`kind` is the column, `who` its value), when it arrived (aware), by
    which channel (empty where the file does not say), and the line of the file."""

    kind: str
    who: str
    arrived_at: datetime
    channel: str
    line: int


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that cannot be used, and how to mend it."""

    line: int
    field: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class ComplaintsFile:
    """The usable complaints in order of arrival, and the lines refused."""

    complaints: tuple[ArrivedComplaint, ...]
    refused: tuple[RefusedLine, ...]


def read_complaints(path: Path) -> ComplaintsFile:
    """Read a file with the columns `arrived_at`, one or more of `debtor` (debtor key), `customer_id` and
    `case_id`, and perhaps `channel`. Other columns are left alone; so are lines given twice.

    Raises:
        BadInputError: `complaints_file.unreadable`, `complaints_file.no_column`.
    """
    taken: dict[tuple[str, str, datetime], ArrivedComplaint] = {}
    refused: list[RefusedLine] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for read in _lines(csv.DictReader(file, strict=True), str(path)):
                if isinstance(read, RefusedLine):
                    refused.append(read)
                else:
                    taken.setdefault((read.kind, read.who, read.arrived_at), read)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInputError(
            f"the file cannot be read as CSV ({type(error).__name__})",
            code="complaints_file.unreadable",
            where=str(path),
            mend="Give a readable CSV file in UTF-8.",
        ) from error
    in_order = sorted(taken.values(), key=lambda each: (each.arrived_at, each.line))
    return ComplaintsFile(tuple(in_order), tuple(refused))


def _lines(reader: "csv.DictReader[str]", where: str) -> Iterator[ArrivedComplaint | RefusedLine]:
    columns = reader.fieldnames or ()
    who = [name for name in WHO if name in columns]
    for missing, there in (("arrived_at", "arrived_at" in columns), (" or ".join(WHO), bool(who))):
        if not there:
            raise BadInputError(
                f"there is no column {missing}",
                code="complaints_file.no_column",
                where=where,
                mend="The first line names the columns: customer_id,arrived_at,channel.",
            )
    for row in reader:
        yield _read(row, who, reader.line_num)


def _read(row: dict[str, str], who: list[str], line: int) -> ArrivedComplaint | RefusedLine:
    if None in row or any(row[name] is None for name in (*who, "arrived_at")):
        return RefusedLine(line, "columns", "not as many fields as in line 1", "Put quotes round commas.")
    kind = next((name for name in who if row[name].strip()), None)
    if kind is None:
        return RefusedLine(line, who[0], "nobody is named", f"Give {' or '.join(who)}.")
    name = row[kind].strip()
    if len(name) > _LONGEST:
        return RefusedLine(line, kind, f"over {_LONGEST} characters", "Give the id that the calls have.")
    try:
        arrived = read_moment(row["arrived_at"])
    except UnreadableTimeError as error:
        return RefusedLine(line, "arrived_at", str(error), _TIME_MEND)
    return ArrivedComplaint(kind, name, arrived, (row.get("channel") or "").strip(), line)
