"""Warnings stored before there were cases get theirs in a round, once, whatever was stored."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from complaint_warnings.cases.adoption import waiting
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.ledger.check import check_ledger
from complaint_warnings.models import WarningDebtorRow, WarningRow
from pipeline import rounds
from pipeline.rounds import adopt_warnings
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, transaction


def stored_before(session: Session, clock: FixedClock, debtor: str, *, closed: bool = False) -> int:
    """A warning as it was written when there were neither cases nor seals."""
    session.execute(insert(WarningDebtorRow).values(debtor_key=debtor, turns=1))
    number = put(session, clock, debtor, closed=closed)
    told = {"level": "medium", "score": 41.5, "model": "default@2", "call_id": 1}
    audit.append(
        session, clock, actor="system", action="warning.opened", subject=f"warning:{number}", details=told
    )
    if closed:
        audit.append(
            session, clock, actor="cli", action="warning.closed", subject=f"warning:{number}",
            details={"reason": "不属实"},
        )  # fmt: skip
    return number


def put(session: Session, clock: FixedClock, debtor: str, *, closed: bool = False) -> int:
    row = WarningRow(
        debtor_key=debtor, episode=1, opened_at=clock.moment, updated_at=clock.moment,
        closed_at=clock.moment + timedelta(hours=1) if closed else None, first_seen_at=clock.moment,
        level="medium", score=41.5, model="default@2", source="call",
        advice={"zh": "回访", "en": "Call back"}, indicators=[],
        debtor_name="李建国", contact="+8613800138000", amount_due="1260.00", currency="CNY",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def problems(sessions: SessionFactory) -> list[tuple[str, int, str]]:
    with sessions() as session:
        assert audit.verify(session) == []
        return [(each.table, each.id, each.kind) for each in check_ledger(session)]


def test_each_gets_its_case_and_is_sealed_once(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        for number in range(3):
            stored_before(session, clock, f"customer:C{number}")
        stored_before(session, clock, "customer:C9", closed=True)
    assert problems(session_factory) == [("complaint_warning", number, "extra") for number in (1, 2, 3, 4)]

    assert [adopt_warnings(session_factory, clock) for _ in range(2)] == [4, 0]

    assert problems(session_factory) == []
    with session_factory() as session:
        cases = session.scalars(select(CaseRow).order_by(CaseRow.id)).all()
    assert [(case.number, case.warning_id, case.state, case.level, case.debtor_name) for case in cases] == [
        (f"W-2026-{number:06d}", number, "reported", "medium", "李建国") for number in (1, 2, 3)
    ]


def test_so_many_at_once(session_factory: SessionFactory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rounds, "CASES_AT_ONCE", 2)
    with transaction(session_factory) as session:
        for number in range(5):
            stored_before(session, clock, f"customer:C{number}")
    assert [adopt_warnings(session_factory, clock) for _ in range(4)] == [2, 2, 1, 0]


def test_what_the_chain_does_not_know_is_not_made_good(
    session_factory: SessionFactory, clock: FixedClock
) -> None:
    with transaction(session_factory) as session:
        session.execute(insert(WarningDebtorRow).values(debtor_key="customer:C1", turns=1))
        put(session, clock, "customer:C1")
        altered = stored_before(session, clock, "customer:C2")
        session.execute(update(WarningRow).where(WarningRow.id == altered).values(level="low"))

    assert adopt_warnings(session_factory, clock) == 0
    assert problems(session_factory) == [("complaint_warning", number, "extra") for number in (1, 2)]
    with session_factory() as session:
        assert session.scalar(text("SELECT count(*) FROM complaint_case")) == 0
        assert waiting(session, limit=10) == [altered]
