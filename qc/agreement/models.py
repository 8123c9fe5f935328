"""Tables of calibration: sessions, their calls, and what each person said of each call."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class CalibrationRow(Base):
    """A set of calls that several people review on their own, held against the answers of an expert.
    `reviewers` are those who are asked; nobody sees the answers of others before it is closed."""

    __tablename__ = "calibration"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    expert: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reviewers: Mapped[list[str]]
    opened_by: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime]
    closed_by: Mapped[str | None] = mapped_column(String(200))
    closed_at: Mapped[datetime | None]


class CalibrationCallRow(Base):
    """A call of a session."""

    __tablename__ = "calibration_call"

    calibration_id: Mapped[int] = mapped_column(
        ForeignKey("calibration.id"), primary_key=True, autoincrement=False
    )
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True, autoincrement=False)


class CalibrationAnswerRow(Base):
    """The categories that a person finds violated in a call; none: the call is clean. Rows are never changed:
    who thinks again before the session is closed adds the next `number`."""

    __tablename__ = "calibration_answer"
    __table_args__ = (UniqueConstraint("calibration_id", "call_id", "person", "number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    calibration_id: Mapped[int] = mapped_column(ForeignKey("calibration.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    person: Mapped[str] = mapped_column(String(100))
    number: Mapped[int]
    categories: Mapped[list[str]]
    answered_at: Mapped[datetime]
