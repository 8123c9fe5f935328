"""Whether a step may be taken: the table applied to a case. Pure; every refusal says why and what helps."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from complaint_warnings.cases import documents as d
from complaint_warnings.cases.guards import Refusal, Step
from complaint_warnings.cases.lines import Transition
from complaint_warnings.cases.transitions import ACTIONS, TRANSITIONS, line_for, lines_for
from complaint_warnings.cases.view import CaseView
from store.errors import BadInputError, ConflictError, DitingError
from store.people import Actor


@dataclass(frozen=True, slots=True)
class Possible:
    """What an actor could do now; `refusal` is what stands in the way, where something does."""

    line: Transition
    to_state: str
    refusal: Refusal | None


def check_version(view: CaseView, version: int | None) -> None:
    """Refuse a step that was thought out on another state of the case.

    Raises:
        ConflictError: `case.version`.
    """
    if version is None or version == view.version:
        return
    raise ConflictError(
        f"{view.number} changed meanwhile: it is {view.state} now, version {view.version}, not {version}",
        code="case.version",
        mend=f"Look at the case again and repeat the step with version {view.version} if it is still right.",
    )


def line_of(view: CaseView, action: str) -> Transition:
    """The line of the table that applies.

    Raises:
        BadInputError: `case.action`, there is no such action.
        ConflictError: `case.closed` or `case.transition`, the action is not allowed now.
    """
    if action not in ACTIONS:
        raise BadInputError(
            f"{action} is no action",
            code="case.action",
            where="action",
            mend=f"Actions: {', '.join(ACTIONS)}.",
        )
    line = line_for(action, view)
    if line is not None:
        return line
    allowed = ", ".join(dict.fromkeys(t.action for t in TRANSITIONS if _allowed(t, view) and _by_people(t)))
    if view.state == "closed":
        raise ConflictError(
            f"{view.number} is closed: {action} is not possible any more",
            code="case.closed",
            mend=f"Possible: {allowed}.",
        )
    conditions = " or ".join(line.when.en for line in lines_for(action, view.state) if line.when is not None)
    only = f" unless {conditions}" if conditions else ""
    raise ConflictError(
        f"{view.number} is {view.state}: {action} is not allowed from there{only}",
        code="case.transition",
        mend=f"Possible now: {allowed}.",
    )


def require_role(view: CaseView, line: Transition, actor: Actor) -> None:
    """Refuse an actor without a role for the line.

    Raises:
        ConflictError: `case.role`.
    """
    if actor.has(*line.roles):
        return
    mine = ", ".join(sorted(actor.roles)) or "none"
    raise ConflictError(
        f"{actor.id} (roles: {mine}) may not {line.action} {view.number}",
        code="case.role",
        mend=f"It takes one of the roles {', '.join(line.roles)}.",
    )


def read_document(line: Transition, details: Mapping[str, Any]) -> d.Document:
    """The document of the action.

    Raises:
        BadInputError: `case.document`, naming the field.
    """
    try:
        text = json.dumps(dict(details), default=_plain, allow_nan=False)
        return line.document.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or line.action
        problem = first["msg"].removeprefix("Value error, ")
    except (TypeError, ValueError):
        field, problem = line.action, "the document holds something that JSON cannot"
    fields = ", ".join(line.document.model_fields)
    raise BadInputError(
        problem[:1].lower() + problem[1:],
        code="case.document",
        where=field,
        mend=f"The document of {line.action} has the fields: {fields}.",
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError


def check_guards(line: Transition, step: Step) -> None:
    """Refuse a step where a guard of its line does not hold.

    Raises:
        BadInputError: the document says something that cannot be.
        ConflictError: anything else; the code is the guard's.
    """
    refusal = first_refusal(line, step)
    if refusal is None:
        return
    kind: type[DitingError] = BadInputError if refusal.code == "case.document" else ConflictError
    raise kind(refusal.message, code=refusal.code, where=refusal.where, mend=refusal.mend)


def first_refusal(line: Transition, step: Step) -> Refusal | None:
    """What stands in the way of a step, by the first guard that does not hold."""
    for guard in line.guards:
        refusal = guard.check(step)
        if refusal is not None:
            return refusal
    return None


def prepare(
    view: CaseView, *, action: str, actor: Actor, details: Mapping[str, Any], version: int | None
) -> tuple[Transition, d.Document]:
    """The line of the table and the document of a step, before its guards are asked.

    Raises:
        BadInputError: `case.action`, `case.document`.
        ConflictError: `case.version`, `case.transition`, `case.closed`, `case.role`.
    """
    check_version(view, version)
    line = line_of(view, action)
    require_role(view, line, actor)
    return line, read_document(line, details)


def possible(step: Step) -> list[Possible]:
    """What the actor could do now, by role and state, with what stands in the way of each."""
    lines = [line for line in TRANSITIONS if _allowed(line, step.view) and step.actor.has(*line.roles)]
    return [Possible(line, line.target or step.view.state, first_refusal(line, step)) for line in lines]


def _allowed(line: Transition, view: CaseView) -> bool:
    return line_for(line.action, view) is line


def _by_people(line: Transition) -> bool:
    return line.roles != ("system",)
