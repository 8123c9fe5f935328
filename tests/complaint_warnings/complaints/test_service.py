"""A regulator's complaint, from the letter to closing, and what is refused on the way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from complaint_warnings.cases.door import act, history
from complaint_warnings.cases.fold import fold
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.cases.opening import find_open
from complaint_warnings.clocks.service import deadlines_of
from complaint_warnings.complaints.documents import Intake, read_intake
from complaint_warnings.complaints.holds import held_calls, holds
from complaint_warnings.complaints.models import ComplaintRow
from complaint_warnings.complaints.service import complaints, find_complaint, gather_evidence, receive
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call
from complaint_warnings.types import CallEvidence
from ingest.models import CallRow
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from store.errors import BadInputError, ConflictError, NotFoundError
from store.people import Actor, Person, add_person, find_actor

from ..helpers import call, finding

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEBTOR = "customer:C1"
LETTER: dict[str, Any] = {
    "channel": "regulator",
    "external_number": "12378-26-000981",
    "arrived_at": "2026-03-05T11:00:00+08:00",
    "debtor": {"customer_id": "C1", "name": "李建国", "number": "13800138000"},
    "claim": "催收员王敏说要让我单位的人都知道，还在夜里打电话",
    "wanted": "停止这种做法并书面道歉",
    "mood": "angry",
    "client": "中国联通",
    "collector_id": "A1027",
}
PEOPLE = (
    Person("lead", "防控负责人", ("control_lead",)),
    Person("head", "部门负责人", ("department_head",)),
    Person("officer", "防控专员", ("complaint_officer",), reports_to="lead"),
    Person("law", "法务", ("legal",)),
    Person("super", "主管", ("supervisor",), team="T2"),
    Person("desk", "客服", ("customer_service",)),
    Person("A1027", "王敏", ("collector",), team="T2"),
)
TEAM = {
    "handler": "desk",
    "members": [
        {"person": "lead", "function": "lead"},
        {"person": "law", "function": "legal"},
        {"person": "super", "function": "supervisor"},
        {"person": "desk", "function": "customer_service"},
    ],
}
Do = Callable[..., CaseRow]


@pytest.fixture
def house(
    session_factory: SessionFactory, clock: FixedClock, register: Callable[[Session, CallEvidence, str], int]
) -> SessionFactory:
    """People, and a debtor with two calls of which one gave a warning."""
    threat = call(finding("threat"), name="H001")
    quiet = call(name="H002", at=threat.started_at and threat.started_at - timedelta(days=1))
    with transaction(session_factory) as session:
        for person in PEOPLE:
            add_person(session, clock, person)
        numbers = [register(session, one, DEBTOR) for one in (threat, quiet)]
    for one, number in zip((threat, quiet), numbers, strict=True):
        with transaction(session_factory) as session:
            apply_call(session, clock, call_id=number, evidence=one, weights=default_weights())
    return session_factory


def letter(**change: Any) -> Intake:
    return read_intake(LETTER | change)


def taken_in(house: SessionFactory, clock: FixedClock, by: str = "desk", **change: Any) -> ComplaintRow:
    with transaction(house) as session:
        return receive(session, clock, letter(**change), actor=find_actor(session, by))


def doing(house: SessionFactory, clock: FixedClock, case_id: int) -> Do:
    def do(action: str, by: str, hours: float = 1, **details: Any) -> CaseRow:
        clock.moment += timedelta(hours=hours)
        with transaction(house) as session:
            actor = find_actor(session, by)
            return act(session, clock, case_id=case_id, action=action, actor=actor, details=details)

    return do


def local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat()


def test_a_complaint_joins_the_open_warning_which_becomes_a_complaint(
    house: SessionFactory, clock: FixedClock
) -> None:
    row = taken_in(house, clock)

    with house() as session:
        case = session.get_one(CaseRow, row.case_id)
        assert (case.number, case.kind, case.source, case.level) == (
            "W-2026-000001",
            "complaint",
            "regulator",
            "high",
        )
        assert (case.warning_id, case.collector_id, case.state) == (1, "A1027", "reported")
        assert row.number == "W-2026-000001-1"
        assert [event.action for event in history(session, case.id)] == [
            "opened",
            "evidence",
            "complaint_received",
            "gather_evidence",
        ]


def test_its_calls_are_indexed_and_held_at_once(house: SessionFactory, clock: FixedClock) -> None:
    row = taken_in(house, clock)

    with house() as session:
        evidence = history(session, row.case_id)[-1].details
        assert [item["call"] for item in evidence["items"]] == [
            "central-recorder/H002",
            "central-recorder/H001",
        ]
        assert evidence["asked_by"] == "desk"
        assert all(len(item["recording_sha256"]) == 64 for item in evidence["items"])
        assert [item["findings"] for item in evidence["items"]] == [
            None,
            None,
        ]  # never inspected here, and said so
        assert held_calls(session, row.case_id) == [1, 2]
        assert holds(session, 1)


def test_a_new_call_of_the_debtor_is_held_too(
    house: SessionFactory, clock: FixedClock, register: Callable[[Session, CallEvidence, str], int]
) -> None:
    row = taken_in(house, clock)
    later = call(finding("stop_request"), name="H003", at=clock.moment)
    with transaction(house) as session:
        number = register(session, later, DEBTOR)
    with transaction(house) as session:
        apply_call(session, clock, call_id=number, evidence=later, weights=default_weights())

    with house() as session:
        assert held_calls(session, row.case_id) == [1, 2, number]


def test_a_complaint_of_an_unknown_debtor_opens_a_case_of_its_own(
    house: SessionFactory, clock: FixedClock
) -> None:
    row = taken_in(house, clock, debtor={"name": "某先生"}, channel="company_line", external_number=None)

    with house() as session:
        case = session.get_one(CaseRow, row.case_id)
        assert case.debtor_key == f"complaint:{row.sha256[:16]}"
        assert (case.number, case.kind, case.source, case.level) == (
            "C-2026-000002",
            "complaint",
            "complaint",
            "medium",
        )
        assert (case.reporter_id, row.number) == ("desk", "C-2026-000002-1")
        assert held_calls(session, case.id) == []


def test_the_same_letter_twice_is_one_complaint(house: SessionFactory, clock: FixedClock) -> None:
    first = taken_in(house, clock)
    clock.moment += timedelta(hours=2)
    again = taken_in(house, clock)

    assert again.id == first.id
    with house() as session:
        assert len(complaints(session)) == 1
        assert len(history(session, first.case_id)) == 4


def test_a_second_complaint_joins_with_a_number_of_its_own(house: SessionFactory, clock: FixedClock) -> None:
    first = taken_in(house, clock)
    second = taken_in(house, clock, channel="company_line", external_number=None, claim="到现在没人联系我")

    assert (second.case_id, second.number) == (first.case_id, "W-2026-000001-2")
    with house() as session:
        assert session.get_one(CaseRow, first.case_id).source == "regulator"  # the stricter clocks stay
        assert [row.number for row in complaints(session, case_id=first.case_id)] == [
            second.number,
            first.number,
        ]
        assert find_complaint(session, second.number).channel == "company_line"


@pytest.mark.parametrize(
    ("by", "change", "code"),
    [
        ("A1027", {}, "complaint.role"),
        ("desk", {"collector_id": "desk"}, "complaint.role"),
        ("desk", {"arrived_at": "2026-03-05T13:00:00+08:00"}, "complaint.future"),
    ],
)
def test_what_cannot_be_taken_in_is_refused(
    house: SessionFactory, clock: FixedClock, by: str, change: dict[str, Any], code: str
) -> None:
    with pytest.raises((BadInputError, ConflictError)) as refused:
        taken_in(house, clock, by, **change)
    assert refused.value.code == code


def test_other_words_under_the_same_number_are_refused(house: SessionFactory, clock: FixedClock) -> None:
    taken_in(house, clock)

    with pytest.raises(ConflictError, match="W-2026-000001-1") as refused:
        taken_in(house, clock, claim="另外一件事")
    assert refused.value.code == "complaint.differs"


def test_a_complaint_cannot_be_altered(house: SessionFactory, clock: FixedClock) -> None:
    taken_in(house, clock)

    with pytest.raises(DBAPIError, match="append-only"), transaction(house) as session:
        session.execute(update(ComplaintRow).values(channel="counter"))


def test_evidence_cannot_be_gathered_for_a_mere_warning(house: SessionFactory, clock: FixedClock) -> None:
    with pytest.raises(ConflictError) as refused, transaction(house) as session:
        gather_evidence(session, clock, 1, actor=Actor("desk", frozenset({"customer_service"})))
    assert refused.value.code == "case.not_complaint"


def test_an_unknown_number_is_said_so(house: SessionFactory) -> None:
    with house() as session, pytest.raises(NotFoundError) as refused:
        find_complaint(session, "C-2026-000077-1")
    assert refused.value.code == "complaint.unknown"


def refusal(do: Do, action: str, by: str, **details: Any) -> str:
    with pytest.raises((ConflictError, BadInputError)) as refused:
        do(action, by, hours=0, **details)
    return refused.value.code


def test_the_whole_way_of_a_regulators_complaint(house: SessionFactory, clock: FixedClock) -> None:
    case_id = taken_in(house, clock).case_id
    do = doing(house, clock, case_id)

    # It is high and begins at once; the review follows, not by the one complained of.
    do("collect", "officer", complexity="complex")
    do("form_team", "officer", **TEAM)
    do("sign", "head", truth="confirmed", accurate=True)
    do("classify", "law", classification="clear_fact", reason="录音中有以单位相威胁的话")
    do("analyse", "super", dimensions=["staff"], cause="催收员脱离话术")
    due = local(clock.moment + timedelta(days=2))
    do(
        "plan",
        "desk",
        goal="道歉并停止夜间来电",
        measures=[{"what": "书面道歉", "owner": "desk", "due": due}],
    )
    said = {"channel": "phone", "said": "说明核查结果并道歉", "mood": "dissatisfied"}
    do("contact", "desk", at=local(clock.moment), **said)
    do("resolve", "desk", outcome="apologised", words="书面道歉，停止夜间来电")
    do("answer", "desk", to="customer", channel="letter", at=local(clock.moment), words="核查属实，致歉")

    # The customer gives two of five: a second call is owed within a day, and mediation is offered.
    do("callback", "desk", at=local(clock.moment), **said, satisfaction=2)
    do("mediate", "law", stage="held", mediator="市消费者协会", words="双方到场")
    do("mediate", "law", stage="agreed", mediator="市消费者协会", words="达成一致")
    do(
        "callback",
        "desk",
        at=local(clock.moment),
        channel="phone",
        said="表示满意",
        mood="calm",
        satisfaction=4,
    )
    do("track", "desk", seen="未再夜间来电", measures_done=[1], ended=True)
    do("evaluate", "desk", effective="yes", attribution=["staff"], lessons="话术复训")

    assert refusal(do, "close", "lead") == "case.not_answered"  # the authority has no answer yet
    do(
        "answer",
        "law",
        to="authority",
        channel="letter",
        at=local(clock.moment),
        words="办理结果报告",
        reference="2026-3",
    )
    closed = do("close", "lead")

    assert (closed.state, closed.result, closed.handler_id, closed.reviewer_id) == (
        "closed",
        "apologised",
        "desk",
        "head",
    )
    with transaction(house) as session:
        view = fold(history(session, case_id))
        assert view.complaint.marks == (2, 4)
        assert [one.document.to for one in view.complaint.answers] == ["customer", "authority"]
        assert audit.verify(session) == []
        assert holds(session, 1)  # closing does not let the evidence go
    assert refusal(do, "release_evidence", "desk", reason="结案") == "case.role"
    do("release_evidence", "law", reason="监管答复已满一年")
    with house() as session:
        assert not holds(session, 1)


def test_a_complaint_is_not_closed_before_it_is_classified_answered_and_called_back(
    house: SessionFactory, clock: FixedClock
) -> None:
    case_id = taken_in(house, clock, channel="company_line", external_number=None).case_id
    do = doing(house, clock, case_id)
    for action, by, details in _to_the_evaluation(clock):
        do(action, by, **details)
    said = {"channel": "phone", "at": local(clock.moment), "said": "回访", "mood": "dissatisfied"}

    assert refusal(do, "close", "lead") == "case.not_classified"
    do("classify", "law", classification="misunderstanding", reason="违约金合同有约定")
    assert refusal(do, "close", "lead") == "case.not_answered"
    do("answer", "desk", to="customer", channel="phone", at=local(clock.moment), words="解释计算依据")
    assert refusal(do, "close", "lead") == "case.not_called_back"
    assert refusal(
        do, "callback", "desk", **(said | {"reached": False, "mood": "unknown"}), satisfaction=3
    ) == ("case.document")
    do("callback", "desk", **said, satisfaction=1)
    assert refusal(do, "close", "lead") == "case.dissatisfied"
    do("callback", "desk", **said, satisfaction=2)
    assert do("close", "lead").state == "closed"


def test_who_cannot_be_reached_three_times_has_been_tried(house: SessionFactory, clock: FixedClock) -> None:
    case_id = taken_in(house, clock, channel="company_line", external_number=None).case_id
    do = doing(house, clock, case_id)
    for action, by, details in _to_the_evaluation(clock):
        do(action, by, **details)
    do("classify", "law", classification="clear_fact", reason="属实")
    do("answer", "desk", to="customer", channel="letter", at=local(clock.moment), words="致歉")
    for attempt in range(3):
        assert refusal(do, "close", "lead") == "case.not_called_back", attempt
        at = local(clock.moment)
        do("callback", "desk", channel="phone", at=at, reached=False, said="无人接听", mood="unknown")

    assert do("close", "lead").state == "closed"


def _to_the_evaluation(clock: FixedClock) -> list[tuple[str, str, dict[str, Any]]]:
    """The steps from the report to the evaluation."""
    due = local(clock.moment + timedelta(days=3))
    talk = {"channel": "phone", "at": local(clock.moment), "said": "说明", "mood": "questioning"}
    return [
        ("sign", "head", {"truth": "confirmed", "accurate": True}),
        ("collect", "officer", {}),
        (
            "form_team",
            "officer",
            TEAM | {"members": [*TEAM["members"], {"person": "officer", "function": "complaint_officer"}]},
        ),
        ("analyse", "desk", {"dimensions": ["process"], "cause": "未说明依据"}),
        ("plan", "desk", {"goal": "说明", "measures": [{"what": "说明", "owner": "desk", "due": due}]}),
        ("contact", "desk", talk),
        ("resolve", "desk", {"outcome": "explained", "words": "已说明"}),
        ("track", "desk", {"seen": "无新投诉", "measures_done": [1], "ended": True}),
        ("evaluate", "desk", {"effective": "yes", "lessons": "无"}),
    ]


def test_a_warning_that_comes_after_the_complaint_joins_its_case(
    session_factory: SessionFactory, clock: FixedClock, register: Callable[[Session, CallEvidence, str], int]
) -> None:
    with transaction(session_factory) as session:
        for person in PEOPLE:
            add_person(session, clock, person)
    row = taken_in(session_factory, clock, channel="company_line", external_number=None)
    suicidal = call(finding("self_harm"), name="H001")
    with transaction(session_factory) as session:
        number = register(session, suicidal, DEBTOR)
    with transaction(session_factory) as session:
        warning = apply_call(session, clock, call_id=number, evidence=suicidal, weights=default_weights())
        assert warning is not None

    with session_factory() as session:
        case = session.get_one(CaseRow, row.case_id)
        assert (case.warning_id, case.level, case.kind) == (warning.id, "high", "complaint")
        assert [event.action for event in history(session, case.id)][-2:] == ["evidence", "level_raised"]
        assert held_calls(session, case.id) == [number]


def test_a_complaint_by_telephone_number_finds_the_debtor_of_the_calls(
    house: SessionFactory, clock: FixedClock
) -> None:
    with transaction(house) as session:
        session.execute(update(CallRow).values(customer_number="+8613800138000"))
    row = taken_in(house, clock, debtor={"number": "138 0013 8000"})

    with house() as session:
        assert session.get_one(CaseRow, row.case_id).debtor_key == DEBTOR
        assert held_calls(session, row.case_id) == [1, 2]


def test_a_number_of_two_debtors_names_neither(
    house: SessionFactory, clock: FixedClock, register: Callable[[Session, CallEvidence, str], int]
) -> None:
    with transaction(house) as session:
        register(session, call(name="H009"), "customer:C9")
        session.execute(update(CallRow).values(customer_number="+8613800138000"))
    row = taken_in(house, clock, debtor={"number": "13800138000"})

    with house() as session:
        assert session.get_one(CaseRow, row.case_id).debtor_key == "number:+8613800138000"


def test_a_new_call_without_any_sign_is_held_too(
    session_factory: SessionFactory, clock: FixedClock, register: Callable[[Session, CallEvidence, str], int]
) -> None:
    with transaction(session_factory) as session:
        for person in PEOPLE:
            add_person(session, clock, person)
    row = taken_in(session_factory, clock)
    calm = call(name="H001")
    with transaction(session_factory) as session:
        number = register(session, calm, DEBTOR)
    with transaction(session_factory) as session:
        assert apply_call(session, clock, call_id=number, evidence=calm, weights=default_weights()) is None

    with session_factory() as session:
        assert held_calls(session, row.case_id) == [number]


def test_a_complaint_is_not_dismissed(house: SessionFactory, clock: FixedClock) -> None:
    do = doing(house, clock, taken_in(house, clock).case_id)

    assert refusal(do, "dismiss", "lead", reason="不属实") == "case.complaint_open"


def test_a_merged_complaint_goes_on_with_its_limits_its_calls_and_whom_it_is_about(
    house: SessionFactory, clock: FixedClock
) -> None:
    unnamed = taken_in(house, clock, debtor={"name": "某先生"})
    do = doing(house, clock, unnamed.case_id)
    do("merge", "officer", into=1, reason="同一债务人")

    with house() as session:
        case = session.get_one(CaseRow, 1)
        assert (case.kind, case.source, case.level, case.collector_id) == (
            "complaint",
            "regulator",
            "high",
            "A1027",
        )
        clocks = {row.clock: row for row in deadlines_of(session, 1)}
        assert clocks["first_answer"].starts_at == unnamed.arrived_at
        assert clocks["regulator"].ended_at is None
        assert held_calls(session, 1) == [1, 2]


def test_self_harm_raises_a_case_whose_level_people_had_lowered(
    house: SessionFactory, clock: FixedClock, register: Callable[[Session, CallEvidence, str], int]
) -> None:
    do = doing(house, clock, 1)
    threatens = call(finding("complaint_intent", channel="regulator"), name="H003", at=clock.moment)
    suicidal = call(finding("self_harm"), name="H004", at=clock.moment)
    _heard(house, clock, register, threatens)
    do("set_level", "head", level="low", reason="已沟通")
    _heard(house, clock, register, suicidal)

    with house() as session:
        assert session.get_one(CaseRow, 1).level == "high"


def test_who_took_the_complaint_in_does_not_review_it(house: SessionFactory, clock: FixedClock) -> None:
    do = doing(house, clock, taken_in(house, clock, by="head").case_id)

    assert refusal(do, "sign", "head", truth="confirmed", accurate=True) == "case.self_review"


def test_self_harm_opens_a_closed_case_again(
    house: SessionFactory, clock: FixedClock, register: Callable[[Session, CallEvidence, str], int]
) -> None:
    do = doing(house, clock, 1)
    do("dismiss", "head", reason="不属实")
    with transaction(house) as session:
        judged_anew = call(finding("self_harm"), name="H001")
        apply_call(session, clock, call_id=1, evidence=judged_anew, weights=default_weights())

    with house() as session:
        case = session.get_one(CaseRow, 1)
        assert (case.state, case.level, case.closed_at) == ("reported", "high", None)
        assert [event.action for event in history(session, 1)][-3:] == ["evidence", "reopen", "level_raised"]
        assert find_open(session, DEBTOR) is case


def _heard(
    house: SessionFactory,
    clock: FixedClock,
    register: Callable[[Session, CallEvidence, str], int],
    evidence: CallEvidence,
) -> None:
    with transaction(house) as session:
        number = register(session, evidence, DEBTOR)
    with transaction(house) as session:
        apply_call(session, clock, call_id=number, evidence=evidence, weights=default_weights())


@pytest.mark.parametrize("due", ["9999-12-31T23:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_year_that_cannot_be_right_is_refused(house: SessionFactory, clock: FixedClock, due: str) -> None:
    do = doing(house, clock, 1)

    assert refusal(do, "set_deadline", "lead", kind="settle", due=due, reason="…") == "case.document"


def test_the_first_answer_does_not_wait_for_the_review(house: SessionFactory, clock: FixedClock) -> None:
    row = taken_in(house, clock, debtor={"name": "某先生"}, channel="company_line", external_number=None)
    do = doing(house, clock, row.case_id)
    do("contact", "desk", channel="phone", at=local(clock.moment), said="已收到，正在核查", mood="calm")

    with house() as session:
        case = session.get_one(CaseRow, row.case_id)
        (answer,) = [one for one in deadlines_of(session, case.id) if one.clock == "first_answer"]
        assert (case.state, case.level, answer.met_at) == ("reported", "medium", clock.moment)
