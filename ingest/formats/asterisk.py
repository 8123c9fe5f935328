"""Asterisk call detail records: `Master.csv` of cdr_csv and cdr_custom, and rows of the CDR table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import BinaryIO, Final, Literal, NamedTuple

from ingest.formats.clock import MISSING, When, first, from_clock, from_epoch, settled
from ingest.formats.lines import Encoding, Row, read_rows
from ingest.formats.names import recording_name
from ingest.formats.pbx import Legs, PbxOptions, Sides, people, seconds, sides, without_blanks
from ingest.formats.refusals import refusal
from ingest.formats.types import Described, Unreadable

_BASE: Final = (
    *("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata"),
    *("start", "answer", "end", "duration", "billsec", "disposition", "amaflags"),
)
_NEW: Final = ("peeraccount", "linkedid", "sequence")
# cdr_csv: loguniqueid, loguserfield and newcdrcolumns each add columns at the end.
_BY_COUNT: Final[Mapping[int, tuple[str, ...]]] = {
    16: _BASE,
    17: (*_BASE, "uniqueid"),
    18: (*_BASE, "uniqueid", "userfield"),
    19: (*_BASE, *_NEW),
    20: (*_BASE, "uniqueid", *_NEW),
    21: (*_BASE, "uniqueid", "userfield", *_NEW),
}
# The sample cdr_custom.conf.
_CUSTOM: Final = (
    *("clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer"),
    *("end", "duration", "billsec", "disposition", "amaflags", "accountcode", "uniqueid", "userfield"),
    "sequence",
)
_SPELLED: Final = {"calldate": "start", "recording_file": "recordingfile", "filename": "recordingfile"}
_UNIQUEID: Final = re.compile(r"(?:\S{1,120}-)?([0-9]{9,11})\.[0-9]{1,9}")
_PEER: Final = re.compile(r"[A-Za-z0-9]+/([^-@;/]+)")
_AUDIO: Final = frozenset([".wav", ".wav49", ".gsm", ".mp3", ".ogg", ".opus", ".ulaw", ".alaw", ".sln"])


class AsteriskOptions(PbxOptions):
    """How this Asterisk writes its records.

    Attributes:
        columns: names of the columns in their order (cdr_custom); `cdr_custom`: those of the sample
            cdr_custom.conf. None: a line of names, or cdr_csv by the number of columns.
        group_by: what the legs of one call share. Predictive dialers whose agents hold one channel for many
            calls need `uniqueid`.
        encoding: of the file.
    """

    columns: tuple[str, ...] | Literal["cdr_custom"] | None = None
    group_by: Literal["linkedid", "uniqueid"] = "linkedid"
    encoding: Encoding = "auto"


class Leg(NamedTuple):
    """One record: one leg of a call."""

    where: str
    columns: Mapping[str, str]


def read(stream: BinaryIO, where: str, options: AsteriskOptions) -> Iterator[Described | Unreadable]:
    """The calls of a CSV file; records of the legs of one call become one call."""
    names = _CUSTOM if options.columns == "cdr_custom" else options.columns
    legs: Legs[Leg] = Legs()
    begins = True
    for row in read_rows(stream, where, encoding=options.encoding):
        if isinstance(row, Unreadable):
            yield row
            continue
        if begins and names is None and is_header(row.cells):
            names, begins = tuple(cell.strip().lower() for cell in row.cells), False
            continue
        begins = False
        leg = _leg(row, names)
        if isinstance(leg, Unreadable):
            yield leg
            continue
        for complete in legs.add(group_key(leg.columns, options), leg):
            yield describe(complete, options)
    for complete in legs.rest():
        yield describe(complete, options)


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row names columns, as exports of the CDR table do."""
    names = {cell.strip().lower() for cell in cells}
    return {"src", "dst"} <= names and bool(names & {"uniqueid", "linkedid"})


def group_key(columns: Mapping[str, str], options: AsteriskOptions) -> str:
    """What the legs of one call share."""
    return (options.group_by == "linkedid" and columns.get("linkedid")) or columns.get("uniqueid", "")


def leg_end(leg: Leg) -> datetime | None:
    """When a leg ended, by the epoch in its uniqueid."""
    match = _UNIQUEID.fullmatch(leg.columns.get("uniqueid") or "")
    begun = from_epoch(match.group(1), "uniqueid", "s").at if match else None
    return begun and begun + timedelta(seconds=seconds(leg.columns.get("duration")) or 0.0)


