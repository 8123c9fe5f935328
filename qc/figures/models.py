"""Tables of the figures: counts by day, and the moments whose days are to be counted again."""

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class FigureDayRow(Base):
    """How many calls of a day (by `DITING_TIMEZONE`) there were of one team, or of one collector in it
    (`whose`); names are empty where a call has none, and `agent_id` in the lines of whole teams.

    `topic` says what is counted and `name` which: `hour` (`09`), `outside` (the same of calls outside the
    permitted hours), `band` (empty: nothing found, not all judged), `category` (calls with such a finding),
    `debtor_calls` (debtors by how many calls they had: `1` to `3`, `4+`).
    """

    __tablename__ = "figure_day"
    __table_args__ = (
        Index(
            "uq_figure_day",
            *("whose", "topic", "day", "team", "agent_id", "name"),
            unique=True,
            postgresql_include=["count"],  # a month of figures is read from the index alone
        ),
        Index("ix_figure_day_day", "day"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    whose: Mapped[str] = mapped_column(String(10))
    topic: Mapped[str] = mapped_column(String(20))
    day: Mapped[date] = mapped_column(Date)
    team: Mapped[str] = mapped_column(String(200))
    agent_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(60))
    count: Mapped[int]


class FigureStaleRow(Base):
    """Something of a call that began `at` has changed since its day was counted."""

    __tablename__ = "figure_stale"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
