"""A database with years in it: copies of the finished calls, made by the server itself."""

# ruff: noqa: S608 - the names and expressions in the statements stand below

from typing import Final

from sqlalchemy import Connection, Table, func, select, text

from bench.scale.site import Site
from pipeline.schema import whole_metadata
from store.database import make_engine

_DONE: Final = "SELECT call_id FROM work WHERE state IN ('assessed', 'unjudged')"
_HASH: Final = "encode(sha256(convert_to({0} || ':' || n, 'UTF8')), 'hex')"

# By table: which rows are copied, and what becomes of their columns; `{call}` moves ids of calls, and so on.
_COPIED: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    (
        "recording",
        f"sha256 IN (SELECT recording_sha256 FROM call WHERE id IN ({_DONE}))",
        {"sha256": _HASH.format("sha256")},
    ),
    (
        "call",
        f"id IN ({_DONE})",
        {
            "id": "id + n * {call}",
            "external_id": "external_id || '-' || n",
            "recording_sha256": _HASH.format("recording_sha256"),
            "started_at": "started_at - n * interval '1 hour'",
            "debtor_key": "debtor_key || '-' || n",
        },
    ),
    (
        "transcript",
        f"call_id IN ({_DONE})",
        {"id": "id + n * {transcript}", "call_id": "call_id + n * {call}"},
    ),
    (
        "hearing",
        f"transcript_id IN (SELECT id FROM transcript WHERE call_id IN ({_DONE}))",
        {"id": "id + n * {hearing}", "transcript_id": "transcript_id + n * {transcript}"},
    ),
    (
        "inspection",
        f"call_id IN ({_DONE})",
        {
            "id": "id + n * {inspection}",
            "call_id": "call_id + n * {call}",
            "transcript_id": "transcript_id + n * {transcript}",
        },
    ),
    (
        "finding",
        f"inspection_id IN (SELECT id FROM inspection WHERE call_id IN ({_DONE}))",
        {"id": "id + n * {finding}", "inspection_id": "inspection_id + n * {inspection}"},
    ),
    ("work", f"call_id IN ({_DONE})", {"call_id": "call_id + n * {call}"}),
)


def grow_old(site: Site, calls: int) -> int:
    """Copy the finished calls into the past, of the same collectors with other debtors, until there are about
    so many. Returns how many there are."""
    engine = make_engine(site.settings.database_url)
    tables = whole_metadata().tables
    try:
        with engine.begin() as connection:
            done = connection.scalar(text(f"SELECT count(*) FROM ({_DONE}) AS done")) or 0
            strides = {name: _stride(connection, tables[name]) for name, _, moved in _COPIED if "id" in moved}
            # Last the rows that say which calls are done: until then the copies are of the same ones.
            for name, which, moved in _COPIED:
                _copy(
                    connection, tables[name], which, moved, strides, times=max(0, calls // max(1, done) - 1)
                )
            for name in strides:
                last = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
                connection.execute(text(last))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            return connection.scalar(select(func.count()).select_from(tables["call"])) or 0
    finally:
        engine.dispose()


def _stride(connection: Connection, table: Table) -> int:
    return (connection.scalar(select(func.max(table.c.id))) or 0) + 1


def _copy(
    connection: Connection,
    table: Table,
    which: str,
    moved: dict[str, str],
    strides: dict[str, int],
    *,
    times: int,
) -> None:
    names = [column.name for column in table.columns]
    values = [moved.get(name, f'"{name}"').format(**strides) for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({columns}) SELECT {', '.join(values)} "
            f"FROM {table.name}, generate_series(1, {times}) AS n WHERE {which}"
        )
    )
