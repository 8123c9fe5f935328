"""One warning per debtor and episode, the same whatever the order of its calls."""

import threading
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from complaint_warnings.models import WarningCallRow, WarningDebtorRow, WarningRow
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call, close_warning
from complaint_warnings.types import CallEvidence
from store import audit
from store.database import Base, SessionFactory, make_engine, make_session_factory, transaction
from store.errors import ConflictError, NotFoundError
from store.people import Actor

from .helpers import NOON, call, finding

WEIGHTS = default_weights()
DAY = timedelta(days=1)
HEAD = Actor("head", frozenset({"department_head", "control_lead"}))
CALLS = [
    call(finding("promise_to_pay"), name="H001", at=NOON),
    call(finding("refusal"), finding("negative_emotion", state="angry"), name="H002", at=NOON + DAY),
    call(finding("complaint_intent", channel="media"), name="H003", at=NOON + 2 * DAY, complaints_before=1),
]


@pytest.fixture
def apply(factory: SessionFactory, clock, register):
    """Register a call where it is new, then let it count, each in a transaction of its own."""
    ids: dict[str, int] = {}

    def run(evidence: CallEvidence, debtor: str = "debtor:C1") -> int | None:
        if evidence.call not in ids:
            with transaction(factory) as session:
                ids[evidence.call] = register(session, evidence, debtor)
        with transaction(factory) as session:
            row = apply_call(session, clock, call_id=ids[evidence.call], evidence=evidence, weights=WEIGHTS)
            return row.id if row else None

    return run


def state(factory: SessionFactory) -> list[dict[str, Any]]:
    """Every warning as stored, without what only tells when this system worked."""
    with factory() as session:
        rows = session.scalars(select(WarningRow).order_by(WarningRow.debtor_key, WarningRow.episode))
        return [
            {
                "debtor": row.debtor_key,
                "episode": row.episode,
                "level": row.level,
                "score": row.score,
                "state": "reported" if row.closed_at is None else "closed",
                "first_seen_at": row.first_seen_at,
                "advice": row.advice,
                "indicators": row.indicators,
                "snapshot": (row.debtor_name, row.contact, row.amount_due, row.currency),
                "calls": sorted(c.evidence["call"] for c in row.calls),
            }
            for row in rows
        ]


def actions(factory: SessionFactory) -> list[str]:
    with factory() as session:
        return list(session.scalars(select(audit.AuditEntry.action).order_by(audit.AuditEntry.seq)))


def test_the_first_signal_opens_a_warning(factory, apply):
    number = apply(CALLS[1])
    [row] = state(factory)
    assert number is not None
    assert (row["debtor"], row["episode"], row["level"], row["state"]) == (
        "debtor:C1",
        1,
        "medium",
        "reported",
    )
    assert row["first_seen_at"] == NOON + DAY
    assert row["snapshot"] == ("李建国", "+8613800138000", "1260.00", "CNY")
    assert row["calls"] == ["H002"]
    assert row["indicators"][0] == {
        "name": "emotion.angry",
        "points": 25.0,
        "floor": "medium",
        "because": {
            "zh": "客户情绪愤怒（通话 H002 12.5 s；见于言语）。",
            "en": "The customer was angry (call H002 12.5 s; in words).",
        },
    }
    assert row["advice"]["en"].endswith("Medium: call back within one working day and monitor closely.")
    assert actions(factory) == ["warning.opened", "case.opened"]


def test_a_call_without_signals_makes_no_warning_but_is_remembered(factory, apply):
    assert apply(CALLS[0]) is None
    assert state(factory) == []
    assert actions(factory) == []
    apply(CALLS[1])
    [row] = state(factory)
    assert row["calls"] == ["H001", "H002"]
    assert "willingness_falling" in [i["name"] for i in row["indicators"]]


def test_any_order_and_any_repetition_give_the_same_warning(tmp_path, clock, register):
    seen = []
    for place, order in enumerate(permutations(CALLS)):
        seen.append(_run_in_order(tmp_path / f"{place}.db", clock, register, [*order, order[0], order[2]]))
    assert seen[0][0]["calls"] == ["H001", "H002", "H003"]
    assert seen[0][0]["level"] == "high"
    assert seen[0][0]["first_seen_at"] == NOON + DAY
    assert all(one == seen[0] for one in seen)


def _run_in_order(path, clock, register, order) -> list[dict[str, Any]]:
    engine = make_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        audit.install(connection)
    factory = make_session_factory(engine)
    with transaction(factory) as session:
        ids = {one.call: register(session, one) for one in CALLS}
    for one in order:
        with transaction(factory) as session:
            apply_call(session, clock, call_id=ids[one.call], evidence=one, weights=WEIGHTS)
    result = state(factory)
    engine.dispose()
    return result


def test_repeating_a_call_writes_nothing(factory, apply, clock):
    apply(CALLS[1])
    before, log = state(factory), actions(factory)
    clock.moment += DAY
    apply(CALLS[1])
    assert state(factory) == before
    assert actions(factory) == log
    with factory() as session:
        assert session.scalar(select(WarningRow.updated_at)) == NOON
        assert session.scalar(select(func.count()).select_from(WarningCallRow)) == 1


def test_debtors_do_not_mix(factory, apply):
    apply(CALLS[1], "debtor:C1")
    apply(call(finding("refusal"), name="H900"), "debtor:C2")
    assert [(r["debtor"], r["level"], r["calls"]) for r in state(factory)] == [
        ("debtor:C1", "medium", ["H002"]),
        ("debtor:C2", "low", ["H900"]),
    ]


