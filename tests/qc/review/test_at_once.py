"""Two at the same moment: one comes first, the other is told; and what dies in the middle leaves nothing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from qc.models import InspectionRow, TicketRow
from qc.review.door import act
from qc.review.models import TicketDecisionRow, TicketEventRow
from qc.service import withdraw_ticket
from qc.verdicts.models import FindingVerdictRow
from store import audit
from store.database import reading, transaction
from store.errors import ConflictError, DitingError
from store.people import find_actor
from tests.qc.review.conftest import TERMS, House


def both(house: House, *steps: tuple[str, str, dict[str, object]]) -> list[str]:
    """Do two things at once; how each ended."""
    ready = Barrier(len(steps))

    def one(step: tuple[str, str, dict[str, object]]) -> str:
        who, action, details = step
        ready.wait()
        try:
            house.do(who, action, **details)  # type: ignore[arg-type]
        except DitingError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(one, steps))


def test_two_take_one_gets_it(house: House) -> None:
    assert sorted(both(house, ("ann", "take", {}), ("bo", "take", {}))) == ["done", "ticket.person"]


def test_of_two_who_decide_on_what_they_saw_one_is_told(house: House) -> None:
    seen = house.do("ann", "take").row.version
    steps = [
        ("ann", "decide", {"finding": house.findings[0], "verdict": verdict, "version": seen})
        for verdict in ("true", "false")
    ]
    assert sorted(both(house, *steps)) == ["done", "ticket.version"]
    with reading(house.sessions) as session:
        assert session.scalar(select(func.count()).select_from(TicketDecisionRow)) == 1


def test_of_two_who_decide_on_an_appeal_one_is_told(house: House) -> None:
    house.do("ann", "take")
    house.review("ann", "true", "true")
    house.do("ann", "share")
    house.do("A-7", "appeal", grounds=[{"finding": house.findings[0], "reason": "不属实"}])
    steps = [
        (who, "decide_appeal", {"rulings": [{"finding": house.findings[0], "ruling": ruling, "reason": "r"}]})
        for who, ruling in (("head", "upheld"), ("lead", "overturned"))
    ]
    assert sorted(both(house, *steps)) == ["done", "ticket.transition"]
    with reading(house.sessions) as session:
        assert session.scalar(
            select(func.count()).where(FindingVerdictRow.person == f"ticket:{house.ticket}")
        ) == 2  # fmt: skip
        assert audit.verify(session) == []


def test_taken_up_or_withdrawn_never_both(house: House) -> None:
    with reading(house.sessions) as session:
        call = session.get_one(TicketRow, house.ticket).call_id

    def machine() -> None:
        ready.wait()
        with transaction(house.sessions) as session:
            withdraw_ticket(session, call_id=call)

    def person() -> str:
        ready.wait()
        try:
            house.do("ann", "take")
        except ConflictError as error:
            return error.code
        return "done"

    ready = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        withdrawn, taken = pool.submit(machine), pool.submit(person)
        withdrawn.result()
        ended = taken.result()
    with reading(house.sessions) as session:
        row = session.get_one(TicketRow, house.ticket)
        assert (row.state, ended) in {("draft", "done"), ("withdrawn", "ticket.transition")}


def test_what_dies_before_the_end_leaves_nothing(house: House) -> None:
    house.do("ann", "take")
    house.review("ann", "true", "true")
    house.do("ann", "share")
    house.do("A-7", "acknowledge")
    with pytest.raises(KeyboardInterrupt):
        _die_while_finalising(house)
    with reading(house.sessions) as session:
        assert session.get_one(TicketRow, house.ticket).state == "acknowledged"
        events = session.scalars(select(TicketEventRow.action).order_by(TicketEventRow.seq)).all()
        assert events == ["take", "decide", "decide", "share", "acknowledge"]
        assert session.scalar(select(func.count()).select_from(FindingVerdictRow)) == 0
        assert audit.verify(session) == []
    assert house.do("ann", "finalise").row.state == "final"


def test_what_people_decide_changes_no_finding(house: House) -> None:
    with reading(house.sessions) as session:
        before = [(row.document, row.score, row.findings[0].document) for row in session.scalars(
            select(InspectionRow))]  # fmt: skip
    house.do("ann", "take")
    house.review("ann", "false", "false")
    house.do("ann", "share")
    house.do("A-7", "acknowledge")
    assert house.do("ann", "finalise").row.final_score == 100
    with reading(house.sessions) as session:
        after = [(row.document, row.score, row.findings[0].document) for row in session.scalars(
            select(InspectionRow))]  # fmt: skip
    assert after == before


def _die_while_finalising(house: House) -> None:
    with transaction(house.sessions) as session:
        act(
            session, house.clock, TERMS, ticket_id=house.ticket, action="finalise",
            actor=find_actor(session, "ann"), details={},
        )  # fmt: skip
        raise KeyboardInterrupt
