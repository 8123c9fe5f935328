"""Tables of what was transcribed and what was heard."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class TranscriptRow(Base):
    """One call as one engine wrote it down. `document` is the whole transcript (`transcription.document`).

    The same call, engine, model and options are transcribed once; other options make another row, and so
    does every decision about the roles: the transcripts of a call, in order of their ids, are its versions.
    The newest one counts.
    """

    __tablename__ = "transcript"
    __table_args__ = (UniqueConstraint("call_id", "engine", "model", "options_hash"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    engine: Mapped[str] = mapped_column(String(60))
    model: Mapped[str] = mapped_column(String(400))
    options_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(8))
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class RoleDecisionRow(Base):
    """One decision of a person about who is the agent: the version it made, and the one it was made from.

    A version is replaced at most once, so two people cannot both decide on the same one. `kind` is `swapped`,
    `set`, or `carried` where an earlier decision was carried over to a new transcript: then `decided_by` and
    `decided_at` are those of the earlier one.
    """

    __tablename__ = "role_decision"
    __table_args__ = (UniqueConstraint("transcript_id"), UniqueConstraint("replaced_id"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    transcript_id: Mapped[int] = mapped_column(ForeignKey("transcript.id"))
    replaced_id: Mapped[int] = mapped_column(ForeignKey("transcript.id"))
    kind: Mapped[str] = mapped_column(String(10))
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class HearingRow(Base):
    """What was heard beside the words of one call, under one version of the measures: cues, what was
    heard a second time (`transcription.questions`), and how the voices sounded
    (`transcription.voice.document`); the last two are NULL where that was not done yet."""

    __tablename__ = "hearing"
    __table_args__ = (UniqueConstraint("transcript_id", "version"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    transcript_id: Mapped[int] = mapped_column(ForeignKey("transcript.id"), index=True)
    version: Mapped[str] = mapped_column(String(40))
    cues: Mapped[list[dict[str, Any]]]
    second_hearing: Mapped[list[dict[str, Any]] | None]
    voice: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
