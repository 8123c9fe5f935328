"""The guards of the handling: what a plan needs, money by two persons, how it ends."""

from complaint_warnings.cases import documents as d
from complaint_warnings.cases.guards import Refusal, Step, guard


@guard(
    "措施须有责任人且期限在将来", "each measure has an owner, no collector complained of, and a date to come"
)
def plan_sound(step: Step) -> Refusal | None:
    """The owners of the measures are no collectors complained of; dates lie ahead."""
    plan = step.document if isinstance(step.document, d.Plan) else None
    if plan is None:
        return None
    for number, measure in enumerate(plan.measures):
        if measure.owner in step.view.concerned:
            return Refusal(
                code="case.handler",
                message=f"{measure.owner} is a collector whom this case is about",
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
    due = step.document.due if isinstance(step.document, d.DeadlineSet) else None
    if due is not None and due <= step.now:
        return _not_possible("due", "this date is past", "Give a date to come.")
    return None


@guard("须有手动期限可撤", "a date to be taken back was set by hand")
def date_there(step: Step) -> Refusal | None:
    """Only a date by hand that stands can be taken back."""
    document = step.document
    if not isinstance(document, d.DeadlineSet) or not document.withdrawn:
        return None
    earlier = [each.document for each in step.view.deadlines]
    dates = [one.due for one in earlier if isinstance(one, d.DeadlineSet) and one.kind == document.kind]
    if dates and dates[-1] is not None:
        return None
    message = f"{document.kind} has no date set by hand"
    return _not_possible("withdrawn", message, "`diting cases show` tells the dates.")


@guard("措施编号须在方案内", "the measures are those of the plan")
def measures_known(step: Step) -> Refusal | None:
    """Measures done are measures of the plan."""
    count = len(step.view.plan.measures) if step.view.plan else 0
    field, named = "measures_done", step.document.measures_done if isinstance(step.document, d.Track) else ()
    if isinstance(step.document, d.MeasureDone):
        field, named = "measure", (step.document.measure,)
    if any(number > count for number in named):
        return _not_possible(field, f"the plan has {count} measures", "Use their numbers, from 1.")
    return None


@guard("须已就最新事项联系客户", "the customer was talked to, or tried, since what came last")
def spoken(step: Step) -> Refusal | None:
    """No result before somebody talked with the customer about what came last."""
    if step.view.spoken:
        return None
    return Refusal(
        code="case.not_contacted",
        message="nobody has talked to the customer since what came last",
        mend="Enter the conversation, or the attempt, with `contact`.",
    )


@guard("评估须针对现有事项", "the evaluation is of the matter as it is now")
def evaluation_stands(step: Step) -> Refusal | None:
    """What came after the evaluation was not weighed in it."""
    if step.view.evaluated:
        return None
    return Refusal(
        code="case.evaluation",
        message="the evaluation is void: something came after it",
        mend="Handle what came (`revise_plan` leads back to it), then evaluate again.",
    )


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
    """A promise of money rests on two persons; one kept before a reopening is no promise now."""
    granted = isinstance(step.document, d.Result) and step.document.outcome == "relief_granted"
    if not granted or any(one.approved and one.round == step.view.round for one in step.view.reliefs):
        return None
    return Refusal(
        code="case.relief",
        message="no relief was approved"
        if step.view.round == 1
        else "no relief was approved since the reopening",
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
        (one.document.office, one.by)
        for one in step.view.sign_offs
        if isinstance(one.document, d.SignOff) and one.seq > step.view.matter
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