def describe(legs: Sequence[Leg], options: AsteriskOptions) -> Described | Unreadable:
    """The call that consists of these legs."""
    where = legs[0].where
    connected = [leg for leg in legs if _connected(leg.columns)]
    main = max(connected or legs, key=lambda leg: seconds(leg.columns.get("billsec")) or 0.0).columns
    begun = [_when(leg.columns, options) for leg in legs]
    known = [when for when in begun if when.at is not None]
    when = min(known, key=lambda each: each.at.timestamp() if each.at else 0.0) if known else first(*begun)
    wrong = next((each for each in begun if each.problem == "time.contradictory"), None)
    file, ids = _recording(main, legs, options) if connected else (None, ())
    document: dict[str, object] = {
        "external_id": group_key(main, options),
        "source": options.source,
        **(wrong or when).fields(),
        **people(_sides(main, options), options, file and PurePosixPath(file).name),
        "connected": bool(connected),
        "duration_s": seconds(main.get("billsec")),
        "cdr": _kept(main, len(legs)),
    }
    return Described(without_blanks(document) | {"started_at": document["started_at"]}, file, where, ids)


def _leg(row: Row, names: Sequence[str] | None) -> Leg | Unreadable:
    columns = names or _BY_COUNT.get(len(row.cells))
    if columns is None or len(columns) != len(row.cells):
        expected = f"{len(columns)}" if columns else "16 to 21"
        problem = f"the record has {len(row.cells)} columns, not {expected}"
        return Unreadable(row.where, refusal("format.columns", problem, row.where))
    cells = {_SPELLED.get(name, name): cell.strip() for name, cell in zip(columns, row.cells, strict=True)}
    if len(row.cells) == 17 and names is None and not _UNIQUEID.fullmatch(cells["uniqueid"]):
        cells["userfield"] = cells.pop("uniqueid")
    return check_leg(Leg(row.where, cells))


def check_leg(leg: Leg) -> Leg | Unreadable:
    """Refuse a record that does not say which call it belongs to, or where its columns stand wrongly."""
    where, columns = leg
    if not columns.get("uniqueid") and not columns.get("linkedid"):
        problem = "the record has no uniqueid; set loguniqueid=yes in cdr.conf"
        return Unreadable(where, refusal("format.missing", problem, where))
    for name in ("uniqueid", "linkedid"):
        if columns.get(name) and not _UNIQUEID.fullmatch(columns[name]):
            problem = f"{name} is not of the shape 1706368044.12: the columns may be in another order"
            return Unreadable(where, refusal("format.bad_value", problem, where))
    return leg


def _when(columns: Mapping[str, str], options: AsteriskOptions) -> When:
    """The start of a leg. The uniqueid holds the second in which its channel was made, as an epoch."""
    match = _UNIQUEID.fullmatch(columns.get("uniqueid") or "")
    epoch = from_epoch(match.group(1), "uniqueid", "s") if match else MISSING
    return settled(from_clock(columns.get("start"), options.zone), epoch)


def _connected(columns: Mapping[str, str]) -> bool:
    return columns.get("disposition", "").upper() == "ANSWERED" and seconds(columns.get("billsec")) != 0.0


def _sides(columns: Mapping[str, str], options: AsteriskOptions) -> Sides:
    peer = _PEER.match(columns.get("dstchannel", ""))
    return sides(columns.get("src", ""), columns.get("dst", ""), peer.group(1) if peer else "", options)


def _recording(
    main: Mapping[str, str], legs: Sequence[Leg], options: AsteriskOptions
) -> tuple[str | None, tuple[str, ...]]:
    """The recording's name, or else the ids that its name may hold."""
    if options.recording is not None:
        name = recording_name(options.recording, main)
        if name is not None:
            return name, ()
    for columns in (main, *(leg.columns for leg in legs)):
        if columns.get("recordingfile"):
            return columns["recordingfile"], ()
        if PurePosixPath(columns.get("userfield", "")).suffix.lower() in _AUDIO:
            return columns["userfield"], ()
    ids = [leg.columns.get(name, "") for leg in legs for name in ("uniqueid", "linkedid")]
    return None, tuple(dict.fromkeys(_without_system(each) for each in ids if each))


def _without_system(uniqueid: str) -> str:
    return uniqueid.rpartition("-")[2]


def _kept(columns: Mapping[str, str], legs: int) -> dict[str, object]:
    """What of the record is kept as evidence. Numbers are personal data: they stand elsewhere."""
    names = ("uniqueid", "linkedid", "disposition", "duration", "billsec", "dcontext", "lastapp", "answer")
    return without_blanks({name: columns.get(name) for name in names} | {"legs": legs})
