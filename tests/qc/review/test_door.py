"""The whole way of a ticket, on both databases: review, share, appeal, final, reopened."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from qc.models import TicketRow
from qc.review.models import TicketDecisionRow, TicketEventRow, TicketRatingRow
from qc.review.results import results
from qc.review.types import Item
from qc.review.view import against
from qc.verdicts.lookup import list_findings
from qc.verdicts.service import rule_tally
from store import audit
from store.database import reading, transaction
from store.errors import BadInputError, ConflictError, DitingError, NotFoundError
from tests.qc.review.conftest import House


def refusal(house: House, who: str, action: str, **details: object) -> str:
    with pytest.raises(DitingError) as raised:
        house.do(who, action, **details)
    return raised.value.code


def row_of(house: House) -> TicketRow:
    with reading(house.sessions) as session:
        return session.get_one(TicketRow, house.ticket)


def shared(house: House) -> None:
    house.do("ann", "take")
    house.review("ann", "true", "true")
    house.do("ann", "share", words="请注意用语")


def test_from_review_to_final(house: House) -> None:
    house.do("ann", "take")
    assert refusal(house, "ann", "share") == "ticket.undecided"
    house.review("ann", "true", "false")
    loaded = house.do("ann", "add_missed", category="interruption", start=10.0, end=12.5, comment="抢话")
    missed = loaded.events[-1].seq
    house.do("ann", "rate", card="standard", item="closing", rating=1)
    house.do("ann", "rate", card="standard", item="dispute", rating="n/a")
    loaded = house.do("ann", "share")
    assert loaded.row.state == "shared"
    assert loaded.row.appeal_until == house.clock.now() + timedelta(hours=72)
    assert against(loaded.view) == (Item("finding", house.findings[0]), Item("missed", missed))
    assert loaded.events[-1].details["result"] == {"score": 0, "band": "critical"}

    house.clock.moment += timedelta(hours=72) - timedelta(minutes=1)
    assert refusal(house, "ann", "finalise") == "ticket.window"
    house.clock.moment += timedelta(minutes=1)
    assert refusal(house, "A-7", "appeal", grounds=[
        {"finding": house.findings[0], "reason": "没说过"}]) == "ticket.window"  # fmt: skip
    loaded = house.do("ann", "finalise")
    assert (loaded.row.state, loaded.row.final_score, loaded.row.final_band) == ("final", 0, "critical")

    with reading(house.sessions) as session:
        decided = session.execute(
            select(TicketDecisionRow.stage, TicketDecisionRow.category, TicketDecisionRow.verdict)
        ).all()
        assert [tuple(each) for each in decided] == [
            ("first", "threat", "true"),
            ("first", "dead_air", "false"),
            ("first", "interruption", "true"),
        ]
        ratings = session.scalars(select(TicketRatingRow.rating).order_by(TicketRatingRow.id)).all()
        assert ratings == [1.0, None]
        assert audit.verify(session) == []


def test_an_appeal_overturns_and_the_score_follows(house: House) -> None:
    shared(house)
    threat, slow = house.findings[:2]
    assert refusal(house, "A-8", "appeal", grounds=[{"finding": threat, "reason": "x"}]) == "ticket.person"
    house.do("A-7", "appeal", grounds=[{"finding": threat, "reason": "是客户说的"}])
    assert refusal(house, "head", "decide_appeal", rulings=[
        {"finding": slow, "ruling": "overturned", "reason": "x"}]) == "ticket.item"  # fmt: skip
    loaded = house.do(
        "head", "decide_appeal", rulings=[{"finding": threat, "ruling": "overturned", "reason": "听录音属实"}]
    )
    three = results(loaded.view, loaded.machine, loaded.findings)
    assert three.machine is not None
    assert three.human is not None
    assert three.final is not None
    assert (three.machine.total, three.human.score.total, three.final.score.total) == (0, 0, 95)
    assert (loaded.row.final_score, loaded.row.final_band) == (95, "minor")
    with reading(house.sessions) as session:
        (found,) = list_findings(session, rule="test.threat")
        assert {each.person: each.verdict for each in found.verdicts} == {
            "ann": "true",
            f"ticket:{house.ticket}": "false",
        }
        tally = rule_tally(session, "test.threat@1")
        assert (tally.decided, tally.overturned) == (1, 1)


def test_who_decides_on_an_appeal_had_no_part_in_it(house: House) -> None:
    house.do("lead", "take")
    house.review("lead", "true", "true")
    house.do("lead", "share")
    house.do("A-7", "appeal", grounds=[{"finding": house.findings[0], "reason": "不属实"}])
    ruling = {"rulings": [{"finding": house.findings[0], "ruling": "upheld", "reason": "属实"}]}
    assert refusal(house, "lead", "decide_appeal", **ruling) == "ticket.person"
    assert house.do("head", "decide_appeal", **ruling).row.state == "final"


def test_acknowledged_is_final_at_once(house: House) -> None:
    shared(house)
    assert refusal(house, "A-8", "acknowledge") == "ticket.person"
    assert house.do("A-7", "acknowledge").row.state == "acknowledged"
    assert house.do("ann", "finalise").row.state == "final"


def test_reopened_from_the_beginning(house: House) -> None:
    shared(house)
    house.do("A-7", "acknowledge")
    house.do("ann", "finalise")
    assert refusal(house, "ann", "reopen", reason="新证据") == "ticket.role"
    loaded = house.do("lead", "reopen", reason="新证据", reviewer="bo")
    assert (loaded.row.state, loaded.row.assigned_to, loaded.view.round) == ("draft", "bo", 2)
    assert loaded.row.final_score is None
    house.review("bo", "false", "false")
    house.do("bo", "share")
    house.do("A-7", "acknowledge")
    assert house.do("bo", "finalise").row.final_score == 100
    with reading(house.sessions) as session:
        tally = rule_tally(session, "test.threat@1")
        assert (tally.decided, tally.overturned) == (1, 1)


def test_two_blind_reviews_and_a_third_person(house: House) -> None:
    house.do("lead", "assign", reviewer="ann", second_reviewer="bo")
    house.do("bo", "take")
    house.review("bo", "false", "true")
    house.review("ann", "true", "true")
    assert refusal(house, "ann", "share") == "ticket.blind"
    house.do("bo", "complete")
    assert refusal(house, "bo", "decide", finding=house.findings[0], verdict="true") == "ticket.done"
    house.do("ann", "complete")
    assert refusal(house, "ann", "share") == "ticket.differs"
    word = {"decisions": [{"finding": house.findings[0], "verdict": "false"}]}
    assert refusal(house, "ann", "adjudicate", **word) == "ticket.person"
    assert refusal(house, "cai", "adjudicate", decisions=[
        {"finding": house.findings[1], "verdict": "true"}]) == "ticket.item"  # fmt: skip
    house.do("cai", "adjudicate", **word)
    loaded = house.do("ann", "share")
    assert against(loaded.view) == (Item("finding", house.findings[1]),)
    assert loaded.view.took_part == {"ann", "bo", "cai"}


def test_who_may_review(house: House) -> None:
    assert refusal(house, "lead", "assign", reviewer="A-7") == "ticket.reviewer"
    assert refusal(house, "lead", "assign", reviewer="nobody") == "ticket.reviewer"
    assert refusal(house, "lead", "assign", reviewer="ann", second_reviewer="ann") == "ticket.reviewer"
    assert refusal(house, "A-7", "take") == "ticket.role"
    house.do("lead", "assign", reviewer="ann")
    assert refusal(house, "bo", "take") == "ticket.person"
    house.do("ann", "take")
    assert refusal(house, "bo", "decide", finding=house.findings[0], verdict="true") == "ticket.person"
    loaded = house.do("ann", "give_back", reason="请假")
    assert (loaded.row.state, loaded.row.assigned_to) == ("open", None)
    assert house.do("bo", "take").row.assigned_to == "bo"


def test_what_is_written_must_fit(house: House) -> None:
    house.do("ann", "take")
    assert refusal(house, "ann", "decide", finding=10_000, verdict="true") == "ticket.item"
    assert refusal(house, "ann", "decide", verdict="true") == "ticket.document"
    late = {"category": "interruption", "start": 59.0, "end": 61.0, "comment": "x"}
    assert refusal(house, "ann", "add_missed", **late) == "ticket.span"
    assert refusal(house, "ann", "add_missed", **(late | {"category": "none"})) == "ticket.document"
    assert refusal(house, "ann", "dance") == "ticket.action"
    assert refusal(house, "ann", "rate", card="none", item="closing", rating=1) == "scorecard.unknown"
    assert refusal(house, "ann", "rate", card="standard", item="none", rating=1) == "scorecard.rating"
    assert refusal(house, "ann", "rate", card="standard", item="closing", rating=7) == "scorecard.rating"
    with pytest.raises(NotFoundError):
        House(house.sessions, house.clock, 999, []).do("ann", "take")


def test_a_step_thought_out_on_another_version_names_who_changed_it(house: House) -> None:
    seen = house.do("ann", "take").row.version
    house.do("ann", "decide", finding=house.findings[0], verdict="true")
    with pytest.raises(ConflictError, match="ann did decide") as raised:
        house.do("ann", "decide", finding=house.findings[0], verdict="false", version=seen)
    assert raised.value.code == "ticket.version"


@pytest.mark.parametrize("table", [TicketEventRow, TicketDecisionRow, TicketRatingRow])
def test_the_database_keeps_what_was_said(house: House, table: type) -> None:
    house.do("ann", "take")
    house.do("ann", "decide", finding=house.findings[0], verdict="true")
    house.do("ann", "rate", card="standard", item="closing", rating=1)
    with pytest.raises(DBAPIError), transaction(house.sessions) as session:
        session.execute(text(f"UPDATE {table.__tablename__} SET seq = 9"))  # noqa: S608
    with pytest.raises(DBAPIError), transaction(house.sessions) as session:
        session.execute(text(f"DELETE FROM {table.__tablename__}"))  # noqa: S608


def test_bad_documents_are_bad_input(house: House) -> None:
    house.do("ann", "take")
    with pytest.raises(BadInputError):
        house.do("ann", "decide", finding=house.findings[0], verdict="maybe")
    assert row_of(house).state == "draft"


def test_each_item_may_be_rated_at_once(house: House) -> None:
    house.do("ann", "take")
    assert refusal(house, "ann", "rate", ratings={"closing": 1}) == "scorecard.none"
    assert refusal(house, "ann", "rate", card="standard", ratings={}) == "ticket.document"
    assert refusal(house, "ann", "rate", card="standard", item="closing") == "ticket.document"
    assert refusal(house, "ann", "rate", card="standard", ratings={"closing": 9}) == "scorecard.rating"
    loaded = house.do("ann", "rate", card="standard", ratings={"closing": 1, "dispute": "n/a"})
    loaded = house.do("ann", "rate", item="closing", rating=0)
    assert loaded.view.first is not None
    assert loaded.view.first.ratings == {"closing": 0.0, "dispute": "n/a"}
    with reading(house.sessions) as session:
        rows = session.execute(
            select(TicketRatingRow.card, TicketRatingRow.item, TicketRatingRow.rating).order_by(
                TicketRatingRow.id
            )
        )
        assert [tuple(each) for each in rows] == [
            ("standard", "closing", 1.0),
            ("standard", "dispute", None),
            ("standard", "closing", 0.0),
        ]
