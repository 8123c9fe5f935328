"""Items of every source come to one kind: kept once, matched by ids, counted for the open episode."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.models import WarningRow
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call
from complaint_warnings.sources import service
from complaint_warnings.sources.documents import Debtor, Opinion, Report, parse
from complaint_warnings.sources.models import WarningItemRow
from complaint_warnings.sources.monitor_policy import default_monitors
from complaint_warnings.sources.service import Received
from complaint_warnings.sources.watching import watch_debtor
from ingest.models import CallRow
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from store.errors import BadInputError, ConflictError, DitingError, NotFoundError
from store.people import Actor, Person, add_person

from ..helpers import NOON, call, finding

WEIGHTS = default_weights()
LI = Actor("li", frozenset({"customer_service"}))
WANG = Actor("wang", frozenset({"collector"}))
REPORT: dict[str, Any] = {
    "external_id": "R-12",
    "reporter": "li",
    "debtor": {"customer_id": "C1"},
    "name": "李建国",
    "amount_due": "1260.00",
    "doubts": ["method", "amount"],
    "words": "客户说每天都打给他的同事。",
    "happened_at": "2026-03-05T11:30:00+08:00",
}
POST: dict[str, Any] = {
    "platform": "黑猫投诉",
    "link": "https://example.org/1",
    "author": "@cat",
    "text": '=HYPERLINK("javascript:alert(1)")',
    "posted_at": "2026-03-05T10:00:00+08:00",
}


@pytest.fixture(autouse=True)
def _people(factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(factory) as session:
        for actor in (LI, WANG):
            add_person(session, clock, Person(actor.id, actor.id, tuple(actor.roles)))


@pytest.fixture
def put_call(factory: SessionFactory, clock, register):
    def put(evidence, debtor: str = "customer:C1", **columns: Any) -> int | None:
        with transaction(factory) as session:
            number = register(session, evidence, debtor)

            for name, value in ({"customer_id": debtor.partition(":")[2]} | columns).items():
                setattr(session.get_one(CallRow, number), name, value)
        with transaction(factory) as session:
            row = apply_call(session, clock, call_id=number, evidence=evidence, weights=WEIGHTS)
            return row.id if row else None

    return put


def report(factory: SessionFactory, clock: FixedClock, actor: Actor = LI, **changes: Any) -> Received:
    document = parse(Report, REPORT | changes, "report")
    with transaction(factory) as session:
        return service.report(session, clock, document, actor=actor, weights=WEIGHTS)


def post(factory: SessionFactory, clock: FixedClock, **changes: Any) -> Received:
    document = parse(Opinion, POST | changes, "post")
    with transaction(factory) as session:
        return service.opinion(session, clock, document, actor=LI, weights=WEIGHTS)


def _names(row: WarningRow) -> list[str]:
    return [each["name"] for each in row.indicators if each["name"] != "days_overdue"]


def warnings(factory: SessionFactory) -> list[tuple[str, str, str, list[str]]]:
    with factory() as session:
        rows = session.scalars(select(WarningRow).order_by(WarningRow.id))
        return [(r.debtor_key, r.source, r.level, _names(r)) for r in rows]


def actions(factory: SessionFactory) -> list[tuple[str, str]]:
    with factory() as session:
        return [
            (entry.action, entry.actor)
            for entry in session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.seq))
            if not entry.action.startswith("person.")
        ]


def test_a_report_opens_a_warning_and_its_case(factory, clock):
    received = report(factory, clock, level="high")
    assert received.created
    assert warnings(factory) == [
        ("customer:C1", "report", "high", ["report.proposed.high", "report.method", "report.amount"])
    ]
    with factory() as session:
        case = session.scalars(select(CaseRow)).one()
        assert (case.source, case.level, case.reporter_id, case.debtor_name) == (
            "report",
            "high",
            "li",
            "李建国",
        )
        assert (case.amount_due, case.currency, case.state) == ("1260.00", "CNY", "reported")
        assert case.first_seen_at == NOON - timedelta(minutes=30)


def test_the_same_report_again_writes_nothing(factory, clock):
    report(factory, clock)
    before = actions(factory)
    again = report(factory, clock)
    assert not again.created
    assert again.warning is not None
    assert actions(factory) == before
    with pytest.raises(ConflictError) as refused:
        report(factory, clock, words="别的话")
    assert refused.value.code == "item.changed"
    assert warnings(factory)[0][3] == ["report.method", "report.amount"]


def test_without_an_id_the_content_is_the_id(factory, clock):
    first, second = (report(factory, clock, external_id=None) for _ in range(2))
    assert (first.created, second.created) == (True, False)
    assert first.item.external_id == second.item.external_id
    assert report(factory, clock, external_id=None, words="别的话").created


def test_a_report_counts_for_the_warning_that_calls_opened(factory, clock, put_call):
    number = put_call(call(finding("stop_request"), name="H1"))
    received = report(factory, clock)
    assert received.warning is not None
    assert received.warning.id == number
    assert warnings(factory) == [
        ("customer:C1", "call", "medium", ["stop_request", "report.method", "report.amount"])
    ]
    with factory() as session:
        assert len(session.scalars(select(CaseRow)).all()) == 1


def test_calls_after_a_report_join_its_warning(factory, clock, put_call):
    received = report(factory, clock)
    assert put_call(call(finding("self_harm"), name="H1")) == received.warning.id
    assert warnings(factory)[0][:3] == ("customer:C1", "report", "high")


def test_the_debtor_of_the_call_is_the_debtor_of_the_report(factory, clock, put_call):
    put_call(call(name="H1"), "customer:C9", agent_id="A7", agent_team="T1")
    received = report(factory, clock, debtor={}, call="central-recorder/H1")
    assert received.item.debtor_key == "customer:C9"
    with factory() as session:
        case = session.scalars(select(CaseRow)).one()
        assert (case.collector_id, case.team) == ("A7", "T1")
    for changes, code in (
        ({"call": "central-recorder/H7"}, "item.call_unknown"),
        ({"call": "central-recorder/H1", "debtor": {"customer_id": "C1"}}, "item.debtor_unclear"),
    ):
        with pytest.raises(DitingError) as refused:
            report(factory, clock, external_id="R-2", **changes)
        assert refused.value.code == code


def test_an_id_of_several_debtors_is_refused_never_guessed(factory, clock, put_call):
    put_call(call(name="H1"), "customer:C1", case_id="K-1")
    put_call(call(name="H2"), "customer:C2", case_id="K-1")
    with pytest.raises(BadInputError) as refused:
        report(factory, clock, debtor={"case_id": "K-1"})
    assert refused.value.code == "item.debtor_unclear"
    assert "customer:C1, customer:C2" in refused.value.message
    assert (
        report(factory, clock, debtor={"case_id": "K-1", "customer_id": "C2"}).item.debtor_key
        == "customer:C2"
    )
    assert not post(factory, clock, debtor={"case_id": "K-1"}).item.debtor_key


def test_an_oral_report_is_entered_by_another(factory, clock):
    with pytest.raises(BadInputError) as refused:
        report(factory, clock, reporter="wang")
    assert refused.value.code == "item.not_oral"
    item = report(factory, clock, reporter="wang", oral=True).item
    assert (item.reporter_id, item.received_by) == ("wang", "li")
    with factory() as session:
        assert session.scalars(select(CaseRow.reporter_id)).one() == "wang"


def test_who_reports_is_a_person_of_the_house(factory, clock):
    with pytest.raises(NotFoundError) as unknown:
        report(factory, clock, reporter="nobody", oral=True)
    assert unknown.value.code == "people.unknown"
    with pytest.raises(ConflictError) as refused:
        report(factory, clock, actor=Actor("au", frozenset({"auditor"})))
    assert refused.value.code == "item.role"


def test_a_post_of_an_unknown_debtor_waits_for_a_person(factory, clock, put_call):
    put_call(call(finding("promise_to_pay"), name="H1"))
    received = post(factory, clock, debtor={"customer_id": "C7"})
    assert (received.item.state, received.item.debtor_key, received.warning) == ("unmatched", None, None)
    assert warnings(factory) == []
    with pytest.raises(ConflictError) as refused, transaction(factory) as session:
        service.match(session, clock, received.item.id, Debtor(customer_id="C1"), actor=WANG, weights=WEIGHTS)
    assert refused.value.code == "item.role"
    with pytest.raises(NotFoundError) as unknown, transaction(factory) as session:
        service.match(session, clock, received.item.id, Debtor(customer_id="C7"), actor=LI, weights=WEIGHTS)
    assert unknown.value.code == "item.debtor_unknown"
    with transaction(factory) as session:
        service.match(session, clock, received.item.id, Debtor(customer_id="C1"), actor=LI, weights=WEIGHTS)
    assert warnings(factory) == [("customer:C1", "opinion", "high", ["opinion.complaint_platform"])]
    with pytest.raises(ConflictError) as decided, transaction(factory) as session:
        service.set_aside(session, clock, received.item.id, actor=LI, reason="不是我们的客户")
    assert decided.value.code == "item.decided"
    assert "decided by li" in decided.value.message


def test_a_post_of_a_known_debtor_counts_at_once(factory, clock, put_call):
    put_call(call(name="H1"))
    assert post(factory, clock, debtor={"customer_id": "C1"}).item.state == "matched"
    assert not post(factory, clock, debtor={"customer_id": "C1"}).created
    assert warnings(factory)[0][2] == "high"


def test_a_post_that_concerns_nobody_is_set_aside_and_stays(factory, clock):
    number = post(factory, clock).item.id
    with pytest.raises(BadInputError), transaction(factory) as session:
        service.set_aside(session, clock, number, actor=LI, reason=" ")
    with transaction(factory) as session:
        service.set_aside(session, clock, number, actor=LI, reason="同名公司")
    with factory() as session:
        row = session.get_one(WarningItemRow, number)
        assert (row.state, row.reason, row.decided_by) == ("set_aside", "同名公司", "li")
        assert row.document["text"] == POST["text"]


def test_everything_that_happens_to_an_item_is_on_record(factory, clock, put_call):
    put_call(call(name="H1"))
    number = post(factory, clock).item.id
    with transaction(factory) as session:
        service.match(session, clock, number, Debtor(customer_id="C1"), actor=LI, weights=WEIGHTS)
    assert actions(factory) == [
        ("item.received", "li"),
        ("item.matched", "li"),
        ("warning.opened", "li"),
        ("item.counted", "li"),
        ("case.opened", "li"),
    ]


def test_a_monitor_speaks_once_and_again_a_week_later(factory, clock, put_call):
    for number in range(4):
        put_call(call(name=f"H{number}", at=NOON + timedelta(hours=number)))

    def watch() -> list[Received]:
        with transaction(factory) as session:
            return watch_debtor(
                session, clock, debtor_key="customer:C1", weights=WEIGHTS, policy=default_monitors()
            )

    [hit] = watch()
    assert (hit.item.source, hit.item.kind, hit.item.state) == ("monitor", "contact_frequency", "matched")
    assert hit.item.document["figures"] == {"connected_per_day": 4, "limit": 3}
    assert [contact["call"] for contact in hit.item.document["contacts"]] == ["H0", "H1", "H2", "H3"]
    assert warnings(factory) == [("customer:C1", "monitor", "low", ["monitor.contact_frequency"])]
    assert watch() == []
    put_call(call(name="H5", at=NOON + timedelta(hours=5)))
    assert watch() == []
    for number in range(4):
        put_call(call(name=f"I{number}", at=NOON + timedelta(days=8, hours=number)))
    assert len(watch()) == 1


def test_two_who_send_the_same_report_at_once_make_one_item(factory, clock):
    received: list[Received | DitingError] = []
    barrier = threading.Barrier(3)

    def send() -> None:
        barrier.wait()
        received.append(report(factory, clock))

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.created for each in received) == [False, False, True]
    assert [action for action, _ in actions(factory)].count("item.received") == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"doubts": []}, "doubts"),
        ({"doubts": ["nonsense"]}, "doubts.0"),
        ({"doubts": ["amount", "amount"]}, ""),
        ({"happened_at": "2026-03-05T11:30:00"}, "happened_at"),
        ({"happened_at": None}, "happened_at"),
        ({"amount_due": 12.5}, "amount_due"),
        ({"amount_due": "-1"}, "amount_due"),
        ({"level": "urgent"}, "level"),
        ({"words": "a\x00b"}, "words"),
        ({"words": "\ud800"}, "words"),
        ({"debtor": {}}, ""),
        ({"debtor": {"customer": "C1"}}, "debtor.customer"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_wrong_report_is_refused_with_its_field(changes: dict[str, Any], field: str):
    with pytest.raises(BadInputError) as refused:
        parse(Report, REPORT | changes, "report.json")
    assert refused.value.code == "item.document"
    assert refused.value.where == f"report.json {field}".strip()
