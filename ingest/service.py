"""The verbs of intake: register a call, record a refusal. They work in the caller's transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError
from sqlalchemy.orm import Session

from ingest.audio import AudioInfo, probe
from ingest.models import CallRow, RecordingRow, RefusalRow
from ingest.record import CallRecord
from store import audit
from store.clock import Clock
from store.errors import ConflictError, DitingError, IntegrityError, printable
from store.recordings import RecordingStore
from store.tombstones import refuse_deleted

ACTOR = "ingest"


@dataclass(frozen=True, slots=True)
class Registered:
    """A call that is on record; `created` tells whether it was not before."""

    call_id: int
    created: bool


def register_call(
    session: Session,
    clock: Clock,
    recordings: RecordingStore,
    *,
    recording: Path,
    record: CallRecord,
    info: AudioInfo | None = None,
    actor: str = ACTOR,
) -> Registered:
    """Put a call and its recording on record. The same call with the same content again changes nothing.

    Args:
        session: the caller's open transaction.
        clock: tells the time of registration.
        recordings: where the audio is kept.
        recording: the audio file.
        record: its metadata.
        info: what `probe` said about the file, when the caller has asked already.
        actor: who offers the call, for the audit log.

    Raises:
        AudioError: the file is no recording.
        ConflictError: `ingest.conflict`, the call is on record with another recording or other metadata;
            `ingest.duplicate_recording`, the recording is on record as another call; `recording.deleted`, the
            call or its recording was deleted.
    """
    info = info or probe(recording)
    if not recordings.exists(info.sha256):
        keep(recordings, recording, info)
    known = _known(session, record, info)
    if known is not None:
        return Registered(known, created=False)
    try:
        with session.begin_nested():
            call = _add(session, clock, recording.name, record, info)
    except DatabaseIntegrityError:
        # Another process registered the call, or the recording, between the look and the write.
        known = _known(session, record, info)
        if known is None:
            raise
        return Registered(known, created=False)
    audit.append(
        session,
        clock,
        actor=actor,
        action="call.registered",
        subject=f"call:{record.key}",
        details={"call_id": call.id, "recording": info.sha256, "record": call.record_sha256},
    )
    return Registered(call.id, created=True)


def keep(recordings: RecordingStore, recording: Path, info: AudioInfo) -> None:
    """Keep the bytes of a recording that was looked at before.

    Raises:
        IntegrityError: `recording.changed`, the file is not what it was then.
    """
    try:
        kept = recordings.put(recording)
    except OSError:
        kept = None
    if kept != info.sha256:
        raise IntegrityError(
            "the file was changed or removed while it was read",
            code="recording.changed",
            where=recording.name,
            mend="Offer it again when the recorder has finished writing it.",
        )


def record_refusal(
    session: Session,
    clock: Clock,
    *,
    name: str,
    error: DitingError,
    sha256: str | None = None,
    actor: str = ACTOR,
) -> RefusalRow:
    """Put on record that something was not taken, and why. The same refusal again adds no row.

    Args:
        session: the caller's open transaction.
        clock: tells the time.
        name: the file as it was offered.
        error: why it was refused.
        sha256: hash of the recording, when it could be read.
        actor: who offered it, for the audit log.
    """
    now = clock.now()
    key = hashlib.sha256("\n".join([name, error.code, sha256 or ""]).encode()).hexdigest()
    row = _refusal(session, key)
    if row is None:
        row = RefusalRow(
            key=key,
            name=name,
            sha256=sha256,
            code=error.code,
            message=str(error),
            mend=error.mend,
            first_at=now,
            last_at=now,
            times=1,
        )
        try:
            with session.begin_nested():
                session.add(row)
        except DatabaseIntegrityError:  # another process refused the same file meanwhile
            row = _refusal(session, key)
            if row is None:
                raise
        else:
            _audit_refusal(session, clock, actor, row)
            return row
    row.last_at, row.times, row.resolved_at, row.message = now, row.times + 1, None, str(error)
    return row


def open_refusals(session: Session, names: list[str]) -> set[str]:
    """Those of the files that were refused and not taken since."""
    query = select(RefusalRow.name).where(RefusalRow.name.in_(names), RefusalRow.resolved_at.is_(None))
    return set(session.scalars(query))


def resolve_refusals(session: Session, clock: Clock, *, name: str) -> int:
    """Close the open refusals of a file that was taken after all; return how many there were."""
    rows = session.scalars(
        select(RefusalRow).where(RefusalRow.name == name, RefusalRow.resolved_at.is_(None))
    ).all()
    for row in rows:
        row.resolved_at = clock.now()
    return len(rows)


def _known(session: Session, record: CallRecord, info: AudioInfo) -> int | None:
    """The id of this very call when it is on record.

    Raises:
        ConflictError: what is on record contradicts it.
    """
    same_key = and_(CallRow.source == record.source, CallRow.external_id == record.external_id)
    # One statement sees one moment: between two, another process could register this very call.
    calls = session.scalars(
        select(CallRow).where(or_(same_key, CallRow.recording_sha256 == info.sha256))
    ).all()
    call = same_call(calls, record, info)
    if call is None:  # only now: whoever deletes the call meanwhile is seen there or here
        refuse_deleted(session, source=record.source, external_id=record.external_id, sha256=info.sha256)
        return None
    return call.id


def same_call(calls: Sequence[CallRow], record: CallRecord, info: AudioInfo) -> CallRow | None:
    """This very call among those with its key or its recording; None where there are none.

    Raises:
        ConflictError: what is on record contradicts it.
    """
    call = next((c for c in calls if (c.source, c.external_id) == (record.source, record.external_id)), None)
    if call is None:
        if not calls:
            return None
        raise ConflictError(
            f"this recording is on record as call {calls[0].source}/{calls[0].external_id}",
            code="ingest.duplicate_recording",
            where=f"call {record.key}",
            mend="Check which call it belongs to; one recording belongs to one call.",
        )
    if call.recording_sha256 != info.sha256:
        stored, offered = f"recording {call.recording_sha256[:12]}", f"recording {info.sha256[:12]}"
    elif call.record_sha256 != record.content_sha256():
        stored, offered = f"metadata {call.record_sha256[:12]}", f"metadata {record.content_sha256()[:12]}"
    else:
        return call
    raise ConflictError(
        f"this call is on record with {stored}, and now comes with {offered}",
        code="ingest.conflict",
        where=f"call {record.key}",
        mend="Nothing was overwritten; give the call another external_id, or keep what is on record.",
    )


def _add(session: Session, clock: Clock, name: str, record: CallRecord, info: AudioInfo) -> CallRow:
    recording = session.get(RecordingRow, info.sha256) or recording_row(clock, name, info)
    call = call_row(clock, record, recording)
    session.add(call)
    session.flush()
    return call


def recording_row(clock: Clock, name: str, info: AudioInfo) -> RecordingRow:
    """The row of a recording that is new here."""
    return RecordingRow(
        sha256=info.sha256,
        bytes=info.bytes,
        codec=info.codec,
        source_rate=info.source_rate,
        source_channels=info.source_channels,
        duration_s=info.duration_s,
        original_name=printable(name)[:400],
        stored_at=clock.now(),
    )


def call_row(clock: Clock, record: CallRecord, recording: RecordingRow) -> CallRow:
    """The row of a call that is new here."""
    return CallRow(
        source=record.source,
        external_id=record.external_id,
        recording_sha256=recording.sha256,
        recording=recording,
        started_at=record.started_at,
        time_problem=record.time_problem,
        direction=record.direction,
        agent_id=record.agent.id,
        agent_team=record.agent.team,
        customer_id=record.customer.id,
        customer_number=record.customer.number,
        case_id=record.case.id,
        debtor_key=record.debtor_key,
        record=record.to_document(),
        record_sha256=record.content_sha256(),
        registered_at=clock.now(),
    )


def _refusal(session: Session, key: str) -> RefusalRow | None:
    return session.scalar(select(RefusalRow).where(RefusalRow.key == key).with_for_update())


def _audit_refusal(session: Session, clock: Clock, actor: str, row: RefusalRow) -> None:
    audit.append(
        session,
        clock,
        actor=actor,
        action="recording.refused",
        subject=f"file:{row.name}"[:400],
        details={"code": row.code, "message": row.message, "sha256": row.sha256},
    )
