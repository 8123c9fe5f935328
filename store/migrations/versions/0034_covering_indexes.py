"""covering indexes

Revision ID: 0034
Revises: 0033
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_DAY = ["whose", "topic", "day", "team", "agent_id", "name"]


def upgrade() -> None:
    """PostgreSQL answers from the index alone: lists by score, figures of a month. SQLite has no such index."""
    _again(["score", "band"], ["count"])


def downgrade() -> None:
    """The same indexes without what they carried."""
    _again([], [])


def _again(of_inspections: list[str], of_days: list[str]) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    newest = {"postgresql_where": sa.text("newest"), "postgresql_include": of_inspections}
    _replace("ix_inspection_newest", "inspection", ["call_id"], **newest)
    _replace("uq_figure_day", "figure_day", _DAY, postgresql_include=of_days)


def _replace(name: str, table: str, columns: list[str], **options: Any) -> None:
    """The old one goes when the new one stands: until then everybody may read."""
    op.create_index(f"{name}_new", table, columns, unique=True, **options)
    op.drop_index(name, table)
    op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")
