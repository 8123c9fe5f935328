"""Registering many calls at once: a handful of statements for all of them instead of ten for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError
from sqlalchemy.orm import Session

from ingest.audio import AudioInfo
from ingest.models import CallRow, RecordingRow
from ingest.record import CallRecord
from ingest.service import ACTOR, Registered, call_row, recording_row, register_call, same_call
from store import audit
from store.clock import Clock
from store.errors import ConflictError
from store.recordings import RecordingStore
from store.tombstones import TombstoneRow, deleted_error, find_deleted, key_hash


@dataclass(frozen=True, slots=True)
class Offered:
    """A call whose bytes are in the recording store already."""

    path: Path
    record: CallRecord
    info: AudioInfo


def register_calls(
    session: Session,
    clock: Clock,
    recordings: RecordingStore,
    offers: Sequence[Offered],
    *,
    actor: str = ACTOR,
) -> list[Registered | ConflictError]:
    """Put calls on record, like `register_call` for each in order; conflicts are given back, not raised.

    Args:
        session: the caller's open transaction.
        clock: tells the time of registration.
        recordings: where the bytes of all of them were kept before.
        offers: the calls.
        actor: who offers them, for the audit log.
    """
    try:
        with session.begin_nested():
            found, new = _sort(session, clock, offers)
            session.add_all(new)
    except DatabaseIntegrityError:
        # Another process registered one of them between the look and the write.
        return [_one(session, clock, recordings, each, actor) for each in offers]
    entries = [
        (
            "call.registered",
            f"call:{call.source}/{call.external_id}",
            {"call_id": call.id, "recording": call.recording_sha256, "record": call.record_sha256},
        )
        for call in new
    ]
    audit.append_many(session, clock, actor=actor, entries=entries)
    fresh = {id(call) for call in new}
    results: list[Registered | ConflictError] = []
    for each in found:
        if isinstance(each, ConflictError):
            results.append(each)
        else:
            results.append(Registered(each.id, created=id(each) in fresh))
            fresh.discard(id(each))  # offered twice: created once
    return results


def _sort(
    session: Session, clock: Clock, offers: Sequence[Offered]
) -> tuple[list[CallRow | ConflictError], list[CallRow]]:
    """For every offer its call, known or new, or the conflict; and the new calls."""
    hashes = [each.info.sha256 for each in offers]
    ids = [each.record.external_id for each in offers]
    with session.no_autoflush:
        query = select(CallRow).where(or_(CallRow.external_id.in_(ids), CallRow.recording_sha256.in_(hashes)))
        calls = list(session.scalars(query))
        query_recordings = select(RecordingRow).where(RecordingRow.sha256.in_(hashes))
        known = {row.sha256: row for row in session.scalars(query_recordings)}
        deleted = _deleted(session, offers)  # after the calls: a deletion meanwhile is seen there or here
    found: list[CallRow | ConflictError] = []
    new: list[CallRow] = []
    for each in offers:
        record, info = each.record, each.info
        near = [
            call
            for call in calls
            if (call.source, call.external_id) == (record.source, record.external_id)
            or call.recording_sha256 == info.sha256
        ]
        try:
            call = same_call(near, record, info)
        except ConflictError as error:
            found.append(error)
            continue
        if call is None and (gone := deleted.get(_key(record)) or deleted.get(info.sha256)):
            found.append(deleted_error(gone, f"call {record.key}"))
            continue
        if call is None:
            recording = known.setdefault(info.sha256, recording_row(clock, each.path.name, info))
            call = call_row(clock, record, recording)
            calls.append(call)
            new.append(call)
        found.append(call)
    return found, new


def _key(record: CallRecord) -> str:
    return key_hash(record.source, record.external_id)


def _deleted(session: Session, offers: Sequence[Offered]) -> dict[str, TombstoneRow]:
    """The deleted calls among these, by the hash of their key and of their recording."""
    keys, hashes = [_key(each.record) for each in offers], [each.info.sha256 for each in offers]
    rows = find_deleted(session, keys=keys, hashes=hashes)
    return {name: row for row in rows for name in (row.key_sha256, row.recording_sha256) if name}


def _one(
    session: Session, clock: Clock, recordings: RecordingStore, offer: Offered, actor: str
) -> Registered | ConflictError:
    try:
        return register_call(
            session,
            clock,
            recordings,
            recording=offer.path,
            record=offer.record,
            info=offer.info,
            actor=actor,
        )
    except ConflictError as error:
        return error
