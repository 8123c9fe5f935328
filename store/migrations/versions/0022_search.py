"""search

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Words are cut by us and parted by blanks; everything beyond ASCII is part of a word to this tokeniser.
_FTS5 = """
CREATE VIRTUAL TABLE search_words USING fts5(agent, customer, other, tokenize = 'ascii', detail = 'column')
"""
_GONE = """
CREATE TRIGGER search_text_gone AFTER DELETE ON search_text
BEGIN DELETE FROM search_words WHERE rowid = old.call_id; END
"""


_NEWEST = sa.text("newest")
_OLDER = """
UPDATE inspection SET newest = false WHERE EXISTS (
    SELECT 1 FROM inspection AS later WHERE later.call_id = inspection.call_id AND later.id > inspection.id
)
"""


def upgrade() -> None:
    """Full-text index, kept searches, the newest inspection marked, lists by team and collector."""
    op.add_column("inspection", sa.Column("newest", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.execute(_OLDER)
    op.create_index(
        "ix_inspection_newest",
        "inspection",
        ["call_id"],
        unique=True,
        sqlite_where=_NEWEST,
        postgresql_where=_NEWEST,
    )
    for name in ("agent_id", "agent_team"):
        op.drop_index(f"ix_call_{name}", table_name="call")
        op.create_index(f"ix_call_{name}_id", "call", [name, "id"])
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index("ix_saved_search_owner", "saved_search", ["owner"])
    op.create_index("ix_saved_search_team", "saved_search", ["team"])
    op.create_table(
        "search_text",
        sa.Column("call_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("transcript_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("words", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_search_text_call_id_call")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_search_text")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_FTS5)
        op.execute(_GONE)
    else:
        op.create_index(
            "ix_search_text_words",
            "search_text",
            ["words"],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )


def downgrade() -> None:
    """Without them."""
    op.drop_table("search_text")
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("search_words")
    op.drop_table("saved_search")
    for name in ("agent_id", "agent_team"):
        op.drop_index(f"ix_call_{name}_id", table_name="call")
        op.create_index(f"ix_call_{name}", "call", [name])
    op.drop_index("ix_inspection_newest", table_name="inspection")
    with op.batch_alter_table("inspection") as batch_op:
        batch_op.drop_column("newest")
