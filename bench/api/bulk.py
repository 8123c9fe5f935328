"""Filling tables of PostgreSQL quickly: rows by COPY, indexes and unique constraints made afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, cast

import psycopg

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_INDEXES = """
SELECT pg_get_indexdef(indexrelid), indexrelid::regclass::text FROM pg_index
WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
_UNIQUE = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u'
"""


def escaped(value: Any) -> str:
    """A value in the text format of COPY."""
    return "\\N" if value is None else str(value).translate(_ESCAPED)


def line(*values: Any) -> str:
    """One row."""
    return "\t".join(map(escaped, values)) + "\n"


def copy_rows(
    connection: psycopg.Connection, table: str, columns: Sequence[str], lines: Sequence[str]
) -> None:
    """Write rows that are lines of text already."""
    with (
        connection.cursor() as cursor,
        cursor.copy(_sql(f"COPY {table} ({', '.join(columns)}) FROM STDIN")) as copy,
    ):
        copy.write("".join(lines))


@contextmanager
def without_indexes(connection: psycopg.Connection, tables: Sequence[str]) -> Iterator[None]:
    """Fill the tables meanwhile; nothing looks after foreign keys."""
    again: list[str] = []
    connection.execute("SET session_replication_role = replica")
    for table in tables:
        for definition, name in connection.execute(_INDEXES, [table]).fetchall():
            again.append(definition)
            connection.execute(_sql(f"DROP INDEX {name}"))
        for name, definition in connection.execute(_sql(_UNIQUE), [table]).fetchall():
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
            connection.execute(_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    yield
    for statement in again:
        connection.execute(_sql(statement))


def _sql(statement: str) -> LiteralString:
    return cast("LiteralString", statement)
