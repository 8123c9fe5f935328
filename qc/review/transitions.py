"""THE table of what may be done with a ticket: which action, from which states, to which, by whom, under
which conditions, with which document. The door, the documentation, the command line and the API read it."""

from dataclasses import dataclass
from typing import Final

from qc.review import documents as d
from qc.review.guards import appeals as a
from qc.review.guards import people as p
from qc.review.guards import work as w
from qc.review.guards.base import Guard
from qc.review.types import REVIEWERS, State

LEAD: Final = ("qc_lead",)
SYSTEM: Final = ("system",)
ASSIGNERS: Final = (*LEAD, "supervisor", *SYSTEM)
DECIDERS: Final = (*LEAD, "department_head")
COLLECTOR: Final = ("collector",)


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table. Without `target` the state stays. A line `by_machine` is walked by the pipeline
    when a call is judged anew, never through the door."""

    action: str
    zh: str
    en: str
    sources: tuple[State, ...]
    target: State | None
    roles: tuple[str, ...]
    document: type[d.Document]
    guards: tuple[Guard, ...] = ()
    by_machine: bool = False


TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition("follow", "随最新质检结果更新", "follow the newest inspection",
               ("open", "withdrawn"), "open", SYSTEM, d.Empty, by_machine=True),
    Transition("withdraw", "撤回（无需人工）", "withdraw: nobody is needed any more",
               ("open",), "withdrawn", SYSTEM, d.Empty, by_machine=True),
    Transition("assign", "指派质检员", "assign to a reviewer",
               ("open", "draft"), None, ASSIGNERS, d.Assign, (p.not_collector, p.reviewers_fit)),
    Transition("take", "领取", "take up",
               ("open", "draft"), "draft", REVIEWERS, d.Empty, (p.not_collector, p.free_or_mine)),
    Transition("give_back", "退回", "give back",
               ("draft",), "open", REVIEWERS, d.Reason, (p.not_collector, p.reviewer_or_lead)),
    Transition("ask_second", "安排第二质检员（盲评）", "have it reviewed a second time, blindly",
               ("open", "draft"), None, ASSIGNERS, d.Second,
               (p.not_collector, p.no_second, p.reviewers_fit)),
    Transition("decide", "判定一条发现", "decide on a finding",
               ("draft",), None, REVIEWERS, d.Decision, (p.not_collector, p.in_own_review, w.item_is_mine)),
    Transition("add_missed", "补充漏检", "add what the machine missed",
               ("draft",), None, REVIEWERS, d.Missed, (p.not_collector, p.in_own_review, w.within_call)),
    Transition("rate", "评分", "rate an item of the scorecard",
               ("draft",), None, REVIEWERS, d.Rate, (p.not_collector, p.in_own_review)),
    Transition("complete", "提交本人质检（双人质检）", "hand in one's own of two reviews",
               ("draft",), None, REVIEWERS, d.Empty,
               (p.not_collector, p.in_own_review, w.is_double, w.mine_decided, w.mine_rated)),
    Transition("adjudicate", "裁定分歧", "settle what two reviewers saw differently",
               ("draft",), None, REVIEWERS, d.Adjudication,
               (p.not_collector, w.differs, p.third_person, w.settles_all)),
    Transition("share", "反馈给催收员", "share with the collector",
               ("draft",), "shared", REVIEWERS, d.Share,
               (p.not_collector, p.reviewer_or_lead, w.double_settled, w.all_decided, w.all_rated)),
    Transition("acknowledge", "确认", "acknowledge",
               ("shared",), "acknowledged", COLLECTOR, d.Empty, (p.is_collector,)),
    Transition("appeal", "申诉", "appeal",
               ("shared",), "appealed", COLLECTOR, d.Appeal,
               (p.is_collector, a.window_open, a.grounds_stand)),
    Transition("decide_appeal", "裁决申诉", "decide on the appeal",
               ("appealed",), "final", DECIDERS, d.AppealDecision,
               (p.not_collector, p.another_person, a.answers_all)),
    Transition("finalise", "定稿（申诉期满）", "make final, the window for appeals being over",
               ("shared",), "final", (*REVIEWERS, *SYSTEM), d.Empty, (p.not_collector, a.window_over)),
    Transition("finalise", "定稿（已确认）", "make final what was acknowledged",
               ("acknowledged",), "final", (*REVIEWERS, *SYSTEM), d.Empty, (p.not_collector,)),
    Transition("reopen", "重开", "reopen",
               ("final",), "draft", LEAD, d.Reopen, (p.not_collector, p.reviewers_fit)),
)  # fmt: skip
ACTIONS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(line.action for line in TRANSITIONS if not line.by_machine)
)
# States of a ticket that no person has touched: it follows the newest inspection.
UNTOUCHED: Final[tuple[State, ...]] = next(line.sources for line in TRANSITIONS if line.action == "follow")


def line_for(action: str, state: str) -> Transition | None:
    """The line of the table for an action in a state, if any."""
    for line in TRANSITIONS:
        if line.action == action and state in line.sources and not line.by_machine:
            return line
    return None


def lines_from(state: str) -> tuple[Transition, ...]:
    """What people, or Diting by itself, may do in a state."""
    return tuple(line for line in TRANSITIONS if state in line.sources and not line.by_machine)
