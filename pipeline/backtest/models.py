"""The table of back-tests that people ask for."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base

OPEN = "state IN ('waiting', 'running')"


class BacktestRow(Base):
    """One back-test of a version (`version_id`) against the one that judged when it was asked for
    (`against_id`), over at most `calls` of the newest judged calls. It begins anew when its worker vanishes:
    the lease runs out. `report` names calls by number alone, and none of their words.
    """

    __tablename__ = "backtest"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("(lease_token IS NULL) = (lease_until IS NULL)", name="lease_whole"),
        Index(
            "ix_backtest_one_open",
            "version_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("pack_version.id"), index=True)
    against_id: Mapped[int] = mapped_column(ForeignKey("pack_version.id"))
    calls: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[str] = mapped_column(String(100))
    asked_at: Mapped[datetime]
    lease_token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]
    code: Mapped[str | None] = mapped_column(String(80))
    message: Mapped[str | None] = mapped_column(Text)
