"""retention

Revision ID: 0018
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from store.append_only import let_erase, refuse_erasing

revision = '0018'
down_revision = '0016'
branch_labels = None
depends_on = None

_ERASABLE = ('finding_verdict', 'case_event', 'case_deadline_told', 'complaint')
# The audit log speaks of these by their numbers: those of deleted rows must not be given out again.
_NUMBERED = ('call', 'finding', 'complaint_warning', 'complaint_case', 'warning_item')
_BY_HAND = 'ix_legal_hold_one_by_hand'
_IN_FORCE = sa.text('case_id IS NULL AND released_at IS NULL')


def upgrade() -> None:
    op.create_table('deletion_order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=400), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('ordered_by', sa.String(length=100), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.String(length=100), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counts', sa.JSON(none_as_null=True), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'ordered', 'done')", name=op.f('ck_deletion_order_state')),
    sa.CheckConstraint('(approved_by IS NULL) = (approved_at IS NULL)', name=op.f('ck_deletion_order_approved_whole')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deletion_order'))
    )
    with op.batch_alter_table('deletion_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deletion_order_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_deletion_order_subject'), ['subject'], unique=False)

    op.create_table('erasing',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasing'))
    )
    op.create_table('retention_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('night', sa.String(length=10), nullable=True),
    sa.Column('policy', sa.String(length=60), nullable=False),
    sa.Column('policy_sha256', sa.String(length=64), nullable=False),
    sa.Column('started_by', sa.String(length=200), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('busy_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cursor', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.JSON(none_as_null=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_run')),
    sa.UniqueConstraint('night', name=op.f('uq_retention_run_night'))
    )
    with op.batch_alter_table('retention_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_retention_run_policy_sha256'), ['policy_sha256'], unique=False)

    op.create_table('tombstone',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('key_sha256', sa.String(length=64), nullable=True),
    sa.Column('recording_sha256', sa.String(length=64), nullable=True),
    sa.Column('clause', sa.String(length=200), nullable=False),
    sa.Column('deleted_by', sa.String(length=200), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counts', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('waits', sa.Boolean(), nullable=False),
    sa.Column('bytes_gone_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tombstone')),
    sa.UniqueConstraint('kind', 'number', name=op.f('uq_tombstone_kind_number'))
    )
    with op.batch_alter_table('tombstone', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tombstone_key_sha256'), ['key_sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_tombstone_recording_sha256'), ['recording_sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_tombstone_waits'), ['waits'], unique=False)

    with op.batch_alter_table('legal_hold', schema=None) as batch_op:
        batch_op.alter_column('case_id', existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(_BY_HAND, ['call_id'], unique=True, sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE)

    if op.get_bind().dialect.name == 'sqlite':
        for table in _NUMBERED:
            with op.batch_alter_table(table, recreate='always', table_kwargs={'sqlite_autoincrement': True}):
                pass
    for table in _ERASABLE:
        let_erase(op.get_bind(), table)


def downgrade() -> None:
    for table in _ERASABLE:
        refuse_erasing(op.get_bind(), table)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION diting_erasable()')
    op.execute('DELETE FROM legal_hold WHERE case_id IS NULL')
    with op.batch_alter_table('legal_hold', schema=None) as batch_op:
        batch_op.drop_index(_BY_HAND)
        batch_op.alter_column('case_id', existing_type=sa.Integer(), nullable=False)

    op.drop_table('tombstone')
    op.drop_table('retention_run')
    op.drop_table('erasing')
    op.drop_table('deletion_order')
