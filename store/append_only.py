"""Tables that are only ever added to: the database itself refuses to change or delete their rows.

Of some of them rows may be deleted while an erasure lasts (`store.erasing`), never changed.
"""

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


_ERASABLE_SQLITE = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT EXISTS (SELECT 1 FROM erasing)
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

_ERASABLE_FUNCTION = """
CREATE OR REPLACE FUNCTION diting_erasable() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF EXISTS (SELECT 1 FROM erasing) THEN RETURN NULL; END IF;
RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""

_ERASABLE_POSTGRESQL = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION diting_erasable()
"""


def let_erase(connection: Connection, table: str) -> None:
    """Let rows of a protected table be deleted while an erasure lasts (`store.erasing`); for migrations."""
    _drop_delete_trigger(connection, table)
    if connection.dialect.name == "sqlite":
        connection.execute(text(_ERASABLE_SQLITE.format(table=table)))
        return
    connection.execute(text(_ERASABLE_FUNCTION))
    connection.execute(text(_ERASABLE_POSTGRESQL.format(table=table)))


def refuse_erasing(connection: Connection, table: str) -> None:
    """Take `let_erase` back."""
    _drop_delete_trigger(connection, table)
    statements = protect_statements(table, connection.dialect.name)
    connection.execute(text(next(one for one in statements if f"{table}_no_delete" in one)))


def _drop_delete_trigger(connection: Connection, table: str) -> None:
    if not table.isidentifier():
        raise ValueError(f"not a table name: {table!r}")
    on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
    connection.execute(text(f"DROP TRIGGER {table}_no_delete{on}"))
