"""Tables of retention: what was planned and done, and what people ordered to be deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class RetentionRunRow(Base):
    """One look at everything (`plan`), or one deletion (`run`), by one policy.

    `night` is the local day of a nightly one, so that there is one a night; `busy_until` keeps others off
    while somebody is at it; `cursor` is the last call looked at, where it goes on. `result` is the table of
    counts (`pipeline.retention.counts`).
    """

    __tablename__ = "retention_run"
    __table_args__ = (UniqueConstraint("night"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    night: Mapped[str | None] = mapped_column(String(10))
    policy: Mapped[str] = mapped_column(String(60))
    policy_sha256: Mapped[str] = mapped_column(String(64), index=True)
    started_by: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    busy_until: Mapped[datetime | None]
    cursor: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    result: Mapped[list[dict[str, Any]]]


class DeletionOrderRow(Base):
    """A person's order to delete one call, or everything about one debtor.

    `state` is `waiting` for the second person, `ordered`, or `done`. `subject` (a call's number, a debtor's
    key) is replaced by its hash when the order is done; `reason` is a reference, not a name.
    """

    __tablename__ = "deletion_order"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'ordered', 'done')", name="state"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_whole"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(400), index=True)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), index=True)
    ordered_by: Mapped[str] = mapped_column(String(100))
    ordered_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(100))
    approved_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]]
