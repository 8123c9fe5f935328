"""Whether what is stored agrees with itself: the audit chain, the recordings, and the rows of each call."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from complaint_warnings.ledger.check import check_ledger
from complaint_warnings.models import WarningCallRow
from ingest.models import CallRow, RecordingRow
from pipeline.models import WorkRow
from pipeline.states import STATES, State, as_state
from qc.approval.content import files_hash
from qc.approval.models import PackVersionRow
from qc.models import InspectionRow, TicketRow
from qc.review.check import check_tickets
from store import audit, tombstones
from store.errors import DitingError
from store.recordings import RecordingStore
from store.tombstones import Kind, TombstoneRow
from transcription.models import HearingRow, RoleDecisionRow, TranscriptRow

# What retention deletes together.
_DELETED_WITH: Final[dict[str, Kind]] = {
    "transcript": "transcript",
    "cues": "transcript",
    "inspection": "results",
    "warning evidence": "results",
    "ticket": "results",
}


def audit_problems(session: Session) -> Iterator[str]:
    """One sentence for every place where the chain of the audit log does not hold."""
    for broken in audit.verify(session):
        yield f"audit {broken.seq}: {broken.message} [audit.{broken.kind}]"


def recording_problem(recordings: RecordingStore, sha256: str) -> str | None:
    """What is wrong with a stored recording: it is missing, or its bytes do not match its hash."""
    try:
        recordings.read(sha256)
    except DitingError as error:
        return str(error)
    return None


def recordings_on_record(session: Session) -> list[str]:
    """The hashes of all recordings that should be in the store: all but those that retention deleted."""
    gone = select(TombstoneRow.recording_sha256).where(TombstoneRow.kind == "recording")
    query = select(RecordingRow.sha256).where(RecordingRow.sha256.not_in(gone))
    return list(session.scalars(query.order_by(RecordingRow.sha256)))


def deletion_problems(session: Session) -> Iterator[str]:
    """One sentence for every deletion that the audit log does not know so."""
    yield from tombstones.problems(session)


def call_problems(session: Session) -> Iterator[str]:
    """One sentence for every call whose rows do not say what its state promises: nothing that was done is
    missing, and nothing that needs a person is without a ticket."""
    # Of several versions of a transcript the newest counts: older cues and inspections promise nothing.
    newest = select(func.max(TranscriptRow.id)).group_by(TranscriptRow.call_id)
    heard = select(TranscriptRow.call_id).join(HearingRow, HearingRow.transcript_id == TranscriptRow.id)
    results = {
        "transcript": set(session.scalars(select(TranscriptRow.call_id))),
        "cues": set(session.scalars(heard.where(TranscriptRow.id.in_(newest)))),
        "inspection": set(
            session.scalars(select(InspectionRow.call_id).where(InspectionRow.transcript_id.in_(newest)))
        ),
        "warning evidence": set(session.scalars(select(WarningCallRow.call_id))),
        "ticket": set(session.scalars(select(TicketRow.call_id).where(TicketRow.state != "withdrawn"))),
    }
    for wanted, part in _DELETED_WITH.items():
        results[wanted] |= tombstones.buried(session, part)
    stale = set(session.scalars(_stale_tickets()))
    rows = session.execute(
        select(CallRow.id, CallRow.source, CallRow.external_id, WorkRow.state, WorkRow.reasons)
        .outerjoin(WorkRow, WorkRow.call_id == CallRow.id)
        .order_by(CallRow.id)
    )
    for call_id, source, external_id, state, reasons in rows:
        name = f"call {source}/{external_id}"
        if state is None:
            yield f"{name} was never put on its way [verify.not_received]"
            continue
        for wanted in promised(as_state(state)):
            if call_id not in results[wanted]:
                yield f"{name} is {state} but has no {wanted} [verify.missing_result]"
        if state in {"unjudged", "failed"} and not reasons:
            yield f"{name} is {state} without a reason [verify.missing_reason]"
        if state in {"assessed", "unjudged"} and call_id in stale:
            yield f"the ticket of {name} is about an older inspection [verify.stale_ticket]"


def promised(state: State) -> tuple[str, ...]:
    """What must be on record for a call in this state."""
    if state == "failed":
        return ("ticket",)
    done = ("transcript", "cues", "inspection", "warning evidence")
    if state == "unjudged":
        return (*done, "ticket")
    return done[: STATES.index(state)]


def version_problems(session: Session) -> Iterator[str]:
    """One sentence for every decision about roles that links versions which do not follow each other."""
    made, replaced = aliased(TranscriptRow), aliased(TranscriptRow)
    astray = (
        select(RoleDecisionRow.id, CallRow.source, CallRow.external_id)
        .join(CallRow, CallRow.id == RoleDecisionRow.call_id)
        .join(made, made.id == RoleDecisionRow.transcript_id)
        .join(replaced, replaced.id == RoleDecisionRow.replaced_id)
        .where(or_(made.call_id != CallRow.id, replaced.call_id != CallRow.id, made.id <= replaced.id))
        .order_by(RoleDecisionRow.id)
    )
    for number, source, external_id in session.execute(astray):
        yield (
            f"decision {number} about the roles of call {source}/{external_id} links versions that do not"
            " follow each other [verify.version_astray]"
        )


def pack_problems(session: Session) -> Iterator[str]:
    """One sentence for every version of a pack that is not what was kept, or that nobody approved in the
    audit log."""
    approved = select(audit.AuditEntry.subject, audit.AuditEntry.details).where(
        audit.AuditEntry.action == "rules.approved"
    )
    told = {(subject, details["content_hash"]) for subject, details in session.execute(approved)}
    for row in session.scalars(select(PackVersionRow).order_by(PackVersionRow.id)):
        if files_hash(row.files) != row.files_sha256:
            yield f"the stored texts of {row.name} do not match their hash [verify.pack_damaged]"
        judges = row.origin == "site" and row.state == "approved"
        if judges and (f"pack:{row.name}", row.content_hash) not in told:
            yield f"nobody approved {row.name} by the audit log [verify.pack_unapproved]"


def ledger_problems(session: Session) -> Iterator[str]:
    """One sentence for every case, event, warning or item that is not what the audit log says."""
    for problem in check_ledger(session):
        yield f"{problem.message} [ledger.{problem.kind}]"


def ticket_problems(session: Session) -> Iterator[str]:
    """One sentence for every event of a ticket that is not what the audit log says."""
    for problem in check_tickets(session):
        yield f"{problem.message} [verify.ticket_{problem.kind}]"


def _stale_tickets() -> Select[int]:
    """Calls whose ticket, which nobody has taken up, is about another inspection than the newest."""
    newest = select(func.max(InspectionRow.id)).group_by(InspectionRow.call_id)
    return select(TicketRow.call_id).where(
        TicketRow.state == "open",
        or_(TicketRow.inspection_id.is_(None), TicketRow.inspection_id.not_in(newest)),
    )
