"""Stories, groups and lessons from a real database of cases."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from complaint_warnings.cases.door import act
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.complaints.documents import read_intake
from complaint_warnings.complaints.service import receive
from complaint_warnings.learning.conversion import Heard, MissedComplaint
from complaint_warnings.learning.groups import Grievance, Group, GroupPolicy
from complaint_warnings.learning.library import Asked, search
from complaint_warnings.learning.marking import mark, unmarked
from complaint_warnings.learning.month import month_of
from complaint_warnings.learning.service import grievances, heard_of, publish, stories
from complaint_warnings.learning.types import Cause, Rate
from complaint_warnings.scoring.weights import default_weights
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from store.errors import BadInputError, ConflictError
from store.people import Person, add_person, find_actor

SHANGHAI = ZoneInfo("Asia/Shanghai")
PEOPLE = (
    Person("lead", "赵总", ("control_lead",)),
    Person("head", "钱主任", ("department_head",)),
    Person("officer", "孙专员", ("complaint_officer",)),
    Person("desk", "周客服", ("customer_service",)),
)


@pytest.fixture
def house(session_factory: SessionFactory, clock: FixedClock) -> SessionFactory:
    with transaction(session_factory) as session:
        for person in PEOPLE:
            add_person(session, clock, person)
    return session_factory


def complain(house: SessionFactory, clock: FixedClock, customer: str, **more: Any) -> int:
    """A complaint that arrived an hour ago; the case it belongs to."""
    given = {
        "channel": "company_line",
        "arrived_at": (clock.moment - timedelta(hours=1)).isoformat(),
        "debtor": {"customer_id": customer, "name": "李建国"},
        "claim": f"李建国：违约金算错了（{customer}）",
        "wanted": "重新计算",
        "client": "中国联通",
    }
    with transaction(house) as session:
        intake = read_intake(given | more)
        return receive(session, clock, intake, actor=find_actor(session, "desk")).case_id


def close(house: SessionFactory, clock: FixedClock, case_id: int, marks: tuple[int, ...]) -> None:
    """The whole way of a complaint, with the customer's marks."""

    def do(action: str, by: str, **details: Any) -> None:
        clock.moment += timedelta(minutes=30)
        with transaction(house) as session:
            act(
                session,
                clock,
                case_id=case_id,
                action=action,
                actor=find_actor(session, by),
                details=details,
            )

    def now() -> str:
        return clock.moment.isoformat()

    members = [
        {"person": "desk", "function": "customer_service"},
        {"person": "officer", "function": "complaint_officer"},
    ]
    measure = {"what": "书面说明", "owner": "desk", "due": (clock.moment + timedelta(days=3)).isoformat()}
    do("sign", "head", truth="confirmed", accurate=True)
    do("collect", "officer")
    do("form_team", "officer", handler="desk", members=members)
    do("classify", "officer", classification="misunderstanding", reason="合同有约定")
    do("analyse", "desk", dimensions=["process"], kind="违约金争议", cause="周客服未说明计算依据")
    do("plan", "desk", goal="说明依据", measures=[measure])
    do("contact", "desk", channel="phone", at=now(), said="说明", mood="questioning")
    do("resolve", "desk", outcome="explained", words="李建国接受说明")
    do("answer", "desk", to="customer", channel="phone", at=now(), words="说明依据")
    for satisfaction in marks:
        do("callback", "desk", channel="phone", at=now(), said="回访", mood="calm", satisfaction=satisfaction)
    do("track", "desk", seen="无", measures_done=[1], ended=True)
    do("evaluate", "desk", effective="yes", attribution=["process", "system"], lessons="话术补充计算依据")
    do("close", "lead")


def test_a_closed_complaint_is_in_the_figures_of_its_month(house: SessionFactory, clock: FixedClock) -> None:
    close(house, clock, complain(house, clock, "C1"), (5,))
    complain(house, clock, "C2")

    with house() as session:
        found = month_of(list(stories(session)), "2026-03", SHANGHAI, heard_of(session))

    assert (found.whole.complaints, found.whole.closed, found.whole.open_at_end) == (2, 1, 1)
    assert found.whole.one_time == Rate(1, 1)
    assert found.whole.answered_in_time == Rate(
        1, 2
    )  # the other one's day had passed by the end of the month
    assert found.whole.settled_in_time == Rate(1, 2)
    assert found.whole.satisfaction.mean == 5.0
    assert found.whole.causes == {
        "process": (("违约金争议", 1),),
        "staff": (),
        "system": (("违约金争议", 1),),
    }
    assert list(found.parts["client"]) == ["中国联通"]
    assert [one.why for one in found.conversion.missed] == ["no_calls", "no_calls"]


def test_a_story_tells_the_case(house: SessionFactory, clock: FixedClock) -> None:
    close(house, clock, complain(house, clock, "C1"), (2, 4))

    with house() as session:
        (story,) = stories(session)
        heard = heard_of(session)(story)

    assert (story.channel, story.client, story.result, story.ratings) == (
        "company_line",
        "中国联通",
        "explained",
        (2, 4),
    )
    assert story.causes == (Cause("process", "违约金争议"), Cause("system", "违约金争议"))
    assert (story.asked, story.reopened, story.warned_at) == (True, False, None)
    assert story.answered_at is not None
    assert story.answer_due is not None
    assert story.answered_at < story.answer_due
    assert heard == Heard(0, 0)


