"""Guards about appeals and their window."""

from qc.review import documents as d
from qc.review.guards.base import Refusal, Step, exactly, guard
from qc.review.view import against


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


@guard("须逐条答复全部申诉", "an answer to each ground, and to nothing else")
def answers_all(step: Step) -> Refusal | None:
    """Every ground is answered."""
    if not isinstance(step.document, d.AppealDecision):
        return None
    return exactly([each.item for each in step.document.rulings], tuple(step.view.grounds), "rulings")
