"""One recording and its record, brought here and checked: everything before anything is written down."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from ingest.audio import AudioInfo, probe
from ingest.formats.registry import FORMATS
from ingest.formats.types import Described, FormatOptions
from ingest.intake import METADATA_SUFFIX, Intake
from ingest.metadata import fit_channels, load_call_record, parse_call_record, record_without_metadata
from ingest.record import CallRecord
from ingest.service import keep
from ingest.sources.config import CALL_JSON, FILE_NAME, NO_METADATA, RestSource, Source
from ingest.sources.models import SourceItemRow
from ingest.sources.names import base_name
from ingest.sources.types import Place, SourceError
from ingest.strict_json import MAX_BYTES
from store.errors import BadInputError

# A file of records beyond this cannot be right.
RECORDS_BYTES: Final = 4 * 1024**3


class NotYetError(Exception):
    """Something that belongs to the call is not there yet, or still changes: nobody's fault so far."""

    def __init__(self, error: BadInputError, version: str | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.version = version


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a call is fetched from where: its recording's key in the source, or its address.

    `inline` is the file of records that holds the recording itself.
    """

    item: SourceItemRow
    key: str | None = None
    address: str | None = None
    inline: str | None = None
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A call that only has to be registered: its bytes are in the recording store."""

    wanted: Wanted
    path: Path
    record: CallRecord
    info: AudioInfo


@dataclass(frozen=True, slots=True)
class Job:
    """One source at work: how it is read, what it was opened as, and what taking in needs.

    `download` fetches a recording by its address.
    """

    name: str
    source: Source
    options: FormatOptions | None
    place: Place
    intake: Intake
    spool: Path
    download: Callable[[str, Path], None]


def prepare(job: Job, wanted: Wanted) -> Ready:
    """Fetch and check one call, and keep its bytes; nothing is registered.

    Raises:
        NotYetError: its record is not there yet, or the file still changes.
        DitingError: it cannot be taken, now or as it is.
        OSError: there is no room.
    """
    with examined(job, wanted) as ready:
        keep(job.intake.recordings, ready.path, ready.info)
    return ready


@contextlib.contextmanager
def examined(job: Job, wanted: Wanted) -> Iterator[Ready]:
    """Fetch and check one call; the local copy is there as long as the context lasts. Raises as `prepare`."""
    folder = job.spool / f"call-{wanted.item.id}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        path = _bring(job, wanted, folder)
        info = probe(path, job.intake.limits)
        record = _record(job, wanted.item, path, info)
        record = fit_channels(record, path, info.source_channels, mixed=info.mixed)
        yield Ready(wanted, path, record, info)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bring(job: Job, wanted: Wanted, folder: Path) -> Path:
    if wanted.inline is not None:
        return _unpack(job, wanted.inline, wanted.item, folder)
    if wanted.address is not None:
        path = folder / "recording"
        job.download(wanted.address, path)
        return path
    key = wanted.key or wanted.item.key
    if wanted.file_id is None:
        _require_still(job, wanted.item)
    path = folder / base_name(key)
    job.place.fetch(key, path, job.intake.limits.max_bytes)
    return path


def _require_still(job: Job, item: SourceItemRow) -> None:
    """Make sure that the file is as it was when it was found, and marked as done where that is wanted."""
    source = job.source
    if isinstance(source, RestSource):
        return
    if source.done_marker is not None and job.place.look(item.key + source.done_marker) is None:
        raise _not_yet(
            f"the file {base_name(item.key)}{source.done_marker} that marks it as done is not there",
            "source.no_marker",
            item.key,
            "The recorder writes it when the recording is complete.",
        )
    if source.settle_seconds == 0:
        return
    now = job.place.look(item.key)
    if now is None:
        raise SourceError(
            "it is there no more",
            code="source.gone",
            where=item.key,
            mend="Put it back, or set retention at the recorder longer.",
        )
    if now.version != item.version:
        error = BadInputError("the file still changes", code="source.changing", where=item.key)
        raise NotYetError(error, now.version)


def _record(job: Job, item: SourceItemRow, path: Path, info: AudioInfo) -> CallRecord:
    clock_now = job.intake.clock.now()
    if item.document is not None:
        return parse_call_record(item.document, item.origin or item.key, now=clock_now)
    form = NO_METADATA if isinstance(job.source, RestSource) else job.source.metadata.format
    if form == CALL_JSON:
        return _beside(job, item, path, clock_now)
    if form == FILE_NAME:
        described = next(FORMATS[FILE_NAME].read(BytesIO(), item.key, job.options))
        if not isinstance(described, Described):
            raise described.error
        return parse_call_record(described.document, item.key, now=clock_now)
    return record_without_metadata(path, info.sha256)


def _beside(job: Job, item: SourceItemRow, path: Path, now: datetime) -> CallRecord:
    stem = item.name or item.key
    for each in dict.fromkeys((stem, stem.removesuffix(".mono"))):
        key = each + METADATA_SUFFIX
        if job.place.look(key) is not None:
            target = path.parent / base_name(key)
            job.place.fetch(key, target, MAX_BYTES)
            return load_call_record(target, now=now)
    raise _not_yet(
        "there is no call.json beside it",
        "source.no_record",
        item.key,
        f"Put {base_name(stem)}{METADATA_SUFFIX} beside it.",
    )


def _unpack(job: Job, origin: str, item: SourceItemRow, folder: Path) -> Path:
    """The recording that a record holds itself."""
    with fetched(job, origin, folder) as records:
        for described in read_records(job, records, origin):
            if not isinstance(described, Described) or described.inline is None:
                continue
            if str(described.document.get("external_id")) == item.key.removeprefix("call:"):
                path = folder / "recording"
                path.write_bytes(described.inline.content)
                return path
    raise SourceError(
        "the record holds it no more", code="source.gone", where=origin, mend="Look at the file of records."
    )


def read_records(job: Job, path: Path, where: str) -> Iterator[object]:
    """The records of a local copy of a file of records, one by one."""
    metadata = job.source.metadata if not isinstance(job.source, RestSource) else None
    assert metadata is not None  # noqa: S101 - only sources of files have files of records
    with path.open("rb") as stream:
        yield from FORMATS[metadata.format].read(stream, where, job.options)


@contextlib.contextmanager
def fetched(job: Job, key: str, folder: Path) -> Iterator[Path]:
    """A local copy of a file of records, while it is needed."""
    path = folder / f"records-{base_name(key)}"[:200]
    path.unlink(missing_ok=True)
    try:
        job.place.fetch(key, path, RECORDS_BYTES)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _not_yet(message: str, code: str, where: str, mend: str) -> NotYetError:
    return NotYetError(BadInputError(message, code=code, where=where, mend=mend))
