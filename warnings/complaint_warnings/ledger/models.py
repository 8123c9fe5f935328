"""Table of the ledger: everything that lists are sorted and searched by, narrow and in one place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base

HEAD = 60

# As the row of the case has them.
COPIED: Final = (
    "number", "kind", "source", "result", "handler_id", "reporter_id", "reviewer_id", "team", "collector_id",
    "client", "debtor_name", "contact", "currency", "opened_at", "updated_at", "closed_at",
)  # fmt: skip
# Each has an index with the id of the case, so that a page is read by key. What is
# looked for as a part is found in its index alone.
LISTED_BY: Final = (
    *COPIED, "happened_at", "level_rank", "state_rank", "words_id", "amount", "score", "advice_head",
    "signed_at", "verdict", "awaited_due_at",
)  # fmt: skip


def place(word: str, words: Sequence[str]) -> int:
    """The place of a word in its own order; unknown words come last."""
    return words.index(word) if word in words else len(words)


class LedgerWordsRow(Base):
    """The words of an advice, once for all lines that have it: few, so that a search is quick."""

    __tablename__ = "ledger_words"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    words: Mapped[str] = mapped_column(Text)


class LedgerResultRow(Base):
    """The words of a case's result in small letters, apart from its line: long, and read only by searches."""

    __tablename__ = "ledger_result"

    case_id: Mapped[int] = mapped_column(
        ForeignKey("complaint_case.id"), primary_key=True, autoincrement=False
    )
    words: Mapped[str] = mapped_column(Text)


class LedgerLineRow(Base):
    """One case as lists need it. It is written anew after every event of the case and may be thrown away at
    any time: the truth is in the case, its events and its deadlines. All that lists are narrowed and sorted
    by is in this one row, so that a page never reads two tables row by row to find its fifty lines.

    `happened_at` is when the matter happened, or was entered where that is unknown. `level_rank` and
    `state_rank` put levels and states in their own order; `amount` is a number for sorting only.
    `advice_head` is the beginning of the first advice; what a search looks through is `words_id`, the whole
    advice, and the row of the result, in small letters. `signed_at` and `verdict` are of the newest
    signature. `awaited_due_at` is the earliest date of a deadline that is awaited; the clocks keep it.
    """

    __tablename__ = "ledger_line"
    __table_args__ = tuple(Index(f"ix_ledger_line_{name}_case_id", name, "case_id") for name in LISTED_BY)

    case_id: Mapped[int] = mapped_column(
        ForeignKey("complaint_case.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(40))
    result: Mapped[str | None] = mapped_column(String(40))
    handler_id: Mapped[str | None] = mapped_column(String(100))
    reporter_id: Mapped[str] = mapped_column(String(100))
    reviewer_id: Mapped[str | None] = mapped_column(String(100))
    team: Mapped[str | None] = mapped_column(String(200))
    collector_id: Mapped[str | None] = mapped_column(String(200))
    client: Mapped[str | None] = mapped_column(String(200))
    debtor_name: Mapped[str | None] = mapped_column(String(200))
    contact: Mapped[str | None] = mapped_column(String(100))
    currency: Mapped[str | None] = mapped_column(String(10))
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    happened_at: Mapped[datetime]
    level_rank: Mapped[int]
    state_rank: Mapped[int]
    amount: Mapped[float | None] = mapped_column(Float)
    score: Mapped[float | None] = mapped_column(Float)
    advice_head: Mapped[str] = mapped_column(String(HEAD))
    signed_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(20))
    words_id: Mapped[int] = mapped_column(ForeignKey("ledger_words.id"))
    awaited_due_at: Mapped[datetime | None]
