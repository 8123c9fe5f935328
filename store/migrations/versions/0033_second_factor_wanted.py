"""second factor wanted

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions of people who have to set up a second factor first; none of those that are open."""
    with op.batch_alter_table("person_session") as batch_op:
        batch_op.add_column(sa.Column("enrols", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person_session") as batch_op:
        batch_op.alter_column("enrols", server_default=None)


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("person_session") as batch_op:
        batch_op.drop_column("enrols")