def test_the_stories_of_cases_not_closed_before(house: SessionFactory, clock: FixedClock) -> None:
    close(house, clock, complain(house, clock, "C1"), (5,))
    clock.moment += timedelta(days=1)
    complain(house, clock, "C2")

    with house() as session:
        since = clock.moment - timedelta(hours=12)
        assert [story.debtor_key for story in stories(session, since=since)] == ["customer:C2"]
        assert len(list(stories(session, since=since - timedelta(days=1)))) == 2


def merge(house: SessionFactory, clock: FixedClock, case_id: int, into: int) -> None:
    with transaction(house) as session:
        actor = find_actor(session, "officer")
        details = {"into": into, "reason": "同一债务人"}
        act(session, clock, case_id=case_id, action="merge", actor=actor, details=details)


def test_a_merged_complaint_is_that_of_the_debtor_it_went_on_with(
    house: SessionFactory, clock: FixedClock
) -> None:
    known = complain(house, clock, "C1", collector_id="A1")
    unnamed = [
        complain(house, clock, "", debtor={"name": name}, collector_id="A1", claim=f"{name}说不清")
        for name in ("甲", "乙")
    ]
    assert len(_waiting(house, clock)) == 3
    for case in unnamed:
        merge(house, clock, case, known)

    with house() as session:
        rows = grievances(session, clock.moment - timedelta(days=1))
        assert {row.debtor_key for row in rows} == {"customer:C1"}
        assert [story.number for story in stories(session)] == ["C-2026-000001"]
    assert _waiting(house, clock) == []


def test_a_closed_complaint_of_a_group_is_counted_but_not_marked(
    house: SessionFactory, clock: FixedClock
) -> None:
    cases = [complain(house, clock, name, collector_id="A1") for name in ("C1", "C2", "C3")]
    close(house, clock, cases[0], (5,))

    assert [member.number for _, member in _waiting(house, clock)] == ["C-2026-000002-1", "C-2026-000003-1"]


def _waiting(house: SessionFactory, clock: FixedClock) -> list[tuple[Group, Grievance]]:
    with house() as session:
        return unmarked(session, clock, GroupPolicy())


def test_a_group_is_put_on_record_with_each_of_its_complaints(
    house: SessionFactory, clock: FixedClock
) -> None:
    cases = [complain(house, clock, name, collector_id="A1") for name in ("C1", "C2", "C3")]
    assert _mark_all(house, clock) == ["C-2026-000001-1", "C-2026-000002-1", "C-2026-000003-1"]

    with house() as session:
        rows = [session.get_one(CaseRow, case) for case in cases]
        assert [(row.level, row.kind, row.warning_id) for row in rows] == [
            ("high", "complaint", 1),
            ("high", "complaint", 2),
            ("high", "complaint", 3),
        ]
    assert _mark_all(house, clock) == []


def test_two_complaints_are_no_group(house: SessionFactory, clock: FixedClock) -> None:
    for name in ("C1", "C2"):
        complain(house, clock, name, collector_id="A1")

    assert _mark_all(house, clock) == []


def _mark_all(house: SessionFactory, clock: FixedClock) -> list[str]:
    waiting = _waiting(house, clock)
    for group, member in waiting:
        with transaction(house) as session:
            mark(session, clock, group, member, weights=default_weights())
    return [member.number for _, member in waiting]


def test_grievances_are_those_that_arrived_since(house: SessionFactory, clock: FixedClock) -> None:
    complain(house, clock, "C1", collector_id="A1")

    with house() as session:
        (one,) = grievances(session, clock.moment - timedelta(hours=2))
        assert (one.number, one.client, one.collector) == ("C-2026-000001-1", "中国联通", "A1")
        assert grievances(session, clock.moment) == []


def test_a_closed_case_goes_into_the_library_without_its_people(
    house: SessionFactory, clock: FixedClock
) -> None:
    case = complain(house, clock, "C1")
    with transaction(house) as session, pytest.raises(ConflictError) as refused:
        publish(session, clock, case, actor=find_actor(session, "lead"))
    assert refused.value.code == "library.open"

    close(house, clock, case, (5,))
    with transaction(house) as session:
        publish(session, clock, case, actor=find_actor(session, "lead"))
    with house() as session:
        (row,) = search(session, Asked(words=("计算依据",), type="违约金争议"))
        assert (row.claim, row.cause) == ("〔姓名〕：违约金算错了（C1）", "〔姓名〕未说明计算依据")
        assert row.solution == "说明依据\n书面说明\n〔姓名〕接受说明\n话术补充计算依据"


@pytest.mark.parametrize("name", ["2026-13", "2026-1", "october", "0000-01", "2026-10-01"])
def test_what_is_no_month_is_refused(name: str) -> None:
    with pytest.raises(BadInputError) as refused:
        month_of([], name, SHANGHAI, lambda _: Heard(0, 0))
    assert refused.value.code == "learning.month"


def test_a_month_is_that_of_the_house(house: SessionFactory, clock: FixedClock) -> None:
    clock.moment = datetime(2026, 3, 31, 17, 0, tzinfo=SHANGHAI) + timedelta(hours=8)  # 1 April, 01:00
    complain(house, clock, "C1")

    with house() as session:
        rows = list(stories(session))
        assert month_of(rows, "2026-03", SHANGHAI, heard_of(session)).whole.complaints == 0
        april = month_of(rows, "2026-04", SHANGHAI, heard_of(session))
    assert april.whole.complaints == 1
    assert april.conversion.missed == (MissedComplaint("C-2026-000001", rows[0].complained_at, "no_calls"),)
