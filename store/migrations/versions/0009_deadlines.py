"""deadlines

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from store.append_only import protect

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('case_deadline',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('clock', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rule_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('met_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('breached_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.Column('force', sa.String(length=20), nullable=False),
    sa.Column('policy', sa.String(length=60), nullable=False),
    sa.Column('why', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('stamp', sa.String(length=16), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['complaint_case.id'], name=op.f('fk_case_deadline_case_id_complaint_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_deadline')),
    sa.UniqueConstraint('case_id', 'clock', 'number', name=op.f('uq_case_deadline_case_id_clock_number'))
    )
    with op.batch_alter_table('case_deadline', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_deadline_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_deadline_clock'), ['clock'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_deadline_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_deadline_next_at'), ['next_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_deadline_stamp'), ['stamp'], unique=False)

    op.create_table('case_deadline_told',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('clock', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('mark', sa.String(length=20), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['complaint_case.id'], name=op.f('fk_case_deadline_told_case_id_complaint_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_deadline_told')),
    sa.UniqueConstraint('case_id', 'clock', 'number', 'due_at', 'mark', name=op.f('uq_case_deadline_told_case_id_clock_number_due_at_mark'))
    )

    protect(op.get_bind(), 'case_deadline_told')


def downgrade() -> None:
    op.drop_table('case_deadline_told')
    with op.batch_alter_table('case_deadline', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_deadline_stamp'))
        batch_op.drop_index(batch_op.f('ix_case_deadline_next_at'))
        batch_op.drop_index(batch_op.f('ix_case_deadline_due_at'))
        batch_op.drop_index(batch_op.f('ix_case_deadline_clock'))
        batch_op.drop_index(batch_op.f('ix_case_deadline_case_id'))

    op.drop_table('case_deadline')
