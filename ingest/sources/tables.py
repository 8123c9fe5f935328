"""Records that a switch keeps in a database: read by key, beside the recordings that another place holds."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

from sqlalchemy import create_engine, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from ingest.formats.tables import TABLES, Position
from ingest.formats.types import Described, Unreadable
from ingest.sources import items
from ingest.sources.config import RestSource
from ingest.sources.file import find_source_secret
from ingest.sources.models import SourceItemRow
from ingest.sources.prepare import Job
from ingest.sources.records import entry_of, problem_of, recording_of
from ingest.sources.types import BATCH, Entry, SourceError
from store.database import reading, transaction
from store.errors import BadInputError
from store.settings import Settings

_FAR: Final = timedelta(days=36_500)


def take_table(job: Job, settings: Settings) -> items.Noted:
    """Put what is new in the table of a source on record, in batches; each says how far it has come.

    Raises:
        SourceError: `source.table`, the table cannot be read.
        SettingsError: `sources.secret`.
    """
    noted = items.Noted()
    if isinstance(job.source, RestSource) or job.source.metadata.format not in TABLES:
        return noted
    metadata = job.source.metadata
    where = f"{metadata.format} of {job.name}"
    url = find_source_secret(settings, metadata.database or "").get_secret_value()
    try:
        engine = create_engine(url, pool_pre_ping=True)
    except (ArgumentError, ImportError) as error:
        raise _wrong(
            f"the secret is no database URL that can be used ({type(error).__name__})", where
        ) from None
    with reading(job.intake.factory) as session:
        after = _position(_row(session, job))
    try:
        found = TABLES[metadata.format].read(engine, job.options, after, job.intake.clock.now())
        while batch := list(islice(found, BATCH)):
            entries = list(_entries(each for _, each in batch))
            with transaction(job.intake.factory) as session:
                if entries:
                    noted += items.note(session, job.intake.clock, job.name, job.source, entries, where)
                _keep(session, job, batch[-1][0])
    except BadInputError as error:
        raise _wrong(error.message, where) from None
    finally:
        engine.dispose()
    return noted


def _entries(found: Iterator[Described | Unreadable]) -> Iterator[Entry]:
    for each in found:
        if isinstance(each, Unreadable):
            yield problem_of(each)
        elif (recording := recording_of(each)) is not None:
            yield entry_of(each, recording)


def _row(session: Session, job: Job) -> SourceItemRow | None:
    """Where the position is kept: as what became of the table, which nobody takes."""
    query = select(SourceItemRow).where(SourceItemRow.source == job.name, SourceItemRow.key == _key(job))
    return session.scalar(query)


def _key(job: Job) -> str:
    form = "" if isinstance(job.source, RestSource) else job.source.metadata.format
    return f"table:{form}"


def _position(row: SourceItemRow | None) -> Position | None:
    return None if row is None or row.recording is None else Position(*json.loads(row.recording))


def _keep(session: Session, job: Job, position: Position) -> None:
    """Say how far the table was read; looking back may not take it back."""
    row, now = _row(session, job), job.intake.clock.now()
    before = _position(row)
    text = json.dumps(position if before is None else max(before, position, key=_order))
    if row is None:
        row = SourceItemRow(source=job.name, key=_key(job), version="table", kind="records", state="taken")
        row.modified_at = row.found_at = row.ended_at = now
        row.next_at = now + _FAR
        session.add(row)
    row.recording = text
    row.ended_at = now


def _order(position: Position) -> tuple[int, str, str]:
    """VICIdial's ids are numbers; Asterisk's times are of one length."""
    return (int(position.order) if position.order.isdigit() else 0, *position)


def _wrong(message: str, where: str) -> SourceError:
    return SourceError(
        message,
        code="source.table",
        where=where,
        mend="Check the database URL in the secret, the right to read, and the names in docs/formats.md.",
    )
