"""The table of facts beside the calls."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class CaseFactRow(Base):
    """One fact of a list. Nothing is overwritten: of facts about one `subject`, those count that were so when
    a call began.

    `next_at` is when the pipeline is to see whether calls must be judged again; None: it has.
    """

    __tablename__ = "case_fact"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(420), index=True)
    call_key: Mapped[str | None] = mapped_column(String(301), index=True)
    case_id: Mapped[str | None] = mapped_column(String(200), index=True)
    customer_id: Mapped[str | None] = mapped_column(String(200), index=True)
    number: Mapped[str | None] = mapped_column(String(100), index=True)
    agent_id: Mapped[str | None] = mapped_column(String(200))
    data: Mapped[dict[str, Any]]
    as_of: Mapped[datetime]
    dated: Mapped[bool]
    content_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    place: Mapped[str] = mapped_column(String(400))
    imported_at: Mapped[datetime]
    imported_by: Mapped[str] = mapped_column(String(200))
    next_at: Mapped[datetime | None] = mapped_column(index=True)
