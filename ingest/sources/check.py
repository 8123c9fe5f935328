"""Trying a source without taking anything: can it be read, and what would its newest calls become?"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

from ingest.formats.types import Described, Unreadable
from ingest.intake import Intake
from ingest.metadata import parse_call_record
from ingest.sources.config import Source
from ingest.sources.models import SourceItemRow
from ingest.sources.names import shown
from ingest.sources.prepare import Job, NotYetError, Wanted, examined, fetched, read_records
from ingest.sources.run import open_job
from ingest.sources.sorting import Kind, name_of, sort_out
from ingest.sources.types import Entry
from store.errors import DitingError
from store.settings import Settings

_NEWEST: Final = 3
# A source of a million files is tried by so many of them.
LOOKED_AT: Final = 20_000
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tried:
    """What one thing of the source would become: the record of a call, or the reason why not."""

    key: str
    call: dict[str, Any] | None
    duration_s: float | None
    error: DitingError | None


@dataclass(frozen=True, slots=True)
class Checked:
    """How a source stands: what is wrong with it as a whole, or how many things it holds of each kind.

    `more`: there is more than was looked at.
    """

    problem: DitingError | None
    kinds: dict[str, int]
    others: int
    more: bool
    newest: tuple[Tried, ...]


def check_source(name: str, source: Source, settings: Settings, intake: Intake) -> Checked:
    """Try a source; nothing is written anywhere."""
    kinds: dict[str, int] = {}
    others = 0
    try:
        with open_job(name, source, settings, intake) as job:
            newest: list[tuple[datetime, int, Entry, Kind]] = []
            seen = 0
            for seen, entry in enumerate(islice(job.place.entries(), LOOKED_AT), 1):
                kind = sort_out(entry, source)
                if kind is None or kind == "beside":
                    others += 1
                    continue
                kinds[kind] = kinds.get(kind, 0) + 1
                if kind != "file":
                    heapq.heappush(newest, (entry.modified_at or _LONG_AGO, seen, entry, kind))
                    if len(newest) > _NEWEST:
                        heapq.heappop(newest)
            chosen = [
                (entry, kind) for _, _, entry, kind in sorted(newest, reverse=True, key=lambda n: n[:2])
            ]
            tried = tuple(islice(_try_all(job, chosen), _NEWEST))
        return Checked(None, kinds, others, seen == LOOKED_AT, tried)
    except DitingError as error:
        return Checked(error, kinds, others, False, ())


def _try_all(job: Job, chosen: list[tuple[Entry, Kind]]) -> Iterator[Tried]:
    for number, (entry, kind) in enumerate(chosen):
        if kind == "records":
            yield from _try_records(job, entry)
        else:
            yield _try_call(job, entry, number)


def _try_call(job: Job, entry: Entry, number: int) -> Tried:
    key = shown(entry.key)
    if entry.problem is not None:
        return Tried(key, None, None, entry.problem)
    item = SourceItemRow(
        id=-number - 1, source=job.name, key=entry.key, version=entry.version, kind="call",
        name=name_of(entry, "call"), document=entry.document, recording=entry.recording,
    )  # fmt: skip
    address = entry.recording if entry.document is not None else None
    try:
        with examined(job, Wanted(item, address=address)) as ready:
            return Tried(key, ready.record.to_document(), ready.info.duration_s, None)
    except NotYetError as waits:
        return Tried(key, None, None, waits.error)
    except DitingError as error:
        return Tried(key, None, None, error)


def _try_records(job: Job, entry: Entry) -> Iterator[Tried]:
    try:
        with fetched(job, entry.key, job.spool) as path:
            for each in read_records(job, path, entry.key):
                if isinstance(each, Unreadable):
                    yield Tried(each.where, None, None, each.error)
                elif isinstance(each, Described):
                    yield _try_record(job, each)
    except DitingError as error:
        yield Tried(shown(entry.key), None, None, error)


def _try_record(job: Job, described: Described) -> Tried:
    try:
        record = parse_call_record(described.document, described.where, now=job.intake.clock.now())
    except DitingError as error:
        return Tried(described.where, None, None, error)
    return Tried(described.where, record.to_document(), None, None)
