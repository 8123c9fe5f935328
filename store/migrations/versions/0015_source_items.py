"""source items

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('source_state',
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('lease_token', sa.String(length=40), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('scanned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=True),
    sa.Column('message', sa.Text(), nullable=True),
    sa.Column('watermark', sa.DateTime(timezone=True), nullable=True),
    sa.Column('window_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('window_count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('source', name=op.f('pk_source_state'))
    )
    op.create_table('source_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=600), nullable=False),
    sa.Column('version', sa.String(length=100), nullable=False),
    sa.Column('record_version', sa.String(length=100), nullable=True),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=600), nullable=True),
    sa.Column('ref', sa.String(length=200), nullable=True),
    sa.Column('origin', sa.String(length=600), nullable=True),
    sa.Column('recording', sa.Text(), nullable=True),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('bytes', sa.BigInteger(), nullable=True),
    sa.Column('modified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=True),
    sa.Column('message', sa.Text(), nullable=True),
    sa.Column('call_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_source_item_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_item')),
    sa.UniqueConstraint('source', 'key', name=op.f('uq_source_item_source_key'))
    )
    with op.batch_alter_table('source_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_source_item_call_id'), ['call_id'], unique=False)
        batch_op.create_index('ix_source_item_due', ['source', 'kind', 'state', 'modified_at'], unique=False)
        batch_op.create_index('ix_source_item_source_name', ['source', 'name'], unique=False)
        batch_op.create_index('ix_source_item_source_ref', ['source', 'ref'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('source_item', schema=None) as batch_op:
        batch_op.drop_index('ix_source_item_source_ref')
        batch_op.drop_index('ix_source_item_source_name')
        batch_op.drop_index('ix_source_item_due')
        batch_op.drop_index(batch_op.f('ix_source_item_call_id'))

    op.drop_table('source_item')
    op.drop_table('source_state')
