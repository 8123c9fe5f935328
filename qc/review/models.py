"""Tables of the review: everything that ever happened to a ticket, and the verdicts and ratings in it by
column, for figures. All of them are only ever added to; the database refuses to change their rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class TicketEventRow(Base):
    """One thing that happened to a ticket. `details` is the document of the action with what the door worked
    out (`appeal_until`, `result`). `sha256` is over the event; the audit chain holds it too."""

    __tablename__ = "ticket_event"
    __table_args__ = (UniqueConstraint("ticket_id", "seq"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(40), index=True)
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))


class TicketDecisionRow(Base):
    """One verdict in a ticket: on a finding of the machine, or on a missed one by its number. `stage` says in
    which review it was given; the newest of a round, stage and person counts."""

    __tablename__ = "ticket_decision"
    __table_args__ = (
        CheckConstraint("(finding_id IS NULL) <> (missed IS NULL)", name="one_item"),
        CheckConstraint("stage IN ('first', 'second', 'adjudication', 'appeal')", name="stage"),
        CheckConstraint("verdict IN ('true', 'false', 'unsure')", name="verdict"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    seq: Mapped[int]
    round: Mapped[int]
    stage: Mapped[str] = mapped_column(String(20))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"), index=True)
    missed: Mapped[int | None]
    category: Mapped[str] = mapped_column(String(60))
    verdict: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(String(100), index=True)
    at: Mapped[datetime]


class TicketRatingRow(Base):
    """One rating of one item of a scorecard; `rating` is NULL where the item does not apply. The newest of a
    round, card, item and person counts."""

    __tablename__ = "ticket_rating"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    seq: Mapped[int]
    round: Mapped[int]
    stage: Mapped[str] = mapped_column(String(20))
    card: Mapped[str] = mapped_column(String(100))
    card_version: Mapped[int]
    item: Mapped[str] = mapped_column(String(100))
    rating: Mapped[float | None]
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
