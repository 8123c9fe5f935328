"""Holds by hand and deletion on demand: two persons, refused under hold with the reason."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from complaint_warnings.cases.models import CaseRow
from ingest.models import CallRow
from pipeline.retention import orders
from pipeline.retention.erase import Way, erase_call
from pipeline.retention.holds import hold, holds_of, release
from pipeline.retention.models import DeletionOrderRow
from pipeline.retention.work import run
from store import audit
from store.database import reading, transaction
from store.errors import ConflictError, DitingError, NotFoundError
from store.people import find_actor

from .house import SECRET, House
from .test_erase import LATER, everything_holds


def ordered(house: House, kind: orders.Kind, subject: str, by: str = "law") -> DeletionOrderRow:
    with transaction(house.sessions) as session:
        return orders.order(
            session, house.clock, house.policy, kind=kind, subject=subject,
            actor=find_actor(session, by), reason="DSR-2026-17",
        )  # fmt: skip


def approved(house: House, number: int, by: str = "lead") -> DeletionOrderRow:
    with transaction(house.sessions) as session:
        orders.approve(session, house.clock, house.policy, number, actor=find_actor(session, by))
    return orders.carry_out(house.sessions, house.clock, house.recordings, house.policy, number)


def refusal(house: House, kind: orders.Kind, subject: str, by: str = "law") -> DitingError:
    with pytest.raises(DitingError) as refused:
        ordered(house, kind, subject, by)
    return refused.value


def put_on_hold(house: House, call_id: int) -> bool:
    with transaction(house.sessions) as session:
        call = session.get_one(CallRow, call_id)
        return hold(session, house.clock, call, actor=find_actor(session, "law"), reason="诉讼 2026-3")


def test_everything_about_a_debtor_goes_when_two_persons_say_so(house: House) -> None:
    house.call("H001", warns=True)
    house.call("H002", at=None, ticket=True)
    other = house.call("H003", customer="C9")
    house.close_case("customer:C1")

    number = ordered(house, "debtor", "customer:C1").id
    with pytest.raises(ConflictError) as refused:
        approved(house, number, by="law")
    assert refused.value.code == "retention.second_person"
    with pytest.raises(ConflictError) as refused:
        orders.carry_out(house.sessions, house.clock, house.recordings, house.policy, number)
    assert refused.value.code == "retention.not_approved"
    row = approved(house, number)

    assert (row.state, row.subject[:7]) == ("done", "sha256:")
    assert row.counts["finding"] == 2
    assert row.counts["complaint_case"] == 1
    with reading(house.sessions) as session:
        assert list(session.scalars(select(CallRow.id))) == [other]
        assert session.scalar(select(CaseRow.id)) is None
        assert audit.verify(session) == []
    assert house.tables_with("customer:C1") == []
    assert house.tables_with("K-C1") == []
    assert everything_holds(house) == []
    assert approved(house, number).state == "done"  # again changes nothing


def test_what_must_be_kept_is_refused_with_the_reason(house: House) -> None:
    held, warned = house.call("H001"), house.call("H002", customer="C2", warns=True)
    assert put_on_hold(house, held)
    assert not put_on_hold(house, held)

    assert refusal(house, "call", str(held)).code == "retention.kept"
    assert "on legal hold by law (诉讼 2026-3)" in str(refusal(house, "debtor", "customer:C1"))
    assert "a case of the debtor is open" in str(refusal(house, "call", str(warned)))
    assert refusal(house, "debtor", "customer:C7").code == "retention.nothing"
    assert refusal(house, "call", str(held), by="desk").code == "retention.role"
    house.clock.moment = LATER
    run(house.sessions, house.clock, house.recordings, house.way)
    with reading(house.sessions) as session:
        assert sorted(session.scalars(select(CallRow.id))) == [held, warned]


def test_a_hold_after_the_order_wins(house: House) -> None:
    call_id = house.call("H001")
    number = ordered(house, "call", str(call_id)).id
    put_on_hold(house, call_id)
    with pytest.raises(ConflictError) as refused:
        approved(house, number)
    assert refused.value.code == "retention.kept"

    with transaction(house.sessions) as session:
        call = session.get_one(CallRow, call_id)
        release(session, house.clock, call, actor=find_actor(session, "law"), reason="撤诉")
    assert approved(house, number).state == "done"
    assert house.tables_with(SECRET) == []


def test_only_what_is_held_by_hand_is_released_by_hand(house: House) -> None:
    call_id = house.call("H001")
    with pytest.raises(ConflictError) as refused, transaction(house.sessions) as session:
        release(
            session, house.clock, session.get_one(CallRow, call_id), actor=find_actor(session, "law"),
            reason="x",
        )  # fmt: skip
    assert refused.value.code == "retention.not_held"
    with reading(house.sessions) as session:
        assert holds_of(session) == []


def test_an_order_that_was_killed_goes_on(house: House) -> None:
    calls = [house.call(f"H00{n}", at=datetime(2022, 3, n, tzinfo=UTC)) for n in (1, 2, 3)]
    number = ordered(house, "debtor", "customer:C1").id
    with transaction(house.sessions) as session:
        orders.approve(session, house.clock, house.policy, number, actor=find_actor(session, "lead"))
    house.clock.moment += timedelta(days=1)
    with transaction(house.sessions) as session:  # the first call went, its bytes did not; then it was killed
        erase_call(session, house.clock, calls[0], Way(house.policy, "lead", f"order {number}"))

    run(house.sessions, house.clock, house.recordings, house.way)  # finishes the bytes
    done = orders.carry_out(house.sessions, house.clock, house.recordings, house.policy, number)

    assert done.state == "done"
    assert list(house.recordings.hashes()) == []
    assert house.tables_with(SECRET) == []
    with pytest.raises(NotFoundError), transaction(house.sessions) as session:
        orders.approve(session, house.clock, house.policy, 99, actor=find_actor(session, "lead"))
