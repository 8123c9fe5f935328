"""role decisions

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('role_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('transcript_id', sa.Integer(), nullable=False),
    sa.Column('replaced_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('decided_by', sa.String(length=200), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_role_decision_call_id_call')),
    sa.ForeignKeyConstraint(['replaced_id'], ['transcript.id'], name=op.f('fk_role_decision_replaced_id_transcript')),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], name=op.f('fk_role_decision_transcript_id_transcript')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_decision')),
    sa.UniqueConstraint('replaced_id', name=op.f('uq_role_decision_replaced_id')),
    sa.UniqueConstraint('transcript_id', name=op.f('uq_role_decision_transcript_id'))
    )
    with op.batch_alter_table('role_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_decision_call_id'), ['call_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('role_decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_role_decision_call_id'))

    op.drop_table('role_decision')
