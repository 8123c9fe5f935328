"""What somebody may see, by roles, team and scope."""

import pytest

from api.sight import EVERYTHING, Reach, Sight, sight_of, teams_below
from store.people import EVERY_TEAM, ROLES, SYSTEM, Actor


def actor(*roles: str, team: str | None = "T1", sees: tuple[str, ...] | None = None) -> Actor:
    return Actor("li", frozenset(roles), team, None if sees is None else frozenset(sees))


def test_the_house_itself_sees_everything() -> None:
    assert sight_of(SYSTEM) == sight_of(Actor("token", frozenset(ROLES))) == EVERYTHING
    assert EVERYTHING.unbounded


def test_a_collector_sees_own_calls_alone() -> None:
    assert sight_of(actor("collector")) == Sight(Reach(person="li"), Reach())


def test_a_supervisor_sees_the_team_and_those_below() -> None:
    found = sight_of(actor("supervisor"), frozenset({"T7"}))
    assert found.calls == Reach(teams=frozenset({"T1", "T7"}))
    assert found.cases == Reach(teams=frozenset({"T1", "T7"}), person="li")
    assert found.cases_of == "li"


def test_who_has_no_team_leads_none() -> None:
    assert sight_of(actor("supervisor", team=None)).calls == Reach()


def test_a_reviewer_sees_all_calls_but_none_of_their_own() -> None:
    found = sight_of(actor("qc_reviewer"))
    assert found.calls == Reach(everything=True, but="li")
    assert found.cases == Reach()
    assert not found.unbounded


@pytest.mark.parametrize("role", ["complaint_officer", "control_lead", "legal"])
def test_offices_of_the_house_see_all_until_they_are_narrowed(role: str) -> None:
    assert sight_of(actor(role)).calls == Reach(everything=True)
    narrowed = sight_of(actor(role, sees=("T2",)))
    assert narrowed.calls == Reach(teams=frozenset({"T2"}))
    assert narrowed.cases == Reach(teams=frozenset({"T2"}), person="li")
    assert sight_of(actor(role, sees=(EVERY_TEAM,))).calls == Reach(everything=True)


def test_an_auditor_is_not_narrowed() -> None:
    assert sight_of(actor("auditor", sees=("T2",))).calls == Reach(everything=True)


def test_a_supervisor_may_be_given_further_teams_or_all() -> None:
    assert sight_of(actor("supervisor", sees=("T2",))).calls == Reach(teams=frozenset({"T1", "T2"}))
    assert sight_of(actor("department_head", sees=(EVERY_TEAM,))).calls.everything


def test_further_teams_mean_nothing_to_a_collector() -> None:
    assert sight_of(actor("collector", sees=("T2",))).calls == Reach(person="li")


def test_customer_service_sees_what_they_handle() -> None:
    assert sight_of(actor("customer_service")) == Sight(Reach(), Reach(person="li"), cases_of="li")


@pytest.mark.parametrize("role", ["admin", "integration"])
def test_who_runs_the_machines_sees_no_call(role: str) -> None:
    found = sight_of(actor(role))
    assert (found.calls, found.cases) == (Reach(), Reach())
    assert found.operates == (role == "admin")


def test_roles_add_up() -> None:
    found = sight_of(actor("collector", "supervisor"))
    assert found.calls == Reach(teams=frozenset({"T1"}), person="li")


def test_teams_below_follow_the_whole_line_and_end_in_a_circle() -> None:
    lines = {"a": None, "b": "a", "c": "b", "d": "c", "e": "x", "x": "e"}
    teams = {"a": "A", "b": "B", "c": None, "d": "D", "e": "E", "x": "X"}
    assert teams_below("a", lines, teams) == {"B", "D"}
    assert teams_below("d", lines, teams) == frozenset()
    assert teams_below("e", lines, teams) == {"X", "E"}
