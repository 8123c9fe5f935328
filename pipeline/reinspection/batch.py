"""One batch of stored calls judged again: leases first, then pure work, then everything in one transaction.

A batch that dies leaves its calls `heard` under a lease; the sweeper takes that back, and the ordinary stages
finish them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from complaint_warnings.cases.merged import concerned
from complaint_warnings.scoring.document import evidence_to_document
from complaint_warnings.turns import take_all_turns
from complaint_warnings.types import CallEvidence
from pipeline.advising import advised
from pipeline.history import ask_for_reviews, outcome_from
from pipeline.judging import Judge, reasons
from pipeline.leases import earlier_call_open
from pipeline.models import WorkRow
from pipeline.owner import this_process
from pipeline.reinspection.choice import JUDGED, stored_calls
from pipeline.reinspection.material import Debtors, Material, load_material
from pipeline.stage_work import count_call, known_advice
from pipeline.stages import ACTOR
from pipeline.states import state_after
from pipeline.tools import Tools
from qc.adviser.service import save_advice
from qc.bulk import Judged, follow_tickets, save_inspections
from qc.findings import Advice, Inspection
from store import audit
from store.database import reading, transaction
from store.logging import get_logger

_WAITING: Final = "heard"  # the state in which a call waits for its inspection

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Portion:
    """What became of a batch: calls judged again; calls left to the ordinary stages, because an error came up
    that these know how to deal with; calls that somebody else works on, or that wait for an earlier one."""

    done: int
    left: int
    busy: int


@dataclass(slots=True)
class _Again:
    """One call judged again, and what follows from it. `review` are later calls that a person has to look at,
    because they were judged without what this one says now."""

    material: Material
    inspection: Inspection
    evidence: CallEvidence
    advice: Mapping[str, Advice]
    review: list[int]


def judge_again(tools: Tools, judge: Judge, call_ids: Sequence[int]) -> Portion:
    """Judge a batch of stored calls again and write everything that follows from it.

    Args:
        tools: of this process.
        judge: whose packs do not change meanwhile (`Judge.pinned`).
        call_ids: all calls of some debtors that are to be judged again.
    """
    token = this_process().new_lease()
    leased = _lease(tools, judge, call_ids, token)
    try:
        with reading(tools.sessions) as session:
            material, debtors = load_material(session, leased)
        again = _work(tools, judge, material, debtors)
        with transaction(tools.sessions) as session:
            done = _write(session, tools, again, token)
    except BaseException:
        _release(tools, token)
        raise
    _release(tools, token)  # what could not be judged here goes the ordinary way
    return Portion(done, len(leased) - done, len(call_ids) - len(leased))


def _lease(tools: Tools, judge: Judge, call_ids: Sequence[int], token: str) -> list[int]:
    """Put the calls back before their inspection, under one lease: those that may be had, and that nobody has
    judged by these packs meanwhile."""
    with reading(tools.sessions) as session:
        stale = [call.call_id for call in stored_calls(session, among=call_ids) if call.is_stale(judge)]
    now = tools.clock.now()
    with transaction(tools.sessions) as session:
        free = select(WorkRow.call_id).where(
            WorkRow.call_id.in_(stale),
            WorkRow.state.in_(JUDGED),
            WorkRow.lease_owner.is_(None),
            ~earlier_call_open(),
        )
        ids = list(session.scalars(free.order_by(WorkRow.call_id).with_for_update()))
        session.execute(
            update(WorkRow)
            .where(WorkRow.call_id.in_(ids))
            .values(
                state=_WAITING,
                reasons=[],
                attempts=1,
                interruptions=0,
                lease_owner=token,
                lease_until=now + timedelta(seconds=tools.settings.lease_seconds),
                next_at=None,
                sent_at=None,
                updated_at=now,
            ),
            execution_options={"synchronize_session": False},
        )
    return ids


def _release(tools: Tools, token: str) -> None:
    """Give back what is still under the lease; a worker goes on with it."""
    with transaction(tools.sessions) as session:
        session.execute(
            update(WorkRow)
            .where(WorkRow.lease_owner == token)
            .values(lease_owner=None, lease_until=None, attempts=0, updated_at=tools.clock.now()),
            execution_options={"synchronize_session": False},
        )


def _work(tools: Tools, judge: Judge, material: Sequence[Material], debtors: Debtors) -> list[_Again]:
    """Judge the calls of each debtor as they took place. Where one cannot be judged, the later ones of its
    debtor are left to the ordinary stages too, because they wait for it."""
    again: list[_Again] = []
    broken: set[str] = set()
    batch = {each.call.id for each in material}
    for each in material:
        if each.call.debtor_key in broken:
            continue
        try:
            made = _judge(tools, judge, each, debtors)
        except Exception as error:
            _log.warning("reinspection.call_failed", call_id=each.call.id, exc_info=error)
            broken.add(each.call.debtor_key)
            continue
        said = outcome_from(made.inspection)
        if said != debtors.said.get(each.call.id):
            made.review = [call.id for call in debtors.later_inspected(each.call) if call.id not in batch]
        debtors.said[each.call.id] = said
        again.append(made)
    return again


def _judge(tools: Tools, judge: Judge, each: Material, debtors: Debtors) -> _Again:
    record = debtors.record(each.call, each.record)
    heard = each.heard
    judged = judge.inspect(record, each.transcript, heard.cues, heard.answers, heard.voice)
    inspection, advice = advised(
        tools.adviser,
        judged,
        record,
        each.transcript,
        most=tools.settings.adviser_questions,
        recall=lambda keys: known_advice(tools, keys),
    )
    return _Again(each, inspection, judge.evidence(each.record, each.transcript, inspection), advice, [])


def _write(session: Session, tools: Tools, again: Sequence[_Again], token: str) -> int:
    """Write everything about the calls that are still ours; return how many they are.

    The locks are taken in the order in which everybody takes them: work, tickets, the turns of the debtors in
    the order of their keys, their warnings and cases, the audit log.
    """
    ours = _complete(session, tools, again, token)
    kept = save_inspections(
        session,
        tools.clock,
        [
            Judged(
                each.material.call.id,
                each.material.transcript_id,
                each.inspection,
                each.material.facts_hash,
            )
            for each in ours
        ],
    )
    proposals = {
        each.material.call.id: (kept[each.material.call.id], each.inspection.ticket) for each in ours
    }
    follow_tickets(session, tools.clock, proposals)
    for each in ours:
        if each.advice:
            save_advice(session, tools.clock, each.advice)
        ask_for_reviews(session, tools.clock, each.material.call, each.review)
    counting = [each for each in ours if evidence_to_document(each.evidence) != each.material.evidence]
    take_all_turns(session, concerned(session, {each.material.call.debtor_key for each in counting}))
    for each in counting:
        call = each.material.call
        count_call(session, tools, call.id, call.debtor_key, each.evidence)
    audit.append_many(session, tools.clock, actor=ACTOR, entries=[_entry(each) for each in ours])
    return len(ours)


def _complete(session: Session, tools: Tools, again: Sequence[_Again], token: str) -> list[_Again]:
    """Move the calls to their final states, which locks their rows. Of a debtor of whom a call was taken away
    meanwhile nothing is written: the calls after it were judged by what it said."""
    held = select(WorkRow.call_id).where(WorkRow.lease_owner == token, WorkRow.state == _WAITING)
    still = set(session.scalars(held.order_by(WorkRow.call_id).with_for_update()))
    lost = {each.material.call.debtor_key for each in again if each.material.call.id not in still}
    ours = [each for each in again if each.material.call.debtor_key not in lost]
    now = tools.clock.now()
    values = [
        {
            "call_id": each.material.call.id,
            "state": state_after("assess", told),
            "reasons": list(told),
            "attempts": 0,
            "lease_owner": None,
            "lease_until": None,
            "updated_at": now,
        }
        for each in ours
        for told in [reasons(each.inspection)]
    ]
    if values:
        session.execute(update(WorkRow), values)
    return ours


def _entry(each: _Again) -> tuple[str, str, dict[str, Any]]:
    """What the audit log says of a call: the same as after the stage that assesses, and by which packs."""
    told, call = reasons(each.inspection), each.material.call
    details = {"reasons": list(told), "reinspected_by": each.inspection.pack_hash}
    return f"call.{state_after('assess', told)}", f"call:{call.source}/{call.external_id}", details
