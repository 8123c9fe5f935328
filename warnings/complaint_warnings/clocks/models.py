"""Tables of the clocks: the deadlines as they stand, and what was said of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class DeadlineRow(Base):
    """One run of one clock of a case: what its events say, kept for lists and for the clocks themselves.

    It is written anew after every event of the case and may be thrown away at any time. `due_at` is None
    while a pause lasts. `next_at` is when there is something to say: a warning, the breach, the next step
    up the line; None where there is nothing any more. `stamp` names the policy and the calendars that it was
    reckoned by. `why` is `{zh, en}`; `document` holds the warnings, pauses and extensions.
    """

    __tablename__ = "case_deadline"
    __table_args__ = (UniqueConstraint("case_id", "clock", "number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("complaint_case.id"), index=True)
    clock: Mapped[str] = mapped_column(String(40), index=True)
    number: Mapped[int]
    title: Mapped[dict[str, Any]]
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    rule_due_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    by_hand: Mapped[bool]
    provisional: Mapped[bool]
    force: Mapped[str] = mapped_column(String(20))
    policy: Mapped[str] = mapped_column(String(60))
    why: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]]
    stamp: Mapped[str] = mapped_column(String(16), index=True)
    next_at: Mapped[datetime | None] = mapped_column(index=True)


class DeadlineToldRow(Base):
    """What was said of a deadline, once for each date it had. Written in the transaction that says it: the
    database refuses the second time. `mark` is a warning (`50%`, `-24h`), `breach`, or a step up the line
    (`up:1`)."""

    __tablename__ = "case_deadline_told"
    __table_args__ = (UniqueConstraint("case_id", "clock", "number", "due_at", "mark"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("complaint_case.id"))
    clock: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    due_at: Mapped[datetime]
    mark: Mapped[str] = mapped_column(String(20))
    told_at: Mapped[datetime]
