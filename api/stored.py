"""What is stored about calls, gathered for reading: lists, the result file, the numbers on the first page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningCallRow, WarningRow
from ingest.facts.service import joined
from ingest.metadata import parse_call_record
from ingest.models import CallRow, RecordingRow
from pipeline.judging import reasons
from pipeline.models import WorkRow
from pipeline.result import CallResult, RecordingFacts, prose, to_json
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.service import load_inspection
from transcription.service import load_hearing, load_transcript


@dataclass(frozen=True, slots=True)
class FoundCategory:
    """A category found in a call: how often, how often unsurely, and how grave."""

    category: str
    kind: str
    severity: str
    count: int
    unsure: int


@dataclass(frozen=True, slots=True)
class StoredCall:
    """One call with what has come of it so far. `inspection`, `ticket` and `warning` are None until, or
    unless, there is one."""

    call: CallRow
    work: WorkRow | None
    inspection: InspectionRow | None
    ticket: TicketRow | None
    warning: WarningRow | None
    found: list[FoundCategory] = field(default_factory=list)

    @property
    def state(self) -> str:
        """How far the call has come."""
        return self.work.state if self.work else "received"

    @property
    def reasons(self) -> list[str]:
        """Why it is unjudged or failed, as `code: sentence`."""
        return list(self.work.reasons) if self.work else []

    @property
    def unjudged(self) -> bool:
        """Whether part of the call could not be judged; its score is then the best that can come out."""
        return bool(self.inspection and self.inspection.document["unjudged"])


_URGENT_SIGNALS = ("self_harm", "complaint_intent", "vulnerable", "stop_request", "dispute.fraud")
_GRAVITY = {"critical": 0, "major": 1, "minor": 2, "info": 3}


def calls_query() -> Select[CallRow, WorkRow, InspectionRow, TicketRow, WarningRow]:
    """Calls with their newest inspection, ticket and warning, newest call first."""
    return (
        select(CallRow, WorkRow, InspectionRow, TicketRow, WarningRow)
        .outerjoin(WorkRow, WorkRow.call_id == CallRow.id)
        .outerjoin(InspectionRow, and_(InspectionRow.call_id == CallRow.id, InspectionRow.newest))
        .outerjoin(TicketRow, and_(TicketRow.call_id == CallRow.id, TicketRow.state != "withdrawn"))
        .outerjoin(WarningCallRow, WarningCallRow.call_id == CallRow.id)
        .outerjoin(WarningRow, WarningRow.id == WarningCallRow.warning_id)
        .order_by(CallRow.id.desc())
    )


def stored_calls(session: Session, *where: ColumnElement[bool], limit: int | None = None) -> list[StoredCall]:
    """The calls that meet all conditions, newest first."""
    rows = session.execute(calls_query().where(*where).limit(limit)).all()
    found = _found(session, [inspection.id for _, _, inspection, _, _ in rows if inspection])
    return [
        StoredCall(call, work, inspection, ticket, warning, found[inspection.id] if inspection else [])
        for call, work, inspection, ticket, warning in rows
    ]


def _found(session: Session, inspections: Sequence[int]) -> dict[int, list[FoundCategory]]:
    query = select(
        FindingRow.inspection_id, FindingRow.category, FindingRow.kind, FindingRow.severity, FindingRow.status
    ).where(FindingRow.inspection_id.in_(inspections))
    grouped: dict[tuple[int, str, str], list[tuple[str, str]]] = defaultdict(list)
    for inspection_id, category, kind, severity, status in session.execute(query):
        grouped[inspection_id, category, kind].append((severity, status))
    found: dict[int, list[FoundCategory]] = defaultdict(list)
    for (inspection_id, category, kind), items in grouped.items():
        gravest = min((severity for severity, _ in items), key=lambda name: _GRAVITY[name])
        unsure = sum(status == "unsure" for _, status in items)
        found[inspection_id].append(FoundCategory(category, kind, gravest, len(items), unsure))
    for each in found.values():
        each.sort(key=_pressing)
    return found


def _pressing(item: FoundCategory) -> tuple[bool, int, int, str]:
    """Violations before signals, the graver first; among signals those that somebody must act on today."""
    urgent = (
        _URGENT_SIGNALS.index(item.category) if item.category in _URGENT_SIGNALS else len(_URGENT_SIGNALS)
    )
    return (item.kind != "violation", _GRAVITY[item.severity], urgent, item.category)


def stored_result(
    session: Session,
    call: CallRow,
    transcript_id: int | None = None,
    *,
    language: Literal["zh", "en"] | None = None,
) -> dict[str, Any] | None:
    """The result file of a stored call (docs/formats.md), None until it is inspected.

    It is of the newest inspection, or, with `transcript_id`, of the newest one of that version of the
    transcript. Its `warning` is the debtor's, as it stands now with all calls of the episode. It
    explains itself in the language of the call, or in `language`.
    """
    query = select(InspectionRow).where(InspectionRow.call_id == call.id)
    if transcript_id is not None:
        query = query.where(InspectionRow.transcript_id == transcript_id)
    inspection_row = session.scalars(query.order_by(InspectionRow.id.desc()).limit(1)).one_or_none()
    if inspection_row is None:
        return None
    _, inspection = load_inspection(session, call.id, inspection_row.transcript_id)
    given = parse_call_record(call.record, f"call {call.source}/{call.external_id}")
    record = joined(session, given).record
    transcript = load_transcript(session, inspection_row.transcript_id)
    heard = load_hearing(session, inspection_row.transcript_id, None)
    result = to_json(
        CallResult(
            record=record,
            recording=_facts(call.recording),
            transcript=transcript,
            cues=heard.cues if heard else (),
            inspection=inspection,
            warning=None,
            reasons=reasons(inspection),
            voice=heard.voice if heard else None,
            language=language,
        )
    )
    result["warning"] = _warning(session, call.id, language or prose(record, transcript))
    return result


def _facts(recording: RecordingRow) -> RecordingFacts:
    return RecordingFacts(
        sha256=recording.sha256,
        codec=recording.codec,
        sample_rate=recording.source_rate,
        channels=recording.source_channels,
        duration_s=recording.duration_s,
    )


def _warning(session: Session, call_id: int, language: str) -> dict[str, Any] | None:
    row = session.scalars(
        select(WarningRow).join(WarningCallRow).where(WarningCallRow.call_id == call_id)
    ).one_or_none()
    if row is None:
        return None
    return {
        "score": round(row.score, 1),
        "level": row.level,
        "model": row.model,
        "indicators": [
            {"name": item["name"], "points": round(item["points"], 1), "because": item["because"][language]}
            for item in row.indicators
        ],
        "advice": row.advice[language],
    }


def packs_of(session: Session, call_id: int) -> list[str]:
    """The packs (`id@version`) of a call's newest inspection."""
    query = (
        select(InspectionRow.packs).where(InspectionRow.call_id == call_id).order_by(InspectionRow.id.desc())
    )
    return list(session.scalars(query.limit(1)).first() or [])


def tally(session: Session) -> dict[str, int]:
    """The numbers on the first page: calls by state, by band, by warning level."""

    def by(query: Select[Any, int], prefix: str) -> Iterable[tuple[str, int]]:
        return ((f"{prefix}.{name}", count) for name, count in session.execute(query))

    rows = calls_query().order_by(None).with_only_columns
    bands = (
        rows(InspectionRow.band, func.count())
        .where(InspectionRow.band.is_not(None))
        .group_by(InspectionRow.band)
    )
    states = select(WorkRow.state, func.count()).group_by(WorkRow.state)
    levels = (
        select(WarningRow.level, func.count())
        .where(WarningRow.closed_at.is_(None))
        .group_by(WarningRow.level)
    )
    total = session.scalars(select(func.count()).select_from(CallRow)).one()
    return {
        "calls": total,
        **dict(by(states, "state")),
        **dict(by(bands, "band")),
        **dict(by(levels, "level")),
    }
