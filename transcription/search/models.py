"""Tables of the search: what was said in each call as it is searched, and searches that people keep."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class SearchTextRow(Base):
    """What was said in the current version of a call's transcript: one line per turn and kind of speaker,
    without punctuation and long numbers (`transcription.search.tokens`, whose `version` made it).

    On PostgreSQL `words` are the words of the index, with the weight A for the agent's, B for the customer's
    and C for others', under a GIN index that the migration makes. On SQLite they are in the FTS5 table
    `search_words`, whose rowid is the call; a trigger deletes them with this row.
    """

    __tablename__ = "search_text"
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True, autoincrement=False)
    transcript_id: Mapped[int]
    version: Mapped[int]
    agent: Mapped[str] = mapped_column(Text)
    customer: Mapped[str] = mapped_column(Text)
    other: Mapped[str] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


class SavedSearchRow(Base):
    """A search that somebody keeps; `team` is whose people see it too, None where it is the owner's alone."""

    __tablename__ = "saved_search"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner: Mapped[str] = mapped_column(String(100), index=True)
    team: Mapped[str | None] = mapped_column(String(200), index=True)
    name: Mapped[str] = mapped_column(String(100))
    asked: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
