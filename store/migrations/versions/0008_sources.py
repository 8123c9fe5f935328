"""sources

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

_INDEXED = ('debtor_key', 'happened_at', 'kind', 'reporter_id', 'source', 'state', 'warning_id')


def upgrade() -> None:
    op.create_table('warning_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('external_id', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('debtor_key', sa.String(length=320), nullable=True),
    sa.Column('warning_id', sa.Integer(), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_by', sa.String(length=100), nullable=False),
    sa.Column('reporter_id', sa.String(length=100), nullable=True),
    sa.Column('decided_by', sa.String(length=100), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=400), nullable=True),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('evidence', sa.JSON(none_as_null=True), nullable=False),
    sa.ForeignKeyConstraint(['debtor_key'], ['warning_debtor.debtor_key'], name=op.f('fk_warning_item_debtor_key_warning_debtor')),
    sa.ForeignKeyConstraint(['warning_id'], ['complaint_warning.id'], name=op.f('fk_warning_item_warning_id_complaint_warning')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_warning_item')),
    sa.UniqueConstraint('source', 'external_id', name=op.f('uq_warning_item_source_external_id'))
    )
    with op.batch_alter_table('warning_item', schema=None) as batch_op:
        for name in _INDEXED:
            batch_op.create_index(batch_op.f(f'ix_warning_item_{name}'), [name], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('warning_item', schema=None) as batch_op:
        for name in reversed(_INDEXED):
            batch_op.drop_index(batch_op.f(f'ix_warning_item_{name}'))

    op.drop_table('warning_item')
