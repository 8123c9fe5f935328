"""Random sequences of steps, held against the model: alone, without a database, and through the door."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from complaint_warnings.cases.again import begins_again, wakes
from complaint_warnings.cases.decide import check_guards, prepare
from complaint_warnings.cases.door import act
from complaint_warnings.cases.fold import after, begin
from complaint_warnings.cases.guards import Step
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.cases.opening import _document, open_case
from complaint_warnings.cases.view import CaseView, row_values
from store.clock import FixedClock
from store.database import SessionFactory, transaction
from store.errors import BadInputError, DitingError
from store.people import SYSTEM

from .model import Model
from .people import ACTORS, HOUSE, NOW, opening
from .random_steps import RandomStep, random_case, random_step

# The clocks, which follow the cases, may refuse these further: no such clock runs, or it cannot be put off.
OF_CLOCKS = ("set_deadline", "extend_deadline")
EVERYBODY = ACTORS | {"system": SYSTEM}
SHOWN = ("state", "level", "version", "collector_id", "handler_id")


@dataclass(frozen=True)
class Happened:
    seq: int
    actor: str
    action: str
    to_state: str
    details: dict[str, Any]
    at: datetime = NOW


@dataclass
class Tally:
    """What the sequences came to."""

    sequences: int = 0
    steps: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


Doer = Callable[[RandomStep], dict[str, Any]]


class Pure:
    """A case without a database: the same decisions, the same fold."""

    def __init__(self, start: dict[str, Any]) -> None:
        reporter = start["reporter"]
        document = _document(beginning(start), "W-2026-000001").model_dump(mode="json")
        self.view: CaseView = begin(Happened(1, reporter, "opened", "reported", document))

    def __call__(self, step: RandomStep) -> dict[str, Any]:
        actor = EVERYBODY[step.who]
        line, document = prepare(
            self.view, action=step.action, actor=actor, details=step.document, version=step.version
        )
        if any(person not in ACTORS for person in document.people()):
            raise BadInputError("there is no such person", code="case.document", mend="Name another.")
        check_guards(line, Step(1, self.view, actor, NOW, document, ACTORS))
        details = document.model_dump(mode="json")
        to_state = line.target or self.view.state
        before = self.view
        event = Happened(before.version + 1, step.who, step.action, to_state, details)
        self.view = after(before, event)
        led_back = begins_again(before, self.view)
        if wakes(before, self.view):
            self.view = after(
                self.view, Happened(self.view.version + 1, "system", "resume", self.view.state, {})
            )
        if led_back:
            because = {"because_of": event.seq, "action": step.action}
            self.view = after(
                self.view, Happened(self.view.version + 1, "system", "handle_again", "planned", because)
            )
        return row_values(self.view)


class Stored:
    """A case in a database, each step in a transaction of its own."""

    def __init__(
        self, sessions: SessionFactory, clock: FixedClock, start: dict[str, Any], debtor: str
    ) -> None:
        self.sessions, self.clock = sessions, clock
        reporter = ACTORS.get(start["reporter"], SYSTEM)
        with transaction(sessions) as session:
            opened = open_case(session, clock, opening=beginning(start, debtor), actor=reporter)
            self.id = opened.id

    def __call__(self, step: RandomStep) -> dict[str, Any]:
        with transaction(self.sessions) as session:
            row = act(
                session, self.clock, case_id=self.id, action=step.action, actor=EVERYBODY[step.who],
                details=step.document, version=step.version,
            )  # fmt: skip
            return {name: getattr(row, name) for name in SHOWN}


def beginning(start: dict[str, Any], debtor: str = "debtor:C1") -> Any:
    return opening(
        debtor_key=debtor,
        level=start["level"],
        flags=("self_harm",) if start["self_harm"] else (),
        collector_id=start["collector"],
        team=start["unit"],
    )


def new_model(start: dict[str, Any]) -> Model:
    return Model(HOUSE, **start)


def run_sequence(seed: int, doer_of: Callable[[dict[str, Any]], Doer], length: int, tally: Tally) -> None:
    """One sequence; every step does what the model says, and every refusal is explained."""
    rng = Random(seed)
    start = random_case(rng)
    model, do = new_model(start), doer_of(start)
    tally.sequences += 1
    for number in range(length):
        step = random_step(rng, model)
        expected = model.refusals(
            step.who, step.action, step.document, broken=step.broken, version=step.version
        )
        place = f"seed {seed}, step {number}: {step} at {model.state}, {model.level}; expected {expected}"
        tally.steps += 1
        try:
            shown = do(step)
        except DitingError as error:
            clocks = step.action in OF_CLOCKS and not expected and error.code.startswith("deadline.")
            require(clocks or error.code in expected, f"{place}, got {error}")
            explained(error)
            tally.refused[error.code] += 1
            continue
        assert not expected, f"{place}, but it was taken"
        model.take(step.who, step.action, step.document)
        assert agree(model, shown), f"{place}: {shown}"
        tally.taken[step.action] += 1


def require(holds: bool, message: str) -> None:
    assert holds, message


def agree(model: Model, shown: dict[str, Any]) -> bool:
    wanted = (model.state, model.level, model.version, model.collector, model.handler)
    return wanted == tuple(shown[name] for name in SHOWN)


def explained(error: DitingError) -> None:
    """A refusal has a code, a sentence and a way on."""
    assert error.code.startswith(("case.", "deadline.")), error
    assert error.message.strip(), error
    assert error.mend, error
    if error.code == "case.version":
        assert "version" in error.message, error
    json.dumps(str(error))


def row_shown(row: CaseRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SHOWN}
