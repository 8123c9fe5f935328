"""Tables of the warnings: one row per debtor and episode, and what each call contributes to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Base


class WarningDebtorRow(Base):
    """One debtor with evidence. Whoever changes a debtor's warnings updates this row first, so that two
    workers with calls of the same debtor queue here and the second sees what the first wrote."""

    __tablename__ = "warning_debtor"

    debtor_key: Mapped[str] = mapped_column(String(320), primary_key=True)
    turns: Mapped[int] = mapped_column(Integer, default=0)


class WarningRow(Base):
    """A complaint warning: one debtor, one episode, recomputed from all calls of the episode.

    `opened_at` and `updated_at` are moments of this system; `first_seen_at` is the start of the call
    that first reached a level, None where that call's time is unknown. `advice` is {zh, en};
    `indicators` are {name, points, floor, because: {zh, en}}. The debtor's name, contact, amount and
    zone are a snapshot from the newest call that gave them. Where the handling stands is said by the case.
    """

    __tablename__ = "complaint_warning"
    __table_args__ = (
        UniqueConstraint("debtor_key", "episode"),
        Index(
            "ix_complaint_warning_one_open",
            "debtor_key",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},  # numbers of deleted rows are not given out again
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    debtor_key: Mapped[str] = mapped_column(ForeignKey("warning_debtor.debtor_key"), index=True)
    episode: Mapped[int]
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime | None] = mapped_column(index=True)
    level: Mapped[str] = mapped_column(String(10), index=True)
    score: Mapped[float]
    model: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(40), default="call")
    advice: Mapped[dict[str, Any]]
    indicators: Mapped[list[dict[str, Any]]]
    debtor_name: Mapped[str | None] = mapped_column(String(200))
    contact: Mapped[str | None] = mapped_column(String(100))
    amount_due: Mapped[str | None] = mapped_column(String(40))
    currency: Mapped[str | None] = mapped_column(String(10))

    calls: Mapped[list["WarningCallRow"]] = relationship(
        back_populates="warning", order_by="WarningCallRow.call_id"
    )


class WarningCallRow(Base):
    """The evidence of one call, kept once. `warning_id` is None while the debtor has no warning: the
    call is remembered, so that the same calls give the same warning in whatever order they come."""

    __tablename__ = "complaint_warning_call"
    __table_args__ = (
        UniqueConstraint("call_id"),
        UniqueConstraint("warning_id", "call_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    warning_id: Mapped[int | None] = mapped_column(ForeignKey("complaint_warning.id"), index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    debtor_key: Mapped[str] = mapped_column(ForeignKey("warning_debtor.debtor_key"), index=True)
    evidence: Mapped[dict[str, Any]]
    added_at: Mapped[datetime]

    warning: Mapped[WarningRow | None] = relationship(back_populates="calls")
