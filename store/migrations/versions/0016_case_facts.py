"""case facts

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('case_fact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.String(length=420), nullable=False),
    sa.Column('call_key', sa.String(length=301), nullable=True),
    sa.Column('case_id', sa.String(length=200), nullable=True),
    sa.Column('customer_id', sa.String(length=200), nullable=True),
    sa.Column('number', sa.String(length=100), nullable=True),
    sa.Column('agent_id', sa.String(length=200), nullable=True),
    sa.Column('data', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('as_of', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dated', sa.Boolean(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('place', sa.String(length=400), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('imported_by', sa.String(length=200), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_fact')),
    sa.UniqueConstraint('content_sha256', name=op.f('uq_case_fact_content_sha256'))
    )
    with op.batch_alter_table('case_fact', schema=None) as batch_op:
        for column in ('subject', 'call_key', 'case_id', 'customer_id', 'number', 'next_at'):
            batch_op.create_index(batch_op.f(f'ix_case_fact_{column}'), [column], unique=False)

    # What was known beside a call is part of what it was judged by.
    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.add_column(sa.Column('facts_hash', sa.String(length=64), server_default='', nullable=False))
        batch_op.drop_constraint(batch_op.f('uq_inspection_call_id_transcript_id_pack_hash'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_inspection_call_id_transcript_id_pack_hash_facts_hash'), ['call_id', 'transcript_id', 'pack_hash', 'facts_hash'])


def downgrade() -> None:
    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_inspection_call_id_transcript_id_pack_hash_facts_hash'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_inspection_call_id_transcript_id_pack_hash'), ['call_id', 'transcript_id', 'pack_hash'])
        batch_op.drop_column('facts_hash')

    op.drop_table('case_fact')
