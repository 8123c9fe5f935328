"""Tables of assignment: what reviewers are able to do, and who was given which ticket."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class ReviewerRow(Base):
    """A person who reviews. Empty `languages`, `products` mean all. `seniority` is 1 to 3; `capacity` is
    how many tickets they have at most at a time. `conflicts` are ids of collectors and teams whose calls
    they may not review, with the reason. `away`: nothing new is given to them, and what they have goes to
    others."""

    __tablename__ = "reviewer"
    __table_args__ = (CheckConstraint("seniority BETWEEN 1 AND 3", name="seniority"),)

    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    languages: Mapped[list[str]]
    products: Mapped[list[str]]
    seniority: Mapped[int]
    capacity: Mapped[int]
    conflicts: Mapped[dict[str, Any]]
    away: Mapped[bool]
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]


class ReviewSeatRow(Base):
    """Who was given a ticket, in which seat (`first`, `second`), and why. Rows are never changed: the next
    `number` of a seat replaces the one before; `person` None: the seat was taken from somebody and nobody
    has it."""

    __tablename__ = "review_seat"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seat", "number"),
        CheckConstraint("seat IN ('first', 'second')", name="seat"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seat: Mapped[str] = mapped_column(String(6))
    number: Mapped[int]
    person: Mapped[str | None] = mapped_column(String(100), index=True)
    because: Mapped[dict[str, Any]]
    given_by: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime]
