"""Tickets given and taken, on both databases."""

import threading
from collections import Counter

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from qc.assigning.models import ReviewSeatRow
from qc.assigning.reviewers import Profile, reviewers, set_reviewer
from qc.assigning.service import assign_waiting, give, rebalance
from qc.models import TicketRow
from qc.sampling.models import SamplingDrawRow, SamplingPickRow
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import BadInputError, ConflictError, NotFoundError
from store.people import Change, Person, add_person, change_person
from tests.qc.reviewed_calls import put_call, put_calls, put_people, put_ticket


def assign_all(sessions: SessionFactory, clock: FixedClock) -> list[tuple[int, str, str | None]]:
    with transaction(sessions) as session:
        given = assign_waiting(session, clock, within_team="no_superiors", by="system")
        return sorted((each.task.ticket_id, each.task.seat, each.person) for each in given)


def holders(sessions: SessionFactory) -> dict[int, tuple[str | None, str | None]]:
    with reading(sessions) as session:
        rows = session.scalars(select(TicketRow).order_by(TicketRow.id))
        return {row.id: (row.assigned_to, row.second_reviewer) for row in rows}


def test_a_profile_is_noted(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        put_people(session, clock, ["wang"], team="QC")
        profile = Profile(("zh",), (), 2, 10, {"A1": "亲属"})
        set_reviewer(session, clock, "wang", profile, by="lead")
        set_reviewer(session, clock, "wang", profile, by="lead")
        with pytest.raises(NotFoundError, match=r"people\.unknown"):
            set_reviewer(session, clock, "li", Profile(), by="lead")
        with pytest.raises(BadInputError, match=r"reviewer\.profile"):
            set_reviewer(session, clock, "wang", Profile(seniority=4), by="lead")
    with reading(session_factory) as session:
        (one,) = reviewers(session)
        assert (one.id, one.team, one.languages, one.seniority) == ("wang", "QC", {"zh"}, 2)
        assert (one.capacity, one.conflicts, one.load, one.away) == (10, {"A1"}, 0, False)
        entries = select(audit.AuditEntry.details).where(audit.AuditEntry.action == "reviewer.set")
        (details,) = session.scalars(entries)
        assert details["conflicts"] == {"A1": "亲属"}


def test_tickets_go_to_who_may_and_can(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        add_person(session, clock, Person("boss", "Boss", ("supervisor", "qc_reviewer")), by="test")
        both = ("collector", "qc_reviewer")
        add_person(session, clock, Person("A1", "何", both, reports_to="boss"), by="test")
        put_people(session, clock, ["english", "chinese"])
        for person, profile in (
            ("boss", Profile()), ("A1", Profile()),
            ("english", Profile(languages=("en",))),
            ("chinese", Profile(languages=("zh",), products=("车贷",))),
        ):  # fmt: skip
            set_reviewer(session, clock, person, profile, by="lead")
        zh = put_ticket(session, clock, put_call(session, clock, "zh", case={"product": "车贷"})).id
        en = put_ticket(session, clock, put_call(session, clock, "en", language="en")).id
        card = put_ticket(session, clock, put_call(session, clock, "card", case={"product": "信用卡"})).id
        done = put_ticket(session, clock, put_call(session, clock, "done"), state="final").id
    assign_all(session_factory, clock)
    assert holders(session_factory) == {
        zh: ("chinese", None), en: ("english", None), card: (None, None), done: (None, None)
    }  # fmt: skip
    with reading(session_factory) as session:
        (seat,) = session.scalars(select(ReviewSeatRow).where(ReviewSeatRow.ticket_id == zh))
        assert (seat.seat, seat.number, seat.given_by) == ("first", 1, "system")
        assert seat.because == {
            "priority": "normal", "refused": {"collector": 1, "superior": 1, "language": 1}
        }  # fmt: skip
    with pytest.raises(DBAPIError, match="append-only"), transaction(session_factory) as session:
        session.execute(text("UPDATE review_seat SET person = 'A1'"))


def test_several_at_once_give_each_seat_once(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        put_people(session, clock, ["a", "b", "c"])
        for person in "abc":
            set_reviewer(session, clock, person, Profile(capacity=4), by="lead")
        for call in put_calls(session, clock, 14):
            put_ticket(session, clock, call)
    together = [threading.Thread(target=assign_all, args=(session_factory, clock)) for _ in range(4)]
    for each in together:
        each.start()
    for each in together:
        each.join()
    load = Counter(first for first, _ in holders(session_factory).values())
    assert load == {"a": 4, "b": 4, "c": 4, None: 2}
    with reading(session_factory) as session:
        assert len(session.scalars(select(ReviewSeatRow)).all()) == 12
        assert audit.verify(session) == []


def test_second_seats_are_given_where_the_draw_says_so(
    session_factory: SessionFactory, clock: FixedClock
) -> None:
    with transaction(session_factory) as session:
        put_people(session, clock, ["a", "b", "c"])
        for person in "abc":
            set_reviewer(session, clock, person, Profile(), by="lead")
        draw = SamplingDrawRow(
            name="weekly", part="plan", period_start=clock.now(), period_end=clock.now(), seed="s",
            method="m", filters={}, rules={}, strata=[], population=4, pending=0, drawn=4, drawn_by="t",
            drawn_at=clock.now(),
        )  # fmt: skip
        session.add(draw)
        session.flush()
        for at, call in enumerate(put_calls(session, clock, 4)):
            session.add(
                SamplingPickRow(draw_id=draw.id, call_id=call, stratum="all", place=at, second_review=at < 3)
            )
            put_ticket(session, clock, call, assigned_to="a")
    assign_all(session_factory, clock)
    seconds = [second for _, second in holders(session_factory).values()]
    assert sorted(map(str, seconds)) in (["None", "b", "b", "c"], ["None", "b", "c", "c"])
    assert seconds[0] != seconds[1] != seconds[2]
    assert seconds[3] is None


def test_what_somebody_away_has_goes_to_others(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        put_people(session, clock, ["a", "b"])
        for person in "ab":
            set_reviewer(session, clock, person, Profile(), by="lead")
        mine, final = (
            put_ticket(session, clock, call, assigned_to="a", state=state).id
            for call, state in zip(put_calls(session, clock, 2), ("open", "final"), strict=True)
        )
    with transaction(session_factory) as session:
        assert rebalance(session, clock, by="system") == []
        change_person(session, clock, "a", Change(active=False))
        assert rebalance(session, clock, by="system") == [(mine, "first", "a")]
        assert rebalance(session, clock, by="system") == []
    assert assign_all(session_factory, clock) == [(mine, "first", "b")]
    assert holders(session_factory) == {mine: ("b", None), final: ("a", None)}
    with reading(session_factory) as session:
        seats = session.scalars(select(ReviewSeatRow).order_by(ReviewSeatRow.id)).all()
        assert [(seat.number, seat.person, seat.because.get("from")) for seat in seats] == [
            (1, None, "a"), (2, "b", None),
        ]  # fmt: skip


def test_a_ticket_is_given_by_name_but_not_to_who_may_not(
    session_factory: SessionFactory, clock: FixedClock
) -> None:
    def hand(ticket: int, person: str, seat: str = "first") -> TicketRow:
        with transaction(session_factory) as session:
            return give(
                session, clock, ticket, person, seat=seat, within_team="no_superiors", by="lead"  # type: ignore[arg-type]
            )  # fmt: skip

    with transaction(session_factory) as session:
        put_people(session, clock, ["a", "b"])
        add_person(session, clock, Person("A1", "何", ("collector",)), by="test")
        ticket = put_ticket(session, clock, put_call(session, clock, "C")).id
        done = put_ticket(session, clock, put_call(session, clock, "D"), state="final").id
    assert hand(ticket, "a").assigned_to == "a"
    assert hand(ticket, "a").assigned_to == "a"
    with pytest.raises(ConflictError, match=r"reviewer\.barred"):
        hand(ticket, "A1")
    with pytest.raises(ConflictError, match="other_seat"):
        hand(ticket, "a", "second")
    assert hand(ticket, "b", "second").second_reviewer == "b"
    with pytest.raises(ConflictError, match=r"reviewer\.done"):
        hand(done, "a")
    with pytest.raises(NotFoundError, match=r"ticket\.unknown"):
        hand(99, "a")
    with reading(session_factory) as session:
        assert len(session.scalars(select(ReviewSeatRow)).all()) == 2
