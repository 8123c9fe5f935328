"""Table of the ledger: what lists are sorted and searched by and the row of the case does not have."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base

HEAD = 60


class LedgerWordsRow(Base):
    """The words of an advice, once for all lines that have it: few, so that a search is quick."""

    __tablename__ = "ledger_words"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    words: Mapped[str] = mapped_column(Text)


class LedgerLineRow(Base):
    """One case as lists need it. It is written anew after every event of the case and may be thrown away at
    any time: the truth is in the case and its events.

    `happened_at` is when the matter happened, or was entered where that is unknown. `level_rank` and
    `state_rank` put levels and states in their own order; `amount` is a number for sorting only.
    `advice_head` is the beginning of the first advice; what a search looks through is `words_id`, the whole
    advice, and `result_words`, in small letters. `signed_at` and `verdict` are of the newest signature.
    """

    __tablename__ = "ledger_line"
    __table_args__ = (
        Index("ix_ledger_line_happened_at_case_id", "happened_at", "case_id"),
        Index("ix_ledger_line_level_rank_case_id", "level_rank", "case_id"),
        Index("ix_ledger_line_state_rank_case_id", "state_rank", "case_id"),
        Index("ix_ledger_line_words_id_case_id", "words_id", "case_id"),
        Index("ix_ledger_line_amount_case_id", "amount", "case_id"),
        Index("ix_ledger_line_score_case_id", "score", "case_id"),
        Index("ix_ledger_line_advice_head_case_id", "advice_head", "case_id"),
        Index("ix_ledger_line_signed_at_case_id", "signed_at", "case_id"),
        Index("ix_ledger_line_verdict_case_id", "verdict", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(
        ForeignKey("complaint_case.id"), primary_key=True, autoincrement=False
    )
    happened_at: Mapped[datetime]
    level_rank: Mapped[int]
    state_rank: Mapped[int]
    amount: Mapped[float | None] = mapped_column(Float)
    score: Mapped[float | None] = mapped_column(Float)
    advice_head: Mapped[str] = mapped_column(String(HEAD))
    signed_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(20))
    words_id: Mapped[int] = mapped_column(ForeignKey("ledger_words.id"))
    result_words: Mapped[str | None] = mapped_column(Text)
