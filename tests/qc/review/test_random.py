"""Random people do random things: whatever is taken, the rules of the house hold, on a database or none."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from qc.models import TicketRow
from qc.review.decide import check_guards, first_refusal, line_of, read_document, require_role
from qc.review.fold import ADDED, after, fold
from qc.review.guards.base import Step
from qc.review.loading import load
from qc.review.sight import seen_by, seen_events
from qc.review.transitions import ACTIONS, line_for
from qc.review.types import SETTLED, Item
from qc.review.view import Call, Machine, TicketView, against, all_missed, final, human
from store import audit
from store.database import reading
from store.errors import DitingError
from store.people import SYSTEM, Actor
from tests.qc.review.conftest import PEOPLE, House

START = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
ACTORS = [*(Actor(each.id, frozenset(each.roles), each.team) for each in PEOPLE), SYSTEM]
BY_ID = {each.id: each for each in ACTORS}
REVIEWERS = ("ann", "bo", "cai", "lead", "A-7", "nobody")
# Each action once, and those that lead on more often.
WAYS = (*ACTIONS, *("take", "decide", "decide", "complete", "adjudicate", "share", "appeal", "finalise") * 3)
FINDINGS = (
    Machine(1, "threat", "violation", "certain"),
    Machine(2, "dead_air", "violation", "unsure"),
    Machine(3, "hardship", "signal", "certain"),
)


@dataclass
class Happened:
    """An event without a row."""

    seq: int
    at: datetime
    actor: str
    action: str
    from_state: str
    to_state: str
    details: dict[str, Any]


@dataclass
class Machinery:
    """The pure machine: what the door does, without a database."""

    view: TicketView
    now: datetime = START
    events: list[Happened] = field(default_factory=list)

    def act(self, actor: Actor, action: str, details: dict[str, Any]) -> None:
        line = line_of(self.view, action)
        require_role(self.view, line, actor)
        document = read_document(line, details)
        people = {person: BY_ID[person] for person in document.people() if person in BY_ID}
        check_guards(line, Step(self.view, actor, self.now, document, people))
        added = document.model_dump(mode="json")
        if action == "share":
            added["appeal_until"] = (self.now + timedelta(hours=72)).isoformat()
        event = Happened(
            len(self.events) + 1, self.now, actor.id, action, self.view.state,
            line.target or self.view.state, added,
        )  # fmt: skip
        self.view = after(self.view, event)
        self.events.append(event)


def some_document(dice: random.Random, view: TicketView, action: str) -> dict[str, Any]:
    """A document that may fit, and sometimes does not."""
    items = [Item("finding", each.id) for each in view.call.findings] + list(all_missed(view))
    one = dice.choice([*items, *view.accusing, *view.accusing, Item("finding", 99)])
    if action in _ABOUT:
        field_name, wanted, said = _ABOUT[action]
        meant = wanted(view) if dice.random() < 0.8 else (one,)
        return {field_name: [{each.kind: each.number} | said(dice) for each in meant]}
    made = _PLAIN.get(action)
    document = {} if made is None else made(dice)
    return document | ({one.kind: one.number} if action == "decide" else {})


def _span(dice: random.Random) -> dict[str, Any]:
    start = dice.uniform(0, 62)
    category = dice.choice(["interruption", "abuse"])
    return {"start": start, "end": start + dice.uniform(0.1, 5), "category": category, "comment": "c"}


_ABOUT: dict[str, tuple[str, Callable[[TicketView], tuple[Item, ...]], Callable[[random.Random], Any]]] = {
    "adjudicate": ("decisions", lambda view: view.differing, lambda _: {"verdict": "true"}),
    "appeal": ("grounds", lambda view: against(view)[:2], lambda _: {"reason": "r"}),
    "decide_appeal": (
        "rulings",
        lambda view: tuple(view.grounds),
        lambda dice: {"ruling": dice.choice(["upheld", "overturned"]), "reason": "r"},
    ),
}
_PLAIN: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "assign": lambda dice: {
        "reviewer": dice.choice(REVIEWERS),
        "second_reviewer": dice.choice([None, None, *REVIEWERS]),
    },
    "ask_second": lambda dice: {"reviewer": dice.choice(REVIEWERS)},
    "give_back": lambda _: {"reason": "r"},
    "decide": lambda dice: {"verdict": dice.choice(["true", "false", "unsure"])},
    "add_missed": _span,
    "rate": lambda dice: {"card": "standard", "item": "closing", "rating": dice.choice([0.0, 1.0, "n/a"])},
    "reopen": lambda dice: {"reason": "r", "reviewer": dice.choice([None, *REVIEWERS])},
}


def refused(run: Callable[[], object]) -> DitingError | None:
    """How something was refused, if it was."""
    try:
        run()
    except DitingError as error:
        return error
    return None


def some_action(dice: random.Random, view: TicketView, now: datetime) -> tuple[Actor, str]:
    """Mostly something that the table allows to somebody, rather forward than back; sometimes anything."""
    if dice.random() < 0.8:
        for action in dice.sample(WAYS, len(WAYS)):
            line = line_for(action, view.state)
            if line is None:
                continue
            steps = [Step(view, each, now) for each in ACTORS if each.has(*line.roles)]
            free = [step.actor for step in steps if first_refusal(line, step) is None]
            if free:
                return dice.choice(free), action
    return dice.choice(ACTORS), dice.choice(ACTIONS)


def check_house_rules(before: TicketView, view: TicketView, event: Any) -> None:
    """What must hold after every step, said without the table."""
    collector = view.call.collector
    judges = {view.reviewer, view.second_reviewer, view.adjudicator, view.ruled_by} - {None}
    assert collector not in judges
    assert view.reviewer is None or view.reviewer != view.second_reviewer
    assert view.ruled_by is None or view.ruled_by not in view.took_part
    assert view.adjudicator is None or view.adjudicator not in {view.reviewer, view.second_reviewer}
    assert event.actor != collector or event.action in {"acknowledge", "appeal"}
    if event.action in {"acknowledge", "appeal"}:
        assert event.actor == collector
    if event.action == "appeal":
        assert event.at < before.appeal_until
        assert set(view.grounds) <= set(against(before))
    if event.action == "finalise" and before.state == "shared":
        assert event.at >= before.appeal_until
    if event.to_state in {"shared", "acknowledged", "appealed", "final"}:
        said = human(view)
        assert all(item in said for item in view.accusing)
        assert not view.blind
        assert all(item in view.adjudicated for item in view.differing)
    if view.state == "final":
        fallen = {item for item, (ruling, _) in view.rulings.items() if ruling == "overturned"}
        assert fallen.isdisjoint(against(view))
        assert {item: each.verdict for item, each in final(view).items() if item not in fallen} == {
            item: each.verdict for item, each in human(view).items() if item not in fallen
        }
    if view.second_reviewer is not None and view.blind:
        for mine, other in ((view.reviewer, view.second_reviewer), (view.second_reviewer, view.reviewer)):
            seen = seen_by(view, BY_ID[mine]) if mine else None
            assert seen is None or other not in seen.reviews
    if view.shared_at is None:
        assert not seen_by(view, BY_ID["A-7"]).reviews


def play(dice: random.Random, steps: int) -> Machinery:
    machine = Machinery(TicketView(1, "open", 1, Call("A-7", 60.0, FINDINGS)))
    for _ in range(steps):
        before = machine.view
        actor, action = some_action(dice, before, machine.now)
        error = refused(partial(machine.act, actor, action, some_document(dice, before, action)))
        if error is not None:
            assert error.code.startswith("ticket.")
            assert error.mend
            assert machine.view is before
            continue
        check_house_rules(before, machine.view, machine.events[-1])
        if dice.random() < 0.2:
            machine.now += timedelta(hours=dice.choice([1, 71, 72]))
    return machine


def test_ten_thousand_random_tickets():
    ends: set[str] = set()
    acted: set[str] = set()
    for seed in range(10_000):
        machine = play(random.Random(seed), 40 if seed % 10 == 0 else 10)
        if seed % 10 == 0:
            again = fold(TicketView(1, "open", 1, Call("A-7", 60.0, FINDINGS)), machine.events)
            assert again == machine.view
        ends.add(machine.view.state)
        acted |= {event.action for event in machine.events}
        shown = seen_events(machine.view, machine.events, BY_ID["A-7"])
        assert all(event.action not in {"decide", "add_missed", "rate", "complete"} for event in shown)
    assert ends == {"open", "draft", "shared", "acknowledged", "appealed", "final"}
    assert acted == set(ACTIONS)


@pytest.mark.parametrize("seed", range(3))
def test_the_database_ends_where_the_pure_machine_does(house: House, seed: int):
    """A hundred random steps: what the door takes, the machine takes, and the row says what the events do."""
    dice = random.Random(seed)
    for _ in range(100):
        with reading(house.sessions) as session:
            before = load(session, house.ticket)
        actor, action = some_action(dice, before.view, house.clock.now())
        details = some_document(dice, before.view, action)
        if actor is SYSTEM:
            continue
        machine = Machinery(before.view, house.clock.now(), list(before.events))  # type: ignore[arg-type]
        expected = refused(partial(machine.act, actor, action, details))
        error = refused(partial(house.do, actor.id, action, **details))
        if error is not None:
            # Who is barred, and what fits the card, is known to the database alone.
            assert error.code in {expected.code if expected else "", "reviewer.barred", "scorecard.rating"}
            continue
        assert expected is None
        with reading(house.sessions) as session:
            done = load(session, house.ticket)
        assert (done.row.state, done.row.version) == (machine.view.state, before.row.version + 1)
        check_house_rules(before.view, done.view, done.events[-1])
        assert (done.row.final_at is not None) == (done.view.state == "final")
        if dice.random() < 0.2:
            house.clock.moment += timedelta(hours=dice.choice([1, 71, 72]))
    with reading(house.sessions) as session:
        assert audit.verify(session) == []
        row = session.get_one(TicketRow, house.ticket)
        assert row.state not in SETTLED or row.state == "final"
        assert {"appeal_until", "result", "scorecard"} == ADDED
