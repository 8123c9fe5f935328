"""What is left when everything has ended: lost, doubled and unexplained calls, counted in the database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.models import WarningCallRow, WarningRow
from ingest.models import CallRow
from pipeline.models import WorkRow
from pipeline.states import FINAL_STATES
from qc.models import InspectionRow, TicketRow
from store.audit import AuditEntry
from transcription.models import TranscriptRow


@dataclass
class Verdict:
    """Calls by what became of them: their names, with what is wrong.

    Attributes:
        states: how many calls ended in each state.
        lost: never registered, in no final state, or failed, or without a result.
        doubled: more than one of a kind for one call, debtor or warning.
    """

    states: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)


def judge(session: Session, offered: Iterable[str]) -> Verdict:
    """Count what is wrong with the calls that were offered, by their external ids."""
    verdict = Verdict()
    rows = session.execute(select(CallRow, WorkRow).outerjoin(WorkRow, WorkRow.call_id == CallRow.id)).all()
    known = {call.external_id: (call, work) for call, work in rows}
    inspected = set(session.scalars(select(InspectionRow.call_id)))
    counted = set(session.scalars(select(WarningCallRow.call_id)))
    for name in offered:
        call, work = known.get(name, (None, None))
        if call is None or work is None:
            verdict.lost.append(f"{name}: never registered or never put on its way")
            continue
        verdict.states[work.state] += 1
        if work.state not in FINAL_STATES or work.state == "failed":
            verdict.lost.append(f"{name}: {work.state} ({work.error_code}: {work.error_message})")
            if not work.error_code:
                verdict.unexplained.append(f"{name}: {work.state} without a reason")
        elif call.id not in inspected or call.id not in counted:
            verdict.lost.append(f"{name}: {work.state} without its result")
        if work.state == "unjudged" and not work.reasons:
            verdict.unexplained.append(f"{name}: unjudged without a reason")
    verdict.doubled = [f"{kind} of {key}: {number}" for kind, key, number in _doubled(session)]
    return verdict


def _doubled(session: Session) -> list[tuple[str, str, int]]:
    """Whatever there is more than one of, in rows and in the audit log."""
    kinds: dict[str, Iterable[object]] = {
        "call": session.scalars(select(CallRow.external_id)),
        "transcript": session.scalars(select(TranscriptRow.call_id)),
        "inspection": session.scalars(select(InspectionRow.call_id)),
        "ticket": session.scalars(select(TicketRow.call_id)),
        "evidence": session.scalars(select(WarningCallRow.call_id)),
        "warning": session.scalars(select(WarningRow.debtor_key)),
        "case": session.scalars(select(CaseRow.warning_id)),
    }
    found = [
        (kind, str(key), number) for kind, keys in kinds.items() for key, number in Counter(keys).items()
    ]
    once = ("call.registered", "call.assessed", "call.unjudged", "warning.opened")
    told = session.execute(select(AuditEntry.action, AuditEntry.subject).where(AuditEntry.action.in_(once)))
    found += [(action, subject, number) for (action, subject), number in Counter(map(tuple, told)).items()]
    return [each for each in found if each[2] > 1]
