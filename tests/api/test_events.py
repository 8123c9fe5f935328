"""What changes is told to whoever may see it, and nothing of the rest."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from api.changes import AT_ONCE, Change, Entry, entries_since, in_sight, newest
from api.http.feed import MOST_LISTENERS, Feed, TooManyListeners
from api.scope import seeing
from api.sight import EVERYTHING, sight_of
from ingest.models import CallRow, RecordingRow
from qc.coaching.models import CoachingTaskRow
from qc.models import TicketRow
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.people import Actor
from tests.api.conftest import World
from tests.api.http_client import API, get, problem

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def house(session_factory: SessionFactory) -> SessionFactory:
    """Two calls of two teams with a ticket each."""
    with transaction(session_factory) as session:
        for number, team in ((1, "T1"), (2, "T2")):
            sha = f"{number:064}"
            sound = RecordingRow(
                sha256=sha, bytes=1, codec="opus", source_rate=8000, source_channels=1, duration_s=9.0,
                original_name="a", stored_at=NOW,
            )  # fmt: skip
            session.add(sound)
            session.flush()
            session.add(
                CallRow(id=number, source="s", external_id=f"x/{number}", recording_sha256=sha,
                        agent_team=team, debtor_key="d", record={}, record_sha256=sha, registered_at=NOW)
            )  # fmt: skip
            session.flush()
            session.add(
                TicketRow(id=number + 10, call_id=number, priority="high", reasons=[], created_at=NOW)
            )
    return session_factory


def tell(house: SessionFactory, clock: FixedClock, *entries: tuple[str, str]) -> None:
    with transaction(house) as session:
        for action, subject in entries:
            audit.append(session, clock, actor="system", action=action, subject=subject)


def test_changes_are_of_calls_tickets_and_cases(house: SessionFactory, clock: FixedClock) -> None:
    tell(
        house, clock, ("call.registered", "call:s/x/1"), ("recording.played", "call:s/x/1"),
        ("ticket.shared", "ticket:11"), ("person.added", "person:li"), ("case.noted", "case:7"),
        ("retention.run", "call:broken"), ("ticket.odd", "ticket:x"),
    )  # fmt: skip
    with reading(house) as session:
        found, seq = entries_since(session, 0)
        assert found == [Entry(1, "call", "s/x/1"), Entry(3, "ticket", "11"), Entry(5, "case", "7")]
        assert seq == newest(session) == 7
        assert entries_since(session, 7) == ([], 7)


def test_only_what_is_in_sight_is_told_each_thing_once(house: SessionFactory, clock: FixedClock) -> None:
    told = [Entry(4, "call", "s/x/1"), Entry(5, "call", "s/x/2"), Entry(6, "ticket", "11")]
    told += [Entry(7, "ticket", "12"), Entry(8, "call", "s/x/1"), Entry(9, "call", "s/gone")]
    supervisor = sight_of(Actor("chen", frozenset({"supervisor"}), "T1"))
    with reading(seeing(house, supervisor)) as session:
        assert in_sight(session, told) == [Change(6, "ticket", 11), Change(8, "call", 1)]
    with reading(seeing(house, EVERYTHING)) as session:
        assert [change.seq for change in in_sight(session, told)] == [5, 6, 7, 8]


def test_nobody_hears_two_blind_reviewers_work(house: SessionFactory, clock: FixedClock) -> None:
    with transaction(house) as session:
        session.get_one(TicketRow, 11).state = session.get_one(TicketRow, 12).state = "draft"
        session.get_one(TicketRow, 12).second_reviewer = "bo"
    tell(
        house, clock, ("ticket.decide", "ticket:11"), ("ticket.take", "ticket:12"),
        ("ticket.decide", "ticket:12"), ("ticket.add_missed", "ticket:12"), ("ticket.rate", "ticket:12"),
    )  # fmt: skip
    with reading(house) as session:
        told = in_sight(session, entries_since(session, 0)[0])
        assert told == [Change(1, "ticket", 11), Change(2, "ticket", 12)]
    tell(house, clock, ("ticket.complete", "ticket:12"))
    with reading(house) as session:
        assert in_sight(session, entries_since(session, 2)[0]) == [Change(6, "ticket", 12)]


def test_a_feed_looks_for_all_its_listeners(house: SessionFactory, clock: FixedClock) -> None:
    tell(house, clock, ("ticket.opened", "ticket:12"))

    async def listen() -> None:
        feed = Feed(house, every_s=0.001)
        async with feed.listen() as first, feed.listen() as second:
            await asyncio.to_thread(tell, house, clock, ("ticket.shared", "ticket:11"))
            for queue in (first, second):
                entries, seq = await asyncio.wait_for(queue.get(), 30)
                assert (entries, seq) == ([Entry(2, "ticket", "11")], 2)

    asyncio.run(listen())


def test_there_is_room_for_so_many_listeners(house: SessionFactory) -> None:
    async def listen() -> None:
        feed = Feed(house, every_s=60)
        async with asyncio.TaskGroup() as group:
            crowded = asyncio.Event()

            async def stay() -> None:
                async with feed.listen():
                    await crowded.wait()

            for _ in range(MOST_LISTENERS):
                group.create_task(stay())
            while len(feed._listeners) < MOST_LISTENERS:
                await asyncio.sleep(0)
            with pytest.raises(TooManyListeners) as refused:
                async with feed.listen():
                    pass
            crowded.set()
        assert (refused.value.code, refused.value.http_status) == ("events.many", 503)

    asyncio.run(listen())


def test_what_was_missed_is_told_over_http(client: Callable[..., httpx.AsyncClient], world: World) -> None:
    ask = {"params": {"wait": 0}, "headers": {"Last-Event-ID": "0"}}
    response = get(client(), f"{API}/events", **ask)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    number = world.ids["S03-threat"]
    assert f'event: changed\ndata: {{"kind":"call","id":{number}}}\n' in response.text
    last = response.text.rpartition("id: ")[2].split()[0]
    again = get(client(), f"{API}/events", params={"wait": 0}, headers={"Last-Event-ID": last})
    assert "event:" not in again.text
    assert "event:" not in get(client(), f"{API}/events", params={"wait": 0}).text
    problem(get(client(), f"{API}/events", params={"wait": 301}), 422, "request.invalid")


def test_so_many_entries_are_looked_through_at_once(house: SessionFactory, clock: FixedClock) -> None:
    tell(house, clock, *[("ticket.noted", "ticket:11")] * (AT_ONCE + 1))
    with reading(house) as session:
        found, seq = entries_since(session, 0)
    assert (len(found), seq) == (AT_ONCE, AT_ONCE)


def test_a_coaching_task_is_told_to_the_collector_alone(house: SessionFactory, clock: FixedClock) -> None:
    with transaction(house) as session:
        task = CoachingTaskRow(
            source="s", collector="zhao", category="threat", goal="x", due_on=NOW.date(), follow_up=0,
            window_days=1, state="open", created_by="boss", created_at=NOW,
        )  # fmt: skip
        session.add(task)
        session.flush()
        number = task.id
    tell(house, clock, ("coaching.set", f"coaching:{number}"))
    for person, seen in (("zhao", [Change(1, "coaching", number)]), ("li", [])):
        sight = sight_of(Actor(person, frozenset({"collector"}), "T1"))
        with reading(house) as session:
            entries, _ = entries_since(session, 0)
        with reading(seeing(house, sight)) as session:
            assert in_sight(session, entries) == seen
