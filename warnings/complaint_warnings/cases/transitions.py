"""THE table of what may be done with a case: which action, from which states, to which, by whom, under which
conditions, with which document. The door, the documentation, the command line and the API all read it."""

from typing import Final

from complaint_warnings.cases.complaint_lines import COMPLAINT
from complaint_warnings.cases.lines import Transition
from complaint_warnings.cases.view import CaseView
from complaint_warnings.cases.way import BESIDE, BY_SYSTEM, WAY

TRANSITIONS: Final[tuple[Transition, ...]] = (*WAY, *BESIDE, *COMPLAINT, *BY_SYSTEM)
ACTIONS: Final[tuple[str, ...]] = tuple(dict.fromkeys(line.action for line in TRANSITIONS))


def lines_for(action: str, state: str) -> tuple[Transition, ...]:
    """The lines of the table for an action in a state; empty where it is never allowed there."""
    return tuple(line for line in TRANSITIONS if line.action == action and state in line.sources)


def line_for(action: str, view: CaseView) -> Transition | None:
    """The line that applies to the case now, if any."""
    for line in lines_for(action, view.state):
        if line.when is None or line.when.holds(view):
            return line
    return None
