"""What must hold for a step, as pure named functions of the case, the actor and the document.

Each gives None where it holds, else the refusal in words. A guard that looks at the document says nothing
while there is none, so that one can ask beforehand what a person may do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from complaint_warnings.cases import documents as d
from complaint_warnings.cases.types import SELF_HARM
from complaint_warnings.cases.view import CaseView
from complaint_warnings.types import rank
from store.people import SYSTEM, Actor

HEADS = ("department_head", "control_lead")


@dataclass(frozen=True, slots=True)
class Target:
    """The case that another is merged into, as far as that decision needs it."""

    id: int
    number: str
    open: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be decided. `people` are the active persons whom the document and the team name, by id;
    `other_open` is the number of another open case of the debtor."""

    case_id: int
    view: CaseView
    actor: Actor
    now: datetime
    document: d.Document | None = None
    people: Mapping[str, Actor] = field(default_factory=dict)
    target: Target | None = None
    other_open: str | None = None


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


@guard("审核人不得是报备人（含并入及补充的报备）", "the reviewer reported no part of it")
def not_reporter(step: Step) -> Refusal | None:
    """Nobody reviews what they reported, took in or mended themselves, here or in a case merged into it."""
    if step.actor.id not in step.view.brought_in:
        return None
    return Refusal(
        code="case.self_review",
        message=f"{step.actor.id} reported this case or a part of it and may not review it",
        mend="Another department head reviews it.",
    )


@guard("被投诉催收员不参与处理", "no collector complained of takes part")
def not_concerned(step: Step) -> Refusal | None:
    """The collectors complained of handle nothing of the case."""
    if step.actor.id not in step.view.concerned:
        return None
    return Refusal(
        code="case.handler",
        message=f"{step.actor.id} is a collector whom this case is about and takes no part in it",
        mend="Somebody else does it; the collector may add a note.",
    )


@guard("退回后由报备人补正", "the reporter mends the report")
def own_report(step: Step) -> Refusal | None:
    """Who reported mends the report; what the system reported, anybody with the role."""
    if step.view.reporter_id in {step.actor.id, SYSTEM.id}:
        return None
    return Refusal(
        code="case.role",
        message=f"{step.view.reporter_id} reported this case and mends the report",
        mend="Ask the reporter, or have the case dismissed.",
    )


@guard("降低等级须部门负责人或防控负责人", "only a department head or the control lead lowers the level")
def lowering_authority(step: Step) -> Refusal | None:
    """A level goes down by a head's word only."""
    level = getattr(step.document, "level", None)
    if level is None or rank(level) >= rank(step.view.level) or step.actor.has(*HEADS):
        return None
    return Refusal(
        code="case.role",
        message=f"{step.actor.id} may not lower the level from {step.view.level} to {level}",
        mend="A department head or the control lead may.",
    )


@guard("涉及自伤的等级不得低于高", "a case with words of self-harm stays high")
def self_harm_stays_high(step: Step) -> Refusal | None:
    """Where self-harm was spoken of, the level stays high."""
    level = getattr(step.document, "level", None)
    if not step.view.self_harm or level in {None, "high"}:
        return None
    return Refusal(
        code="case.self_harm",
        message="self-harm was spoken of: the level stays high",
        mend="Leave the level as it is.",
    )


@guard("涉及自伤的不得直接驳回", "a case with words of self-harm is not dismissed")
def not_self_harm(step: Step) -> Refusal | None:
    """Words of self-harm are handled to the end."""
    if SELF_HARM not in step.view.flags:
        return None
    return Refusal(
        code="case.self_harm",
        message="self-harm was spoken of: the case is not dismissed",
        mend="Handle it to the evaluation; department head and control lead then agree to the closing.",
    )


@guard("本轮曾为高等级的须防控负责人", "of high level in this round: by the control lead")
def lead_if_high(step: Step) -> Refusal | None:
    """What is high, or was in this round, is ended by the control lead: lowering it first helps nobody."""
    if step.view.highest != "high" or step.actor.has("control_lead"):
        return None
    was = "is" if step.view.level == "high" else "was"
    return Refusal(
        code="case.role",
        message=f"the level {was} high: {step.actor.id} may not end the case",
        mend="The control lead may.",
    )


@guard("须已审核签字", "the report was reviewed and signed")
def reviewed(step: Step) -> Refusal | None:
    """Work may begin before the review, but does not end before it."""
    if step.view.review_stands:
        return None
    review = step.view.review
    return Refusal(
        code="case.review_missing",
        message="no department head has reviewed the report yet"
        if review is None
        else f"{review.by}, who signed, reported a part of it or is complained of",
        mend="A department head who is free of it signs (`sign`), which may be done at any time.",
    )


@guard("须未在暂停", "the case is not on hold")
def not_held(step: Step) -> Refusal | None:
    """A pause does not begin twice."""
    if not step.view.held:
        return None
    return Refusal(code="case.hold", message="the case is on hold already", mend="`resume` ends the pause.")


@guard("须在暂停", "the case is on hold")
def held(step: Step) -> Refusal | None:
    """Only a pause can end."""
    if step.view.held:
        return None
    return Refusal(code="case.hold", message="the case is not on hold", mend="There is nothing to resume.")


@guard("合并目标须为另一未结案件", "the case to merge into is another open one")
def target_open(step: Step) -> Refusal | None:
    """A case goes on in another one that is open."""
    if step.document is None:
        return None
    if step.target is not None and step.target.open and step.target.id != step.case_id:
        return None
    return Refusal(
        code="case.document",
        message="this is no other open case",
        mend="Name the id of the case in which the matter goes on.",
        where="into",
    )


@guard("已合并的不得重开", "a merged case is not reopened")
def not_merged(step: Step) -> Refusal | None:
    """What was merged goes on elsewhere."""
    if step.view.merged_into is None:
        return None
    return Refusal(
        code="case.closed",
        message=f"the case was merged into case {step.view.merged_into}",
        mend="Go on there.",
    )


@guard("该债务人无其他未结案件", "the debtor has no other open case")
def no_other_open(step: Step) -> Refusal | None:
    """One open case for a debtor: a second one would split the matter."""
    if step.other_open is None:
        return None
    return Refusal(
        code="case.other_open",
        message=f"the debtor has an open case, {step.other_open}",
        mend=f"Go on in {step.other_open}; a note there can name this case.",
    )
