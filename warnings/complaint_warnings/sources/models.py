"""Table of the items: everything that warns beside the calls, of one kind whatever its source."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class WarningItemRow(Base):
    """One report, one hit of a monitor, or one public post.

    `external_id` is what its source calls it; the same again is the same item, by `content_sha256`, the
    hash of `document`. `state` is `matched` when the debtor is known, `unmatched` until a person names
    them, `set_aside` when a person decided that it concerns nobody. `warning_id` is None while the
    debtor has no warning. `happened_at` is when the matter happened, None where that is unknown.
    `evidence` is what counts for the score. Of the columns only `state`, `debtor_key`, `warning_id`,
    `decided_by`, `decided_at` and `reason` ever change; the audit log holds the hash of each version.
    """

    __tablename__ = "warning_item"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        {"sqlite_autoincrement": True},  # numbers of deleted rows are not given out again
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    source: Mapped[str] = mapped_column(String(20), index=True)
    external_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    debtor_key: Mapped[str | None] = mapped_column(ForeignKey("warning_debtor.debtor_key"), index=True)
    warning_id: Mapped[int | None] = mapped_column(ForeignKey("complaint_warning.id"), index=True)
    happened_at: Mapped[datetime | None] = mapped_column(index=True)
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(100))
    reporter_id: Mapped[str | None] = mapped_column(String(100), index=True)
    decided_by: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(400))
    document: Mapped[dict[str, Any]]
    content_sha256: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[dict[str, Any]]

    @property
    def reference(self) -> str:
        """What people call it: `report:R-12`."""
        return f"{self.source}:{self.external_id}"
