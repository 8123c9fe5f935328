"""The people of the house: added once, never deleted, known by a token of which only the hash is kept."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update

from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from store.errors import BadInputError, ConflictError, DitingError, NotFoundError
from store.people import (
    SYSTEM,
    Change,
    Person,
    PersonRow,
    actor_of_token,
    add_person,
    change_person,
    find_actor,
    list_people,
    new_token,
)

WANG = Person("wang", "王敏", ("department_head",), "一组", email="wang@example.com")


@pytest.fixture
def people(session_factory: SessionFactory, clock) -> SessionFactory:
    with transaction(session_factory) as session:
        add_person(session, clock, WANG)
        add_person(session, clock, Person("li", "李强", ("supervisor", "collector"), "一组", "wang"))
    return session_factory


def refused(sessions: SessionFactory, kind: type[DitingError], step) -> str:
    with pytest.raises(kind) as refusal, transaction(sessions) as session:
        step(session)
    assert refusal.value.message
    return refusal.value.code


def test_who_was_added_may_act(people):
    with people() as session:
        actor = find_actor(session, "li")
        row = session.get_one(PersonRow, "li")
    assert (actor.id, actor.roles, actor.team) == ("li", {"supervisor", "collector"}, "一组")
    assert actor.has("legal", "collector")
    assert not actor.has("legal")
    assert (row.name, row.reports_to, row.active, row.token_sha256) == ("李强", "wang", True, None)
    assert SYSTEM.has("system")


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (Person("new", "新", ("boss",)), "people.role"),
        (Person("new", "新", ()), "people.role"),
        (Person(" ", "新", ("legal",)), "people.name"),
        (Person("new", "", ("legal",)), "people.name"),
    ],
)
def test_a_person_needs_a_name_and_a_role(people, clock, person, code):
    assert refused(people, BadInputError, lambda session: add_person(session, clock, person)) == code


def test_an_id_is_taken_once(people, clock):
    assert refused(people, ConflictError, lambda s: add_person(s, clock, WANG)) == "people.taken"


def test_nobody_reports_to_nobody(people, clock):
    new = Person("new", "新", ("legal",), reports_to="nobody")
    assert refused(people, NotFoundError, lambda s: add_person(s, clock, new)) == "people.unknown"


def test_a_change_leaves_what_it_does_not_name(people, clock):
    with transaction(people) as session:
        change_person(session, clock, "li", Change(roles=("legal", "legal"), team=""), by="cli:root")
    with people() as session:
        row = session.get_one(PersonRow, "li")
        entry = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.seq.desc())).first()
    assert (row.name, row.roles, row.team, row.reports_to) == ("李强", ["legal"], None, "wang")
    assert entry is not None
    assert (entry.actor, entry.action, entry.subject) == ("cli:root", "person.changed", "person:li")
    kept = {"reports_to": "wang", "active": True, "sees": None}
    assert entry.details == {"roles": ["legal"], "team": None} | kept


@pytest.mark.parametrize("superior", ["wang", "li"])
def test_the_line_upwards_has_no_circle(people, clock, superior):
    change = Change(reports_to=superior)
    assert refused(people, ConflictError, lambda s: change_person(s, clock, "wang", change)) == "people.line"


def test_changes_at_once_close_no_circle(people: SessionFactory, clock: FixedClock) -> None:
    ring = [f"p{number}" for number in range(4)]
    with transaction(people) as session:
        for person in ring:
            add_person(session, clock, Person(person, person, ("supervisor",)))
    together = Barrier(len(ring), timeout=60)

    def report(place: int) -> str | None:
        together.wait()
        try:
            with transaction(people) as session:
                above = Change(reports_to=ring[(place + 1) % len(ring)])
                change_person(session, clock, ring[place], above)
        except ConflictError as refusal:
            return refusal.code
        return None

    with ThreadPoolExecutor(len(ring)) as threads:
        outcomes = list(threads.map(report, range(len(ring))))
    assert outcomes.count("people.line") == 1
    assert outcomes.count(None) == 3
    with people() as session:
        tops = [person for person in ring if session.get_one(PersonRow, person).reports_to is None]
    assert tops == [ring[outcomes.index("people.line")]]


def test_a_circle_that_stands_already_stops_nobody(people: SessionFactory, clock: FixedClock) -> None:
    with transaction(people) as session:
        session.execute(update(PersonRow).where(PersonRow.id == "wang").values(reports_to="li"))
        add_person(session, clock, Person("new", "新", ("legal",)))
        change_person(session, clock, "new", Change(reports_to="li"))
        change_person(session, clock, "li", Change(reports_to=""))
    with people() as session:
        lines = {row.id: row.reports_to for row in list_people(session)}
    assert lines == {"li": None, "new": "li", "wang": "li"}


@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        (Change(name=" "), BadInputError, "people.name"),
        (Change(roles=()), BadInputError, "people.role"),
        (Change(reports_to="nobody"), NotFoundError, "people.unknown"),
    ],
)
def test_a_wrong_change_is_refused(people, clock, change, kind, code):
    assert refused(people, kind, lambda s: change_person(s, clock, "li", change)) == code


def test_a_change_of_nobody_is_refused(people, clock):
    assert (
        refused(people, NotFoundError, lambda s: change_person(s, clock, "x", Change())) == "people.unknown"
    )


def test_a_token_is_known_by_its_hash_and_ends_with_the_next(people, clock):
    with transaction(people) as session:
        first = new_token(session, clock, "li")
    with transaction(people) as session:
        second = new_token(session, clock, "li")
    with people() as session:
        assert actor_of_token(session, first) is None
        known = actor_of_token(session, second)
        assert known is not None
        assert known.id == "li"
        row = session.get_one(PersonRow, "li")
        assert row.token_sha256 == hashlib.sha256(second.encode()).hexdigest()
        told = [str(entry.details) for entry in session.scalars(select(audit.AuditEntry))]
    assert len(second) >= 40
    assert not any(second in each or first in each for each in told)


def test_who_is_inactive_neither_acts_nor_keeps_the_token(people, clock):
    with transaction(people) as session:
        token = new_token(session, clock, "li")
        change_person(session, clock, "li", Change(active=False))
    with people() as session:
        assert actor_of_token(session, token) is None
    assert refused(people, ConflictError, lambda s: find_actor(s, "li")) == "people.inactive"
    with transaction(people) as session:
        change_person(session, clock, "li", Change(active=True))
    with people() as session:
        assert actor_of_token(session, token) is None
        assert find_actor(session, "li").id == "li"


def test_people_are_listed_by_role(people, clock):
    with transaction(people) as session:
        change_person(session, clock, "wang", Change(active=False))
    with people() as session:
        assert [row.id for row in list_people(session)] == ["li"]
        assert [row.id for row in list_people(session, inactive=True)] == ["li", "wang"]
        assert [row.id for row in list_people(session, role="collector")] == ["li"]
        assert list_people(session, role="legal") == []


@pytest.mark.parametrize("name", ["", " li", "li ", "system", "cli", "x" * 101])
def test_an_id_that_could_be_taken_for_another_is_refused(
    session_factory: SessionFactory, clock: FixedClock, name: str
) -> None:
    with transaction(session_factory) as session, pytest.raises(BadInputError) as refused:
        add_person(session, clock, Person(name, "李", ("legal",)))
    assert refused.value.code == "people.name"
