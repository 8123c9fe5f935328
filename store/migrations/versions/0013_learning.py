"""learning

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('case_lesson',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('type', sa.String(length=100), nullable=False),
    sa.Column('classification', sa.String(length=40), nullable=True),
    sa.Column('channel', sa.String(length=30), nullable=True),
    sa.Column('level', sa.String(length=10), nullable=False),
    sa.Column('causes', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('claim', sa.Text(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('solution', sa.Text(), nullable=False),
    sa.Column('result', sa.String(length=40), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=True),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.String(length=100), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['complaint_case.id'], name=op.f('fk_case_lesson_case_id_complaint_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_lesson')),
    sa.UniqueConstraint('case_id', name=op.f('uq_case_lesson_case_id'))
    )
    with op.batch_alter_table('case_lesson', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_lesson_added_at'), ['added_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_lesson_channel'), ['channel'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_lesson_classification'), ['classification'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_lesson_type'), ['type'], unique=False)


def downgrade() -> None:
    op.drop_table('case_lesson')
