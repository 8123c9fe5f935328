"""The guards of the handling: who is in the team, what a plan needs, money by two persons, how it ends."""

from collections.abc import Mapping
from typing import Final

from complaint_warnings.cases import documents as d
from complaint_warnings.cases.guards import Refusal, Step, guard
from store.people import Actor

# The role that a person needs for a function in the team.
FUNCTION_ROLES: Final[Mapping[str, str]] = {
    "lead": "control_lead",
    "legal": "legal",
    "supervisor": "supervisor",
    "customer_service": "customer_service",
    "complaint_officer": "complaint_officer",
}
# Who must be in the team, by level: of each group at least one function.
REQUIRED: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "low": (("customer_service", "supervisor"),),
    "medium": (("customer_service", "supervisor"), ("complaint_officer",)),
    "high": (("lead",), ("legal",), ("supervisor",), ("customer_service",)),
}


@guard("被投诉催收员不在处理组", "the collector complained of is not in the team")
def collector_out(step: Step) -> Refusal | None:
    """Not the collector complained of; and no collector at all while nobody knows who that is."""
    team = step.document if isinstance(step.document, d.Team) else None
    if team is None:
        return None
    for member in team.members:
        person = step.people.get(member.person)
        if member.person == step.view.collector_id:
            return Refusal(
                code="case.handler",
                message=f"{member.person} is the collector whom this case is about",
                mend="Name another person.",
                where="members",
            )
        if step.view.collector_id is None and person is not None and person.has("collector"):
            return Refusal(
                code="case.handler",
                message=f"nobody knows which collector this case is about: it may be {member.person}",
                mend="Say who it is with `name_collector`, or name somebody who does not collect.",
                where="members",
            )
    return None


@guard("被指明者不在处理组且无措施", "who is named is neither in the team nor owner of a measure")
def not_in_handling(step: Step) -> Refusal | None:
    """Who turns out to be the collector complained of leaves the team first."""
    if not isinstance(step.document, d.Concerned):
        return None
    named = step.document.collector_id
    owners = {measure.owner for measure in step.view.plan.measures} if step.view.plan else set()
    if named not in step.view.members and named not in owners:
        return None
    return Refusal(
        code="case.handler",
        message=f"{named} takes part in the handling of this case",
        mend="Change the team (`form_team`) and the plan (`revise_plan`) first.",
        where="collector_id",
    )


@guard("处理组须与等级相符", "the team fits the level")
def team_complete(step: Step) -> Refusal | None:
    """The team has everybody whom the level asks for, each with the role of their function."""
    named = step.document if isinstance(step.document, d.Team) else step.view.team
    if named is None:
        return None
    where = "members" if isinstance(step.document, d.Team) else None
    for member in named.members:
        role = FUNCTION_ROLES.get(member.function)
        if role is not None and not _may(step.people.get(member.person), role):
            return Refusal(
                code="case.team",
                message=f"{member.person} is not active with the role {role}",
                mend=f"Name somebody with the role {role} as {member.function}.",
                where=where,
            )
    functions = {member.function for member in named.members}
    for group in REQUIRED[step.view.level]:
        if functions.isdisjoint(group):
            return Refusal(
                code="case.team",
                message=f"a case of level {step.view.level} needs {' or '.join(group)} in the team",
                mend="Form the team again (`form_team`) with all whom the level asks for.",
                where=where,
            )
    return _supervisor_of_team(step, named, where)


def _supervisor_of_team(step: Step, team: d.Team, where: str | None) -> Refusal | None:
    """In a high case the supervisor is the collector's own, where the collector's team is known."""
    unit = step.view.team_name
    if step.view.level != "high" or unit is None:
        return None
    supervisors = [step.people[m.person] for m in team.members if m.function == "supervisor"]
    if any(person.team == unit for person in supervisors):
        return None
    return Refusal(
        code="case.team",
        message=f"the supervisor in the team is not of the collector's team, {unit}",
        mend=f"Name a supervisor of {unit} (`diting people set` gives a person a team).",
        where=where,
    )


def _may(person: Actor | None, role: str) -> bool:
    return person is not None and person.has(role)


@guard("操作人须在处理组", "the actor is in the team")
def in_team(step: Step) -> Refusal | None:
    """The team handles the case, nobody else."""
    if step.actor.id in step.view.members:
        return None
    members = ", ".join(sorted(step.view.members)) or "nobody"
    return Refusal(
        code="case.not_in_team",
        message=f"{step.actor.id} is not in the team ({members})",
        mend="A member does it, or the team is formed again with you.",
    )


@guard("措施须有责任人且期限在将来", "each measure has an owner, not the collector, and a date to come")
def plan_sound(step: Step) -> Refusal | None:
    """The owners of the measures are not the collector complained of; dates lie ahead."""
    plan = step.document if isinstance(step.document, d.Plan) else None
    if plan is None:
        return None
    for number, measure in enumerate(plan.measures):
        if measure.owner == step.view.collector_id:
            return Refusal(
                code="case.handler",
                message=f"{measure.owner} is the collector whom this case is about",
                mend="Give the measure to somebody else.",
                where=f"measures.{number}.owner",
            )
        if measure.due <= step.now:
            return _not_possible(f"measures.{number}.due", "this date is past", "Give a date to come.")
    return None


