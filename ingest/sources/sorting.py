"""What the things in a source are: recordings, records, or nothing that concerns Diting."""

from datetime import UTC, datetime, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from ingest.formats.names import ids_in
from ingest.intake import METADATA_SUFFIX
from ingest.sources.config import CALL_JSON, RestSource, Source
from ingest.sources.names import base_name, matches, stem
from ingest.sources.types import Entry

# `beside`: the call.json of a recording. `call`, `file`, `records`: see SourceItemRow.
Kind = Literal["call", "file", "records", "beside"]

LONGEST_REF: Final = 200


def sort_out(entry: Entry, source: Source) -> Kind | None:
    """What the thing is by its name; None: it is left alone."""
    if entry.document is not None or isinstance(source, RestSource):
        return "call"
    key, metadata = entry.key, source.metadata
    if source.done_marker is not None and key.endswith(source.done_marker):
        return None
    if entry.problem is not None and entry.problem.code in ("source.bad_name", "source.no_right"):
        return "call"  # what cannot even be named is shown as refused, whatever it is
    kind: Kind | None = None
    if metadata.format == CALL_JSON and key.endswith(METADATA_SUFFIX):
        kind = "beside"
    elif metadata.in_files and matches(key, metadata.files):
        kind = "records"
    elif matches(key, source.include) and not matches(key, source.exclude):
        kind = "file" if metadata.in_files else "call"
    return kind


def name_of(entry: Entry, kind: Kind) -> str | None:
    """What a record may call it: a recording beside its call.json by its stem, one in a list by its name."""
    if kind == "call":
        return None if entry.document is not None else stem(entry.key)
    return base_name(entry.key) if kind == "file" else None


def names_of_beside(key: str) -> str:
    """The stem of the recording that a call.json belongs to."""
    return key.removesuffix(METADATA_SUFFIX)


def ref_of(entry: Entry, kind: Kind) -> str | None:
    """The id that the name of a recording holds."""
    found = ids_in(base_name(entry.key)) if kind == "file" else ()
    return found[0][:LONGEST_REF] if found else None


def is_too_old(entry: Entry, source: Source) -> bool:
    """Whether it is from before the day on which the back-fill begins. What has no time is not."""
    day = source.backfill.from_
    if day is None or entry.modified_at is None:
        return False
    zone = ZoneInfo(source.zone) if source.zone else UTC
    return entry.modified_at < datetime.combine(day, time.min, zone)
