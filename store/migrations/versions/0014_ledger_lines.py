"""ledger lines

Revision ID: 0014
Revises: 0013
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

# Lists read these from the ledger's own narrow lines now, not from the rows of the cases.
_COPIED = (
    'number', 'kind', 'source', 'result', 'handler_id', 'reporter_id', 'reviewer_id', 'team', 'collector_id', 'client',
    'debtor_name', 'contact', 'currency', 'opened_at', 'updated_at', 'closed_at',
)
_OWN = (
    'happened_at', 'level_rank', 'state_rank', 'words_id', 'amount', 'score', 'advice_head', 'signed_at', 'verdict',
)
_KEPT = ('case_id', *_OWN)
_NOT_OF_CASES = (
    'client', 'first_seen_at', 'opened_at', 'result', 'source', 'team', 'contact', 'currency', 'debtor_name',
    'reporter_id', 'reviewer_id', 'updated_at',
)


def _copied() -> list[sa.Column[Any]]:
    return [
        sa.Column('number', sa.String(length=40), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('source', sa.String(length=40), nullable=False),
        sa.Column('result', sa.String(length=40), nullable=True),
        sa.Column('handler_id', sa.String(length=100), nullable=True),
        sa.Column('reporter_id', sa.String(length=100), nullable=False),
        sa.Column('reviewer_id', sa.String(length=100), nullable=True),
        sa.Column('team', sa.String(length=200), nullable=True),
        sa.Column('collector_id', sa.String(length=200), nullable=True),
        sa.Column('client', sa.String(length=200), nullable=True),
        sa.Column('debtor_name', sa.String(length=200), nullable=True),
        sa.Column('contact', sa.String(length=100), nullable=True),
        sa.Column('currency', sa.String(length=10), nullable=True),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('awaited_due_at', sa.DateTime(timezone=True), nullable=True),
    ]


def _make(*more: sa.Column[Any]) -> None:
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
    *more,
    sa.ForeignKeyConstraint(['case_id'], ['complaint_case.id'], name=op.f('fk_ledger_line_case_id_complaint_case')),
    sa.ForeignKeyConstraint(['words_id'], ['ledger_words.id'], name=op.f('fk_ledger_line_words_id_ledger_words')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_ledger_line'))
    )


def _index(table: str, key: str, names: tuple[str, ...]) -> None:
    for name in names:
        op.create_index(f'ix_{table}_{name}_{key}', table, [name, key], unique=False)


def upgrade() -> None:
    # The table is made anew: SQLite cannot add a column that must have a value.
    op.execute('CREATE TABLE ledger_line_kept AS SELECT * FROM ledger_line')
    op.drop_table('ledger_line')
    _make(*_copied())
    own = ', '.join(f'kept.{name}' for name in _KEPT)
    copied = ', '.join(f'complaint_case.{name}' for name in _COPIED)
    op.execute(
        f"""INSERT INTO ledger_line ({', '.join((*_KEPT, *_COPIED))}, awaited_due_at)
        SELECT {own}, {copied}, (
            SELECT min(due_at) FROM case_deadline
            WHERE case_deadline.case_id = kept.case_id AND met_at IS NULL AND ended_at IS NULL
        ) FROM ledger_line_kept AS kept JOIN complaint_case ON complaint_case.id = kept.case_id"""
    )
    op.create_table('ledger_result',
    sa.Column('case_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['complaint_case.id'], name=op.f('fk_ledger_result_case_id_complaint_case')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_ledger_result'))
    )
    op.execute(
        """INSERT INTO ledger_result (case_id, words)
        SELECT case_id, result_words FROM ledger_line_kept WHERE result_words <> ''"""
    )
    op.execute('DROP TABLE ledger_line_kept')
    _index('ledger_line', 'case_id', (*_OWN, *_COPIED, 'awaited_due_at'))
    for name in _NOT_OF_CASES:
        op.drop_index(f'ix_complaint_case_{name}_id', table_name='complaint_case')


def downgrade() -> None:
    _index('complaint_case', 'id', _NOT_OF_CASES)
    op.execute('CREATE TABLE ledger_line_kept AS SELECT * FROM ledger_line')
    op.drop_table('ledger_line')
    _make(sa.Column('result_words', sa.Text(), nullable=True))
    kept = ', '.join(_KEPT)
    op.execute(
        f"""INSERT INTO ledger_line ({kept}, result_words)
        SELECT {kept}, (SELECT words FROM ledger_result WHERE ledger_result.case_id = ledger_line_kept.case_id)
        FROM ledger_line_kept"""
    )
    op.execute('DROP TABLE ledger_line_kept')
    op.drop_table('ledger_result')
    _index('ledger_line', 'case_id', _OWN)
