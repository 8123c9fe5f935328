"""Alters one row of each table behind the product's back, and looks whether verification finds that row."""

import random
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.ledger.check import check_ledger
from complaint_warnings.models import WarningRow
from complaint_warnings.sources.models import WarningItemRow
from store.database import SessionFactory

# A harmless looking change of one row in each table.
CHANGES = {
    "complaint_case": "UPDATE complaint_case SET level = 'none' WHERE id = :row",
    "case_event": "UPDATE case_event SET actor = 'nobody' WHERE case_id = :row AND seq = 1",
    "complaint_warning": "UPDATE complaint_warning SET score = score + 1 WHERE id = :row",
    "warning_item": "UPDATE warning_item SET reason = 'never mind' WHERE id = :row",
}

KEYS = {
    "complaint_case": CaseRow.id,
    "case_event": CaseEventRow.case_id,
    "complaint_warning": WarningRow.id,
    "warning_item": WarningItemRow.id,
}


def tamper_each(sessions: SessionFactory, rng: random.Random) -> dict[str, Any]:
    """For each table: a random row is altered, verified and put back; `found` when exactly it was named."""
    found = {}
    for table, change in CHANGES.items():
        with sessions() as session:
            row = _some_row(session, table, rng)
            session.execute(text("SET session_replication_role = replica"))  # as who owns the server could
            session.execute(text(change), {"row": row})
            problems = list(check_ledger(session))
            found[table] = [(problem.table, problem.id) for problem in problems] == [(table, row)]
            session.rollback()
    return found


def _some_row(session: Session, table: str, rng: random.Random) -> int:
    ids = list(session.scalars(select(KEYS[table]).distinct()))
    return rng.choice(sorted(ids))
