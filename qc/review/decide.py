"""Whether a step may be taken: the table applied to a ticket. Pure; every refusal says why and what helps."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from qc.review import documents as d
from qc.review.guards.base import Guard, Refusal, Step
from qc.review.transitions import ACTIONS, Transition, line_for, lines_from
from qc.review.view import TicketView
from store.errors import BadInputError, ConflictError
from store.people import Actor


@dataclass(frozen=True, slots=True)
class Possible:
    """What an actor could do now; `guards` are the conditions, each with what it refuses, None where it
    holds."""

    line: Transition
    to_state: str
    guards: tuple[tuple[Guard, Refusal | None], ...]

    @property
    def refusal(self) -> Refusal | None:
        """What stands in the way, by the first guard that does not hold."""
        return next((refusal for _, refusal in self.guards if refusal is not None), None)


def line_of(view: TicketView, action: str) -> Transition:
    """The line of the table that applies.

    Raises:
        BadInputError: `ticket.action`, there is no such action.
        ConflictError: `ticket.transition`, the action is not allowed now.
    """
    if action not in ACTIONS:
        raise BadInputError(
            f"{action} is no action",
            code="ticket.action",
            where="action",
            mend=f"Actions: {', '.join(ACTIONS)}.",
        )
    line = line_for(action, view.state)
    if line is None:
        allowed = ", ".join(each.action for each in lines_from(view.state)) or "nothing"
        raise ConflictError(
            f"ticket {view.id} is {view.state}: {action} is not allowed from there",
            code="ticket.transition",
            mend=f"Possible now: {allowed}.",
        )
    return line


def require_role(view: TicketView, line: Transition, actor: Actor) -> None:
    """Refuse an actor without a role for the line.

    Raises:
        ConflictError: `ticket.role`.
    """
    if actor.has(*line.roles):
        return
    mine = ", ".join(sorted(actor.roles)) or "none"
    raise ConflictError(
        f"{actor.id} (roles: {mine}) may not {line.action} ticket {view.id}",
        code="ticket.role",
        mend=f"It takes one of the roles {', '.join(line.roles)}.",
    )


def read_document(line: Transition, details: Mapping[str, Any]) -> d.Document:
    """The document of the action.

    Raises:
        BadInputError: `ticket.document`, naming the field.
    """
    try:
        return line.document.model_validate_json(json.dumps(dict(details), allow_nan=False))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or line.action
        problem = first["msg"].removeprefix("Value error, ")
    except (TypeError, ValueError):
        field, problem = line.action, "the document holds something that JSON cannot"
    fields = ", ".join(line.document.model_fields)
    raise BadInputError(
        problem[:1].lower() + problem[1:],
        code="ticket.document",
        where=field,
        mend=f"The document of {line.action} has the fields: {fields}.",
    )


def check_guards(line: Transition, step: Step) -> None:
    """Refuse a step where a guard of its line does not hold.

    Raises:
        BadInputError: the document says something that cannot be.
        ConflictError: anything else; the code is the guard's.
    """
    refusal = first_refusal(line, step)
    if refusal is None:
        return
    kind = ConflictError if refusal.where is None else BadInputError
    raise kind(refusal.message, code=refusal.code, where=refusal.where, mend=refusal.mend)


def first_refusal(line: Transition, step: Step) -> Refusal | None:
    """What stands in the way of a step, by the first guard that does not hold."""
    for guard in line.guards:
        refusal = guard.check(step)
        if refusal is not None:
            return refusal
    return None


def possible(step: Step) -> list[Possible]:
    """What the actor could do now, by role and state, with what stands in the way of each."""
    lines = [line for line in lines_from(step.view.state) if step.actor.has(*line.roles)]
    return [
        Possible(line, line.target or step.view.state, tuple((g, g.check(step)) for g in line.guards))
        for line in lines
    ]
