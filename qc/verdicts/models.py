"""Tables of what people decided about findings, and of the rules that only advise."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class FindingVerdictRow(Base):
    """What one person said about one finding. Rows are never changed: a person who thinks again adds the next
    `number`, and the last one counts."""

    __tablename__ = "finding_verdict"
    __table_args__ = (
        CheckConstraint("verdict IN ('true', 'false', 'unsure')", name="verdict"),
        UniqueConstraint("finding_id", "person", "number"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    person: Mapped[str] = mapped_column(String(200), index=True)
    number: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime]


class RuleAdvisoryRow(Base):
    """A rule (`id@version`) that only advises since `dropped_at`, because people overturned what it found.

    `evidence` are the figures of that moment. A person proposes to take it back, and another one does
    (`restored_by`); decisions up to `decided_until` count no more then.
    """

    __tablename__ = "rule_advisory"
    __table_args__ = (
        CheckConstraint("(restored_by IS NULL) = (restored_at IS NULL)", name="restored_whole"),
        Index(
            "ix_rule_advisory_one",
            "rule",
            unique=True,
            sqlite_where=text("restored_at IS NULL"),
            postgresql_where=text("restored_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    rule: Mapped[str] = mapped_column(String(200))
    dropped_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any]]
    restore_proposed_by: Mapped[str | None] = mapped_column(String(200))
    restore_proposed_at: Mapped[datetime | None]
    restored_by: Mapped[str | None] = mapped_column(String(200))
    restored_at: Mapped[datetime | None]
    decided_until: Mapped[int | None]
