"""What is sent twice is done once, whatever happens in between."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from store import audit, idempotency
from store.clock import FixedClock
from store.database import SessionFactory, open_sessions, reading, transaction
from store.errors import DitingError
from store.idempotency import Answer, Claim

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
ANSWER = Answer(201, {"content-type": "application/json"}, '{"id": 1}')


@pytest.fixture
def sessions(database_url: str) -> Iterator[SessionFactory]:
    with open_sessions(database_url) as made:
        yield made


def take(sessions: SessionFactory, after: timedelta = timedelta(), sha: str = "a" * 64) -> Claim | Answer:
    return idempotency.take(sessions, FixedClock(NOW + after), caller="cs-1", key="k", request_sha256=sha)


def claim(sessions: SessionFactory) -> Claim:
    made = take(sessions)
    assert isinstance(made, Claim)
    return made


def change(sessions: SessionFactory) -> None:
    with transaction(sessions) as session:
        audit.append(session, FixedClock(NOW), actor="test", action="test.changed", subject="x")


def changes(sessions: SessionFactory) -> int:
    with reading(sessions) as session:
        query = select(func.count()).where(audit.AuditEntry.action == "test.changed")
        return session.scalar(query) or 0


def refused(sessions: SessionFactory, after: timedelta = timedelta(), sha: str = "a" * 64) -> str:
    with pytest.raises(DitingError) as error:
        take(sessions, after, sha)
    return error.value.code


def test_the_first_answer_is_given_again(sessions: SessionFactory) -> None:
    first = claim(sessions)
    assert refused(sessions) == "idempotency.running"
    with idempotency.carrying_out(first):
        change(sessions)
    idempotency.keep_answer(sessions, first, ANSWER)
    assert take(sessions) == ANSWER
    assert refused(sessions, sha="b" * 64) == "idempotency.other_request"


def test_what_changed_nothing_may_be_sent_again(sessions: SessionFactory) -> None:
    idempotency.give_back(sessions, claim(sessions))
    assert isinstance(take(sessions, sha="b" * 64), Claim)


def test_a_crash_after_the_change_does_not_repeat_it(sessions: SessionFactory) -> None:
    first = claim(sessions)
    with idempotency.carrying_out(first):
        change(sessions)
    idempotency.give_back(sessions, first)
    assert refused(sessions, timedelta(hours=1)) == "idempotency.carried_out"


def test_a_crash_before_the_change_lets_it_be_done(sessions: SessionFactory) -> None:
    first = claim(sessions)
    with idempotency.carrying_out(first), sessions() as session:  # it never commits
        audit.append(session, FixedClock(NOW), actor="test", action="test.changed", subject="x")
        session.flush()
    assert refused(sessions, timedelta(minutes=1)) == "idempotency.running"
    assert isinstance(take(sessions, timedelta(minutes=3)), Claim)


def test_a_run_that_only_seemed_gone_changes_nothing_any_more(sessions: SessionFactory) -> None:
    slow = claim(sessions)
    assert isinstance(take(sessions, timedelta(minutes=3)), Claim)
    with pytest.raises(DitingError) as error, idempotency.carrying_out(slow):
        change(sessions)
    assert error.value.code == "idempotency.running"
    assert changes(sessions) == 0


def test_keys_run_out(sessions: SessionFactory) -> None:
    first = claim(sessions)
    idempotency.keep_answer(sessions, first, ANSWER)
    assert idempotency.prune(sessions, FixedClock(NOW + timedelta(hours=23))) == 0
    assert isinstance(take(sessions, timedelta(hours=24), sha="b" * 64), Claim)
    assert idempotency.prune(sessions, FixedClock(NOW + timedelta(hours=48))) == 1
