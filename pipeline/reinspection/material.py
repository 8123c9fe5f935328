"""What a batch of calls needs to be judged again, read with few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningCallRow
from ingest.facts.join import FactIndex
from ingest.facts.service import facts_about_all
from ingest.metadata import CallRecord, EarlierCall, parse_call_record
from ingest.models import CallRow
from pipeline.history import Outcome, as_earlier, outcomes, with_earlier_calls
from transcription.document import from_document
from transcription.models import HearingRow, TranscriptRow
from transcription.service import HeardBeside, as_heard_beside
from transcription.types import Transcript
from transcription.voice.hear import VERSION


@dataclass(frozen=True, slots=True)
class Material:
    """One call: what was said and heard in it. `evidence` is what it contributes to its debtor's warning."""

    call: CallRow
    record: CallRecord
    transcript_id: int
    transcript: Transcript
    heard: HeardBeside
    evidence: Mapping[str, object] | None
    facts_hash: str = ""


class Debtors:
    """All registered calls of some debtors, with what they say to later ones. What the newest inspection of a
    call says is replaced as calls are judged again."""

    def __init__(self, calls: Iterable[CallRow], said: Mapping[int, Outcome]) -> None:
        self._calls: dict[str, list[CallRow]] = {}
        for call in calls:
            self._calls.setdefault(call.debtor_key, []).append(call)
        self.said = dict(said)

    def earlier(self, call: CallRow) -> list[EarlierCall]:
        """The calls with the same debtor before this one, as `pipeline.history.registered_calls` has them."""
        before = call.started_at
        if before is None:
            return []
        found = []
        for other in self._calls[call.debtor_key]:
            unknown = other.started_at is None and other.id < call.id
            sooner = other.started_at is not None and other.started_at < before
            if other.id != call.id and (unknown or sooner):
                outcome = self.said.get(other.id, Outcome())
                found.append(as_earlier(other.started_at, other.record, outcome))
        return found

    def later_inspected(self, call: CallRow) -> list[CallRow]:
        """The calls with the same debtor after this one that have been inspected."""
        since = call.started_at
        return [
            other
            for other in self._calls[call.debtor_key]
            if since and other.started_at and other.started_at > since and other.id in self.said
        ]

    def record(self, call: CallRow, record: CallRecord) -> CallRecord:
        """The record with the earlier calls in its history."""
        return with_earlier_calls(record, self.earlier(call))


def load_material(session: Session, call_ids: Sequence[int]) -> tuple[list[Material], Debtors]:
    """The calls with everything that is on record of them, and their debtors with all their calls; those of
    one debtor follow each other as they took place. Calls that were not heard by the present measures are
    left out."""
    wanted = set(call_ids)
    keys = select(CallRow.debtor_key).where(CallRow.id.in_(call_ids)).distinct()
    everything = sorted(session.scalars(select(CallRow).where(CallRow.debtor_key.in_(keys))), key=_order)
    newest = select(func.max(TranscriptRow.id)).where(TranscriptRow.call_id.in_(call_ids))
    written = {
        row.call_id: row
        for row in session.execute(
            select(
                TranscriptRow.call_id,
                TranscriptRow.id,
                TranscriptRow.document,
                HearingRow.cues,
                HearingRow.second_hearing,
                HearingRow.voice,
            )
            .join(HearingRow, HearingRow.transcript_id == TranscriptRow.id)
            .where(
                TranscriptRow.id.in_(newest.group_by(TranscriptRow.call_id)), HearingRow.version == VERSION
            )
        )
    }
    evidence = select(WarningCallRow.call_id, WarningCallRow.evidence)
    evidence = evidence.where(WarningCallRow.call_id.in_(call_ids))
    known = {row.call_id: row.evidence for row in session.execute(evidence)}
    records = {
        call.id: parse_call_record(call.record, f"call {call.source}/{call.external_id}")
        for call in everything
        if call.id in wanted and call.id in written
    }
    facts = FactIndex(facts_about_all(session, records.values()))
    known_beside = {call_id: facts.join(record) for call_id, record in records.items()}
    found = [
        Material(
            call=call,
            record=known_beside[call.id].record,
            facts_hash=known_beside[call.id].facts_hash,
            transcript_id=written[call.id].id,
            transcript=from_document(written[call.id].document),
            heard=as_heard_beside(written[call.id]),
            evidence=known.get(call.id),
        )
        for call in everything
        if call.id in records
    ]
    return found, Debtors(everything, outcomes(session, [call.id for call in everything]))


def _order(call: CallRow) -> tuple[str, float, int]:
    """Debtor by debtor, by time; calls of unknown time first: they count for all registered later."""
    return call.debtor_key, call.started_at.timestamp() if call.started_at else 0.0, call.id
