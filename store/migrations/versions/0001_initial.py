"""initial

Revision ID: 0001
Revises: 
"""

import sqlalchemy as sa
from alembic import op

from store import audit

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('action', sa.String(length=100), nullable=False),
    sa.Column('subject', sa.String(length=400), nullable=False),
    sa.Column('details', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entry')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_entry_hash')),
    sa.UniqueConstraint('previous_hash', name=op.f('uq_audit_entry_previous_hash'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_action'), ['action'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_subject'), ['subject'], unique=False)

    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('recording',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('codec', sa.String(length=40), nullable=False),
    sa.Column('source_rate', sa.Integer(), nullable=False),
    sa.Column('source_channels', sa.Integer(), nullable=False),
    sa.Column('duration_s', sa.Double(), nullable=False),
    sa.Column('original_name', sa.String(length=400), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_recording'))
    )
    op.create_table('refusal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('mend', sa.Text(), nullable=True),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refusal')),
    sa.UniqueConstraint('key', name=op.f('uq_refusal_key'))
    )
    with op.batch_alter_table('refusal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_refusal_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_refusal_name'), ['name'], unique=False)

    op.create_table('warning_debtor',
    sa.Column('debtor_key', sa.String(length=320), nullable=False),
    sa.Column('turns', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('debtor_key', name=op.f('pk_warning_debtor'))
    )
    op.create_table('call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('external_id', sa.String(length=200), nullable=False),
    sa.Column('recording_sha256', sa.String(length=64), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('time_problem', sa.String(length=60), nullable=True),
    sa.Column('direction', sa.String(length=20), nullable=True),
    sa.Column('agent_id', sa.String(length=200), nullable=True),
    sa.Column('agent_team', sa.String(length=200), nullable=True),
    sa.Column('customer_id', sa.String(length=200), nullable=True),
    sa.Column('customer_number', sa.String(length=100), nullable=True),
    sa.Column('case_id', sa.String(length=200), nullable=True),
    sa.Column('debtor_key', sa.String(length=320), nullable=False),
    sa.Column('record', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('record_sha256', sa.String(length=64), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['recording_sha256'], ['recording.sha256'], name=op.f('fk_call_recording_sha256_recording')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call')),
    sa.UniqueConstraint('recording_sha256', name=op.f('uq_call_recording_sha256')),
    sa.UniqueConstraint('source', 'external_id', name=op.f('uq_call_source_external_id'))
    )
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_agent_id'), ['agent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_agent_team'), ['agent_team'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_debtor_key'), ['debtor_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_started_at'), ['started_at'], unique=False)

    op.create_table('complaint_warning',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('debtor_key', sa.String(length=320), nullable=False),
    sa.Column('episode', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('level', sa.String(length=10), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('model', sa.String(length=100), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('advice', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('indicators', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('debtor_name', sa.String(length=200), nullable=True),
    sa.Column('contact', sa.String(length=100), nullable=True),
    sa.Column('amount_due', sa.String(length=40), nullable=True),
    sa.Column('currency', sa.String(length=10), nullable=True),
    sa.ForeignKeyConstraint(['debtor_key'], ['warning_debtor.debtor_key'], name=op.f('fk_complaint_warning_debtor_key_warning_debtor')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_warning')),
    sa.UniqueConstraint('debtor_key', 'episode', name=op.f('uq_complaint_warning_debtor_key_episode'))
    )
    with op.batch_alter_table('complaint_warning', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_warning_debtor_key'), ['debtor_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_warning_first_seen_at'), ['first_seen_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_warning_level'), ['level'], unique=False)
        batch_op.create_index('ix_complaint_warning_one_open', ['debtor_key'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.create_index(batch_op.f('ix_complaint_warning_state'), ['state'], unique=False)

    op.create_table('complaint_warning_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('warning_id', sa.Integer(), nullable=True),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('debtor_key', sa.String(length=320), nullable=False),
    sa.Column('evidence', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_complaint_warning_call_call_id_call')),
    sa.ForeignKeyConstraint(['debtor_key'], ['warning_debtor.debtor_key'], name=op.f('fk_complaint_warning_call_debtor_key_warning_debtor')),
    sa.ForeignKeyConstraint(['warning_id'], ['complaint_warning.id'], name=op.f('fk_complaint_warning_call_warning_id_complaint_warning')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_warning_call')),
    sa.UniqueConstraint('call_id', name=op.f('uq_complaint_warning_call_call_id')),
    sa.UniqueConstraint('warning_id', 'call_id', name=op.f('uq_complaint_warning_call_warning_id_call_id'))
    )
    with op.batch_alter_table('complaint_warning_call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_warning_call_debtor_key'), ['debtor_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_warning_call_warning_id'), ['warning_id'], unique=False)

    op.create_table('transcript',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('engine', sa.String(length=60), nullable=False),
    sa.Column('model', sa.String(length=400), nullable=False),
    sa.Column('options_hash', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_transcript_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transcript')),
    sa.UniqueConstraint('call_id', 'engine', 'model', 'options_hash', name=op.f('uq_transcript_call_id_engine_model_options_hash'))
    )
    with op.batch_alter_table('transcript', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transcript_call_id'), ['call_id'], unique=False)

    op.create_table('work',
    sa.Column('call_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('failed_at', sa.String(length=16), nullable=True),
    sa.Column('reasons', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('interruptions', sa.Integer(), nullable=False),
    sa.Column('lease_owner', sa.String(length=200), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error_code', sa.String(length=80), nullable=True),
    sa.Column('error_message', sa.Text(), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'failed') = (failed_at IS NOT NULL)", name=op.f('ck_work_failed_somewhere')),
    sa.CheckConstraint("state IN ('received', 'transcribed', 'heard', 'inspected', 'assessed', 'unjudged', 'failed')", name=op.f('ck_work_state')),
    sa.CheckConstraint('(lease_owner IS NULL) = (lease_until IS NULL)', name=op.f('ck_work_lease_whole')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_work_call_id_call')),
    sa.PrimaryKeyConstraint('call_id', name=op.f('pk_work'))
    )
    with op.batch_alter_table('work', schema=None) as batch_op:
        batch_op.create_index('ix_work_state_next_at', ['state', 'next_at'], unique=False)

    op.create_table('hearing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('transcript_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.Column('cues', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], name=op.f('fk_hearing_transcript_id_transcript')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hearing')),
    sa.UniqueConstraint('transcript_id', 'version', name=op.f('uq_hearing_transcript_id_version'))
    )
    with op.batch_alter_table('hearing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hearing_transcript_id'), ['transcript_id'], unique=False)

    op.create_table('inspection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('transcript_id', sa.Integer(), nullable=False),
    sa.Column('pack_hash', sa.String(length=64), nullable=False),
    sa.Column('packs', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('band', sa.String(length=10), nullable=True),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_inspection_call_id_call')),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], name=op.f('fk_inspection_transcript_id_transcript')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection')),
    sa.UniqueConstraint('call_id', 'transcript_id', 'pack_hash', name=op.f('uq_inspection_call_id_transcript_id_pack_hash'))
    )
    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inspection_band'), ['band'], unique=False)
        batch_op.create_index(batch_op.f('ix_inspection_call_id'), ['call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_inspection_transcript_id'), ['transcript_id'], unique=False)

    op.create_table('finding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('inspection_id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=200), nullable=False),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('severity', sa.String(length=10), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('start', sa.Double(), nullable=True),
    sa.Column('end', sa.Double(), nullable=True),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=False),
    sa.ForeignKeyConstraint(['inspection_id'], ['inspection.id'], name=op.f('fk_finding_inspection_id_inspection')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding')),
    sa.UniqueConstraint('inspection_id', 'ordinal', name=op.f('uq_finding_inspection_id_ordinal'))
    )
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_finding_category'), ['category'], unique=False)
        batch_op.create_index(batch_op.f('ix_finding_inspection_id'), ['inspection_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_finding_rule'), ['rule'], unique=False)
        batch_op.create_index(batch_op.f('ix_finding_status'), ['status'], unique=False)

    op.create_table('ticket',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('inspection_id', sa.Integer(), nullable=True),
    sa.Column('priority', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reasons', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_ticket_call_id_call')),
    sa.ForeignKeyConstraint(['inspection_id'], ['inspection.id'], name=op.f('fk_ticket_inspection_id_inspection')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket')),
    sa.UniqueConstraint('call_id', name=op.f('uq_ticket_call_id'))
    )
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_inspection_id'), ['inspection_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_priority'), ['priority'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_state'), ['state'], unique=False)


    audit.install(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_state'))
        batch_op.drop_index(batch_op.f('ix_ticket_priority'))
        batch_op.drop_index(batch_op.f('ix_ticket_inspection_id'))

    op.drop_table('ticket')
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_finding_status'))
        batch_op.drop_index(batch_op.f('ix_finding_rule'))
        batch_op.drop_index(batch_op.f('ix_finding_inspection_id'))
        batch_op.drop_index(batch_op.f('ix_finding_category'))

    op.drop_table('finding')
    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inspection_transcript_id'))
        batch_op.drop_index(batch_op.f('ix_inspection_call_id'))
        batch_op.drop_index(batch_op.f('ix_inspection_band'))

    op.drop_table('inspection')
    with op.batch_alter_table('hearing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hearing_transcript_id'))

    op.drop_table('hearing')
    with op.batch_alter_table('work', schema=None) as batch_op:
        batch_op.drop_index('ix_work_state_next_at')

    op.drop_table('work')
    with op.batch_alter_table('transcript', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_transcript_call_id'))

    op.drop_table('transcript')
    with op.batch_alter_table('complaint_warning_call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_warning_call_warning_id'))
        batch_op.drop_index(batch_op.f('ix_complaint_warning_call_debtor_key'))

    op.drop_table('complaint_warning_call')
    with op.batch_alter_table('complaint_warning', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_warning_state'))
        batch_op.drop_index('ix_complaint_warning_one_open', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_complaint_warning_level'))
        batch_op.drop_index(batch_op.f('ix_complaint_warning_first_seen_at'))
        batch_op.drop_index(batch_op.f('ix_complaint_warning_debtor_key'))

    op.drop_table('complaint_warning')
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_started_at'))
        batch_op.drop_index(batch_op.f('ix_call_debtor_key'))
        batch_op.drop_index(batch_op.f('ix_call_customer_id'))
        batch_op.drop_index(batch_op.f('ix_call_case_id'))
        batch_op.drop_index(batch_op.f('ix_call_agent_team'))
        batch_op.drop_index(batch_op.f('ix_call_agent_id'))

    op.drop_table('call')
    op.drop_table('warning_debtor')
    with op.batch_alter_table('refusal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_refusal_name'))
        batch_op.drop_index(batch_op.f('ix_refusal_code'))

    op.drop_table('refusal')
    op.drop_table('recording')
    op.drop_table('audit_head')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entry_subject'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_action'))

    op.drop_table('audit_entry')
