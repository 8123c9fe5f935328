"""Guards about who may take a step."""

from qc.review import documents as d
from qc.review.guards.base import Refusal, Step, guard, wrong_person
from qc.review.types import REVIEWERS


@guard("被评催收员本人不得质检自己的通话", "nobody reviews a call of their own")
def not_collector(step: Step) -> Refusal | None:
    """The collector concerned has no part in the judgement."""
    if step.actor.id != step.view.call.collector:
        return None
    return wrong_person(f"{step.actor.id} spoke in this call", "Somebody else reviews it.")


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
    return wrong_person(f"the ticket is {view.reviewer}'s", "A qc_lead may assign it anew.")


@guard("须为本工单质检员，或质检主管", "the reviewer, or a qc_lead")
def reviewer_or_lead(step: Step) -> Refusal | None:
    """The reviewer answers for the review; a lead may step in."""
    if step.actor.id == step.view.reviewer or step.actor.has("qc_lead"):
        return None
    return wrong_person(f"the ticket is {step.view.reviewer}'s", "The reviewer or a qc_lead does it.")


@guard("须为本工单质检员且本人质检未提交", "in one's own review, as long as it is not done")
def in_own_review(step: Step) -> Refusal | None:
    """A review belongs to one person, and what was handed in does not change."""
    mine = step.view.review_of(step.actor.id)
    if mine is None:
        return wrong_person(
            f"{step.actor.id} does not review this ticket",
            "The reviewers are on the ticket; `take` it first.",
        )
    if mine.done:
        return Refusal("ticket.done", "this review was handed in", "A qc_lead may give the ticket back.")
    return None


@guard("尚无第二质检员，且首检未提交", "there is no second reviewer yet")
def no_second(step: Step) -> Refusal | None:
    """A second review is begun once in a round."""
    if step.view.second_reviewer is None:
        return None
    return Refusal(
        "ticket.double", f"{step.view.second_reviewer} is the second reviewer", "Give the ticket back first."
    )


@guard("裁定人不得是两名质检员", "a third person")
def third_person(step: Step) -> Refusal | None:
    """Neither reviewer settles what they differ on."""
    if step.actor.id not in (step.view.reviewer, step.view.second_reviewer):
        return None
    return wrong_person(f"{step.actor.id} is one of the two reviewers", "Another reviewer settles it.")


@guard("须为被评催收员本人", "the collector concerned")
def is_collector(step: Step) -> Refusal | None:
    """Nobody speaks for the collector."""
    if step.actor.id == step.view.call.collector:
        return None
    return wrong_person(
        "this is for the collector who spoke in the call", "The result becomes final by itself."
    )


@guard("申诉须由未参与质检的另一人裁决", "somebody who had no part in the result so far")
def another_person(step: Step) -> Refusal | None:
    """Nobody decides on an appeal against themselves."""
    if step.actor.id not in step.view.took_part:
        return None
    return wrong_person(
        f"{step.actor.id} took part in the review", "Another qc_lead or department head decides."
    )
