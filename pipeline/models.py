"""The table that says how far each call has come."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.states import STATES
from store.database import Base


class WorkRow(Base):
    """One row per call: its state, who works on it, and what went wrong last.

    `attempts` counts the attempts at the stage the call waits for; it starts again at each stage.
    `interruptions` counts how often the whole runner vanished during that stage. `next_at` is the
    earliest moment of the next attempt. `sent_at` is when the next task was given to the broker
    (distributed run only); None is what the sweeper looks for. `failed_at` is the state in which a
    failed call gave up: a retry goes on from there. `lane` is the rank of its lane and `lane_because` says
    why it is in that one (`pipeline.lanes`). `trace` is the W3C trace context that the call came with, where
    tracing is on.
    """

    __tablename__ = "work"
    __table_args__ = (
        CheckConstraint("state IN ({})".format(", ".join(f"'{state}'" for state in STATES)), name="state"),
        CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="lease_whole"),
        CheckConstraint("(state = 'failed') = (failed_at IS NOT NULL)", name="failed_somewhere"),
        Index("ix_work_state_next_at", "state", "next_at"),
        Index("ix_work_state_lane", "state", "lane", "call_id"),
    )

    call_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("call.id"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(16), default="received")
    failed_at: Mapped[str | None] = mapped_column(String(16))
    lane: Mapped[int] = mapped_column(default=1, server_default="1")
    lane_because: Mapped[str] = mapped_column(String(16), default="recent", server_default="recent")
    reasons: Mapped[list[str]] = mapped_column(default=list)
    attempts: Mapped[int] = mapped_column(default=0)
    interruptions: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(80))
    error_message: Mapped[str | None] = mapped_column(Text)
    trace: Mapped[str | None] = mapped_column(String(55))
    updated_at: Mapped[datetime]
