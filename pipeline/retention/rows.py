"""Which rows hang on a row: found through the foreign keys of the schema, so that no table is forgotten."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from pipeline.schema import whole_metadata


def hanging(root: str, condition: ColumnElement[bool]) -> dict[str, ColumnElement[bool]]:
    """The tables that hang on rows of `root`, itself first, each with the condition that finds its rows.
    Those that hang on others come after them."""
    metadata = whole_metadata()
    found = {root: condition}
    for table in metadata.sorted_tables:
        links = [
            key.parent.in_(select(key.column).where(found[key.column.table.name]))
            for key in table.foreign_keys
            if key.column.table.name in found and key.column.table is not table
        ]
        if links:
            found[table.name] = or_(*links)
    return found


def delete_hanging(
    session: Session,
    root: str,
    condition: ColumnElement[bool],
    *,
    only: Collection[str] | None = None,
) -> dict[str, int]:
    """Delete rows with all that hangs on them (`only`: of these tables); returns the counts by table.

    Rows of protected tables need an erasure (`store.erasing`).
    """
    metadata = whole_metadata()
    counts: dict[str, int] = {}
    for name, where in reversed(hanging(root, condition).items()):
        if only is not None and name not in only:
            continue
        table = metadata.tables[name]
        _cut_own_links(session, table, where)
        count = session.connection().execute(delete(table).where(where)).rowcount
        if count:
            counts[name] = count
    return counts


def _cut_own_links(session: Session, table: Table, where: ColumnElement[bool]) -> None:
    """Rows that stay forget those of the same table that go."""
    for key in table.foreign_keys:
        if key.column.table is table:
            gone = select(key.column).where(where)
            session.connection().execute(
                update(table).where(key.parent.in_(gone)).values({key.parent.name: None})
            )


def added(*counts: dict[str, int]) -> dict[str, int]:
    """Counts by table, together."""
    names = sorted({name for one in counts for name in one})
    return {name: sum(one.get(name, 0) for one in counts) for name in names}
