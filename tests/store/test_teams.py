"""Teams: added once, never deleted, named by people before anybody added them."""

import pytest

from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import DitingError
from store.people import Person, add_person
from store.teams import Team, add_team, change_team, find_team, list_teams


@pytest.fixture
def house(session_factory: SessionFactory, clock: FixedClock) -> SessionFactory:
    with transaction(session_factory) as session:
        for person, team in (("li", "T1"), ("wang", "T1"), ("zhao", "T9"), ("sun", None)):
            add_person(session, clock, Person(person, person, ("collector",), team))
        add_team(session, clock, "T1", " 早期一组 ")
        add_team(session, clock, "T2", "二组")
    return session_factory


def refused(house: SessionFactory, clock: FixedClock, step: object, *args: object, **named: object) -> str:
    with pytest.raises(DitingError) as refusal, transaction(house) as session:
        step(session, clock, *args, **named)  # type: ignore[operator]
    return refusal.value.code


def test_those_that_only_people_name_are_listed(house: SessionFactory) -> None:
    with reading(house) as session:
        assert list_teams(session) == [
            Team("T1", "早期一组", active=True, added=True, people=2),
            Team("T2", "二组", active=True, added=True, people=0),
            Team("T9", "T9", active=True, added=False, people=1),
        ]


def test_a_team_is_renamed_and_set_inactive(house: SessionFactory, clock: FixedClock) -> None:
    with transaction(house) as session:
        change_team(session, clock, "T1", title="一组")
        change_team(session, clock, "T2", active=False)
    with reading(house) as session:
        assert find_team(session, "T1").title == "一组"
        assert [team.name for team in list_teams(session)] == ["T1", "T9"]
        assert [team.name for team in list_teams(session, inactive=True)] == ["T1", "T2", "T9"]


def test_what_cannot_be(house: SessionFactory, clock: FixedClock) -> None:
    assert refused(house, clock, add_team, "T1", "x") == "teams.taken"
    for name in ("", " T3", "*", "x" * 201):
        assert refused(house, clock, add_team, name, "x") == "teams.name"
    assert refused(house, clock, add_team, "T3", " ") == "teams.name"
    assert refused(house, clock, change_team, "T1", title="") == "teams.name"
    assert refused(house, clock, change_team, "T1", active=False) == "teams.in_use"
    assert refused(house, clock, change_team, "T9", title="x") == "teams.unknown"
    with reading(house) as session, pytest.raises(DitingError) as refusal:
        find_team(session, "T3")
    assert refusal.value.code == "teams.unknown"
