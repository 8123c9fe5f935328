"""sampling

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from store.append_only import let_erase, protect

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_KEPT = ("sampling_plan", "scorecard", "sampling_draw")
_ERASABLE = ("sampling_pick", "review_seat", "calibration_answer")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sampling_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampling_plan")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_sampling_plan_name_version")),
    )
    op.create_table(
        "scorecard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_scorecard_name_version")),
    )
    op.create_table(
        "calibration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("expert", sa.String(length=100), nullable=False),
        sa.Column("reviewers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=200), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["expert"], ["person.id"], name=op.f("fk_calibration_expert_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
    )
    op.create_table(
        "reviewer",
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("languages", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("products", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seniority", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("conflicts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seniority BETWEEN 1 AND 3", name=op.f("ck_reviewer_seniority")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_reviewer_person_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_reviewer")),
    )
    op.create_table(
        "sampling_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("period_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("filters", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("rules", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("strata", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.String(length=200), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("part IN ('plan', 'random', 'follow_up')", name=op.f("ck_sampling_draw_part")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["sampling_plan.id"], name=op.f("fk_sampling_draw_plan_id_sampling_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampling_draw")),
        sa.UniqueConstraint(
            "name", "part", "period_start", name=op.f("uq_sampling_draw_name_part_period_start")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "calibration_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calibration_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("categories", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibration.id"],
            name=op.f("fk_calibration_answer_calibration_id_calibration"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_calibration_answer_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_answer")),
        sa.UniqueConstraint(
            "calibration_id",
            "call_id",
            "person",
            "number",
            name=op.f("uq_calibration_answer_calibration_id_call_id_person_number"),
        ),
    )
    with op.batch_alter_table("calibration_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calibration_answer_call_id"), ["call_id"], unique=False)

    op.create_table(
        "calibration_call",
        sa.Column("calibration_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("call_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibration.id"],
            name=op.f("fk_calibration_call_calibration_id_calibration"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_calibration_call_call_id_call")),
        sa.PrimaryKeyConstraint("calibration_id", "call_id", name=op.f("pk_calibration_call")),
    )
    op.create_table(
        "sampling_pick",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=1000), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("second_review", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_sampling_pick_call_id_call")),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["sampling_draw.id"], name=op.f("fk_sampling_pick_draw_id_sampling_draw")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampling_pick")),
        sa.UniqueConstraint("draw_id", "call_id", name=op.f("uq_sampling_pick_draw_id_call_id")),
    )
    with op.batch_alter_table("sampling_pick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sampling_pick_call_id"), ["call_id"], unique=False)

    op.create_table(
        "coaching_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("collector", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=True),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("coach", sa.String(length=100), nullable=True),
        sa.Column("follow_up", sa.Integer(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("draw_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_coaching_task_ended")),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name=op.f("ck_coaching_task_state")),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["sampling_draw.id"], name=op.f("fk_coaching_task_draw_id_sampling_draw")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_coaching_task_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_task")),
    )
    with op.batch_alter_table("coaching_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coaching_task_coach"), ["coach"], unique=False)
        batch_op.create_index(batch_op.f("ix_coaching_task_collector"), ["collector"], unique=False)
        batch_op.create_index(batch_op.f("ix_coaching_task_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_coaching_task_team"), ["team"], unique=False)
        batch_op.create_index(batch_op.f("ix_coaching_task_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "review_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=6), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=True),
        sa.Column("because", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("given_by", sa.String(length=200), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seat IN ('first', 'second')", name=op.f("ck_review_seat_seat")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_review_seat_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_seat")),
        sa.UniqueConstraint("ticket_id", "seat", "number", name=op.f("uq_review_seat_ticket_id_seat_number")),
    )
    with op.batch_alter_table("review_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_seat_person"), ["person"], unique=False)

    for name in ("plan", "assigned_to", "second_reviewer"):
        op.add_column("ticket", sa.Column(name, sa.String(length=100), nullable=True))
    op.create_index("ix_ticket_assigned_to", "ticket", ["assigned_to"], unique=False)
    op.create_index("ix_ticket_second_reviewer", "ticket", ["second_reviewer"], unique=False)

    for table in (*_KEPT, *_ERASABLE):
        protect(op.get_bind(), table)
    for table in _ERASABLE:
        let_erase(op.get_bind(), table)


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_second_reviewer"))
        batch_op.drop_index(batch_op.f("ix_ticket_assigned_to"))
        batch_op.drop_column("second_reviewer")
        batch_op.drop_column("assigned_to")
        batch_op.drop_column("plan")

    op.drop_table("review_seat")
    op.drop_table("coaching_task")
    op.drop_table("sampling_pick")
    op.drop_table("calibration_call")
    op.drop_table("calibration_answer")
    op.drop_table("sampling_draw")
    op.drop_table("reviewer")
    op.drop_table("calibration")
    op.drop_table("scorecard")
    op.drop_table("sampling_plan")
