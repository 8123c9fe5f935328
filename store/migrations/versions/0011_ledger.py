"""ledger

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

# A list is read by its column and the id; the index of the column alone is not needed beside.
_REPLACED = (
    'client', 'collector_id', 'first_seen_at', 'handler_id', 'kind', 'level', 'opened_at', 'result', 'source', 'state',
    'team',
)
_ADDED = ('closed_at', 'contact', 'currency', 'debtor_name', 'reporter_id', 'reviewer_id', 'updated_at')
_OF_LINES = (
    'happened_at', 'level_rank', 'state_rank', 'words_id', 'amount', 'score', 'advice_head', 'signed_at', 'verdict',
)


def upgrade() -> None:
    for name in _REPLACED:
        op.drop_index(f'ix_complaint_case_{name}', table_name='complaint_case')
    for name in (*_REPLACED, *_ADDED):
        op.create_index(f'ix_complaint_case_{name}_id', 'complaint_case', [name, 'id'], unique=False)

    op.create_table('ledger_words',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_words')),
    sa.UniqueConstraint('sha256', name=op.f('uq_ledger_words_sha256'))
    )
    op.create_table('ledger_line',
    sa.Column('case_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('level_rank', sa.Integer(), nullable=False),
    sa.Column('state_rank', sa.Integer(), nullable=False),
    sa.Column('amount', sa.Float(), nullable=True),
    sa.Column('score', sa.Float(), nullable=True),
    sa.Column('advice_head', sa.String(length=60), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verdict', sa.String(length=20), nullable=True),
    sa.Column('words_id', sa.Integer(), nullable=False),
    sa.Column('result_words', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['complaint_case.id'], name=op.f('fk_ledger_line_case_id_complaint_case')),
    sa.ForeignKeyConstraint(['words_id'], ['ledger_words.id'], name=op.f('fk_ledger_line_words_id_ledger_words')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_ledger_line'))
    )
    for name in _OF_LINES:
        op.create_index(f'ix_ledger_line_{name}_case_id', 'ledger_line', [name, 'case_id'], unique=False)

    # Where a warning stands is said by its case alone.
    op.drop_index('ix_complaint_warning_state', table_name='complaint_warning')
    op.execute('ALTER TABLE complaint_warning DROP COLUMN state')


def downgrade() -> None:
    op.execute("ALTER TABLE complaint_warning ADD COLUMN state VARCHAR(20) NOT NULL DEFAULT 'reported'")
    op.execute("UPDATE complaint_warning SET state = 'closed' WHERE closed_at IS NOT NULL")
    op.create_index('ix_complaint_warning_state', 'complaint_warning', ['state'], unique=False)

    op.drop_table('ledger_line')
    op.drop_table('ledger_words')
    for name in (*_REPLACED, *_ADDED):
        op.drop_index(f'ix_complaint_case_{name}_id', table_name='complaint_case')
    for name in _REPLACED:
        op.create_index(f'ix_complaint_case_{name}', 'complaint_case', [name], unique=False)
