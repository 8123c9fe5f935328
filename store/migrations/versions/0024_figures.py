"""figures

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Counts by day; every day with calls is to be counted."""
    op.create_table('figure_day',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('whose', sa.String(length=10), nullable=False),
    sa.Column('topic', sa.String(length=20), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('team', sa.String(length=200), nullable=False),
    sa.Column('agent_id', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_day'))
    )
    op.create_index('uq_figure_day', 'figure_day', ['whose', 'topic', 'day', 'team', 'agent_id', 'name'], unique=True)
    op.create_index('ix_figure_day_day', 'figure_day', ['day'])
    op.create_table('figure_stale',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_stale'))
    )
    op.execute(
        """INSERT INTO figure_stale (at) SELECT started_at FROM call
        WHERE started_at IS NOT NULL AND EXISTS (SELECT 1 FROM inspection WHERE inspection.call_id = call.id)"""
    )


def downgrade() -> None:
    """Without them."""
    op.drop_table('figure_stale')
    op.drop_table('figure_day')
