"""How each action changes what is known of a case. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from typing import Final

from complaint_warnings.cases import documents as d
from complaint_warnings.cases import system_documents as s
from complaint_warnings.cases.complaint_fold import COMPLAINT_CHANGES, with_complaint
from complaint_warnings.cases.events import Event
from complaint_warnings.cases.reading import read, signed
from complaint_warnings.cases.types import SELF_HARM
from complaint_warnings.cases.view import CaseView, Held, ReliefState
from complaint_warnings.types import rank

Change = Callable[[CaseView, Event], CaseView]


def fold(events: Iterable[Event]) -> CaseView:
    """The case after the events, which begin with its opening."""
    view: CaseView | None = None
    for event in events:
        view = begin(event) if view is None else after(view, event)
    if view is None:
        raise ValueError("a case begins with an event")
    return view


def begin(event: Event) -> CaseView:
    """The case after its opening."""
    o = read(s.Opened, event)
    return CaseView(
        number=o.number, kind=o.kind, state=event.to_state, version=event.seq, level=o.level, source=o.source,
        complexity=o.complexity, debtor_key=o.debtor_key, warning_id=o.warning_id, reporter_id=event.actor,
        opened_at=event.at, updated_at=event.at, first_seen_at=o.first_seen_at, advice=o.advice,
        debtor_name=o.debtor_name, contact=o.contact, amount_due=o.amount_due, currency=o.currency,
        client=o.client, collector_id=o.collector_id, team_name=o.team, flags=frozenset(o.flags),
        calls=tuple(call for call in [o.details.get("call_id")] if isinstance(call, int)),
        concerned=_named(o.collector_id) | frozenset(o.concerned), highest=o.level, matter=event.seq,
        brought_in=frozenset((event.actor, *o.brought_by)),
    )  # fmt: skip


def after(view: CaseView, event: Event) -> CaseView:
    """The case after one more event."""
    closed_at = (view.closed_at or event.at) if event.to_state == "closed" else None
    moved = replace(view, state=event.to_state, version=event.seq, updated_at=event.at, closed_at=closed_at)
    change = CHANGES.get(event.action)
    now = moved if change is None else change(moved, event)
    return replace(now, highest=max(now.highest, now.level, key=rank))


def _named(collector_id: str | None) -> frozenset[str]:
    return frozenset() if collector_id is None else frozenset((collector_id,))


def _sign(view: CaseView, event: Event) -> CaseView:
    review = read(d.Review, event)
    return replace(view, review=signed(d.Review, event), level=review.level or view.level)


def _report_again(view: CaseView, event: Event) -> CaseView:
    level = read(d.Correction, event).level or view.level
    return replace(view, level=level, brought_in=view.brought_in | {event.actor})


def _collect(view: CaseView, event: Event) -> CaseView:
    return replace(view, complexity=read(d.Collect, event).complexity)


def _team(view: CaseView, event: Event) -> CaseView:
    return replace(view, team=read(d.Team, event))


def _analyse(view: CaseView, event: Event) -> CaseView:
    return replace(view, cause=signed(d.Cause, event))


def _plan(view: CaseView, event: Event) -> CaseView:
    return replace(view, plan=read(d.Plan, event), plan_version=1, measures_done=frozenset())


def _revise_plan(view: CaseView, event: Event) -> CaseView:
    """Another plan starts its own tracking; an evaluation of the one before is no longer about this one."""
    return replace(
        view,
        plan=read(d.RevisedPlan, event),
        plan_version=view.plan_version + 1,
        measures_done=frozenset(),
        result=None,
        tracking=(),
        evaluation=None,
        sign_offs=(),
    )


def _contact(view: CaseView, event: Event) -> CaseView:
    return replace(view, contacts=(*view.contacts, signed(d.Contact, event)))


def _resolve(view: CaseView, event: Event) -> CaseView:
    return replace(view, result=read(d.Result, event))


def _track(view: CaseView, event: Event) -> CaseView:
    looked = read(d.Track, event)
    return replace(
        view,
        tracking=(*view.tracking, signed(d.Track, event)),
        measures_done=view.measures_done | frozenset(looked.measures_done),
    )


def _measure_done(view: CaseView, event: Event) -> CaseView:
    return replace(view, measures_done=view.measures_done | {read(d.MeasureDone, event).measure})


def _evaluate(view: CaseView, event: Event) -> CaseView:
    return replace(view, evaluation=signed(d.Evaluation, event), sign_offs=())


def _sign_off(view: CaseView, event: Event) -> CaseView:
    return replace(view, sign_offs=(*view.sign_offs, signed(d.SignOff, event)))


def _close(view: CaseView, event: Event) -> CaseView:
    return _rest_ends(view, event)


def _dismiss(view: CaseView, event: Event) -> CaseView:
    return replace(_rest_ends(view, event), ended_as="unfounded")


def _merge(view: CaseView, event: Event) -> CaseView:
    return replace(_rest_ends(view, event), ended_as="merged", merged_into=read(d.Merge, event).into)


def _handle_again(view: CaseView, _event: Event) -> CaseView:
    """The plan and what was done of it stay; what was concluded from it is no longer so."""
    return replace(view, result=None, tracking=(), evaluation=None, sign_offs=())


def _reopen(view: CaseView, event: Event) -> CaseView:
    """What was concluded is no longer so; what happened and the signature on the report stay."""
    return replace(
        view,
        round=view.round + 1,
        highest=view.level,
        matter=event.seq,
        complaint=replace(view.complaint, since=event.seq),
        ended_as=None,
        team=None,
        cause=None,
        plan=None,
        plan_version=0,
        measures_done=frozenset(),
        result=None,
        tracking=(),
        evaluation=None,
        sign_offs=(),
    )


def _level(view: CaseView, event: Event) -> CaseView:
    return replace(view, level=event.details["level"])


def _level_raised(view: CaseView, event: Event) -> CaseView:
    return replace(_level(view, event), matter=event.seq)


def _hold(view: CaseView, event: Event) -> CaseView:
    return replace(view, holds=(*view.holds, Held(read(d.Hold, event).reason, event.at)))


def _rest_ends(view: CaseView, event: Event) -> CaseView:
    if not view.held:
        return view
    return replace(view, holds=(*view.holds[:-1], replace(view.holds[-1], until=event.at)))


def _set_deadline(view: CaseView, event: Event) -> CaseView:
    return replace(view, deadlines=(*view.deadlines, signed(d.DeadlineSet, event)))


def _escalate(view: CaseView, event: Event) -> CaseView:
    return replace(view, escalated_to=(*view.escalated_to, read(d.Escalation, event).to))


def _propose_relief(view: CaseView, event: Event) -> CaseView:
    number = len(view.reliefs) + 1
    new = ReliefState(number, read(d.Relief, event), event.actor, event.at, round=view.round)
    return replace(view, reliefs=(*view.reliefs, new))


def _decide_relief(view: CaseView, event: Event) -> CaseView:
    number = read(d.ReliefDecision, event).relief
    reliefs = tuple(
        replace(one, decided_by=event.actor, approved=event.action == "approve_relief")
        if one.number == number
        else one
        for one in view.reliefs
    )
    return replace(view, reliefs=reliefs)


def _name_collector(view: CaseView, event: Event) -> CaseView:
    """Whom the record named before stays out as well: another name clears nobody."""
    named = read(d.Concerned, event).collector_id
    return replace(view, collector_id=named, concerned=view.concerned | {named})


def _evidence(view: CaseView, event: Event) -> CaseView:
    new = read(s.Evidence, event)
    calls = view.calls if new.call_id is None else (*view.calls, new.call_id)
    suicidal = new.self_harm or SELF_HARM in set(new.flags) - view.flags
    return replace(
        view,
        calls=calls,
        concerned=view.concerned | frozenset(new.concerned),
        brought_in=view.brought_in | frozenset(new.brought_by),
        matter=event.seq if suicidal else view.matter,
        warning_id=view.warning_id or new.warning_id,
        flags=view.flags | frozenset(new.flags) | ({SELF_HARM} if new.self_harm else frozenset()),
        sign_offs=() if suicidal else view.sign_offs,
        first_seen_at=new.first_seen_at or view.first_seen_at,
        debtor_name=new.debtor_name or view.debtor_name,
        contact=new.contact or view.contact,
        amount_due=new.amount_due or view.amount_due,
        currency=new.currency or view.currency,
    )


def _merged_from(view: CaseView, event: Event) -> CaseView:
    other = read(s.MergedFrom, event)
    level = max(view.level, other.level, key=rank)
    changed = replace(
        view,
        level=level,
        highest=max(view.highest, other.highest or level, key=rank),
        flags=view.flags | frozenset(other.flags),
        collector_id=view.collector_id or other.collector_id,
        concerned=view.concerned | _named(other.collector_id) | frozenset(other.concerned),
        brought_in=view.brought_in | frozenset(other.brought_by),
        review=None if other.reviewed is False else view.review,
        sign_offs=(),
        matter=event.seq,
    )
    return reduce(lambda case, one: with_complaint(case, one, event.seq), other.received, changed)


CHANGES: Final[dict[str, Change]] = {
    "sign": _sign,
    "report_again": _report_again,
    "collect": _collect,
    "form_team": _team,
    "analyse": _analyse,
    "plan": _plan,
    "revise_plan": _revise_plan,
    "contact": _contact,
    "resolve": _resolve,
    "track": _track,
    "measure_done": _measure_done,
    "evaluate": _evaluate,
    "handle_again": _handle_again,
    "sign_off": _sign_off,
    "close": _close,
    "dismiss": _dismiss,
    "merge": _merge,
    "reopen": _reopen,
    "set_level": _level,
    "level_raised": _level_raised,
    "hold": _hold,
    "resume": _rest_ends,
    "set_deadline": _set_deadline,
    "escalate": _escalate,
    "propose_relief": _propose_relief,
    "approve_relief": _decide_relief,
    "refuse_relief": _decide_relief,
    "name_collector": _name_collector,
    "evidence": _evidence,
    "merged_from": _merged_from,
    **COMPLAINT_CHANGES,
}
