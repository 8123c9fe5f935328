"""Run by Alembic on the connection that `store.migrate` opened and holds the lock on."""

from typing import Any, Literal

from alembic import context

from store.database import UtcDateTime
from store.migrate import is_ours


def _render_item(kind: str, value: Any, _autogen_context: Any) -> str | Literal[False]:
    """Revisions use plain SQLAlchemy types, so that they keep working when our own types change."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes["metadata"],
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render_item,
        compare_type=True,
        include_name=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
