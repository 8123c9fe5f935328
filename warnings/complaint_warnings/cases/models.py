"""Tables of the cases: where each stands, and everything that ever happened to it.

A case is a line of the ledger. Its row is what its events say, kept for lists and filters; the events are
the truth, and the audit chain holds the hash of each event and of the row after it.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base

# Columns by which cases are looked for, each with the id, so that a page is read by key.
LISTED_BY: Final = (
    "closed_at", "collector_id", "handler_id", "kind", "level", "reporter_id", "reviewer_id", "state",
)  # fmt: skip


class CaseRow(Base):
    """The handling of one warning or complaint; a debtor has at most one open case.

    `number` is what people call it (`W-2026-000012`, `C-…` for a complaint that arrived). `version` counts
    its events: who acts names the version they saw. `first_seen_at` is when the matter happened, None
    where that is unknown; `opened_at` when it was entered. `collector_id` is the collector concerned.
    `level`, `source`, debtor, contact, amount and `advice` are as the ledger shows them.
    """

    __tablename__ = "complaint_case"
    __table_args__ = (
        Index(
            "ix_complaint_case_one_open",
            "debtor_key",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        *(Index(f"ix_complaint_case_{name}_id", name, "id") for name in LISTED_BY),
        {"sqlite_autoincrement": True},  # numbers of deleted rows are not given out again
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    debtor_key: Mapped[str] = mapped_column(ForeignKey("warning_debtor.debtor_key"), index=True)
    warning_id: Mapped[int | None] = mapped_column(ForeignKey("complaint_warning.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=0)
    level: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(40))
    complexity: Mapped[str] = mapped_column(String(20), default="general")
    first_seen_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    debtor_name: Mapped[str | None] = mapped_column(String(200))
    contact: Mapped[str | None] = mapped_column(String(100))
    amount_due: Mapped[str | None] = mapped_column(String(40))
    currency: Mapped[str | None] = mapped_column(String(10))
    client: Mapped[str | None] = mapped_column(String(200))
    collector_id: Mapped[str | None] = mapped_column(String(200))
    team: Mapped[str | None] = mapped_column(String(200))
    advice: Mapped[dict[str, Any]]
    reporter_id: Mapped[str] = mapped_column(String(100))
    reviewer_id: Mapped[str | None] = mapped_column(String(100))
    handler_id: Mapped[str | None] = mapped_column(String(100))
    result: Mapped[str | None] = mapped_column(String(40))


class CaseEventRow(Base):
    """One thing that happened to a case. Written once; the database refuses to change or delete it.

    `details` is the document of the action (what was signed, planned, said). `entry_sha256` is the hash of
    the case's row after the event, `sha256` of the event itself; both are in the audit chain.
    """

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("complaint_case.id"), index=True)
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(40), index=True)
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]]
    entry_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
