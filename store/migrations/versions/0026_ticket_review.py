"""ticket review

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

from store.append_only import let_erase, protect

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

_KEPT = ('ticket_event', 'ticket_decision', 'ticket_rating')


def upgrade() -> None:
    """Make the tables."""
    op.create_table('ticket_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('finding_id', sa.Integer(), nullable=True),
    sa.Column('missed', sa.Integer(), nullable=True),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('by', sa.String(length=100), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("stage IN ('first', 'second', 'adjudication', 'appeal')", name=op.f('ck_ticket_decision_stage')),
    sa.CheckConstraint("verdict IN ('true', 'false', 'unsure')", name=op.f('ck_ticket_decision_verdict')),
    sa.CheckConstraint('(finding_id IS NULL) <> (missed IS NULL)', name=op.f('ck_ticket_decision_one_item')),
    sa.ForeignKeyConstraint(['finding_id'], ['finding.id'], name=op.f('fk_ticket_decision_finding_id_finding')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_ticket_decision_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_decision')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('ticket_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_decision_by'), ['by'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_decision_finding_id'), ['finding_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ticket_decision_ticket_id'), ['ticket_id'], unique=False)

    op.create_table('ticket_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=100), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('from_state', sa.String(length=20), nullable=False),
    sa.Column('to_state', sa.String(length=20), nullable=False),
    sa.Column('details', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_ticket_event_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_event')),
    sa.UniqueConstraint('ticket_id', 'seq', name=op.f('uq_ticket_event_ticket_id_seq')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('ticket_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_event_action'), ['action'], unique=False)

    op.create_table('ticket_rating',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('card', sa.String(length=100), nullable=False),
    sa.Column('card_version', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=100), nullable=False),
    sa.Column('rating', sa.Double(), nullable=True),
    sa.Column('by', sa.String(length=100), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_ticket_rating_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_rating')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('ticket_rating', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_rating_ticket_id'), ['ticket_id'], unique=False)

    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('shared_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('appeal_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('final_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('final_score', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('final_band', sa.String(length=10), nullable=True))
        batch_op.create_index(batch_op.f('ix_ticket_appeal_until'), ['appeal_until'], unique=False)

    for table in _KEPT:
        protect(op.get_bind(), table)
        let_erase(op.get_bind(), table)



def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_appeal_until'))
        batch_op.drop_column('final_band')
        batch_op.drop_column('final_score')
        batch_op.drop_column('final_at')
        batch_op.drop_column('appeal_until')
        batch_op.drop_column('shared_at')
        batch_op.drop_column('updated_at')
        batch_op.drop_column('version')

    with op.batch_alter_table('ticket_rating', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_rating_ticket_id'))

    op.drop_table('ticket_rating')
    with op.batch_alter_table('ticket_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_event_action'))

    op.drop_table('ticket_event')
    with op.batch_alter_table('ticket_decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_decision_ticket_id'))
        batch_op.drop_index(batch_op.f('ix_ticket_decision_finding_id'))
        batch_op.drop_index(batch_op.f('ix_ticket_decision_by'))

    op.drop_table('ticket_decision')
