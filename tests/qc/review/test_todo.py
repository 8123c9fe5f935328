"""Which tickets wait for whom, on both databases."""

from datetime import timedelta

from sqlalchemy import select

from qc.models import TicketRow
from qc.review.todo import waits_for
from store.database import reading
from store.people import find_actor
from tests.qc.review.conftest import PEOPLE, House


def waiting(house: House) -> set[str]:
    """For whom the ticket waits."""
    with reading(house.sessions) as session:
        return {
            each.id
            for each in PEOPLE
            if session.scalar(select(TicketRow.id).where(waits_for(find_actor(session, each.id))))
        }


def test_one_review(house: House) -> None:
    assert waiting(house) == set()
    house.do("ann", "take")
    assert waiting(house) == {"ann"}
    house.review("ann", "true", "false")
    house.do("ann", "share")
    assert waiting(house) == {"A-7"}
    house.do("A-7", "appeal", grounds=[{"finding": house.findings[0], "reason": "不属实"}])
    assert waiting(house) == {"lead", "head"}
    ruling = {"finding": house.findings[0], "ruling": "upheld", "reason": "属实"}
    house.do("head", "decide_appeal", rulings=[ruling])
    assert waiting(house) == set()


def test_two_reviews(house: House) -> None:
    house.do("lead", "assign", reviewer="ann", second_reviewer="bo")
    assert waiting(house) == {"ann", "bo"}
    house.do("ann", "take")
    house.review("ann", "true", "true")
    house.do("ann", "complete")
    assert waiting(house) == {"bo"}
    house.review("bo", "false", "true")
    house.do("bo", "complete")
    assert waiting(house) == {"ann", "lead"}
    house.do("cai", "adjudicate", decisions=[{"finding": house.findings[0], "verdict": "false"}])
    assert waiting(house) == {"ann"}
    house.do("ann", "share")
    house.clock.moment += timedelta(hours=73)
    house.do("ann", "finalise")
    house.do("lead", "reopen", reason="新证据", reviewer="ann")
    assert waiting(house) == {"ann"}


def test_who_decided_on_the_result_decides_on_no_appeal(house: House) -> None:
    house.do("lead", "take")
    house.review("lead", "true", "true")
    house.do("lead", "share")
    house.do("A-7", "appeal", grounds=[{"finding": house.findings[0], "reason": "不属实"}])
    assert waiting(house) == {"head"}
