"""The legal hold follows the case: set with its evidence, on new calls too, ended by a named person."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.complaint_documents import EvidenceReleased
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.cases.opening import find_open
from complaint_warnings.cases.reading import read
from complaint_warnings.complaints.holds import held_calls, release_holds, set_holds
from ingest.models import CallRow
from store.clock import Clock
from store.people import SYSTEM, Actor


def follow(session: Session, clock: Clock, case: CaseRow, event: CaseEventRow) -> None:
    """Hold the calls that a complaint rests on, or let them go."""
    actor = Actor(event.actor, frozenset())
    if event.action == "release_evidence":
        reason = read(EvidenceReleased, event).reason
        release_holds(session, clock, case_id=case.id, actor=actor, reason=reason[:400])
        return
    calls = _calls(session, case, event)
    if calls:
        reason = f"complaint {case.number}"
        set_holds(session, clock, case_id=case.id, calls=calls, actor=actor, reason=reason)


def _calls(session: Session, case: CaseRow, event: CaseEventRow) -> list[int]:
    """The calls that the event adds to the evidence of a complaint."""
    if event.action == "gather_evidence":
        return [item["call_id"] for item in event.details["items"]]
    if event.action == "merged_from" and event.details["received"]:
        own = select(CallRow.id).where(CallRow.debtor_key == case.debtor_key)
        return [*session.scalars(own), *held_calls(session, event.details["case"])]
    added = event.details.get("call_id") if event.action == "evidence" and case.kind == "complaint" else None
    return [] if added is None else [added]


def hold_new_call(session: Session, clock: Clock, debtor_key: str, call_id: int) -> None:
    """Hold a new call of a debtor whose complaint is open, also where nothing in it warns of anything."""
    case = find_open(session, debtor_key)
    if case is not None and case.kind == "complaint":
        reason = f"complaint {case.number}"
        set_holds(session, clock, case_id=case.id, calls=[call_id], actor=SYSTEM, reason=reason)
