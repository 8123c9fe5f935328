from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from ingest.facts.models import CaseFactRow
from ingest.facts.service import Kept, facts_about, keep
from ingest.facts.types import About, Fact
from ingest.metadata import parse_call_record
from store.database import reading, transaction

AT = datetime(2026, 3, 5, tzinfo=UTC)
CASE = Fact("case", About(case="K1"), {"days_overdue": 1}, AT)
NOTE = Fact("note", About(call="pbx/T1"), {"text": "x"}, AT)
CALL = parse_call_record({"external_id": "T1", "source": "pbx", "case": {"id": "K1"}}, "x")


def kept(session_factory, clock, *facts):
    with transaction(session_factory) as session:
        return keep(session, clock, facts, actor="test")


def test_the_same_list_again_changes_nothing(session_factory, clock):
    assert kept(session_factory, clock, CASE, NOTE, NOTE) == Kept(2, 1)
    later = AT + timedelta(days=1)
    assert kept(session_factory, clock, replace(CASE, as_of=later), replace(NOTE, as_of=later)) == Kept(0, 2)
    with reading(session_factory) as session:
        assert session.scalar(select(func.count()).select_from(CaseFactRow)) == 2
        assert facts_about(session, CALL) == [CASE, NOTE]


def test_a_case_may_go_back_to_what_it_was(session_factory, clock):
    other = replace(CASE, data={"days_overdue": 2}, as_of=AT + timedelta(days=1))
    back = replace(CASE, as_of=AT + timedelta(days=2))
    assert kept(session_factory, clock, CASE) == kept(session_factory, clock, other) == Kept(1, 0)
    assert kept(session_factory, clock, back) == Kept(1, 0)
    with reading(session_factory) as session:
        assert facts_about(session, CALL) == [CASE, other, back]


def test_facts_of_other_calls_are_not_found(session_factory, clock):
    kept(
        session_factory,
        clock,
        replace(CASE, about=About(case="K2")),
        replace(NOTE, about=About(call="pbx/T2")),
    )
    with reading(session_factory) as session:
        assert facts_about(session, CALL) == []
