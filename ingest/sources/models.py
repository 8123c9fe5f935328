"""Tables of the sources: what each holds, what became of it, and how each source stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ingest.sources.names import LONGEST
from store.database import Base


class SourceItemRow(Base):
    """One recording, record or file of records in a source; the database refuses the second row of a key.

    `kind`: `call` (a recording, or a record, that is to become a call), `file` (a recording whose record is
    in a file of records), `records` (such a file). `state`: `found` (waits for `next_at`), `taken`,
    `refused` (it cannot be used as it is), `dead` (tried as often as the source allows). `version` changes
    with the content, `record_version` with that of the `call.json` beside it. `name` is what a record or a
    `call.json` may call it, `ref` an id that its name holds. `origin` is the file of records that a record
    came from. `modified_at` orders the work.
    """

    __tablename__ = "source_item"
    __table_args__ = (
        UniqueConstraint("source", "key"),
        Index("ix_source_item_due", "source", "kind", "state", "modified_at"),
        Index("ix_source_item_source_name", "source", "name"),
        Index("ix_source_item_source_ref", "source", "ref"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(LONGEST))
    version: Mapped[str] = mapped_column(String(100))
    record_version: Mapped[str | None] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    name: Mapped[str | None] = mapped_column(String(LONGEST))
    ref: Mapped[str | None] = mapped_column(String(200))
    origin: Mapped[str | None] = mapped_column(String(LONGEST))
    recording: Mapped[str | None] = mapped_column(Text)
    document: Mapped[dict[str, Any] | None]
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    modified_at: Mapped[datetime]
    found_at: Mapped[datetime]
    next_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    code: Mapped[str | None] = mapped_column(String(60))
    message: Mapped[str | None] = mapped_column(Text)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"), index=True)


class SourceStateRow(Base):
    """How one source stands: who is at work on it, when it is looked at next, what is wrong with it.

    `watermark` is the moment up to which a listing by time was read. `window_at` and `window_count` count
    what was taken of the back-fill in the present minute.
    """

    __tablename__ = "source_state"

    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    lease_token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    scanned_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    code: Mapped[str | None] = mapped_column(String(60))
    message: Mapped[str | None] = mapped_column(Text)
    watermark: Mapped[datetime | None]
    window_at: Mapped[datetime | None]
    window_count: Mapped[int] = mapped_column(default=0)
