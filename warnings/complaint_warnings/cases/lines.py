"""What a line of the table of transitions is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from complaint_warnings.cases.documents import Document
from complaint_warnings.cases.guards import Guard
from complaint_warnings.cases.types import State
from complaint_warnings.cases.view import CaseView

CONTROL: Final = ("complaint_officer", "control_lead")
CONTROL_AND_HEADS: Final = (*CONTROL, "department_head")
# Whoever may be in a team.
HANDLERS: Final = ("customer_service", "collector", "supervisor", *CONTROL, "legal", "department_head")
REPORTERS: Final = ("customer_service", "collector", "supervisor", "complaint_officer", "integration")
EVERYBODY: Final = (*HANDLERS, "qc_reviewer", "qc_lead", "integration")
SYSTEM: Final = ("system",)

# From the team to the evaluation: the states in which the handling goes on.
HANDLING: Final[tuple[State, ...]] = (
    "teamed",
    "analysed",
    "planned",
    "contacting",
    "resolved",
    "tracking",
    "evaluated",
)
# Handled to a result: what comes now leads back to the handling.
DONE: Final[tuple[State, ...]] = ("resolved", "tracking", "evaluated")


@dataclass(frozen=True, slots=True)
class Condition:
    """When a line of the table applies, with the words for it."""

    name: str
    zh: str
    en: str
    holds: Callable[[CaseView], bool]


HIGH: Final = Condition("high", "等级为高", "the level is high", lambda view: view.level == "high")
COMPLAINED: Final = Condition(
    "complained", "已收到投诉", "a complaint has arrived", lambda view: view.kind == "complaint"
)
REVIEWED: Final = Condition("reviewed", "已审核", "it was reviewed", lambda view: view.review_stands)
UNREVIEWED: Final = Condition(
    "unreviewed", "未审核", "it was not reviewed", lambda view: not view.review_stands
)


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table. Without `target` the state stays; of the lines for an action and a state the one
    whose condition `when` holds applies."""

    action: str
    zh: str
    en: str
    sources: tuple[State, ...]
    target: State | None
    roles: tuple[str, ...]
    document: type[Document]
    guards: tuple[Guard, ...] = ()
    when: Condition | None = None
