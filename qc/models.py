"""Tables of what rules found in calls, and of the tickets that came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Base
from transcription.models import TranscriptRow


class InspectionRow(Base):
    """One transcript judged by one set of packs, with what was known beside the call (`facts_hash`, of
    `ingest.facts`; blank where nothing was). `document` holds the score, the ticket proposal, what
    could not be judged, and the findings of rules on trial (`qc.document`). `newest` marks the one of each
    call that counts: the last one written."""

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("call_id", "transcript_id", "pack_hash", "facts_hash"),
        Index(
            "ix_inspection_newest",
            "call_id",
            unique=True,
            sqlite_where=text("newest"),
            postgresql_where=text("newest"),
            postgresql_include=["score", "band"],  # lists by score need not read the rows of other calls
        ),
        Index(
            "ix_inspection_worst",
            "score",
            "call_id",
            sqlite_where=text("newest"),
            postgresql_where=text("newest"),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    transcript_id: Mapped[int] = mapped_column(ForeignKey(TranscriptRow.id), index=True)
    pack_hash: Mapped[str] = mapped_column(String(64))
    facts_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    packs: Mapped[list[str]]
    score: Mapped[int]
    # NULL: nothing was found, but not everything could be judged.
    band: Mapped[str | None] = mapped_column(String(10), index=True)
    document: Mapped[dict[str, Any]]
    newest: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime]

    findings: Mapped[list["FindingRow"]] = relationship(order_by="FindingRow.ordinal")


class FindingRow(Base):
    """One finding; `ordinal` is its place in the inspection. The columns are what lists filter by,
    `document` is the whole finding."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("inspection_id", "ordinal"),
        {"sqlite_autoincrement": True},  # numbers of deleted rows are not given out again
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    ordinal: Mapped[int]
    rule: Mapped[str] = mapped_column(String(200), index=True)
    category: Mapped[str] = mapped_column(String(60), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), index=True)
    severity: Mapped[str] = mapped_column(String(10))
    points: Mapped[int]
    start: Mapped[float | None]
    end: Mapped[float | None]
    document: Mapped[dict[str, Any]]


class TicketRow(Base):
    """A quality-control ticket: one per call, however often the call is inspected. `reasons` are sentences,
    the most pressing first; `inspection_id` is the inspection they come from, None where the call failed
    before it could be inspected. `state` is `open` until somebody takes it up; `withdrawn` when the newest
    inspection needs nobody any more; the other states are those of `qc.review.transitions`. `version` grows
    with every change: who acts names the one they saw. The columns after it are what the ticket's events
    (`qc.review.models`) come to, kept for lists. `plan` (`name@version`) is the sampling plan that drew the
    call, if one did; `assigned_to` reviews it, and `second_reviewer` too, blindly, where that is wanted."""

    __tablename__ = "ticket"
    __table_args__ = (UniqueConstraint("call_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"), index=True)
    priority: Mapped[str] = mapped_column(String(10), index=True)
    state: Mapped[str] = mapped_column(String(20), default="open", index=True)
    reasons: Mapped[list[str]]
    plan: Mapped[str | None] = mapped_column(String(100))
    assigned_to: Mapped[str | None] = mapped_column(String(100), index=True)
    second_reviewer: Mapped[str | None] = mapped_column(String(100), index=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    updated_at: Mapped[datetime | None]
    shared_at: Mapped[datetime | None]
    appeal_until: Mapped[datetime | None] = mapped_column(index=True)
    final_at: Mapped[datetime | None]
    final_score: Mapped[int | None]
    final_band: Mapped[str | None] = mapped_column(String(10))
