"""Guards about what a review says."""

from collections.abc import Iterable

from qc.review import documents as d
from qc.review.guards.base import Refusal, Step, exactly, guard
from qc.review.types import Item
from qc.review.view import Review, TicketView


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


@guard(
    "本人质检中每条违规发现均已判定", "every finding against the collector has a verdict in one's own review"
)
def mine_decided(step: Step) -> Refusal | None:
    """A review is handed in whole."""
    return _still(step.view.undecided(step.view.review_of(step.actor.id)))


@guard("每条违规发现均已判定", "every finding against the collector has a verdict")
def all_decided(step: Step) -> Refusal | None:
    """Nothing is shared that nobody looked at. While two review blindly, `double_settled` refuses, and what
    the first has yet to decide on is not for the second to know."""
    return None if step.view.blind else _still(step.view.undecided(step.view.first))


def _still(undecided: Iterable[Item]) -> Refusal | None:
    items = list(undecided)
    if not items:
        return None
    return Refusal(
        "ticket.undecided",
        f"there is no verdict on {', '.join(map(str, items[:5]))}",
        "Decide on each first.",
        missing=tuple(map(str, items)),
    )


@guard("本人质检中计划的评分表已逐项评分", "every item of the plan's scorecard is rated in one's own review")
def mine_rated(step: Step) -> Refusal | None:
    """A scorecard is handed in whole."""
    return _unrated(step.view, step.view.review_of(step.actor.id))


@guard("抽检计划的评分表已逐项评分", "every item of the plan's scorecard is rated")
def all_rated(step: Step) -> Refusal | None:
    """Half a scorecard has no result. While two review blindly it is the same as with `all_decided`."""
    return None if step.view.blind else _unrated(step.view, step.view.first)


def _unrated(view: TicketView, review: Review | None) -> Refusal | None:
    items = view.unrated(review)
    if not items or view.card is None:
        return None
    return Refusal(
        "ticket.unrated",
        f"the scorecard {view.card.name} has no rating of {', '.join(items[:5])}",
        "Rate each item first; what does not apply is rated n/a.",
        missing=items,
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


@guard("须逐条裁定全部分歧", "a word on each thing that differs, and on nothing else")
def settles_all(step: Step) -> Refusal | None:
    """Nothing is left open."""
    if not isinstance(step.document, d.Adjudication):
        return None
    return exactly([each.item for each in step.document.decisions], step.view.differing, "decisions")


def _findings(view: TicketView) -> frozenset[Item]:
    return frozenset(Item("finding", each.id) for each in view.call.findings)
