"""Codes that change, each good once, and what helps who lost the telephone."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import BadInputError, ConflictError
from store.identity import second_factor
from store.identity.models import RecoveryCodeRow, SecondFactorRow
from store.identity.passwords import set_password
from store.identity.signing_in import Attempt, Proof, try_sign_in
from store.identity.throttle import FREE
from store.people import Person, add_person

KEY = "a key of thirty-two characters!!"
GOOD = "correct horse battery"


@pytest.fixture
def house(session_factory: SessionFactory, clock: FixedClock) -> SessionFactory:
    with transaction(session_factory) as session:
        add_person(session, clock, Person("wang", "王芳", ("qc_reviewer",)))
        set_password(session, clock, "wang", GOOD, by="cli")
    return session_factory


def enrolled(house: SessionFactory, clock: FixedClock) -> tuple[pyotp.TOTP, list[str]]:
    with transaction(house) as session:
        totp = pyotp.TOTP(second_factor.begin(session, clock, "wang", KEY).secret)
    with transaction(house) as session:
        codes = second_factor.confirm(session, clock, "wang", totp.at(clock.now()), KEY)
    clock.moment += timedelta(seconds=30)
    return totp, codes


def enter(house: SessionFactory, clock: FixedClock, code: str, key: str = KEY) -> Attempt:
    with transaction(house) as session:
        return try_sign_in(session, clock, "wang", Proof(GOOD, code, key), address="10.0.0.7")


def test_it_counts_once_it_is_confirmed(house: SessionFactory, clock: FixedClock) -> None:
    with transaction(house) as session:
        enrolment = second_factor.begin(session, clock, "wang", KEY)
        assert enrolment.uri.startswith("otpauth://totp/Diting")
        assert enrolment.secret in enrolment.uri
        assert enrolment.secret not in session.get_one(SecondFactorRow, "wang").secret
    assert enter(house, clock, "").person == "wang"
    with pytest.raises(BadInputError) as refused, transaction(house) as session:
        second_factor.confirm(session, clock, "wang", "000000", KEY)
    assert refused.value.code == "second_factor.code"
    enrolled(house, clock)
    assert enter(house, clock, "") == Attempt(None, code_wanted=True)
    with pytest.raises(ConflictError) as on, transaction(house) as session:
        second_factor.begin(session, clock, "wang", KEY)
    assert on.value.code == "second_factor.on"


def test_a_code_is_good_once(house: SessionFactory, clock: FixedClock) -> None:
    totp, _ = enrolled(house, clock)
    code = totp.at(clock.now())
    assert enter(house, clock, f"{code[:3]} {code[3:]}").person == "wang"
    assert enter(house, clock, code).person is None
    clock.moment += timedelta(seconds=30)
    assert enter(house, clock, code).person is None
    assert enter(house, clock, totp.at(clock.now())).person == "wang"


@pytest.mark.parametrize(("off", "fits"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_off_by_one_step(
    house: SessionFactory, clock: FixedClock, off: int, fits: bool
) -> None:
    totp, _ = enrolled(house, clock)
    clock.moment += timedelta(minutes=5)
    assert (enter(house, clock, totp.at(clock.now() + timedelta(seconds=off))).person == "wang") is fits


def test_another_key_of_the_installation_lets_recovery_codes_alone_in(
    house: SessionFactory, clock: FixedClock
) -> None:
    totp, codes = enrolled(house, clock)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert enter(house, clock, totp.at(clock.now()), key="another").person is None
    assert enter(house, clock, codes[3].upper(), key="another").person == "wang"
    assert enter(house, clock, codes[3]).person is None
    with reading(house) as session:
        assert second_factor.recovery_codes_left(session, "wang") == len(codes) - 1
        assert not set(codes) & set(session.scalars(select(RecoveryCodeRow.sha256)))


def test_wrong_codes_lock_like_wrong_passwords(house: SessionFactory, clock: FixedClock) -> None:
    enrolled(house, clock)
    found = [enter(house, clock, code) for code in ("12345", "é１２３", "abcdef", "000000", "9" * 40)]
    assert len(found) == FREE
    assert [each.locked_until is not None for each in found] == [False] * 4 + [True]


def test_it_is_taken_away(house: SessionFactory, clock: FixedClock) -> None:
    _, codes = enrolled(house, clock)
    for _ in range(2):
        with transaction(house) as session:
            second_factor.take_away(session, clock, "wang", by="root")
    with transaction(house) as session:
        assert not second_factor.is_on(session, "wang")
        assert not second_factor.code_fits(session, clock, "wang", codes[0], KEY)
    assert enter(house, clock, "").person == "wang"
