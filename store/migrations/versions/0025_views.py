"""views

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the view log."""
    op.create_table('view_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('what', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=400), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=True),
    sa.Column('masked', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('heard', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('export_id', sa.String(length=40), nullable=True),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_view_log')),
    sa.UniqueConstraint('actor', 'subject', 'masked', 'slot', name=op.f('uq_view_log_actor_subject_masked_slot')),
    sa.UniqueConstraint('export_id', name=op.f('uq_view_log_export_id'))
    )
    with op.batch_alter_table('view_log') as batch_op:
        batch_op.create_index(batch_op.f('ix_view_log_actor'), ['actor'])
        batch_op.create_index(batch_op.f('ix_view_log_call_id'), ['call_id'])
        batch_op.create_index(batch_op.f('ix_view_log_subject'), ['subject'])



def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table('view_log') as batch_op:
        batch_op.drop_index(batch_op.f('ix_view_log_subject'))
        batch_op.drop_index(batch_op.f('ix_view_log_call_id'))
        batch_op.drop_index(batch_op.f('ix_view_log_actor'))

    op.drop_table('view_log')
