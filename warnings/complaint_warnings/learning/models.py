"""Table of the case library: what was learnt from closed cases, without the people in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class LessonRow(Base):
    """One closed case as others may read it. Names and numbers are taken out before it is stored.

    `type` is what the complaint was about, in the house's words; `causes` are {dimension, kind};
    `search` is everything that is searched, folded (`library.folded`).
    """

    __tablename__ = "case_lesson"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("complaint_case.id"), unique=True)
    number: Mapped[str] = mapped_column(String(40))
    type: Mapped[str] = mapped_column(String(100), index=True)
    classification: Mapped[str | None] = mapped_column(String(40), index=True)
    channel: Mapped[str | None] = mapped_column(String(30), index=True)
    level: Mapped[str] = mapped_column(String(10))
    causes: Mapped[list[dict[str, Any]]]
    claim: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    solution: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(String(40))
    rating: Mapped[int | None]
    search: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[datetime] = mapped_column(index=True)
