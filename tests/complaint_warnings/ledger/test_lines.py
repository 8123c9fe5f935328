"""Pages of the ledger: every order, every filter, nothing twice, nothing left out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from complaint_warnings.cases.door import act
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.clocks.models import DeadlineRow
from complaint_warnings.ledger import filters
from complaint_warnings.ledger.cursor import Cursor
from complaint_warnings.ledger.filters import Filters
from complaint_warnings.ledger.lines import LedgerLine, Wanted, every, one, page
from complaint_warnings.ledger.service import write_line
from complaint_warnings.ledger.sorting import SORTS
from complaint_warnings.types import LEVELS
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from store.errors import BadInputError
from store.people import Actor

from ..helpers import NOON

LATER = NOON + timedelta(days=30)


def paged(factory: SessionFactory, wanted: Wanted, limit: int) -> list[LedgerLine]:
    found: list[LedgerLine] = []
    cursor = None
    with factory() as session:
        while True:
            part = page(session, wanted, limit=limit, cursor=cursor)
            found += part.lines
            cursor = part.next
            if cursor is None:
                return found


def value(line: LedgerLine, sort: str) -> Any:
    if sort == "time":
        return line.time or line.entered
    found = getattr(line, sort) if sort != "advice" else line.advice["zh"]
    if sort == "level":
        return LEVELS.index(found)
    return getattr(found, "id", found)


@pytest.mark.parametrize("descending", [True, False], ids=["down", "up"])
def test_every_order_is_right_and_whole_on_pages_of_two(ledger: SessionFactory, descending: bool):
    for sort in SORTS:
        lines = paged(ledger, Wanted(Filters(), LATER, sort, descending), limit=2)
        assert sorted(line.case_id for line in lines) == [1, 2, 3, 4, 5, 6], sort
        known = [value(line, sort) for line in lines if value(line, sort) is not None]
        assert [value(line, sort) for line in lines[: len(known)]] == known, f"{sort}: unknown comes last"
        if sort not in ("state", "debtor", "advice", "number"):  # words sort as the database does
            assert known == sorted(known, reverse=descending), sort


def test_states_sort_by_the_way_a_case_goes(ledger: SessionFactory):
    lines = paged(ledger, Wanted(Filters(), LATER, "state", descending=False), limit=4)
    assert [line.state for line in lines] == [*["reported"] * 4, "reviewed", "closed"]


@pytest.mark.parametrize(
    ("filters", "cases"),
    [
        (Filters(levels=("high",)), [3]),
        (Filters(levels=("high", "low")), [1, 3, 4, 6]),
        (Filters(states=("closed",)), [2]),
        (Filters(sources=("report",)), [6]),
        (Filters(reporters=("cs",)), [6]),
        (Filters(reviewers=("head",)), [1]),
        (Filters(results=("unfounded",)), [2]),
        (Filters(open=True, sources=("call",)), [1, 3, 4, 5]),
        (Filters(open=False), [2]),
        (Filters(name="客户3"), [4]),
        (Filters(name="户%"), []),
        (Filters(contact="8000"), [1, 2, 3, 4, 5]),
        (Filters(number="w-2026-0000"), [1, 2, 3, 4, 5, 6]),
        (Filters(number="W-2026-000005"), [5]),
        (Filters(text="媒体"), []),
        (Filters(text="立即启动投诉处理"), [3]),
        (Filters(text="START complaint"), [3]),
        (Filters(since=NOON - timedelta(hours=1), until=NOON), [2, 6]),
        (Filters(since=NOON + timedelta(minutes=-1)), [1, 4]),
        (Filters(handlers=("nobody",)), []),
    ],
)
def test_each_filter(ledger: SessionFactory, filters: Filters, cases: Sequence[int]):
    with ledger() as session:
        found = page(session, Wanted(filters, LATER, "number", descending=False), limit=50)
    assert [line.case_id for line in found.lines] == cases


def _awaited(factory: SessionFactory, now: datetime) -> set[int]:
    """The cases with a deadline that passed and is awaited, as the deadlines themselves say."""
    with factory() as session:
        rows = session.scalars(select(DeadlineRow).where(DeadlineRow.due_at < now))
        return {row.case_id for row in rows if row.met_at is None and row.ended_at is None}


def test_overdue_is_what_awaits_a_deadline_that_passed(ledger: SessionFactory):
    assert _awaited(ledger, NOON + timedelta(hours=30)) == {3}
    for now in (NOON, NOON + timedelta(hours=30), LATER):
        late = paged(ledger, Wanted(Filters(overdue=True), now), limit=9)
        in_time = paged(ledger, Wanted(Filters(overdue=False), now), limit=9)
        assert {line.case_id for line in late} == _awaited(ledger, now)
        assert {line.case_id for line in in_time} == {1, 2, 3, 4, 5, 6} - _awaited(ledger, now)
        assert {line.overdue for line in late} <= {True}
        assert {line.overdue for line in in_time} == {False}


def test_what_ends_a_deadline_is_in_the_line_at_once(ledger: SessionFactory, clock: FixedClock):
    assert 3 in _awaited(ledger, LATER)
    with transaction(ledger) as session:
        lead = Actor("lead", frozenset({"control_lead"}))
        act(session, clock, case_id=3, action="dismiss", actor=lead, details={"reason": "经核实不属实"})
    late = paged(ledger, Wanted(Filters(overdue=True), LATER), limit=9)
    assert {line.case_id for line in late} == _awaited(ledger, LATER) == {1, 4, 5, 6}


@pytest.mark.parametrize("many", [1, 5000], ids=["advice in many lines", "advice in few lines"])
def test_words_are_found_in_advice_and_in_results_until_the_case_is_opened_again(
    ledger: SessionFactory, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "_MANY", many)
    with transaction(ledger) as session:
        case = session.get_one(CaseRow, 2)
        resolved = CaseEventRow(action="resolve", details={"words": "减免 Fee 并道歉，立即生效"})
        write_line(session, case, [resolved])
    for words, cases in (("fee", [2]), ("道歉", [2]), ("立即", [3, 2]), ("没有", [])):
        found = paged(ledger, Wanted(Filters(text=words), LATER), limit=9)
        assert [line.case_id for line in found] == cases, words
    with transaction(ledger) as session:
        write_line(session, session.get_one(CaseRow, 2), [CaseEventRow(action="reopen", details={})])
    assert paged(ledger, Wanted(Filters(text="fee"), LATER), limit=9) == []


def test_a_line_has_everything_of_its_case(ledger: SessionFactory):
    with ledger() as session:
        line = one(session, 1, now=NOON)
        assert line is not None
        assert (line.number, line.debtor, line.contact) == ("W-2026-000001", "客**", "+86138****8000")
        assert (str(line.amount), line.currency, line.source, line.level) == ("100.00", "CNY", "call", "low")
        assert (line.time, line.entered, line.signed, line.verdict) == (NOON, NOON, NOON, "confirmed")
        assert line.reviewer is not None
        assert (line.reviewer.id, line.reviewer.name, line.state) == ("head", "姓名head", "reviewed")
        assert (line.reporter.id, line.reporter.name, line.handler, line.result) == (
            "system",
            None,
            None,
            None,
        )
        assert one(session, 1, now=NOON, masked=False).contact == "+8613800138000"  # type: ignore[union-attr]
        dismissed = one(session, 2, now=NOON)
        assert dismissed is not None
        assert (dismissed.state, dismissed.result, dismissed.closed) == ("closed", "unfounded", NOON)
        assert one(session, 99, now=NOON) is None


def test_batches_hold_all_lines_in_order(ledger: SessionFactory):
    wanted = Wanted(Filters(), LATER, "amount", descending=False)
    with ledger() as session:
        sizes = [len(batch) for batch in every(session, wanted, batch=4)]
        lines = [line for batch in every(session, wanted, batch=4) for line in batch]
    assert sizes == [4, 2]
    assert [str(line.amount) for line in lines] == ["100.00", "200.00", "300.00", "400.00", "500.00", "None"]


def test_an_unknown_order_is_refused(ledger: SessionFactory):
    with ledger() as session, pytest.raises(BadInputError) as refused:
        page(session, Wanted(Filters(), NOON, "password"), limit=5)
    assert refused.value.code == "ledger.sort"


@pytest.mark.parametrize(
    "text", ["", "?", "MTc", "W10", "é", "WyJlbnRlcmVkIiwgdHJ1ZSwgMCwgdHJ1ZSwgIngiLCAxXQ"]
)
def test_what_is_no_cursor_is_refused(text: str):
    with pytest.raises(BadInputError) as refused:
        Cursor.read(text, "entered", descending=True)
    assert refused.value.code == "ledger.cursor"


@pytest.mark.parametrize("value", ["甲", 1.5, NOON, None])
def test_a_cursor_comes_back_and_keeps_to_its_order(value: Any):
    made = Cursor("time", True, 1, value, 7)
    assert Cursor.read(made.write(), "time", descending=True) == made
    for sort, descending in (("time", False), ("level", True)):
        with pytest.raises(BadInputError):
            Cursor.read(made.write(), sort, descending=descending)
