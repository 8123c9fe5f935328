"""the teams that somebody sees

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('person', sa.Column('sees', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column('person', 'sees')
