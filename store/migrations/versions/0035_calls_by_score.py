"""calls by score

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lists of the worst calls are read in their order."""
    op.create_index(
        "ix_inspection_worst",
        "inspection",
        ["score", "call_id"],
        sqlite_where=sa.text("newest"),
        postgresql_where=sa.text("newest"),
    )


def downgrade() -> None:
    op.drop_index("ix_inspection_worst", "inspection")
