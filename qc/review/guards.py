"""What must hold for a step, as pure named functions of the ticket, the actor and the document.

Each gives None where it holds, else the refusal in words. A guard that looks at the document says nothing
while there is none, so that one can ask beforehand what a person may do.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from qc.review import documents as d
from qc.review.types import REVIEWERS, Item
from qc.review.view import TicketView, against
from store.people import Actor


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be decided. `people` are the active persons whom the document names, by id."""

    view: TicketView
    actor: Actor
    now: datetime
    document: d.Document | None = None
    people: Mapping[str, Actor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step is not taken, and what would help."""

    code: str
    message: str
    mend: str
    where: str | None = None


Check = Callable[[Step], Refusal | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition by name, with the words for it that the documentation shows."""

    name: str
    zh: str
    en: str
    check: Check


def guard(zh: str, en: str) -> Callable[[Check], Guard]:
    """Make a guard of a function; its name is the function's."""
    return lambda check: Guard(check.__name__, zh, en, check)


def _who(message: str, mend: str) -> Refusal:
    return Refusal("ticket.person", message, mend)


@guard("被评催收员本人不得质检自己的通话", "nobody reviews a call of their own")
def not_collector(step: Step) -> Refusal | None:
    """The collector concerned has no part in the judgement."""
    if step.actor.id != step.view.call.collector:
        return None
    return _who(f"{step.actor.id} spoke in this call", "Somebody else reviews it.")


@guard(
    "质检员须在岗、有质检角色、非被评催收员；两名质检员须不同人",
    "the reviewers named are active, have a reviewer's role, did not speak in the call, and are two",
)
def reviewers_fit(step: Step) -> Refusal | None:
    """Whoever is named to review may do so."""
    named = () if step.document is None else step.document.people()
    for person in named:
        known = step.people.get(person)
        if known is None or not known.has(*REVIEWERS):
            return Refusal(
                "ticket.reviewer", f"{person} is no active reviewer",
                f"Name somebody with one of the roles {', '.join(REVIEWERS)}.", "reviewer",
            )  # fmt: skip
        if person == step.view.call.collector:
            return Refusal(
                "ticket.reviewer", f"{person} spoke in this call", "Name somebody else.", "reviewer"
            )
    if _two_in_one(step):
        return Refusal(
            "ticket.reviewer", "the first and the second reviewer are one person", "Name two.", "reviewer"
        )
    return None


def _two_in_one(step: Step) -> bool:
    document, view = step.document, step.view
    if isinstance(document, d.Assign):
        return document.reviewer == (document.second_reviewer or view.second_reviewer)
    return isinstance(document, d.Second) and document.reviewer == view.reviewer


@guard("仅被指派的质检员可领取", "an assigned ticket is taken by those it is assigned to")
def free_or_mine(step: Step) -> Refusal | None:
    """A ticket that was given to somebody is theirs. The second reviewer may begin before the first."""
    view = step.view
    if step.actor.id in (view.reviewer, view.second_reviewer) or view.reviewer is None:
        return None
    return _who(f"the ticket is {view.reviewer}'s", "A qc_lead may assign it anew.")


@guard("须为本工单质检员，或质检主管", "the reviewer, or a qc_lead")
def reviewer_or_lead(step: Step) -> Refusal | None:
    """The reviewer answers for the review; a lead may step in."""
    if step.actor.id == step.view.reviewer or step.actor.has("qc_lead"):
        return None
    return _who(f"the ticket is {step.view.reviewer}'s", "The reviewer or a qc_lead does it.")


@guard("须为本工单质检员且本人质检未提交", "in one's own review, as long as it is not done")
def in_own_review(step: Step) -> Refusal | None:
    """A review belongs to one person, and what was handed in does not change."""
    mine = step.view.review_of(step.actor.id)
    if mine is None:
        return _who(
            f"{step.actor.id} does not review this ticket",
            "The reviewers are on the ticket; `take` it first.",
        )
    if mine.done:
        return Refusal("ticket.done", "this review was handed in", "A qc_lead may give the ticket back.")
    return None


@guard("须为本通话的发现，或本人补充的漏检", "a finding of this call, or a missed one of one's own")
def item_is_mine(step: Step) -> Refusal | None:
    """Verdicts are about what the reviewer can see."""
    if not isinstance(step.document, d.Decision):
        return None
    view, item = step.view, step.document.item
    mine = view.review_of(step.actor.id)
    own = () if mine is None else mine.missed
    if item in _findings(view) or any(one.item == item for one in own):
        return None
    return Refusal("ticket.item", f"this review has no {item}", "`diting tickets show` has them.", item.kind)


@guard("时间段须在通话之内", "the time lies within the call")
def within_call(step: Step) -> Refusal | None:
    """Nobody misses what comes after the end."""
    if not isinstance(step.document, d.Missed) or step.document.end <= step.view.call.duration_s:
        return None
    return Refusal(
        "ticket.span", f"the call ends at {step.view.call.duration_s:g} s", "Give seconds within it.", "end"
    )


@guard("须有第二质检员", "there is a second reviewer")
def is_double(step: Step) -> Refusal | None:
    """Handing in apart from sharing is for two reviewers."""
    if step.view.second_reviewer is not None:
        return None
    return Refusal("ticket.not_double", "there is only one reviewer", "`share` ends the review.")


@guard("尚无第二质检员，且首检未提交", "there is no second reviewer yet")
def no_second(step: Step) -> Refusal | None:
    """A second review is begun once in a round."""
    if step.view.second_reviewer is None:
        return None
    return Refusal(
        "ticket.double", f"{step.view.second_reviewer} is the second reviewer", "Give the ticket back first."
    )


@guard(
    "本人质检中每条违规发现均已判定", "every finding against the collector has a verdict in one's own review"
)
def mine_decided(step: Step) -> Refusal | None:
    """A review is handed in whole."""
    return _still(step.view.undecided(step.view.review_of(step.actor.id)))


@guard("每条违规发现均已判定", "every finding against the collector has a verdict")
def all_decided(step: Step) -> Refusal | None:
    """Nothing is shared that nobody looked at."""
    return _still(step.view.undecided(step.view.first))


def _still(undecided: Iterable[Item]) -> Refusal | None:
    items = list(undecided)
    if not items:
        return None
    return Refusal(
        "ticket.undecided",
        f"there is no verdict on {', '.join(map(str, items[:5]))}",
        "Decide on each first.",
    )


@guard("双人质检须均已提交，分歧已裁定", "two reviews are both done, and what differs is settled")
def double_settled(step: Step) -> Refusal | None:
    """Two reviewers come to one result."""
    if step.view.blind:
        return Refusal("ticket.blind", "both reviews are not done yet", "Each reviewer does `complete`.")
    open_items = [item for item in step.view.differing if item not in step.view.adjudicated]
    if open_items:
        return Refusal(
            "ticket.differs", f"the reviewers differ on {', '.join(map(str, open_items[:5]))}",
            "A third person does `adjudicate`.",
        )  # fmt: skip
    return None


@guard("双人质检均已提交且有分歧", "both reviews are done, and they differ")
def differs(step: Step) -> Refusal | None:
    """There is something to settle."""
    if step.view.second_reviewer is None or step.view.blind:
        return Refusal("ticket.blind", "there are not two finished reviews", "Each reviewer does `complete`.")
    if not step.view.differing:
        return Refusal("ticket.agreed", "the two reviews agree", "`share` the result.")
    return None


@guard("裁定人不得是两名质检员", "a third person")
def third_person(step: Step) -> Refusal | None:
    """Neither reviewer settles what they differ on."""
    if step.actor.id not in (step.view.reviewer, step.view.second_reviewer):
        return None
    return _who(f"{step.actor.id} is one of the two reviewers", "Another reviewer settles it.")


@guard("须逐条裁定全部分歧", "a word on each thing that differs, and on nothing else")
def settles_all(step: Step) -> Refusal | None:
    """Nothing is left open."""
    if not isinstance(step.document, d.Adjudication):
        return None
    return _exactly([each.item for each in step.document.decisions], step.view.differing, "decisions")


@guard("须为被评催收员本人", "the collector concerned")
def is_collector(step: Step) -> Refusal | None:
    """Nobody speaks for the collector."""
    if step.actor.id == step.view.call.collector:
        return None
    return _who("this is for the collector who spoke in the call", "The result becomes final by itself.")


@guard("须在申诉期内", "the window for appeals is open")
def window_open(step: Step) -> Refusal | None:
    """An appeal comes in time."""
    until = step.view.appeal_until
    if until is None or step.now < until:
        return None
    return Refusal(
        "ticket.window", f"the window for appeals ended at {until.isoformat(timespec='minutes')}",
        "A qc_lead may reopen the ticket once it is final.",
    )  # fmt: skip


@guard("申诉期须已结束", "the window for appeals has ended")
def window_over(step: Step) -> Refusal | None:
    """A result stands when it can be appealed no more."""
    until = step.view.appeal_until
    if until is None or step.now >= until:
        return None
    return Refusal(
        "ticket.window", f"the window for appeals is open until {until.isoformat(timespec='minutes')}",
        "Wait until then, or until the collector acknowledges.",
    )  # fmt: skip


@guard("仅可申诉计入本人的发现，每条一次", "what stands against the collector, each once")
def grounds_stand(step: Step) -> Refusal | None:
    """Appeals are about what counts."""
    if not isinstance(step.document, d.Appeal):
        return None
    items = [each.item for each in step.document.grounds]
    wrong = [item for item in items if item not in against(step.view) or items.count(item) > 1]
    if not wrong:
        return None
    return Refusal(
        "ticket.item", f"{wrong[0]} does not stand against the collector, or is named twice",
        "The feedback lists what can be appealed.", "grounds",
    )  # fmt: skip


@guard("申诉须由未参与质检的另一人裁决", "somebody who had no part in the result so far")
def another_person(step: Step) -> Refusal | None:
    """Nobody decides on an appeal against themselves."""
    if step.actor.id not in step.view.took_part:
        return None
    return _who(f"{step.actor.id} took part in the review", "Another qc_lead or department head decides.")


@guard("须逐条答复全部申诉", "an answer to each ground, and to nothing else")
def answers_all(step: Step) -> Refusal | None:
    """Every ground is answered."""
    if not isinstance(step.document, d.AppealDecision):
        return None
    return _exactly([each.item for each in step.document.rulings], tuple(step.view.grounds), "rulings")


def _exactly(given: list[Item], wanted: tuple[Item, ...], where: str) -> Refusal | None:
    if sorted(given) == sorted(wanted):
        return None
    named = ", ".join(map(str, sorted(wanted)))
    return Refusal("ticket.item", f"it takes one word on each of: {named}", "Name each of them once.", where)


def _findings(view: TicketView) -> frozenset[Item]:
    return frozenset(Item("finding", each.id) for each in view.call.findings)
