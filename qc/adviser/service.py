"""Keep and find answers of the adviser. Every verb may be repeated; none commits."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from qc.adviser.models import AdviceRow
from qc.findings import Advice, View
from store.clock import Clock


def load_advice(session: Session, keys: Sequence[str]) -> dict[str, Advice]:
    """The answers that are known, by the key of their question."""
    if not keys:
        return {}
    rows = session.scalars(select(AdviceRow).where(AdviceRow.key.in_(keys)))
    return {row.key: Advice(cast(View, row.view), row.reason, row.model) for row in rows}


def save_advice(session: Session, clock: Clock, answers: Mapping[str, Advice]) -> None:
    """Keep answers; what is known stays, and no answer is not kept: it is asked for again."""
    known = load_advice(session, tuple(answers))
    for key, advice in sorted(answers.items()):
        if key in known or advice.view == "no_answer":
            continue
        row = AdviceRow(
            key=key, model=advice.model, view=advice.view, reason=advice.reason, created_at=clock.now()
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # another process asked the same and was first
            continue
