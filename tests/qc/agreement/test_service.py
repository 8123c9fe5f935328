"""Double reviews, overturned findings and calibrations, on both databases."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from qc.agreement.calibration import (
    answer,
    answers,
    calibrations,
    calls_of,
    close,
    open_calibration,
    results,
)
from qc.agreement.double import Double, agreement, doubles
from qc.agreement.expert import Hits, compare
from qc.agreement.overturns import overturned, words
from qc.verdicts.service import Limits, decide
from store import audit
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction
from store.errors import BadInputError, ConflictError, NotFoundError
from tests.qc.reviewed_calls import finding, findings_of, put_call, put_calls, put_people, put_ticket

LIMITS = Limits(0.3, 4)
ABUSE = finding("abuse", "test.abuse@2")


def test_the_first_words_of_both_reviewers_count(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        call = put_call(session, clock, "C1", finding(), ABUSE)
        put_ticket(session, clock, call, assigned_to="wang", second_reviewer="li")
        threat, abuse = findings_of(session, call)
        for said_on, verdict, by in (
            (threat, "true", "wang"), (threat, "false", "li"), (threat, "true", "li"),  # li gave in
            (abuse, "unsure", "wang"), (abuse, "true", "somebody else"),
        ):  # fmt: skip
            decide(session, clock, finding_id=said_on, verdict=verdict, by=by, limits=LIMITS)  # type: ignore[arg-type]
    with reading(session_factory) as session:
        assert doubles(session) == [Double("test.threat", "threat", "wang", "li", ("true", "false"))]


def test_agreement_by_group() -> None:
    same = [Double("r1", "threat", "wang", "li", (said, said)) for said in ("true", "false")] * 10
    # The other way round: li was first here. The pair is the same.
    apart = [Double("r2", "abuse", "li", "wang", ("true", "false"))] * 10
    by_rule = {each.name: each.kappa for each in agreement([*same, *apart], "rule", least=15)}
    assert (by_rule["r1"].value, by_rule["r2"].standing) == (1.0, "too_few")
    (pair,) = agreement([*same, *apart], "pair")
    assert (pair.name, pair.kappa.pairs, pair.kappa.observed) == ("li + wang", 30, pytest.approx(2 / 3))
    # li said true 20 times, wang 10 times: 2/3 · 1/3 + 1/3 · 2/3 by chance.
    assert pair.kappa.value == pytest.approx((2 / 3 - 4 / 9) / (5 / 9))
    assert [each.name for each in agreement(same, "category")] == ["threat"]


def test_overturned_by_rule_reviewer_and_team(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        for at, verdicts in enumerate(
            (("false", "true"), ("false", "false"), ("false",), ("false",), ("true",))
        ):
            call = put_call(session, clock, f"C{at}", finding(), team="T1" if at < 2 else "T2")
            for by, verdict in zip(("wang", "li"), verdicts, strict=False):
                (said_on,) = findings_of(session, call)
                decide(session, clock, finding_id=said_on, verdict=verdict, by=by, limits=Limits(1.0, 4))  # type: ignore[arg-type]
        found = words(session)
        by_rule, by_person, by_team = (
            [(each.name, each.tally.decided, each.tally.overturned, each.advises) for each in made]
            for made in (overturned(found, by, LIMITS) for by in ("rule", "reviewer", "team"))  # type: ignore[arg-type]
        )
    # In the first call one says this, one that: nothing is decided.
    assert by_rule == [("test.threat@1", 4, 3, True)]
    assert by_person == [("wang", 5, 4, False), ("li", 2, 1, False)]
    assert by_team == [("T2", 3, 2, False), ("T1", 1, 1, False)]


def test_against_an_expert() -> None:
    expert = {
        1: frozenset({"threat"}),
        2: frozenset[str](),
        3: frozenset({"threat", "abuse"}),
        4: frozenset[str](),
    }
    theirs = {
        1: frozenset({"threat"}),
        2: frozenset({"threat"}),
        3: frozenset({"abuse"}),
        9: frozenset[str](),
    }
    made = compare("wang", theirs, expert, least=4)
    assert (made.calls, made.same) == (3, 1)
    assert made.categories == (Hits("abuse", 1, 0, 0), Hits("threat", 1, 1, 1))
    assert (made.all.precision, made.all.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    # Of 3 calls in 2 categories: 2 both, 1 only theirs, 1 only the expert's, 2 neither.
    assert made.kappa.value == pytest.approx((4 / 6 - 1 / 2) / (1 / 2))
    nothing = compare("li", {}, expert, least=4)
    assert (nothing.calls, nothing.all.precision, nothing.kappa.standing) == (0, None, "too_few")


def test_a_calibration_from_open_to_closed(session_factory: SessionFactory, clock: FixedClock) -> None:
    with transaction(session_factory) as session:
        put_people(session, clock, ["expert", "wang", "li"])
        one, two = put_calls(session, clock, 2)
        row = open_calibration(
            session,
            clock,
            title="三月",
            expert="expert",
            reviewers=["wang", "li"],
            calls=[two, one, one],
            by="lead",
        )
        number = row.id
        assert calls_of(session, number) == [one, two]

    def say(call: int, person: str, *categories: str) -> bool:
        with transaction(session_factory) as session:
            return answer(session, clock, number, call_id=call, person=person, categories=categories)

    assert say(one, "expert", "threat")
    assert say(one, "wang")
    assert say(one, "wang", "threat")
    assert not say(one, "wang", "threat")
    with transaction(session_factory) as session:
        with pytest.raises(ConflictError, match=r"calibration\.open"):
            results(session, number)
        with pytest.raises(ConflictError, match=r"calibration\.unanswered"):
            close(session, clock, number, by="lead")
    assert say(two, "expert")
    assert say(two, "li", "abuse")
    for problem, refused in (
        ("calibration.not_asked", lambda: say(one, "zhao")),
        ("calibration.category", lambda: say(one, "wang", "promise_to_pay")),
        ("calibration.call", lambda: say(99, "wang")),
    ):
        with pytest.raises((ConflictError, BadInputError, NotFoundError), match=problem):
            refused()
    with transaction(session_factory) as session:
        close(session, clock, number, by="lead")
        close(session, clock, number, by="lead")
    with pytest.raises(ConflictError, match=r"calibration\.closed"):
        say(two, "wang")
    with reading(session_factory) as session:
        wang, li = sorted(results(session, number), key=lambda each: each.person, reverse=True)
        assert (wang.calls, wang.same, wang.all.recall) == (1, 1, 1.0)
        assert (li.calls, li.same, li.all.precision, li.all.recall) == (1, 0, 0.0, None)
        assert answers(session, number)["wang"] == {one: {"threat"}}
        assert [each.id for each in calibrations(session)] == [number]
        assert audit.verify(session) == []
    with pytest.raises(DBAPIError, match="append-only"), transaction(session_factory) as session:
        session.execute(text("UPDATE calibration_answer SET person = 'x'"))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"calls": []}, "calibration.calls"),
        ({"title": " "}, "calibration.calls"),
        ({"reviewers": ["expert"]}, "calibration.people"),
        ({"reviewers": ["zhao"]}, "people.unknown"),
        ({"calls": [99]}, "call.not_found"),
    ],
)
def test_a_calibration_needs_people_and_calls(session_factory, clock, changes, problem) -> None:
    with transaction(session_factory) as session:
        put_people(session, clock, ["expert", "wang"])
        (call,) = put_calls(session, clock, 1)
        wanted = {
            "title": "t",
            "expert": "expert",
            "reviewers": ["wang"],
            "calls": [call],
            "by": "lead",
            **changes,
        }
        with pytest.raises((BadInputError, NotFoundError), match=problem):
            open_calibration(session, clock, **wanted)
