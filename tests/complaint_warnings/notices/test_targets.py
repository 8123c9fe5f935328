"""Who is meant by the words of a route. No database."""

from dataclasses import replace

import pytest

from complaint_warnings.notices.targets import Concerned, Someone, persons, targets
from complaint_warnings.notices.types import Target

PEOPLE = {
    person.id: person
    for person in (
        Someone("boss", frozenset({"control_lead"}), None, None),
        Someone("head", frozenset({"department_head"}), None, "boss"),
        Someone("wang", frozenset({"supervisor"}), "A", "head"),
        Someone("zhou", frozenset({"supervisor"}), "B", "head"),
        Someone("zhang", frozenset({"collector", "supervisor"}), "A", "wang"),
        Someone("gone", frozenset({"control_lead"}), None, None, active=False),
        Someone("li", frozenset({"customer_service"}), None, "wang"),
    )
}
CASE = Concerned(
    reporter="li",
    reviewer="head",
    handler="wang",
    members=("wang", "li", "gone"),
    collector="zhang",
    team="A",
)
NEW = Concerned(
    reporter="li", reviewer=None, handler=None, members=(), collector=None, team=None, named="boss"
)


@pytest.mark.parametrize(
    ("word", "case", "meant"),
    [
        ("role:control_lead", CASE, ["boss"]),  # who left is not told
        ("role:supervisor", CASE, ["wang", "zhou"]),  # the collector complained of never is
        ("team_role:supervisor", CASE, ["wang"]),
        ("team_role:supervisor", NEW, []),
        ("role:supervisor", NEW, ["wang", "zhang", "zhou"]),
        ("person:zhou", CASE, ["zhou"]),
        ("person:zhang", CASE, []),
        ("person:nobody", CASE, []),
        ("handler", CASE, ["wang"]),
        ("handler", NEW, []),
        ("reporter", CASE, ["li"]),
        ("reviewer", NEW, []),
        ("team", CASE, ["li", "wang"]),
        ("line_manager", CASE, ["head"]),
        ("line_manager", NEW, ["wang"]),
        ("named", NEW, ["boss"]),
    ],
)
def test_whom_a_word_means(word: str, case: Concerned, meant: list[str]) -> None:
    assert persons(word, case, PEOPLE) == meant


def test_who_is_meant_twice_is_told_once_by_each_channel() -> None:
    words = ("handler", "role:supervisor", "channel:room", "team")

    assert targets(words, ("mail", "hook"), CASE, PEOPLE) == (
        Target("mail", "wang"),
        Target("hook", "wang"),
        Target("mail", "zhou"),
        Target("hook", "zhou"),
        Target("room", ""),
        Target("mail", "li"),
        Target("hook", "li"),
    )


def test_nobody_complained_of_is_told_whoever_is_shown() -> None:
    assert persons("team", replace(CASE, complained_of=frozenset({"wang"})), PEOPLE) == ["li"]
