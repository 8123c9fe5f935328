"""What a database says, without ids and moments of this system: two databases that took the same calls in are
equal, however often the work was interrupted."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningCallRow, WarningRow
from ingest.models import CallRow, RefusalRow
from pipeline.models import WorkRow
from qc.models import InspectionRow, TicketRow
from transcription.models import HearingRow, RoleDecisionRow, TranscriptRow

Snapshot = dict[str, Any]


def snapshot(session: Session) -> Snapshot:
    """Calls, transcripts, cues, inspections, tickets, warnings and refusals by their natural keys, in a
    fixed order. Every row is in it, so a doubled row shows."""
    calls = {call.id: f"{call.source}/{call.external_id}" for call in session.scalars(select(CallRow))}
    return {
        "calls": _calls(session, calls),
        "transcripts": _transcripts(session, calls),
        "inspections": _inspections(session, calls),
        "tickets": _tickets(session, calls),
        "warnings": _warnings(session, calls),
        "refusals": sorted([row.name, row.code] for row in session.scalars(select(RefusalRow))),
    }


def _calls(session: Session, names: dict[int, str]) -> list[Snapshot]:
    rows = session.execute(select(CallRow, WorkRow).outerjoin(WorkRow, WorkRow.call_id == CallRow.id))
    found = [
        {
            "call": names[call.id],
            "recording": call.recording_sha256,
            "record": call.record,
            "state": work.state if work else None,
            "reasons": work.reasons if work else [],
        }
        for call, work in rows
    ]
    return sorted(found, key=lambda entry: str(entry["call"]))


def _transcripts(session: Session, names: dict[int, str]) -> list[Snapshot]:
    rows = session.execute(
        select(TranscriptRow, HearingRow, RoleDecisionRow)
        .outerjoin(HearingRow, HearingRow.transcript_id == TranscriptRow.id)
        .outerjoin(RoleDecisionRow, RoleDecisionRow.transcript_id == TranscriptRow.id)
    )
    found = [
        {
            "call": names[transcript.call_id],
            "transcript": _without_moment(transcript.document),
            "cues": hearing.cues if hearing else None,
            "voice": hearing.voice if hearing else None,
            "second_hearing": hearing.second_hearing if hearing else None,
            "version": hearing.version if hearing else None,
            "decision": [decision.kind, decision.decided_by, decision.reason] if decision else None,
        }
        for transcript, hearing, decision in rows
    ]
    return sorted(found, key=_by_content)


def _without_moment(document: Snapshot) -> Snapshot:
    """A transcript without the moment at which its roles were decided."""
    roles = document.get("roles")
    return {**document, "roles": {**roles, "at": None}} if roles else document


def _inspections(session: Session, names: dict[int, str]) -> list[Snapshot]:
    found = [
        {
            "call": names[row.call_id],
            "packs": row.packs,
            "pack_hash": row.pack_hash,
            "document": row.document,
            "findings": [finding.document for finding in row.findings],
        }
        for row in session.scalars(select(InspectionRow))
    ]
    return sorted(found, key=_by_content)


def _tickets(session: Session, names: dict[int, str]) -> list[Snapshot]:
    found = [
        {
            "call": names[row.call_id],
            "priority": row.priority,
            "state": row.state,
            "reasons": row.reasons,
        }
        for row in session.scalars(select(TicketRow))
    ]
    return sorted(found, key=_by_content)


def _warnings(session: Session, names: dict[int, str]) -> list[Snapshot]:
    # By debtor, because calls that have no warning yet count for the next one.
    evidence: dict[str, list[Any]] = {}
    for row in session.scalars(select(WarningCallRow)):
        evidence.setdefault(row.debtor_key, []).append([names[row.call_id], row.evidence])
    warnings = [
        {
            "debtor": row.debtor_key,
            "episode": row.episode,
            "level": row.level,
            "score": row.score,
            "closed": row.closed_at is not None,
            "indicators": row.indicators,
            "calls": sorted(names[call.call_id] for call in row.calls),
        }
        for row in session.scalars(select(WarningRow))
    ]
    kept = [{"debtor": debtor, "evidence": sorted(calls, key=str)} for debtor, calls in evidence.items()]
    return sorted(warnings, key=_by_content) + sorted(kept, key=_by_content)


def _by_content(entry: Snapshot) -> str:
    return repr(entry)
