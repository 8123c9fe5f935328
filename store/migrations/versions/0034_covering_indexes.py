"""covering indexes

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_DAY = ["whose", "topic", "day", "team", "agent_id", "name"]


def upgrade() -> None:
    """PostgreSQL answers from the index alone: lists by score, figures of a month. SQLite has no such index."""
    if op.get_bind().dialect.name == "postgresql":
        _again(["score", "band"], ["count"])


def downgrade() -> None:
    """The same indexes without what they carried."""
    if op.get_bind().dialect.name == "postgresql":
        _again([], [])


def _again(of_inspections: list[str], of_days: list[str]) -> None:
    op.drop_index("ix_inspection_newest", "inspection")
    op.create_index(
        "ix_inspection_newest",
        "inspection",
        ["call_id"],
        unique=True,
        postgresql_where=sa.text("newest"),
        postgresql_include=of_inspections,
    )
    op.drop_index("uq_figure_day", "figure_day")
    op.create_index("uq_figure_day", "figure_day", _DAY, unique=True, postgresql_include=of_days)