def test_a_later_calm_call_does_not_lower_the_level(factory, apply):
    apply(CALLS[2])
    apply(call(finding("promise_to_pay"), name="H004", at=NOON + timedelta(days=500)))
    [row] = state(factory)
    assert row["level"] == "high"
    assert row["indicators"][0]["name"] == "level_held"
    assert row["calls"] == ["H003", "H004"]


def test_a_new_inspection_replaces_the_evidence_and_says_so(factory, apply):
    apply(CALLS[2])
    apply(call(finding("refusal"), name="H003", at=NOON + 2 * DAY))
    [row] = state(factory)
    assert row["level"] == "low"
    with factory() as session:
        entry = session.scalars(
            select(audit.AuditEntry)
            .where(audit.AuditEntry.subject.startswith("warning:"))
            .order_by(audit.AuditEntry.seq.desc())
        ).first()
        assert entry is not None
        assert entry.action == "warning.changed"
        assert (entry.details["level_before"], entry.details["level"]) == ("high", "low")
        assert audit.verify(session) == []


def test_a_warning_whose_evidence_is_gone_stays_in_sight(factory, apply):
    apply(CALLS[2])
    apply(call(name="H003", at=NOON + 2 * DAY))
    [row] = state(factory)
    assert (row["level"], row["score"], row["state"]) == ("low", 0.0, "reported")
    assert [i["name"] for i in row["indicators"]] == ["evidence_withdrawn"]
    assert row["calls"] == ["H003"]


def test_after_closing_a_new_call_opens_a_new_episode(factory, apply, clock):
    first = apply(CALLS[1])
    with transaction(factory) as session:
        close_warning(session, clock, first, actor=HEAD, reason="settled")
    apply(CALLS[2])
    rows = state(factory)
    assert [(r["episode"], r["state"], r["calls"]) for r in rows] == [
        (1, "closed", ["H002"]),
        (2, "reported", ["H003"]),
    ]
    assert actions(factory) == [
        "warning.opened",
        "case.opened",
        "case.dismiss",
        "warning.closed",
        "warning.opened",
        "case.opened",
    ]


def test_a_repeated_call_stays_in_its_closed_episode(factory, apply, clock):
    number = apply(CALLS[1])
    with transaction(factory) as session:
        close_warning(session, clock, number, actor=HEAD, reason="settled")
    assert apply(CALLS[1]) == number
    assert len(state(factory)) == 1


def test_closing_twice_and_closing_nothing(factory, apply, clock):
    number = apply(CALLS[1])
    with transaction(factory) as session:
        close_warning(session, clock, number, actor=HEAD, reason="settled")
    with pytest.raises(ConflictError) as conflict, transaction(factory) as session:
        close_warning(session, clock, number, actor=HEAD, reason="again")
    assert conflict.value.code == "case.closed"
    with pytest.raises(NotFoundError) as unknown, transaction(factory) as session:
        close_warning(session, clock, 4711, actor=HEAD, reason="?")
    assert unknown.value.code == "warnings.unknown"


def test_an_unknown_call_is_refused(factory, clock):
    with pytest.raises(NotFoundError) as unknown, transaction(factory) as session:
        apply_call(session, clock, call_id=99, evidence=CALLS[0], weights=WEIGHTS)
    assert unknown.value.code == "warnings.call_unknown"


def test_a_third_partys_number_is_not_the_debtors_contact(factory, apply):
    apply(
        call(
            finding("stop_request"),
            name="H005",
            customer={"number": "+8613900139000", "relation": "colleague"},
        )
    )
    [row] = state(factory)
    assert row["snapshot"] == ("李建国", None, "1260.00", "CNY")


def test_evidence_of_unknown_time_is_not_dated_now(factory, apply):
    apply(call(finding("stop_request"), name="H006", at=None))
    [row] = state(factory)
    assert row["first_seen_at"] is None


def test_the_database_refuses_a_second_open_episode(factory):
    def row(episode: int) -> WarningRow:
        return WarningRow(
            debtor_key="debtor:C1", episode=episode, opened_at=NOON, updated_at=NOON, closed_at=None,
            level="low", score=8.0, model="default@1", advice={}, indicators=[],
        )  # fmt: skip

    with transaction(factory) as session:
        session.add(WarningDebtorRow(debtor_key="debtor:C1"))
        session.flush()
        session.add(row(1))
    with pytest.raises(IntegrityError), transaction(factory) as session:
        session.add(row(2))


def test_two_workers_with_calls_of_one_debtor_lose_nothing(factory, clock, register):
    calls = [call(finding("stop_request"), name=f"H1{n:02}", at=NOON + n * DAY) for n in range(6)]
    with transaction(factory) as session:
        ids = {one.call: register(session, one) for one in calls}
    start = threading.Barrier(2)
    errors: list[BaseException] = []

    def work(mine: list[CallEvidence]) -> None:
        try:
            start.wait()
            for one in mine:
                with transaction(factory) as session:
                    apply_call(session, clock, call_id=ids[one.call], evidence=one, weights=WEIGHTS)
        except BaseException as error:
            errors.append(error)

    workers = [threading.Thread(target=work, args=(calls[n::2],)) for n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    [row] = state(factory)
    assert row["calls"] == [one.call for one in calls]
    assert next(i for i in row["indicators"] if i["name"] == "repeated_signals")["points"] > 0
    with factory() as session:
        assert audit.verify(session) == []
