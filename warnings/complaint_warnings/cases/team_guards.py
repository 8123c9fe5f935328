"""The guards of the team: who must be in it, who may not, and who acts for it."""

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


@guard("被投诉催收员不在处理组", "no collector complained of is in the team")
def collector_out(step: Step) -> Refusal | None:
    """None of the collectors complained of; and no collector at all while nobody knows who that is."""
    team = step.document if isinstance(step.document, d.Team) else None
    if team is None:
        return None
    for member in team.members:
        person = step.people.get(member.person)
        if member.person in step.view.concerned:
            return Refusal(
                code="case.handler",
                message=f"{member.person} is a collector whom this case is about",
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
    inside = sorted(step.view.concerned & step.view.members)
    if where is None and inside:
        return Refusal(
            code="case.handler",
            message=f"{', '.join(inside)}, whom this case is about, is in the team",
            mend="Form the team again without the collector.",
        )
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


@guard("操作人须在处理组或为措施责任人", "the actor is in the team or owns the measure")
def in_team_or_owner(step: Step) -> Refusal | None:
    """Who did a measure says so, or somebody of the team."""
    document, plan = step.document, step.view.plan
    if isinstance(document, d.MeasureDone) and plan and document.measure <= len(plan.measures):
        owner = plan.measures[document.measure - 1].owner
        return None if step.actor.id == owner else in_team.check(step)
    owners = {measure.owner for measure in plan.measures} if plan else set()
    return None if step.actor.id in owners else in_team.check(step)
