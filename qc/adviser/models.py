"""Answers of the adviser, kept so that the same question is asked once and gives the same result again."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class AdviceRow(Base):
    """One answer. `key` is the SHA-256 of the question, the model and the version of the prompt."""

    __tablename__ = "advice"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str] = mapped_column(String(200))
    view: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
