"""Whether what is stored agrees with itself: the audit chain, the recordings, and the rows of each call."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaint_warnings.models import WarningCallRow
from ingest.models import CallRow, RecordingRow
from pipeline.models import WorkRow
from pipeline.states import STATES, State, as_state
from qc.models import InspectionRow, TicketRow
from store import audit
from store.errors import DitingError
from store.recordings import RecordingStore
from transcription.models import HearingRow, TranscriptRow


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
    """The hashes of all recordings that should be in the store."""
    return list(session.scalars(select(RecordingRow.sha256).order_by(RecordingRow.sha256)))


def call_problems(session: Session) -> Iterator[str]:
    """One sentence for every call whose rows do not say what its state promises: nothing that was done is
    missing, and nothing that needs a person is without a ticket."""
    results = {
        "transcript": _calls_with(session, TranscriptRow.call_id),
        "cues": set(
            session.scalars(
                select(TranscriptRow.call_id).join(HearingRow, HearingRow.transcript_id == TranscriptRow.id)
            )
        ),
        "inspection": _calls_with(session, InspectionRow.call_id),
        "warning evidence": _calls_with(session, WarningCallRow.call_id),
        "ticket": _calls_with(session, TicketRow.call_id),
    }
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


def promised(state: State) -> tuple[str, ...]:
    """What must be on record for a call in this state."""
    if state == "failed":
        return ("ticket",)
    done = ("transcript", "cues", "inspection", "warning evidence")
    if state == "unjudged":
        return (*done, "ticket")
    return done[: STATES.index(state)]


def _calls_with(session: Session, column: InstrumentedAttribute[int]) -> set[int]:
    return set(session.scalars(select(column)))
