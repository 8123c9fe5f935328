"""Tables of complaints: what arrived, and which recordings must not be deleted for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class ComplaintRow(Base):
    """One complaint as it arrived. Written once; the database refuses to change or delete it.

    `number` is on the receipt (`C-2026-000012-1`: the case's number and the count in it). `document` is
    the whole `Intake`. A later complaint of the same debtor joins the open case as a row of its own.
    """

    __tablename__ = "complaint"
    __table_args__ = (UniqueConstraint("channel", "external_number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("complaint_case.id"), index=True)
    channel: Mapped[str] = mapped_column(String(30), index=True)
    external_number: Mapped[str | None] = mapped_column(String(200))
    arrived_at: Mapped[datetime] = mapped_column(index=True)
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(100))
    document: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))


class LegalHoldRow(Base):
    """A call, with its recording, findings and results, that must be kept for a case whatever retention
    says. It is held while any hold on it is not released. Without a case it was set by hand."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index(
            "ix_legal_hold_one_in_force",
            "case_id",
            "call_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
        Index(
            "ix_legal_hold_one_by_hand",
            "call_id",
            unique=True,
            sqlite_where=text("case_id IS NULL AND released_at IS NULL"),
            postgresql_where=text("case_id IS NULL AND released_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("complaint_case.id"), index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    set_by: Mapped[str] = mapped_column(String(100))
    set_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(400))
    released_by: Mapped[str | None] = mapped_column(String(100))
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str | None] = mapped_column(String(400))
