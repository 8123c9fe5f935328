"""own cases

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Cases are found by who reported and who reviews them: every statement of those people asks for them."""
    for name in ("reporter_id", "reviewer_id"):
        op.create_index(f"ix_complaint_case_{name}_id", "complaint_case", [name, "id"])


def downgrade() -> None:
    """Drop the indexes."""
    for name in ("reporter_id", "reviewer_id"):
        op.drop_index(f"ix_complaint_case_{name}_id", table_name="complaint_case")
