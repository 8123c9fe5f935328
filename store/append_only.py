"""Tables that are only ever added to: the database itself refuses to change or delete their rows."""

from sqlalchemy import Connection, text

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION diting_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""

_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION diting_append_only()
"""


def protect_statements(table: str, dialect: str) -> list[str]:
    """The DDL that makes `table` append-only on `dialect` (`sqlite` or `postgresql`)."""
    if not table.isidentifier():
        raise ValueError(f"not a table name: {table!r}")
    if dialect == "sqlite":
        return [
            _SQLITE.format(table=table, verb=event.lower(), event=event) for event in ("UPDATE", "DELETE")
        ]
    events = ("UPDATE", "DELETE", "TRUNCATE")
    return [
        _POSTGRESQL_FUNCTION,
        *(_POSTGRESQL.format(table=table, verb=event.lower(), event=event) for event in events),
    ]


def protect(connection: Connection, table: str) -> None:
    """Make `table` append-only from now on; for migrations (`protect(op.get_bind(), "…")`)."""
    for statement in protect_statements(table, connection.dialect.name):
        connection.execute(text(statement))
