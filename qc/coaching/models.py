"""The table of coaching tasks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class CoachingTaskRow(Base):
    """Something that a collector is to learn. `collector` is their id in the calls, `source` where those
    come from; `category` is what is to get better. `follow_up` calls of the `window_days` after it was done
    are drawn and reviewed (`draw_id`, once they are)."""

    __tablename__ = "coaching_task"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'cancelled')", name="state"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    source: Mapped[str] = mapped_column(String(100))
    collector: Mapped[str] = mapped_column(String(200), index=True)
    team: Mapped[str | None] = mapped_column(String(200), index=True)
    category: Mapped[str] = mapped_column(String(60))
    goal: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)
    coach: Mapped[str | None] = mapped_column(String(100), index=True)
    follow_up: Mapped[int]
    window_days: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), index=True)
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    evidence: Mapped[str | None] = mapped_column(Text)
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("sampling_draw.id"))
