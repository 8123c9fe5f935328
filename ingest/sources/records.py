"""Files of records: each record becomes a thing of the source, to be joined with its recording later."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ingest.formats.names import ids_in
from ingest.formats.types import Described, Unreadable
from ingest.sources import items
from ingest.sources.models import SourceItemRow
from ingest.sources.prepare import Job, fetched, read_records
from ingest.sources.types import BATCH, Entry
from store.database import transaction

INLINE = "inline:"
IDS = "ids:"


def take_records(job: Job, item: SourceItemRow, spool: Path) -> items.Noted:
    """Read a file of records and put what is new in it on record, in batches.

    Raises:
        DitingError: the file cannot be fetched.
    """
    noted = items.Noted()
    with fetched(job, item.key, spool) as path:
        batch: list[Entry] = []
        for entry in _entries(job, path, item.key):
            batch.append(entry)
            if len(batch) == BATCH:
                noted, batch = noted + _note(job, batch, item.key), []
        return noted + _note(job, batch, item.key)


def _note(job: Job, batch: list[Entry], origin: str) -> items.Noted:
    if not batch:
        return items.Noted()
    with transaction(job.intake.factory) as session:
        return items.note(session, job.intake.clock, job.name, job.source, batch, origin)


def _entries(job: Job, path: Path, where: str) -> Iterator[Entry]:
    for each in read_records(job, path, where):
        if isinstance(each, Unreadable):
            yield problem_of(each)
        elif isinstance(each, Described):
            recording = recording_of(each)
            if recording is not None:
                yield entry_of(each, recording)


def problem_of(unreadable: Unreadable) -> Entry:
    """A record that cannot be used, as a thing of the source."""
    error = unreadable.error
    version = f"{error.code}:{_digest(str(error))}"
    return Entry(f"row:{unreadable.where}"[:500], version, document={}, problem=error)


def entry_of(described: Described, recording: str) -> Entry:
    """A record as a thing of the source."""
    key = f"call:{described.document.get('external_id')}"
    document = json.loads(json.dumps(described.document, default=str))
    version = _digest(json.dumps([document, recording], sort_keys=True))
    return Entry(
        key, version, modified_at=_moment(document.get("started_at")), document=document,
        recording=recording,
    )  # fmt: skip


def recording_of(described: Described) -> str | None:
    """What names the recording; None: there is none, as of a call that nobody answered."""
    if described.inline is not None:
        return INLINE
    if described.recording:
        return described.recording
    return IDS + " ".join(described.ids) if described.ids else None


def wanted_ids(recording: str) -> tuple[str, ...]:
    """The ids of which the name of the recording holds one."""
    if recording.startswith(IDS):
        return tuple(dict.fromkeys(each.lower() for each in recording.removeprefix(IDS).split()))
    return ids_in(recording)


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]
