"""teams

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

import store.database

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Teams have a title; a name that people or calls have stays good without one."""
    op.create_table(
        "team",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", store.database.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_team")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("team")
