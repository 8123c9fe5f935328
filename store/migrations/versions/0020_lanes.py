"""lanes of work

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('work', sa.Column('lane', sa.Integer(), server_default='1', nullable=False))
    op.add_column('work', sa.Column('lane_because', sa.String(length=16), server_default='recent', nullable=False))
    op.create_index('ix_work_state_lane', 'work', ['state', 'lane', 'call_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_work_state_lane', table_name='work')
    op.drop_column('work', 'lane_because')
    op.drop_column('work', 'lane')
