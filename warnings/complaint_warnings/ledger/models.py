"""Table of the ledger: what lists are sorted and searched by and the row of the case does not have."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base

HEAD = 60


class LedgerLineRow(Base):
    """One case as lists need it. It is written anew after every event of the case and may be thrown away at
    any time: the truth is in the case and its events.

    `amount` is a number for sorting only. `advice_head` is the beginning of the first advice; `words` and
    `result_words` are what a search looks through, in small letters. `signed_at` and `verdict` are of the
    newest signature.
    """

    __tablename__ = "ledger_line"
    __table_args__ = (
        Index("ix_ledger_line_amount_case_id", "amount", "case_id"),
        Index("ix_ledger_line_score_case_id", "score", "case_id"),
        Index("ix_ledger_line_advice_head_case_id", "advice_head", "case_id"),
        Index("ix_ledger_line_signed_at_case_id", "signed_at", "case_id"),
        Index("ix_ledger_line_verdict_case_id", "verdict", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(
        ForeignKey("complaint_case.id"), primary_key=True, autoincrement=False
    )
    amount: Mapped[float | None] = mapped_column(Float)
    score: Mapped[float | None] = mapped_column(Float)
    advice_head: Mapped[str] = mapped_column(String(HEAD))
    signed_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    result_words: Mapped[str | None] = mapped_column(Text)
