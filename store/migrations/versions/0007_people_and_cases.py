"""people and cases

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from store.append_only import protect

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('person',
    sa.Column('id', sa.String(length=100), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('roles', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('team', sa.String(length=200), nullable=True),
    sa.Column('reports_to', sa.String(length=100), nullable=True),
    sa.Column('email', sa.String(length=320), nullable=True),
    sa.Column('token_sha256', sa.String(length=64), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reports_to'], ['person.id'], name=op.f('fk_person_reports_to_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_person_token_sha256'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_team'), ['team'], unique=False)

    op.create_table('complaint_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('debtor_key', sa.String(length=320), nullable=False),
    sa.Column('warning_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=10), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('complexity', sa.String(length=20), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('debtor_name', sa.String(length=200), nullable=True),
    sa.Column('contact', sa.String(length=100), nullable=True),
    sa.Column('amount_due', sa.String(length=40), nullable=True),
    sa.Column('currency', sa.String(length=10), nullable=True),
    sa.Column('client', sa.String(length=200), nullable=True),
    sa.Column('collector_id', sa.String(length=200), nullable=True),
    sa.Column('team', sa.String(length=200), nullable=True),
    sa.Column('advice', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('reporter_id', sa.String(length=100), nullable=False),
    sa.Column('reviewer_id', sa.String(length=100), nullable=True),
    sa.Column('handler_id', sa.String(length=100), nullable=True),
    sa.Column('result', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['debtor_key'], ['warning_debtor.debtor_key'], name=op.f('fk_complaint_case_debtor_key_warning_debtor')),
    sa.ForeignKeyConstraint(['warning_id'], ['complaint_warning.id'], name=op.f('fk_complaint_case_warning_id_complaint_warning')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_case')),
    sa.UniqueConstraint('number', name=op.f('uq_complaint_case_number')),
    sa.UniqueConstraint('warning_id', name=op.f('uq_complaint_case_warning_id'))
    )
    with op.batch_alter_table('complaint_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_case_client'), ['client'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case_collector_id'), ['collector_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case_debtor_key'), ['debtor_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case_first_seen_at'), ['first_seen_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case_handler_id'), ['handler_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case_level'), ['level'], unique=False)
        batch_op.create_index('ix_complaint_case_one_open', ['debtor_key'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.create_index(batch_op.f('ix_complaint_case_opened_at'), ['opened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case_result'), ['result'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case_source'), ['source'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_case_team'), ['team'], unique=False)

    op.create_table('case_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=100), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('from_state', sa.String(length=20), nullable=True),
    sa.Column('to_state', sa.String(length=20), nullable=False),
    sa.Column('details', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('entry_sha256', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['complaint_case.id'], name=op.f('fk_case_event_case_id_complaint_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_event')),
    sa.UniqueConstraint('case_id', 'seq', name=op.f('uq_case_event_case_id_seq')),
    sa.UniqueConstraint('sha256', name=op.f('uq_case_event_sha256'))
    )
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_event_action'), ['action'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_event_case_id'), ['case_id'], unique=False)

    protect(op.get_bind(), 'case_event')


def downgrade() -> None:
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_event_case_id'))
        batch_op.drop_index(batch_op.f('ix_case_event_action'))

    op.drop_table('case_event')
    with op.batch_alter_table('complaint_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_case_team'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_state'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_source'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_result'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_opened_at'))
        batch_op.drop_index('ix_complaint_case_one_open', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_level'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_kind'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_handler_id'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_first_seen_at'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_debtor_key'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_collector_id'))
        batch_op.drop_index(batch_op.f('ix_complaint_case_client'))

    op.drop_table('complaint_case')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_team'))

    op.drop_table('person')
