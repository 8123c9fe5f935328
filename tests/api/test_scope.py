"""Every statement of a session with a sight finds what is in sight, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from api.scope import OutOfReachError, conditions, seeing
from api.sight import EVERYTHING, Reach, Sight, sight_of
from complaint_warnings.cases.models import CaseRow
from ingest.models import CallRow, RecordingRow, RefusalRow
from qc.models import FindingRow, InspectionRow, TicketRow
from store.database import SessionFactory, reading, transaction
from store.people import Actor
from transcription.models import TranscriptRow

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WHO = {1: ("zhang", "T1"), 2: ("wang", "T2"), 3: (None, None)}
STATES = {1: "open", 2: "shared", 3: "open"}


@pytest.fixture
def house(session_factory: SessionFactory) -> SessionFactory:
    """Three calls: one each of two collectors of two teams, one of nobody known."""
    with transaction(session_factory) as session:
        for number in WHO:
            _call(session, number)
        session.add(
            RefusalRow(
                key="k", name="a.wav", code="audio.empty", message="", first_at=NOW, last_at=NOW, times=1
            )
        )
    return session_factory


def _call(session: Session, number: int) -> None:
    agent, team = WHO[number]
    sha = f"{number:064}"
    session.add(
        RecordingRow(sha256=sha, bytes=1, codec="opus", source_rate=8000, source_channels=1, duration_s=9.0,
                     original_name="a", stored_at=NOW)
    )  # fmt: skip
    session.flush()
    session.add(
        CallRow(id=number, source="s", external_id=str(number), recording_sha256=sha, agent_id=agent,
                agent_team=team, debtor_key=f"d{number}", record={}, record_sha256=sha, registered_at=NOW)
    )  # fmt: skip
    session.flush()
    session.add(
        TranscriptRow(id=number, call_id=number, engine="given", model="", options_hash="0", document={},
                      created_at=NOW)
    )  # fmt: skip
    session.flush()
    session.add(
        InspectionRow(id=number, call_id=number, transcript_id=number, pack_hash="", packs=[], score=100,
                      document={}, created_at=NOW)
    )  # fmt: skip
    session.flush()
    session.add(
        FindingRow(id=number, inspection_id=number, ordinal=0, rule="r@1", category="abuse", kind="violation",
                   status="certain", severity="major", points=5, document={})
    )  # fmt: skip
    session.add(
        TicketRow(id=number, call_id=number, priority="high", state=STATES[number], reasons=[],
                  created_at=NOW)
    )  # fmt: skip
    session.flush()


MODELS: tuple[Any, ...] = (CallRow, TranscriptRow, InspectionRow, FindingRow)
SUPERVISOR = sight_of(Actor("chen", frozenset({"supervisor"}), "T1"))
SEEN: list[tuple[Sight, set[int]]] = [
    (EVERYTHING, {1, 2, 3}),
    (SUPERVISOR, {1}),
    (sight_of(Actor("wang", frozenset({"collector"}), "T2")), {2}),
    (sight_of(Actor("zhang", frozenset({"qc_reviewer"}), "T1")), {2, 3}),
    (sight_of(Actor("sun", frozenset({"legal"}), sees=frozenset({"T2"}))), {2}),
    (sight_of(Actor("root", frozenset({"admin"}))), set()),
    (sight_of(Actor("desk", frozenset({"customer_service"}))), set()),
]


@pytest.mark.parametrize(("sight", "ids"), SEEN)
def test_rows_of_calls_out_of_sight_are_not_found(house: SessionFactory, sight: Sight, ids: set[int]) -> None:
    with reading(seeing(house, sight)) as session:
        for model in MODELS:
            assert {row.id for row in session.scalars(select(model))} == ids
            assert {each for each in WHO if session.get(model, each) is not None} == ids
            assert session.scalar(select(func.count()).select_from(model)) == len(ids)
            assert set(session.scalars(select(aliased(model).id))) == ids


HIDDEN: dict[str, Callable[[Session], Any]] = {
    "outer join": lambda s: [
        ticket
        for _, ticket in s.execute(select(CallRow.id, TicketRow.id).outerjoin(TicketRow))
        if ticket != 1
    ],
    "subquery": lambda s: s.execute(
        select(select(CallRow.id, CallRow.agent_id).where(CallRow.id == 2).subquery())
    ).all(),
    "exists": lambda s: list(s.scalars(select(InspectionRow.id).where(InspectionRow.call_id == 2))),
    "union": lambda s: s.execute(
        select(CallRow.id).where(CallRow.id == 2).union(select(CallRow.id).where(CallRow.id == 3))
    ).all(),
    "scalar subquery": lambda s: s.scalar(
        select(select(func.max(CallRow.id)).where(CallRow.id != 1).scalar_subquery())
    ),
    "relationship": lambda s: [each.findings for each in s.scalars(select(InspectionRow)) if each.id != 1],
}


def test_no_way_round_leads_to_what_is_out_of_sight(house: SessionFactory) -> None:
    with reading(seeing(house, SUPERVISOR)) as session:
        assert {way: bool(found(session)) for way, found in HIDDEN.items()} == dict.fromkeys(HIDDEN, False)
        joined = session.execute(select(TicketRow.id, CallRow.id).join(CallRow)).all()
        assert joined == [(1, 1)]


@pytest.mark.parametrize("model", MODELS)
def test_every_copy_of_a_table_in_a_statement_is_narrowed(house: SessionFactory, model: Any) -> None:
    one, other = aliased(model), aliased(model)
    pairs = (
        select(one.id, other.id).join(other, one.id <= other.id),
        select(model.id, other.id).join(other, model.id != other.id, isouter=True),
        select(one.id, model.id).join(model, one.id <= model.id),
        select(one.id, other.id).where(one.id <= other.id),
    )
    with reading(seeing(house, SUPERVISOR)) as session:
        found = [session.execute(each).all() for each in pairs]
    assert found == [[(1, 1)], [(1, None)], [(1, 1)], [(1, 1)]]


def test_cases_of_ones_own_are_looked_up_by_index(session_factory: SessionFactory) -> None:
    sight = sight_of(Actor("mei", frozenset({"customer_service"})))
    statement = select(CaseRow.__table__.c.debtor_key).where(conditions(sight)[CaseRow])
    with reading(session_factory) as session:
        engine = session.get_bind()
        how = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
        if engine.dialect.name == "postgresql":  # few rows are read whole, whatever index there is
            session.execute(text("SET LOCAL enable_seqscan = off"))
        asked = statement.compile(engine, compile_kwargs={"literal_binds": True})
        plan = " ".join(str(row) for row in session.execute(text(f"{how} {asked}")))
    for column in ("reporter_id", "reviewer_id", "handler_id"):
        assert f"ix_complaint_case_{column}_id" in plan


def test_a_collector_sees_a_ticket_once_it_was_shared(house: SessionFactory) -> None:
    for name, ids in (("zhang", []), ("wang", [2])):
        sight = sight_of(Actor(name, frozenset({"collector"})))
        with reading(seeing(house, sight)) as session:
            assert list(session.scalars(select(TicketRow.id))) == ids


def test_what_cannot_be_narrowed_is_refused(house: SessionFactory) -> None:
    for statement in (
        text("SELECT id FROM call"),
        select(CallRow.__table__.c.id),
        select(TicketRow.__table__),
    ):
        with reading(seeing(house, SUPERVISOR)) as session, pytest.raises(OutOfReachError):
            session.execute(statement)
        with reading(seeing(house, EVERYTHING)) as session:
            assert len(session.execute(statement).all()) == len(WHO)


def test_refusals_are_for_those_who_see_all_calls_or_run_the_house(house: SessionFactory) -> None:
    for role, count in (("supervisor", 0), ("auditor", 1), ("admin", 1), ("collector", 0)):
        with reading(seeing(house, sight_of(Actor("x", frozenset({role}), "T1")))) as session:
            assert session.scalar(select(func.count()).select_from(RefusalRow)) == count


def test_every_table_that_hangs_on_a_call_or_case_is_narrowed() -> None:
    names = {model.__tablename__ for model in conditions(Sight(Reach(), Reach()))}
    assert {
        "call", "transcript", "role_decision", "hearing", "inspection", "finding", "finding_verdict",
        "ticket", "work", "complaint_warning", "complaint_warning_call", "warning_item", "complaint_case",
        "case_event", "case_deadline", "complaint", "ledger_line", "ledger_result", "case_lesson",
        "notice", "notice_delivery", "legal_hold", "refusal", "source_item",
    } <= names  # fmt: skip
