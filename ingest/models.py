"""Tables of what came in: recordings, calls, and what was refused."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Base


class RecordingRow(Base):
    """One audio file, known by its SHA-256; the bytes are in the recording store."""

    __tablename__ = "recording"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    codec: Mapped[str] = mapped_column(String(40))
    source_rate: Mapped[int]
    source_channels: Mapped[int]
    duration_s: Mapped[float]
    original_name: Mapped[str] = mapped_column(String(400))
    stored_at: Mapped[datetime]


class CallRow(Base):
    """One conversation. `record` is the normalised call.json; the other columns are what lists sort by.

    `debtor_key` tells whose debt it is, so that all calls about one debtor come together (see
    `CallRecord.debtor_key`). How far a call has come is kept by the pipeline, not here.
    """

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_call_agent_id_id", "agent_id", "id"),
        Index("ix_call_agent_team_id", "agent_team", "id"),
        {"sqlite_autoincrement": True},  # numbers of deleted rows are not given out again
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    source: Mapped[str] = mapped_column(String(100))
    external_id: Mapped[str] = mapped_column(String(200))
    recording_sha256: Mapped[str] = mapped_column(ForeignKey("recording.sha256"), unique=True)
    started_at: Mapped[datetime | None] = mapped_column(index=True)
    time_problem: Mapped[str | None] = mapped_column(String(60))
    direction: Mapped[str | None] = mapped_column(String(20))
    agent_id: Mapped[str | None] = mapped_column(String(200))
    agent_team: Mapped[str | None] = mapped_column(String(200))
    customer_id: Mapped[str | None] = mapped_column(String(200), index=True)
    customer_number: Mapped[str | None] = mapped_column(String(100))
    case_id: Mapped[str | None] = mapped_column(String(200), index=True)
    debtor_key: Mapped[str] = mapped_column(String(320), index=True)
    record: Mapped[dict[str, Any]]
    record_sha256: Mapped[str] = mapped_column(String(64))
    registered_at: Mapped[datetime]

    recording: Mapped[RecordingRow] = relationship(lazy="joined", innerjoin=True)


class RefusalRow(Base):
    """Something that came in and could not be taken. The same refusal again only counts up `times`.

    `name` is the file as it was offered, `key` the hash of what makes two refusals the same one.
    `resolved_at` is set when the same file was taken later.
    """

    __tablename__ = "refusal"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text, index=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(60), index=True)
    message: Mapped[str] = mapped_column(Text)
    mend: Mapped[str | None] = mapped_column(Text)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]
    resolved_at: Mapped[datetime | None]