@guard("时间不得在将来", "the conversation is not in the future")
def not_ahead(step: Step) -> Refusal | None:
    """What is recorded has happened."""
    if isinstance(step.document, d.Contact) and step.document.at > step.now:
        return _not_possible("at", "this time is still to come", "Give the time of the conversation.")
    return None


@guard("期限须在将来", "the date is to come")
def due_ahead(step: Step) -> Refusal | None:
    """A deadline set by hand lies ahead."""
    if isinstance(step.document, d.DeadlineSet) and step.document.due <= step.now:
        return _not_possible("due", "this date is past", "Give a date to come.")
    return None


@guard("措施编号须在方案内", "the measures are those of the plan")
def measures_known(step: Step) -> Refusal | None:
    """Measures done are measures of the plan."""
    count = len(step.view.plan.measures) if step.view.plan else 0
    if isinstance(step.document, d.Track) and any(number > count for number in step.document.measures_done):
        return _not_possible("measures_done", f"the plan has {count} measures", "Use their numbers, from 1.")
    return None


@guard("跟踪已结束", "tracking has ended")
def tracking_ended(step: Step) -> Refusal | None:
    """What is evaluated has been watched to the end."""
    if step.view.tracking_ended:
        return None
    return Refusal(
        code="case.tracking",
        message="tracking has not ended",
        mend="The last look says so: `track` with ended true.",
    )


@guard("措施已完成或说明原因", "every measure is done, or it is said why not")
def measures_accounted(step: Step) -> Refusal | None:
    """No measure of the plan is forgotten."""
    if not isinstance(step.document, d.Evaluation) or step.view.plan is None:
        return None
    every = range(1, len(step.view.plan.measures) + 1)
    left = [str(number) for number in every if number not in step.view.measures_done]
    if not left or step.document.unfinished is not None:
        return None
    return Refusal(
        code="case.measures",
        message=f"measures {', '.join(left)} of the plan are not done",
        mend="Record them with `track`, or say in `unfinished` why they are left.",
        where="unfinished",
    )


@guard("减免与补偿已决定", "every proposed relief is decided")
def relief_settled(step: Step) -> Refusal | None:
    """No proposal of money is left hanging."""
    waiting = [str(one.number) for one in step.view.reliefs if one.approved is None]
    if not waiting:
        return None
    return Refusal(
        code="case.relief",
        message=f"relief {', '.join(waiting)} is proposed and not decided",
        mend="A second person approves or refuses it.",
    )


@guard("结果为减免时须有已批准的减免", "a result of relief has an approved relief")
def relief_granted(step: Step) -> Refusal | None:
    """A promise of money rests on two persons."""
    granted = isinstance(step.document, d.Result) and step.document.outcome == "relief_granted"
    if not granted or any(one.approved for one in step.view.reliefs):
        return None
    return Refusal(
        code="case.relief",
        message="no relief was approved",
        mend="Propose one and have a second person approve it, or give another outcome.",
        where="outcome",
    )


@guard("减免提案存在且未决定", "the relief is proposed and not decided")
def relief_waiting(step: Step) -> Refusal | None:
    """Each proposal is decided once."""
    if not isinstance(step.document, d.ReliefDecision):
        return None
    wanted = step.document.relief
    if any(one.number == wanted and one.approved is None for one in step.view.reliefs):
        return None
    return Refusal(
        code="case.relief",
        message=f"no relief {wanted} waits for a decision",
        mend="Use the number of a proposed relief of this case.",
        where="relief",
    )


@guard("批准人不得是提出人", "two different persons: who approves did not propose")
def second_person(step: Step) -> Refusal | None:
    """Money takes two persons."""
    if not isinstance(step.document, d.ReliefDecision):
        return None
    wanted = step.document.relief
    if not any(one.number == wanted and one.proposed_by == step.actor.id for one in step.view.reliefs):
        return None
    return Refusal(
        code="case.second_person",
        message=f"{step.actor.id} proposed this relief and may not approve it",
        mend="A second person with authority approves it.",
    )


@guard("签字职务须与角色相符", "the office is one that the actor holds")
def office_held(step: Step) -> Refusal | None:
    """Who signs for an office holds it."""
    if not isinstance(step.document, d.SignOff) or step.actor.has(step.document.office):
        return None
    return Refusal(
        code="case.role",
        message=f"{step.actor.id} does not have the role {step.document.office}",
        mend="Sign in your own office.",
        where="office",
    )


@guard(
    "涉及自伤须部门负责人与防控负责人分别同意",
    "with words of self-harm: department head and control lead agreed, two persons",
)
def self_harm_signed(step: Step) -> Refusal | None:
    """Self-harm is never closed without department head and control lead."""
    if not step.view.self_harm:
        return None
    signed = {
        (one.document.office, one.by) for one in step.view.sign_offs if isinstance(one.document, d.SignOff)
    }
    heads = {by for office, by in signed if office == "department_head"}
    leads = {by for office, by in signed if office == "control_lead"}
    if any(head != lead for head in heads for lead in leads):
        return None
    return Refusal(
        code="case.self_harm",
        message="self-harm was spoken of: department head and control lead, two persons, must agree",
        mend="Both sign (`sign_off`) after the evaluation.",
    )


def _not_possible(field: str, message: str, mend: str) -> Refusal:
    return Refusal(code="case.document", message=message, mend=mend, where=field)
