"""Sending through real servers that fail, stall, answer nonsense and come back: nothing lost, and nothing
doubled but with the same id."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from complaint_warnings.notices import dispatch
from complaint_warnings.notices.resending import resend
from complaint_warnings.notices.sender import Sent, deliver
from complaint_warnings.notices.types import Result
from store.database import transaction
from tests.http_server import Handler, Server, says

from .site import MORNING, NIGHT, SECRET, Site, policy


def hook(server: Server, **more):
    """A webhook channel to a server of the test."""
    more = {"connect_seconds": 2, "total_seconds": 5} | more
    return {"type": "webhook", "url": server.url, "secrets": ["hook"], **more}


HIGH = {"kinds": ["high_warning"], "to": ["channel:hook"]}
ANY = {
    "kinds": ["high_warning", "self_harm", "sent_back", "reported", "reported_again", "signed", "escalated"],
    "to": ["channel:hook"],
}


def ids(server: Server) -> list[str]:
    return [request.headers["webhook-id"] for request in server.requests]


def types(server: Server) -> list[str]:
    return [json.loads(request.body)["type"] for request in server.requests]


def test_a_high_warning_reaches_the_webhook_signed(site: Site, server: Server) -> None:
    site.clock.moment = now = datetime.now(UTC).replace(microsecond=0)  # the library asks the system's clock
    site.write(policy({"hook": hook(server)}, [HIGH], link="https://d.example/cases/{id}"))
    server.will(says({"ok": True}))
    case = site.open("high")

    assert site.round() == Sent(sent=1)
    assert site.round() == Sent()

    (request,) = server.requests
    told = Webhook(SECRET).verify(request.body, request.headers)
    assert told == {
        "type": "case.high_warning",
        "timestamp": now.isoformat(),
        "data": {
            "title": f"高等级预警 {site.number(case)}",
            "case": case,
            "number": site.number(case),
            "kind": "warning",
            "level": "high",
            "state": "reported",
            "debtor": "王**",
            "at": now.isoformat(),
            "link": f"https://d.example/cases/{case}",
            "recipient": None,
        },
    }
    assert site.states() == [("high_warning", "hook", "sent")]
    assert site.attempts() == [(1, "sent", None)]


def test_a_failing_server_gets_the_same_message_again_until_it_takes_it(site: Site, server: Server) -> None:
    site.write(policy({"hook": hook(server)}, [HIGH]))
    server.will(says({}, 500), says({}, 302, Location="http://127.0.0.1:1/"), says({}, 200))
    site.open("high")

    assert site.round() == Sent(failed=1)
    assert site.round() == Sent()  # not before its time
    assert site.round(after=2) == Sent(failed=1)
    assert site.round(after=3) == Sent(sent=1)

    assert len(set(ids(server))) == 1
    assert len({request.body for request in server.requests}) == 1
    assert [outcome for _, outcome, _ in site.attempts()] == ["again", "again", "sent"]


def closes_in_mid_reply(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    handler.close_connection = True


def stalls(handler: Handler) -> None:
    handler.server.ended.wait(30)


def test_a_reply_that_breaks_off_or_never_comes_is_no_success(site: Site, server: Server) -> None:
    site.write(policy({"hook": hook(server, total_seconds=0.3)}, [HIGH]))
    server.will(closes_in_mid_reply, stalls, says({}))
    site.open("high")

    assert [site.round(), site.round(after=5)] == [Sent(failed=1)] * 2
    site.write(policy({"hook": hook(server)}, [HIGH]))
    assert site.round(after=5) == Sent(sent=1)
    assert len(set(ids(server))) == 1
    assert [code for _, _, code in site.attempts()] == ["notice.unreachable", "notice.timeout", None]


def test_a_server_that_asks_for_a_pause_gets_it(site: Site, server: Server) -> None:
    site.write(policy({"hook": hook(server)}, [HIGH]))
    server.will(says({}, 429, Retry_After="40"), says({}))
    site.open("high", debtor="debtor:A")
    site.open("high", debtor="debtor:B")

    assert site.round() == Sent(failed=1)
    assert site.round(after=39) == Sent()
    assert site.round(after=2) == Sent(sent=2)


def test_a_message_that_nobody_takes_becomes_a_dead_letter_and_is_sent_again_by_hand(
    site: Site, server: Server
) -> None:
    site.write(policy({"hook": hook(server)}, [HIGH], circuit={"failures": 50}))
    server.will(says({}, 500))
    site.open("high")

    rounds = [site.round(after=100) for _ in range(5)]
    assert rounds == [Sent(failed=1)] * 3 + [Sent(failed=1, dead=1), Sent()]
    assert site.states() == [("high_warning", "hook", "dead")]

    server.will(says({}))
    with transaction(site.sessions) as session:
        again = resend(session, site.clock, [site.notices()[0].id], by="root")
    assert [row.state for row in again] == ["waiting"]
    assert site.round() == Sent(sent=1)
    assert len(set(ids(server))) == 1
    assert site.states() == [("high_warning", "hook", "sent")]


def test_a_gone_endpoint_is_not_asked_again(site: Site, server: Server) -> None:
    site.write(policy({"hook": hook(server)}, [HIGH]))
    server.will(says({}, 410))
    site.open("high")

    assert site.round() == Sent(failed=1, dead=1)
    assert site.round(after=1000) == Sent()


def test_others_are_told_of_a_dead_letter_by_another_channel(
    site: Site, server: Server, other_server: Server
) -> None:
    routes = [HIGH, {"kinds": ["dead_letter"], "to": ["channel:hook", "channel:spare"]}]
    site.write(policy({"hook": hook(server), "spare": hook(other_server)}, routes))
    server.will(says({}, 410))
    other_server.will(says({}))
    number = site.number(site.open("high"))

    assert site.round() == Sent(failed=1, dead=1)
    assert site.round() == Sent(sent=1)

    (told,) = [json.loads(request.body) for request in other_server.requests]
    assert told["type"] == "notices.dead_letter"
    assert told["data"]["number"] == number
    assert told["data"]["undelivered"].startswith("high_warning, hook, msg_")
    assert site.states() == [("high_warning", "hook", "dead"), ("dead_letter", "spare", "sent")]


def test_a_stalled_channel_rests_and_holds_up_no_other(
    site: Site, server: Server, other_server: Server
) -> None:
    routes = [{"kinds": ["high_warning"], "to": ["channel:hook", "channel:spare"]}]
    channels = {"hook": hook(server, total_seconds=0.2), "spare": hook(other_server)}
    site.write(policy(channels, routes))
    server.will(stalls)
    other_server.will(says({}))
    for debtor in "ABCDE":
        site.open("high", debtor=f"debtor:{debtor}")

    assert site.round() == Sent(sent=5, failed=1)  # a round is over with the first attempt that stalls
    assert [site.round(), site.round()] == [Sent(failed=1)] * 2
    assert site.round(after=10) == Sent()  # the channel rests
    assert site.round(after=25) == Sent(failed=1)  # one tries after the rest
    server.will(says({}))
    site.write(policy(channels | {"hook": hook(server)}, routes))
    assert site.round(after=200).sent == 5
    assert {state for *_, state in site.states()} == {"sent"}


def test_no_more_than_the_channel_takes_in_a_minute(site: Site, server: Server) -> None:
    site.write(policy({"hook": hook(server, per_minute=3)}, [HIGH]))
    server.will(says({}))
    for number in range(7):
        site.open("high", debtor=f"debtor:{number}")

    assert [site.round().sent, site.round(after=30).sent] == [3, 0]
    assert [site.round(after=31).sent, site.round(after=61).sent] == [3, 1]


def test_what_happened_to_a_case_is_told_in_its_order(site: Site, server: Server) -> None:
    site.write(policy({"hook": hook(server)}, [ANY], circuit={"failures": 50}))
    server.will(says({}, 500), says({}))
    case = site.open("low")
    site.act(case, "send_back", "head", reason="请补充")
    other = site.open("low", debtor="debtor:B")

    assert site.round() == Sent(sent=1, failed=1)  # the other case goes on
    assert site.round(after=2) == Sent(sent=2)
    told = [json.loads(request.body) for request in server.requests]
    assert [(each["data"]["case"], each["type"]) for each in told] == [
        (case, "case.reported"),
        (other, "case.reported"),
        (case, "case.reported"),
        (case, "case.sent_back"),
    ]


def test_a_crash_between_sending_and_writing_it_down_sends_again_with_the_same_id(
    site: Site, server: Server
) -> None:
    site.write(policy({"hook": hook(server)}, [HIGH]))
    server.will(says({}))
    site.open("high")

    def sends_and_dies(channel, letter, now):
        dispatch.send(site.settings, channel, letter, now)
        raise SystemExit

    with pytest.raises(SystemExit):
        deliver(site.sessions, site.clock, site.settings, send=sends_and_dies)
    assert site.attempts() == [(1, "under_way", None)]
    assert site.round(after=30) == Sent()  # its lease still runs
    assert site.round(after=60) == Sent(sent=1)

    assert len(server.requests) == 2
    assert len(set(ids(server))) == 1
    assert site.attempts() == [(1, "lost", None), (2, "sent", None)]


def test_a_sender_that_overran_its_lease_changes_nothing(site: Site, server: Server) -> None:
    site.write(policy({"hook": hook(server)}, [HIGH]))
    site.open("high")

    def is_overtaken(channel, letter, now):
        site.clock.moment += timedelta(seconds=90)
        if letter.attempt == 1:
            deliver(site.sessions, site.clock, site.settings, send=lambda *_: Result("sent"))
        return Result("again", "notice.timeout", "late")

    deliver(site.sessions, site.clock, site.settings, send=is_overtaken)

    assert site.states() == [("high_warning", "hook", "sent")]
    assert site.attempts() == [(1, "again", "notice.timeout"), (2, "sent", None)]


def test_two_senders_at_once_send_each_notice_once(site: Site, server: Server) -> None:
    site.write(policy({"hook": hook(server)}, [HIGH]))
    server.will(says({}))
    for number in range(12):
        site.open("high", debtor=f"debtor:{number}")

    with ThreadPoolExecutor(3) as pool:
        rounds = list(pool.map(lambda _: site.round(), range(3)))

    assert sum(rounds, Sent()) == Sent(sent=12)
    assert len(ids(server)) == len(set(ids(server))) == 12


def test_quiet_hours_hold_back_and_one_digest_follows(site: Site, server: Server) -> None:
    quiet = {"from": "22:00", "to": "08:00"}
    site.write(policy({"hook": hook(server, quiet=quiet)}, [ANY]))
    server.will(says({}))
    site.clock.moment = NIGHT
    first, second = site.open("high"), site.open("low", debtor="debtor:B")

    assert site.round() == Sent()
    assert site.round(after=3600) == Sent()
    assert {row.held for row in site.notices()} == {True}

    site.clock.moment = MORNING
    assert site.round() == Sent(sent=1, digests=1)
    (request,) = server.requests
    told = json.loads(request.body)
    assert told["type"] == "notices.digest"
    assert [(item["type"], item["case"]) for item in told["data"]["items"]] == [
        ("case.high_warning", first),
        ("case.reported", second),
    ]
    assert [item["id"] for item in told["data"]["items"]] == [n.message_id for n in site.notices()[:2]]
    assert site.states() == [
        ("high_warning", "hook", "gathered"),
        ("reported", "hook", "gathered"),
        ("digest", "hook", "sent"),
    ]


def test_one_notice_held_back_alone_is_sent_as_it_is(site: Site, server: Server) -> None:
    site.write(policy({"hook": hook(server, quiet={"from": "22:00", "to": "08:00"})}, [ANY]))
    server.will(says({}))
    site.clock.moment = NIGHT
    site.open("low")
    site.clock.moment = MORNING

    assert site.round() == Sent(sent=1)
    assert types(server) == ["case.reported"]


def test_self_harm_at_three_in_the_morning_goes_out_at_once(site: Site, server: Server) -> None:
    quiet = {"from": "22:00", "to": "08:00"}
    site.write(policy({"hook": hook(server, quiet=quiet)}, [ANY]))
    server.will(says({}))
    site.clock.moment = NIGHT
    site.open("high", flags=("self_harm",))

    assert site.round() == Sent(sent=1)
    assert types(server) == ["case.self_harm"]
    assert site.states() == [("self_harm", "hook", "sent"), ("high_warning", "hook", "waiting")]


def test_what_fails_until_the_quiet_begins_waits_for_its_end(site: Site, server: Server) -> None:
    site.write(policy({"hook": hook(server, quiet={"from": "22:00", "to": "08:00"})}, [ANY]))
    server.will(says({}, 500), says({}))
    site.clock.moment = NIGHT - timedelta(hours=5, seconds=1)  # 21:59:59
    site.open("low")

    assert site.round() == Sent(failed=1)
    assert site.round(after=5) == Sent()
    assert [(row.held, row.due_at) for row in site.notices()] == [(True, MORNING)]
    site.clock.moment = MORNING
    assert site.round() == Sent(sent=1)


def test_others_hear_of_an_urgent_notice_that_does_not_arrive_while_it_is_tried_on(
    site: Site, server: Server, other_server: Server
) -> None:
    routes = [ANY, {"kinds": ["dead_letter"], "to": ["channel:spare"]}]
    site.write(policy({"hook": hook(server), "spare": hook(other_server)}, routes))
    server.will(says({}, 500))
    other_server.will(says({}))
    site.open("low", flags=("self_harm",))

    site.round()
    site.round(after=10)
    site.round(after=10)
    site.round()
    assert [json.loads(request.body)["data"]["undelivered"][:9] for request in other_server.requests] == [
        "self_harm"
    ]
    assert next(row.state for row in site.notices()) == "waiting"


def test_while_the_whole_channel_fails_nothing_is_given_up(
    site: Site, server: Server, other_server: Server
) -> None:
    routes = [HIGH, {"kinds": ["dead_letter"], "to": ["channel:spare"]}]
    site.write(policy({"hook": hook(server), "spare": hook(other_server)}, routes))
    server.will(says({}, 502))
    other_server.will(says({}))
    site.open("high")

    for _ in range(12):  # four attempts are allowed
        site.round(after=600)
    assert site.states()[0] == ("high_warning", "hook", "waiting")
    assert types(other_server) == ["notices.dead_letter"]  # said once, when the channel began to rest
    site.round(after=72 * 3600)
    assert site.states()[0] == ("high_warning", "hook", "dead")
