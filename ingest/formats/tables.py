"""Call records kept in a database: Asterisk's CDR table and VICIdial's recording_log. Read only.

Reading goes by key, page by page, and may be broken off and resumed at any row. Switches write a row when a
call ends, but with the time of its beginning: every round looks back a while, and what was read before comes
again (a call is known by its id, so that changes nothing).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from pydantic import Field
from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    String,
    and_,
    cast,
    column,
    inspect,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.expression import TableClause

from ingest.formats.asterisk import AsteriskOptions, Leg, check_leg, describe, group_key, leg_end
from ingest.formats.refusals import refusal
from ingest.formats.types import Described, FormatOptions, Unreadable
from ingest.formats.vicidial import VicidialOptions
from ingest.formats.vicidial import describe as describe_recording
from store.errors import BadInputError

_PAGE: Final = 500
_READ_ONLY: Final[Mapping[str, str]] = {
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "sqlite": "PRAGMA query_only = ON",
}
_SPELLED: Final = {"calldate": "start", "recording_file": "recordingfile", "filename": "recordingfile"}


class Position(NamedTuple):
    """How far a table was read: the order of the row, and its id."""

    order: str
    key: str


class AsteriskTableOptions(AsteriskOptions):
    """How this Asterisk keeps its records.

    Attributes:
        table: name of the table, with its schema if need be.
        look_back_hours: the longest call there is: rows of calls that began earlier come late.
        settle_seconds: a call is taken when its last leg ended so long ago.
    """

    table: str = Field("cdr", pattern=r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")
    look_back_hours: int = Field(6, ge=0, le=24 * 31)
    settle_seconds: int = Field(60, ge=0, le=86_400)


class VicidialTableOptions(VicidialOptions):
    """How this VICIdial keeps its records.

    Attributes:
        look_back_rows: recordings that were still running in the last round are looked at again.
    """

    look_back_rows: int = Field(5_000, ge=0, le=1_000_000)


def read_cdr_table(
    engine: Engine, options: AsteriskTableOptions, *, after: Position | None = None, now: datetime
) -> Iterator[tuple[Position, Described | Unreadable]]:
    """The calls in Asterisk's CDR table, in the order in which they began.

    Args:
        engine: of the switch's database.
        options: say what the table is called.
        after: where the last round came to.
        now: calls that ended later than `settle_seconds` before this wait for the next round.

    Raises:
        BadInputError: `format.unreadable`, the database or the table cannot be read.
    """
    try:
        with _read_only(engine) as connection:
            names = _columns(connection, options.table)
            yield from _calls(connection, names, options, after, now)
    except SQLAlchemyError as error:
        raise _unreachable(options.table, error) from None


def _calls(
    connection: Connection,
    names: Sequence[str],
    options: AsteriskTableOptions,
    after: Position | None,
    now: datetime,
) -> Iterator[tuple[Position, Described | Unreadable]]:
    order = "calldate" if "calldate" in names else "start"
    for name in (order, "uniqueid"):
        if name not in names:
            raise refusal("format.columns", f"the table has no column {name}", options.table)
    source = _table(options.table, names)
    start, unique = source.c[order], source.c.uniqueid
    since, key = _look_back(after, options, as_text=connection.dialect.name == "sqlite")
    before = None
    while True:
        query = select(source).order_by(start, unique).limit(_PAGE)
        if since is not None:
            query = query.where(or_(start > since, and_(start == since, unique > key)))
        page = connection.execute(query).mappings().all()
        if not page:
            return
        for row in page:
            position = Position(_text(row[order]), _text(row["uniqueid"]))
            if position == before:  # a further leg of the same channel
                continue
            before = position
            found = _call_that_begins(connection, source, row, options, now)
            if found is not None:
                yield position, found
        since, key = page[-1][order], page[-1]["uniqueid"]


def _look_back(after: Position | None, options: AsteriskTableOptions, *, as_text: bool) -> tuple[Any, str]:
    """Where to begin. SQLite keeps times as text."""
    if after is None:
        return None, ""
    since = datetime.fromisoformat(after.order) - timedelta(hours=options.look_back_hours)
    return str(since) if as_text else since, "" if options.look_back_hours else after.key


def _call_that_begins(
    connection: Connection, source: TableClause, row: RowMapping, options: AsteriskTableOptions, now: datetime
) -> Described | Unreadable | None:
    """The call whose first leg this row is, with all its legs; None for later legs, and while it goes on."""
    where = f"{options.table} uniqueid {_text(row['uniqueid'])[:60]}"
    first = check_leg(Leg(where, _cells(row)))
    if isinstance(first, Unreadable):
        return first
    key = group_key(first.columns, options)
    name = "linkedid" if key == first.columns.get("linkedid") and "linkedid" in source.c else "uniqueid"
    order = source.c["calldate" if "calldate" in source.c else "start"]
    query = select(source).where(source.c[name] == key).order_by(order, source.c.uniqueid).limit(_PAGE)
    rows = connection.execute(query).mappings().all()
    if not rows or any(rows[0][each] != row[each] for each in (order.name, "uniqueid")):
        return None
    legs = [leg for each in rows if isinstance(leg := check_leg(Leg(where, _cells(each))), Leg)]
    ended = [end for leg in legs if (end := leg_end(leg)) is not None]
    if ended and max(ended) > now - timedelta(seconds=options.settle_seconds):
        return None
    return describe(legs, options)


def read_recording_log(
    engine: Engine, options: VicidialTableOptions, *, after: Position | None = None
) -> Iterator[tuple[Position, Described | Unreadable]]:
    """The finished recordings in VICIdial's tables, in the order of their ids.

    Raises:
        BadInputError: `format.unreadable`, the database or a table cannot be read.
    """
    last = int(after.key) - options.look_back_rows if after else 0
    try:
        with _read_only(engine) as connection:
            source, joined = _recordings(connection)
            while True:
                number = source.c.recording_id
                query = joined.where(number > last).order_by(number).limit(_PAGE)
                page = connection.execute(query).mappings().all()
                if not page:
                    return
                for row in page:
                    key = _text(row["recording_id"])
                    if _text(row["end_epoch"]) not in ("", "0"):
                        yield Position(key, key), _recording(row, f"recording_log {key}", options)
                last = page[-1]["recording_id"]
    except SQLAlchemyError as error:
        raise _unreachable("recording_log", error) from None


def _recordings(connection: Connection) -> tuple[TableClause, Any]:
    """recording_log with what the logs of calls say; vicidial_id is the id there."""
    source = _table("recording_log", _columns(connection, "recording_log"))
    out = _table("vicidial_log", _columns(connection, "vicidial_log"))
    closer = _table("vicidial_closer_log", _columns(connection, "vicidial_closer_log"))
    call = cast(source.c.vicidial_id, String)
    wanted = [
        *(
            (out.c[name])
            for name in ("phone_code", "phone_number", "status", "term_reason", "list_id", "user_group")
        ),
        out.c.campaign_id,
        closer.c.closecallid,
        *(
            closer.c[name].label(f"closer_{name}")
            for name in ("phone_code", "phone_number", "status", "user_group")
        ),
    ]
    joined = source.outerjoin(
        out, and_(cast(out.c.uniqueid, String) == call, out.c.lead_id == source.c.lead_id)
    )
    joined = joined.outerjoin(
        closer, and_(cast(closer.c.closecallid, String) == call, closer.c.lead_id == source.c.lead_id)
    )
    return source, select(source, *wanted).select_from(joined)


def _recording(row: RowMapping, where: str, options: VicidialTableOptions) -> Described | Unreadable:
    cells = _cells(row)
    for name in [name for name in cells if name.startswith("closer_")]:
        value = cells.pop(name)
        if value:
            cells[name.removeprefix("closer_")] = value
    if "recordingfile" in cells:
        cells["filename"] = cells.pop("recordingfile")
    try:
        return describe_recording(cells, where, options)
    except BadInputError as error:
        return Unreadable(where, error)


def _read_only(engine: Engine) -> Connection:
    """A connection of its own, that is closed and not given to anybody else afterwards."""
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.detach()
    connection.execute(text(_READ_ONLY.get(engine.dialect.name, "SELECT 1")))
    return connection


def _columns(connection: Connection, name: str) -> list[str]:
    schema, _, bare = name.rpartition(".")
    return [each["name"] for each in inspect(connection).get_columns(bare, schema=schema or None)]


def _table(name: str, columns: Sequence[str]) -> TableClause:
    schema, _, bare = name.rpartition(".")
    return table(bare, *(column(each) for each in columns), schema=schema or None)


def _cells(row: RowMapping) -> dict[str, str]:
    return {_SPELLED.get(name.lower(), name.lower()): _text(value) for name, value in row.items()}


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _unreachable(name: str, error: SQLAlchemyError) -> BadInputError:
    reason = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0][:200]
    return refusal("format.unreadable", f"the table cannot be read: {reason}", name)


class TableFormat(NamedTuple):
    """One kind of tables: the model of its options, and its reader."""

    options: type[FormatOptions]
    read: Callable[
        [Engine, Any, Position | None, datetime], Iterator[tuple[Position, Described | Unreadable]]
    ]


def _read_calls(
    engine: Engine, options: AsteriskTableOptions, after: Position | None, now: datetime
) -> Iterator[tuple[Position, Described | Unreadable]]:
    return read_cdr_table(engine, options, after=after, now=now)


def _read_recordings(
    engine: Engine, options: VicidialTableOptions, after: Position | None, _now: datetime
) -> Iterator[tuple[Position, Described | Unreadable]]:
    return read_recording_log(engine, options, after=after)


TABLES: Final[Mapping[str, TableFormat]] = {
    "asterisk-table": TableFormat(AsteriskTableOptions, _read_calls),
    "vicidial-table": TableFormat(VicidialTableOptions, _read_recordings),
}
