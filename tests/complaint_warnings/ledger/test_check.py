"""Tampering with any one row of the ledger is found, and the row is named."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Float, Integer, String, delete, insert, select, text, update
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.ledger.check import LedgerProblem, check_ledger
from complaint_warnings.models import WarningRow
from complaint_warnings.sources.models import WarningItemRow
from store.database import SessionFactory, UtcDateTime

from ..helpers import NOON

TABLES = {
    "complaint_case": CaseRow,
    "case_event": CaseEventRow,
    "complaint_warning": WarningRow,
    "warning_item": WarningItemRow,
}


def _changed(column: Column[Any]) -> object:
    """A value of the column's type that the product never writes there."""
    kinds = ((UtcDateTime, NOON - timedelta(days=9)), (String, "?"), (Integer, 77), (Float, 77.5))
    return next((value for kind, value in kinds if isinstance(column.type, kind)), {"x": 1})


def found(session: Session) -> list[tuple[str, int, int | None, str]]:
    return [(each.table, each.id, each.seq, each.kind) for each in check_ledger(session)]


def unprotect(session: Session) -> None:
    """What somebody with the rights of the database's owner can do."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET session_replication_role = replica"))
        return
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    for verb in ("update", "delete"):
        session.execute(text(f"DROP TRIGGER case_event_no_{verb}"))


def test_a_ledger_that_nobody_touched_is_whole(ledger: SessionFactory):
    with ledger() as session:
        assert found(session) == []
        assert len(session.scalars(select(CaseRow)).all()) == 6


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_a_random_row_is_held_fast(ledger: SessionFactory, table: str):
    kind, rng = TABLES[table], random.Random(3)
    with ledger() as session:
        unprotect(session)
        row = rng.choice(session.scalars(select(kind)).all())
        case = row.case_id if isinstance(row, CaseEventRow) else row.id
        seq = row.seq if isinstance(row, CaseEventRow) else None
        for column in kind.__table__.columns:
            if column.name in ("id", "case_id", "seq", "debtor_key", "warning_id") or column.unique:
                continue
            changed = _changed(column)
            with session.begin_nested() as step:
                session.execute(
                    update(kind.__table__).where(kind.id == row.id).values({column.name: changed})
                )
                assert found(session) == [(table, case, seq, "altered")], column.name
                step.rollback()
        assert found(session) == []


@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_is_taken_away_is_missed(ledger: SessionFactory, table: str):
    kind = TABLES[table]
    with ledger() as session:
        unprotect(session)
        rows = session.scalars(select(kind).order_by(kind.id)).all()
        row = rows[len(rows) // 2]
        case = row.case_id if isinstance(row, CaseEventRow) else row.id
        seq = row.seq if isinstance(row, CaseEventRow) else None
        session.execute(delete(kind.__table__).where(kind.id == row.id))
        session.expire_all()
        assert (table, case, seq, "missing") in found(session)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_was_put_in_is_noticed(ledger: SessionFactory, table: str):
    kind = TABLES[table]
    fresh = {
        "complaint_case": {"number": "W-2026-999999", "debtor_key": "customer:X", "warning_id": None},
        "case_event": {"seq": 9, "sha256": "0" * 64},
        "complaint_warning": {"debtor_key": "customer:X", "episode": 7},
        "warning_item": {"external_id": "R-2"},
    }[table]
    with ledger() as session:
        unprotect(session)
        session.execute(text("INSERT INTO warning_debtor VALUES ('customer:X', 1)"))
        row = session.execute(select(*kind.__table__.columns).order_by(kind.id.desc())).first()
        assert row is not None
        values = {**row._mapping, "id": row.id + 1, **fresh}
        session.execute(insert(kind.__table__), values)
        case, seq = (values["case_id"], 9) if table == "case_event" else (values["id"], None)
        assert found(session) == [(table, case, seq, "extra")]


def test_events_that_change_places_are_noticed(ledger: SessionFactory):
    with ledger() as session:
        unprotect(session)
        for one, other in ((1, 90), (2, 1), (90, 2)):
            moved = update(CaseEventRow.__table__).where(CaseEventRow.case_id == 1, CaseEventRow.seq == one)
            session.execute(moved.values(seq=other))
        assert found(session) == [("case_event", 1, 1, "altered"), ("case_event", 1, 2, "altered")]


def test_the_sentence_names_the_row(ledger: SessionFactory):
    with ledger() as session:
        session.execute(text("UPDATE complaint_warning SET level = 'none' WHERE id = 2"))
        assert list(check_ledger(session)) == [
            LedgerProblem("complaint_warning", 2, "altered", "row 2 of complaint_warning is not as written")
        ]
