"""Whatever the other side does: every notice arrives, each under one id, in the order of its case."""

import json
import random
from collections import defaultdict

import pytest

from tests.http_server import Handler, Server, says

from .site import Site, policy

_ROUTE = {"kinds": ["reported", "sent_back", "reported_again", "high_warning"], "to": ["channel:hook"]}


def breaks_off(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
    handler.close_connection = True


def hangs_up(handler: Handler) -> None:
    handler.close_connection = True


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_lost_and_nothing_doubled_but_under_its_id(site: Site, server: Server, seed: int) -> None:
    chance = random.Random(seed)
    bad = [says({}, 500), says({}, 429, Retry_After="3"), says({}, 404), breaks_off, hangs_up]
    site.write(
        policy(
            {"hook": {"type": "webhook", "url": server.url, "secrets": ["hook"], "total_seconds": 5}},
            [_ROUTE],
            same_minutes=0,
            retry={"first_seconds": 1, "longest_seconds": 8, "attempts": 500},
        )
    )
    server.will(*(chance.choice([says({}), *bad]) for _ in range(40)), says({}))
    cases = [site.open(chance.choice(["low", "high"]), debtor=f"debtor:{n}") for n in range(4)]
    for _ in range(2):
        for case in cases:
            site.act(case, "send_back", "head", reason="…")
            site.round(after=chance.uniform(0, 3))
            site.act(case, "report_again", "officer", changes="…")
    for _ in range(200):
        if not any(row.state == "waiting" for row in site.notices()):
            break
        site.round(after=130)

    rows = site.notices()
    assert {row.state for row in rows} == {"sent"}
    bodies = defaultdict(set)
    firsts: dict[int, list[str]] = defaultdict(list)
    for request in server.requests:
        identity = request.headers["webhook-id"]
        told = json.loads(request.body)
        if identity not in bodies:
            firsts[told["data"]["case"]].append(identity)
        bodies[identity].add(request.body)
    assert set(bodies) == {row.message_id for row in rows}
    assert {len(versions) for versions in bodies.values()} == {1}
    for case in cases:
        assert firsts[case] == [row.message_id for row in rows if row.case_id == case]
    assert len([attempt for attempt in site.attempts() if attempt[1] == "sent"]) == len(rows)
