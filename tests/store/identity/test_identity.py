"""Passwords, sessions, keys, throttling, and the first administrator, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.audit import AuditEntry
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import BadInputError, ConflictError, DitingError, NotFoundError
from store.identity import keys, passwords, sessions, throttle
from store.identity.models import FailureRow, KeyRow, PasswordRow, SessionRow, SetupTokenRow
from store.identity.signing_in import Attempt, Proof, needs_setup, new_setup_token, set_up, try_sign_in
from store.people import Change, Person, add_person, change_person

GOOD = "紫色的灯塔与三只企鹅正在唱歌"
HERE = "10.0.0.7"


@pytest.fixture
def house(session_factory: SessionFactory, clock: FixedClock) -> SessionFactory:
    with transaction(session_factory) as session:
        add_person(session, clock, Person("wang", "王芳", ("qc_reviewer",), "质检一组"))
        passwords.set_password(session, clock, "wang", GOOD, by="cli")
        add_person(session, clock, Person("bot", "报表程序", ("integration",)))
    return session_factory


def attempt(
    house: SessionFactory, clock: FixedClock, password: str, person: str = "wang", address: str = HERE
) -> Attempt:
    with transaction(house) as session:
        return try_sign_in(session, clock, person, Proof(password), address=address)


def code_of(house: SessionFactory, act: Callable[[Session], Any]) -> str:
    with pytest.raises(DitingError) as refused, transaction(house) as session:
        act(session)
    return refused.value.code


def audited(house: SessionFactory) -> list[str]:
    with reading(house) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


@pytest.mark.parametrize(
    ("password", "weak"),
    [
        ("short", True),
        ("Password1234", True),
        ("aaaaaaaaaaaaaaaa", True),
        ("wang-is-my-name-1", True),
        ("x" * 150 + "abcdefgh" * 10, True),
        (GOOD, False),
        ("correct horse battery", False),
    ],
)
def test_weak_passwords_are_refused(password: str, weak: bool) -> None:
    if not weak:
        passwords.require_strong(password, "wang")
        return
    with pytest.raises(BadInputError) as refused:
        passwords.require_strong(password, "wang")
    assert refused.value.code == "password.weak"


def test_passwords_are_argon2id_and_old_parameters_are_renewed(
    house: SessionFactory, clock: FixedClock
) -> None:
    old = "$argon2id$v=19$m=8192,t=1,p=1$"
    with transaction(house) as session:
        row = session.get_one(PasswordRow, "wang")
        assert row.hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        row.hash = passwords.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
        assert row.hash.startswith(old)
    assert attempt(house, clock, GOOD).person == "wang"
    with reading(house) as session:
        assert not session.get_one(PasswordRow, "wang").hash.startswith(old)


def test_signing_in_needs_the_password_and_an_active_account(
    house: SessionFactory, clock: FixedClock
) -> None:
    assert attempt(house, clock, GOOD).person == "wang"
    assert attempt(house, clock, GOOD + "!").person is None
    assert attempt(house, clock, GOOD, person="nobody").person is None
    assert attempt(house, clock, GOOD, person="bot").person is None
    with transaction(house) as session:
        change_person(session, clock, "wang", Change(active=False))
    assert attempt(house, clock, GOOD).person is None


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (11, 1920), (12, 3600), (99, 3600)]
)
def test_waits_grow_up_to_an_hour(failures: int, seconds: int) -> None:
    assert throttle.wait_after(failures, free=throttle.FREE) == timedelta(seconds=seconds)


@pytest.mark.parametrize("person", ["wang", "nobody"])
def test_guessing_locks_an_account_that_is_there_and_one_that_is_not(
    house: SessionFactory, clock: FixedClock, person: str
) -> None:
    for _ in range(throttle.FREE - 1):
        assert attempt(house, clock, "guess", person=person).locked_until is None
    until = clock.now() + throttle.FIRST_WAIT
    assert attempt(house, clock, "guess", person=person).locked_until == until
    # Even the right password does not help, and the refusal counts no further.
    assert attempt(house, clock, GOOD, person=person, address="elsewhere") == Attempt(None, until)
    clock.moment += throttle.FIRST_WAIT + timedelta(seconds=1)
    assert (attempt(house, clock, GOOD, person=person).person is not None) == (person == "wang")


def test_the_right_password_forgets_failures_of_the_account_but_not_of_the_address(
    house: SessionFactory, clock: FixedClock
) -> None:
    for _ in range(3):
        attempt(house, clock, "guess")
    assert attempt(house, clock, GOOD).person == "wang"
    for _ in range(throttle.FREE - 1):
        assert attempt(house, clock, "guess").locked_until is None
    with transaction(house) as session:
        locked = None
        for _ in range(throttle.FREE_OF_ADDRESS):
            locked = throttle.note_failure(session, [throttle.address("10.9.9.9")], clock.now())
        assert locked == clock.now() + throttle.FIRST_WAIT
    assert attempt(house, clock, GOOD, address="10.9.9.9").locked_until == locked


def test_failures_are_forgotten_after_a_day(house: SessionFactory, clock: FixedClock) -> None:
    for _ in range(throttle.FREE):
        attempt(house, clock, "guess")
    clock.moment += throttle.FORGOTTEN_AFTER + timedelta(hours=2)
    attempt(house, clock, "guess", person="another", address="elsewhere")
    with reading(house) as session:
        assert set(session.scalars(select(FailureRow.subject))) == {"account:another", "address:elsewhere"}
    assert attempt(house, clock, "guess").locked_until is None
    assert audited(house).count("session.refused") == throttle.FREE + 2


def opened(house: SessionFactory, clock: FixedClock) -> str:
    with transaction(house) as session:
        return sessions.open_session(session, clock, "wang", address=HERE, browser="Firefox")


def holds(house: SessionFactory, clock: FixedClock, secret: str) -> bool:
    with reading(house) as session:
        return sessions.session_of(session, secret, clock.now()) is not None


def test_a_session_is_known_by_its_hash_alone(house: SessionFactory, clock: FixedClock) -> None:
    secret = opened(house, clock)
    with reading(house) as session:
        found = sessions.session_of(session, secret, clock.now())
        assert found is not None
        assert (found.actor.id, found.actor.roles) == ("wang", {"qc_reviewer"})
        assert secret not in [row.id_sha256 for row in session.scalars(select(SessionRow))]
    assert opened(house, clock) != secret
    assert not holds(house, clock, secret + "x")


def test_sessions_end_by_idling_and_by_length(house: SessionFactory, clock: FixedClock) -> None:
    secret = opened(house, clock)
    clock.moment += sessions.IDLE
    assert holds(house, clock, secret)
    clock.moment += timedelta(seconds=1)
    assert not holds(house, clock, secret)
    secret = opened(house, clock)
    for _ in range(6):
        clock.moment += timedelta(hours=1, minutes=59)
        with transaction(house) as session:
            found = sessions.session_of(session, secret, clock.now())
            assert found is not None
            assert sessions.is_due(session, found.id, clock.now())
            sessions.saw(session, found.id, clock.now())
    clock.moment += timedelta(minutes=7)
    assert not holds(house, clock, secret)


def test_sessions_end_with_sign_out_a_new_password_and_the_account(
    house: SessionFactory, clock: FixedClock
) -> None:
    first, second, third = (opened(house, clock) for _ in range(3))
    with transaction(house) as session:
        found = sessions.session_of(session, first, clock.now())
        assert found is not None
        for _ in range(2):  # signing out twice is one sign-out
            sessions.end_session(session, clock, found.id, by="wang", because="signed_out")
    assert [holds(house, clock, each) for each in (first, second)] == [False, True]
    with transaction(house) as session:
        assert len(sessions.sessions_of(session, "wang", clock.now())) == 2
        passwords.set_password(session, clock, "wang", GOOD + "了", by="wang")
    assert not holds(house, clock, second)
    assert not holds(house, clock, third)
    fourth = opened(house, clock)
    with transaction(house) as session:
        change_person(session, clock, "wang", Change(active=False))
    assert not holds(house, clock, fourth)
    assert audited(house).count("session.ended") == 1


def test_the_proof_of_a_page_belongs_to_its_session() -> None:
    assert sessions.csrf_of("a") == sessions.csrf_of("a")
    assert sessions.csrf_of("a") != sessions.csrf_of("b")


def made(house: SessionFactory, clock: FixedClock, days: int | None = None) -> tuple[int, str]:
    with transaction(house) as session:
        row, secret = keys.make_key(session, clock, "bot", "报表", days=days, by="root")
        return row.id, secret


def who(house: SessionFactory, clock: FixedClock, secret: str) -> str | None:
    with reading(house) as session:
        actor = keys.actor_of_key(session, secret, clock.now())
        return actor.id if actor else None


def test_a_key_acts_until_it_ends_or_is_revoked(house: SessionFactory, clock: FixedClock) -> None:
    number, secret = made(house, clock)
    _, passing = made(house, clock, days=1)
    assert who(house, clock, secret) == who(house, clock, passing) == "bot"
    assert who(house, clock, secret[:-1]) is None
    clock.moment += timedelta(days=1)
    assert who(house, clock, passing) is None
    for _ in range(2):
        with transaction(house) as session:
            keys.revoke(session, clock, "bot", number, by="root")
    assert who(house, clock, secret) is None
    assert code_of(house, lambda s: keys.revoke(s, clock, "wang", number, by="wang")) == "keys.unknown"
    assert audited(house).count("key.revoked") == 1
    with reading(house) as session:
        assert secret not in [row.sha256 for row in session.scalars(select(KeyRow))]


def test_a_token_ends_soon_and_with_its_key_and_buys_no_token(
    house: SessionFactory, clock: FixedClock
) -> None:
    number, secret = made(house, clock)
    with transaction(house) as session:
        first, second = (keys.exchange(session, clock, secret) for _ in range(2))
        assert first is not None
        assert second is not None
        assert first[1] == clock.now() + keys.TOKEN_LENGTH
        assert keys.exchange(session, clock, first[0]) is None
        assert keys.exchange(session, clock, "dtk_nobodys") is None
    assert who(house, clock, first[0]) == "bot"
    with transaction(house) as session:
        keys.revoke(session, clock, "bot", number, by="root")
    assert who(house, clock, first[0]) is None
    _, secret = made(house, clock)
    with transaction(house) as session:
        token = keys.exchange(session, clock, secret)
    assert token is not None
    clock.moment += keys.TOKEN_LENGTH
    assert who(house, clock, token[0]) is None
    assert who(house, clock, secret) == "bot"


def test_when_a_key_was_used_is_put_down_once_a_minute(house: SessionFactory, clock: FixedClock) -> None:
    number, secret = made(house, clock)
    with transaction(house) as session:
        assert keys.is_due(session, secret, clock.now())
        keys.used(session, secret, clock.now())
        assert not keys.is_due(session, secret, clock.now())
        session.expire_all()
        assert session.get_one(KeyRow, number).used_at == clock.now()


def test_keys_need_a_name_and_are_not_many(house: SessionFactory, clock: FixedClock) -> None:
    assert code_of(house, lambda s: keys.make_key(s, clock, "bot", " ", days=None, by="x")) == "keys.name"
    for _ in range(keys.MOST):
        made(house, clock)
    assert code_of(house, lambda s: keys.make_key(s, clock, "bot", "x", days=None, by="x")) == "keys.many"


def test_the_first_administrator_is_made_once(session_factory: SessionFactory, clock: FixedClock) -> None:
    def make(token: str, person: str = "root", password: str = GOOD) -> None:
        with transaction(session_factory) as session:
            set_up(session, clock, token, person=person, name="管理员", password=password)

    with transaction(session_factory) as session:
        assert needs_setup(session)
        first = new_setup_token(session, clock, by="cli")
    with transaction(session_factory) as session:
        second = new_setup_token(session, clock, by="cli")
    for wrong in (first, "dtu_guess"):
        with pytest.raises(NotFoundError):
            make(wrong)
    with pytest.raises(BadInputError):
        make(second, password="short")
    make(second)  # the failure before did not use it up
    with pytest.raises(NotFoundError):
        make(second, person="other")
    with reading(session_factory) as session:
        assert not needs_setup(session)
        assert [row.used_at for row in session.scalars(select(SetupTokenRow))] == [clock.now()]
    with pytest.raises(ConflictError) as refused, transaction(session_factory) as session:
        new_setup_token(session, clock, by="cli")
    assert refused.value.code == "setup.done"


def test_a_setup_token_gets_too_old(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        token = new_setup_token(session, clock, by="cli")
    clock.moment += timedelta(hours=24)
    with pytest.raises(NotFoundError) as refused, transaction(session_factory) as session:
        set_up(session, clock, token, person="root", name="x", password=GOOD)
    assert refused.value.code == "setup.token"
