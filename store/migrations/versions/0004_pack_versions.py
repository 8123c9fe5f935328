"""pack versions

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from store.append_only import protect

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pack_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('content', sa.String(length=64), nullable=False),
    sa.Column('asked', sa.String(length=400), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('packs', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('members', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('advisory', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pack_set')),
    sa.UniqueConstraint('asked', 'content', 'turn', name=op.f('uq_pack_set_asked_content_turn'))
    )
    with op.batch_alter_table('pack_set', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pack_set_hash'), ['hash'], unique=False)

    op.create_table('pack_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pack', sa.String(length=100), nullable=False),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('files', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('files_sha256', sa.String(length=64), nullable=False),
    sa.Column('origin', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('proposed_by', sa.String(length=200), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.String(length=200), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.String(length=200), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("origin <> 'site' OR approved_by <> proposed_by", name=op.f('ck_pack_version_two_persons')),
    sa.CheckConstraint("origin IN ('site', 'shipped', 'files')", name=op.f('ck_pack_version_origin')),
    sa.CheckConstraint("state <> 'approved' OR approved_at IS NOT NULL", name=op.f('ck_pack_version_approved_by_somebody')),
    sa.CheckConstraint("state IN ('proposed', 'approved', 'withdrawn')", name=op.f('ck_pack_version_state')),
    sa.CheckConstraint('(approved_by IS NULL) = (approved_at IS NULL)', name=op.f('ck_pack_version_approval_whole')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pack_version')),
    sa.UniqueConstraint('content_hash', name=op.f('uq_pack_version_content_hash'))
    )
    with op.batch_alter_table('pack_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pack_version_files_sha256'), ['files_sha256'], unique=False)
        batch_op.create_index('ix_pack_version_one_content', ['pack', 'version'], unique=True, sqlite_where=sa.text("origin = 'site' AND (state <> 'withdrawn' OR approved_at IS NOT NULL)"), postgresql_where=sa.text("origin = 'site' AND (state <> 'withdrawn' OR approved_at IS NOT NULL)"))
        batch_op.create_index(batch_op.f('ix_pack_version_pack'), ['pack'], unique=False)

    op.create_table('rule_advisory',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=200), nullable=False),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('evidence', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('restore_proposed_by', sa.String(length=200), nullable=True),
    sa.Column('restore_proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('restored_by', sa.String(length=200), nullable=True),
    sa.Column('restored_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_until', sa.Integer(), nullable=True),
    sa.CheckConstraint('(restored_by IS NULL) = (restored_at IS NULL)', name=op.f('ck_rule_advisory_restored_whole')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_advisory'))
    )
    with op.batch_alter_table('rule_advisory', schema=None) as batch_op:
        batch_op.create_index('ix_rule_advisory_one', ['rule'], unique=True, sqlite_where=sa.text('restored_at IS NULL'), postgresql_where=sa.text('restored_at IS NULL'))

    op.create_table('finding_verdict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('finding_id', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(length=200), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("verdict IN ('true', 'false', 'unsure')", name=op.f('ck_finding_verdict_verdict')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_finding_verdict_finding_id_finding')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding_verdict')),
    sa.UniqueConstraint('finding_id', 'person', 'number', name=op.f('uq_finding_verdict_finding_id_person_number'))
    )
    with op.batch_alter_table('finding_verdict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_finding_verdict_person'), ['person'], unique=False)

    protect(op.get_bind(), 'finding_verdict')



def downgrade() -> None:
    with op.batch_alter_table('finding_verdict', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_finding_verdict_person'))

    op.drop_table('finding_verdict')
    with op.batch_alter_table('rule_advisory', schema=None) as batch_op:
        batch_op.drop_index('ix_rule_advisory_one', sqlite_where=sa.text('restored_at IS NULL'), postgresql_where=sa.text('restored_at IS NULL'))

    op.drop_table('rule_advisory')
    with op.batch_alter_table('pack_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pack_version_pack'))
        batch_op.drop_index('ix_pack_version_one_content', sqlite_where=sa.text("origin = 'site' AND (state <> 'withdrawn' OR approved_at IS NOT NULL)"), postgresql_where=sa.text("origin = 'site' AND (state <> 'withdrawn' OR approved_at IS NOT NULL)"))
        batch_op.drop_index(batch_op.f('ix_pack_version_files_sha256'))

    op.drop_table('pack_version')
    with op.batch_alter_table('pack_set', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pack_set_hash'))

    op.drop_table('pack_set')
