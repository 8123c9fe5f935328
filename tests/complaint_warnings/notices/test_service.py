"""What happens to a case is told, in the same transaction, to the right people, once."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from complaint_warnings.cases.door import act
from complaint_warnings.notices.policy import DEFAULT_POLICY, load_policy
from complaint_warnings.notices.sender import Sent
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call
from store.database import transaction
from store.people import SYSTEM
from tests.http_server import Server, says

from ..helpers import call, finding
from .mail_server import MailServer
from .site import NAME, NIGHT, NOON, PHONE, SECRET, TOKEN, Site, policy

MAIL = {"type": "email", "host": "127.0.0.1", "port": 1, "security": "none", "sender": "d@example.com"}
SHIPPED = [route.model_dump(mode="json", exclude_none=True) for route in load_policy(DEFAULT_POLICY).routes]
TEAM = {
    "handler": "li",
    "members": [
        {"person": "boss", "function": "lead"},
        {"person": "li", "function": "customer_service"},
    ],
}


SUPERVISOR = {"person": "wang", "function": "supervisor"}
LEGAL = {"person": "legal", "function": "legal"}
BREACH = {
    "kind": "first_answer",
    "due": "2026-03-06T04:00:00+00:00",
    "words": {"zh": "首次答复已超时", "en": "First answer: overdue"},
    "details": {"mark": "breach"},
}


@pytest.fixture
def house(site: Site) -> Site:
    """With the shipped routes and a mail server that is not there."""
    site.write(policy({"mail": MAIL}, SHIPPED, via=["mail"]))
    return site


def told(site: Site) -> list[tuple[str, str]]:
    return [(row.kind, row.recipient) for row in site.notices()]


def test_without_channels_nobody_is_told(site: Site) -> None:
    site.write(policy({}, SHIPPED))
    site.open("high", flags=("self_harm",))

    assert site.notices() == []
    assert site.round() == Sent()


def test_the_notice_is_there_when_the_event_is_and_only_then(house: Site) -> None:
    case = house.open("low")
    before = told(house)

    with house.sessions() as session, session.begin() as begun:
        act(session, house.clock, case_id=case, action="deadline_breached", actor=SYSTEM, details=BREACH)
        begun.rollback()
    assert told(house) == before
    house.act(case, "deadline_breached", **BREACH)
    assert told(house)[len(before) :] == [("deadline_breached", "boss")]


def test_who_is_told_by_the_shipped_routes(house: Site) -> None:
    high = house.open("high")
    assert told(house) == [
        ("high_warning", "head"),
        ("high_warning", "boss"),
        ("high_warning", "officer"),
    ]
    house.act(high, "form_team", "boss", **TEAM | {"members": [*TEAM["members"], SUPERVISOR, LEGAL]})
    assert told(house)[3:] == [
        ("assigned", "li"),
        ("assigned", "boss"),
        ("assigned", "legal"),
        ("assigned", "wang"),
    ]
    house.act(high, "deadline_breached", **BREACH)
    assert told(house)[7:] == [
        ("deadline_breached", "li"),
        ("deadline_breached", "wang"),
        ("deadline_breached", "boss"),
    ]
    house.act(high, "escalate", to="head", reason="…")
    assert told(house)[10:] == [("escalated", "head")]


def test_the_message_of_a_deadline_names_it(house: Site) -> None:
    case = house.open("low")
    house.act(case, "deadline_breached", **BREACH)

    row = house.notices()[-1]
    assert row.document["deadline"] == BREACH["words"]
    assert row.topic == "first_answer:breach:2026-03-06T04:00:00Z"


def test_the_same_said_twice_within_ten_minutes_is_said_once(house: Site) -> None:
    case = house.open("low")
    house.act(case, "send_back", "head", reason="…")
    house.act(case, "report_again", "officer", changes="…")
    house.clock.moment += timedelta(minutes=9)
    house.act(case, "send_back", "head", reason="…")
    house.act(case, "report_again", "officer", changes="…")
    assert [kind for kind, _ in told(house)].count("reported_again") == 1

    house.clock.moment += timedelta(minutes=2)
    house.act(case, "send_back", "head", reason="…")
    house.act(case, "report_again", "officer", changes="…")
    assert [kind for kind, _ in told(house)].count("reported_again") == 2


def test_two_deadlines_at_the_same_moment_are_two_notices(house: Site) -> None:
    case = house.open("low")
    house.act(case, "deadline_breached", **BREACH)
    house.act(case, "deadline_breached", **BREACH | {"kind": "settle"})

    assert told(house)[1:] == [("deadline_breached", "boss")] * 2


def test_where_the_routes_reach_nobody_a_dead_letter_shows_it(site: Site) -> None:
    routes = [{"kinds": ["reported"], "to": ["team_role:supervisor", "handler"]}]
    site.write(policy({"mail": MAIL}, routes, via=["mail"]))
    site.open("low")

    (row,) = site.notices()
    assert (row.state, row.channel, row.reason) == (
        "dead",
        "-",
        "notice.nobody: no active person is meant by the routes of reported",
    )


def test_the_collector_complained_of_is_not_told(site: Site) -> None:
    site.write(policy({"mail": MAIL}, [{"kinds": ["reported"], "to": ["role:supervisor"]}], via=["mail"]))
    site.open("low", collector_id="zhang", team="A")

    assert told(site) == [("reported", "wang")]


def test_a_report_is_sent_to_the_persons_address_as_it_is_then(site: Site, mail_server: MailServer) -> None:
    site.write(policy({"mail": MAIL | {"port": mail_server.port}}, SHIPPED, via=["mail"]))
    number = site.number(site.open("low"))

    assert site.round() == Sent(sent=1)
    (message,) = mail_server.messages
    assert message["To"] == "head@example.com"
    assert message["Subject"] == f"[Diting] 新预警待审核 {number}"


def test_a_person_without_an_address_is_a_dead_letter(site: Site, mail_server: MailServer) -> None:
    routes = [{"kinds": ["reported"], "to": ["role:complaint_officer"]}]
    site.write(policy({"mail": MAIL | {"port": mail_server.port}}, routes, via=["mail"]))
    site.open("low")

    assert site.round() == Sent(failed=1, dead=1)
    assert site.notices()[0].reason == "notice.no_address: no e-mail address"


def test_self_harm_in_a_call_is_told_at_three_in_the_morning(
    site: Site, mail_server: MailServer, register
) -> None:
    """From the evidence of a call, through the warning and its case, to the mail server."""
    mail = MAIL | {"port": mail_server.port, "quiet": {"from": "22:00", "to": "08:00"}}
    site.write(policy({"mail": mail}, SHIPPED, via=["mail"]))
    site.clock.moment = NIGHT

    numbers: dict[str, int] = {}

    def hear(name: str, *findings) -> None:
        evidence = call(*findings, name=name, at=NIGHT)
        with transaction(site.sessions) as session:
            numbers[name] = number = register(session, evidence)
        with transaction(site.sessions) as session:
            apply_call(session, site.clock, call_id=number, evidence=evidence, weights=default_weights())

    hear("H001", finding("self_harm"))
    assert site.round() == Sent(sent=2)  # the head and the boss; nobody handles it yet
    hear("H002", finding("promise_to_pay"))  # the case is known by now, and this call says nothing of it
    assert site.round() == Sent()
    hear("H003", finding("self_harm"))
    assert site.round().sent == 2
    site.clock.moment += timedelta(hours=1)
    with transaction(site.sessions) as session:  # judged anew, with another explanation
        again = call(finding("self_harm", start=99.0), name="H003", at=NIGHT)
        apply_call(session, site.clock, call_id=numbers["H003"], evidence=again, weights=default_weights())
    assert site.round() == Sent()

    assert {message["Subject"].split()[1] for message in mail_server.messages} == {"自伤风险，请立即处理"}


def test_nothing_of_a_person_and_no_secret_is_kept_or_sent(
    site: Site, server: Server, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    hook = {"type": "webhook", "url": server.url, "secrets": ["hook"]}
    robot = {"type": "wecom", "url": server.url, "token": "token"}
    everywhere = [{"kinds": ["reported"], "to": ["channel:hook", "channel:room", "role:department_head"]}]
    channels = {"hook": hook, "room": robot, "mail": MAIL | {"port": mail_server.port}}
    site.write(policy(channels, everywhere, via=["mail"]))
    server.will(says({"errcode": 0}))
    with caplog.at_level("DEBUG"):
        site.open("low", details={"words": "客户的原话"})
        site.round()

    with transaction(site.sessions) as session:
        tables = ("notice", "notice_delivery", "notice_channel")
        kept = "".join(str(session.execute(text(f"SELECT * FROM {t}")).all()) for t in tables)  # noqa: S608
    kept += "".join(json.dumps(row.document, ensure_ascii=False) for row in site.notices())
    sent = "".join(request.body.decode() for request in server.requests)
    parts = [part for message in mail_server.messages for part in message.walk()]
    mailed = "".join(part.get_content() for part in parts if part.get_content_maintype() == "text")
    assert "王**" in kept
    assert "王**" in sent
    assert "王**" in mailed
    for place in (kept, sent, mailed, caplog.text):
        for private in (NAME, PHONE, "1234.56", "客户的原话", SECRET, TOKEN, "mail-password-5"):
            assert private not in place


def test_what_is_kept_says_by_which_policy(house: Site) -> None:
    house.open("low")
    (row,) = house.notices()

    assert row.policy == "test@3"
    assert row.due_at == NOON
