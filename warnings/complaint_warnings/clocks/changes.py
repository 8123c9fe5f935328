"""Whether a clock can do what an event asks of it: a date by hand needs a clock that runs, an extension also
a step that the policy allows, and a person with the role for it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseEventRow
from complaint_warnings.clocks.types import Deadline
from store.errors import ConflictError
from store.people import find_actor

SET, EXTEND = "set_deadline", "extend_deadline"


def require_possible(session: Session, event: CaseEventRow, found: Sequence[Deadline]) -> None:
    """Refuse an event that no clock could follow.

    Args:
        session: to look up the person.
        event: the newest event of the case.
        found: the deadlines as they are after it.

    Raises:
        ConflictError: `deadline.not_running`, `deadline.no_extension`, `deadline.extension_role`.
    """
    if event.action not in (SET, EXTEND):
        return
    name = str(event.details.get("kind", ""))
    running = [deadline for deadline in found if not deadline.over]
    deadline = next((one for one in running if one.clock == name), None)
    if deadline is None:
        names = ", ".join(one.clock for one in running) or "none"
        raise ConflictError(
            f"no clock {name} runs in this case",
            code="deadline.not_running",
            where="kind",
            mend=f"Clocks that run: {names}.",
        )
    if event.action == EXTEND:
        _require_step(session, event, deadline)


def _require_step(session: Session, event: CaseEventRow, deadline: Deadline) -> None:
    step = next((step for step in deadline.extensions if step.seq == event.seq), None)
    if step is None:
        late = deadline.breached_at is not None
        raise ConflictError(
            f"{deadline.clock} is overdue already"
            if late
            else f"the policy {deadline.policy} does not let {deadline.clock} be put off any further",
            code="deadline.no_extension",
            where="kind",
            mend="A date by hand is possible, with a reason; that the limit was missed stays on record."
            if late
            else "A date by hand is possible, with a reason: set_deadline.",
        )
    actor = find_actor(session, event.actor)
    if not actor.has(*step.roles):
        raise ConflictError(
            f"{actor.id} may not put {deadline.clock} off",
            code="deadline.extension_role",
            where="kind",
            mend=f"By the policy {deadline.policy} it takes one of the roles {', '.join(step.roles)}.",
        )
