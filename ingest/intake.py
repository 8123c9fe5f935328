"""Taking in recordings from a folder or a single file, one by one: a broken file never stops the rest."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.audio import DEFAULT_LIMITS, AudioInfo, AudioLimits, probe
from ingest.metadata import fit_channels, load_call_record, record_without_metadata
from ingest.record import CallRecord
from ingest.service import ACTOR, keep, record_refusal, register_call, resolve_refusals
from store.clock import Clock
from store.database import SessionFactory, transaction
from store.errors import BadInputError, ConflictError, DitingError, IntegrityError, printable
from store.logging import bound, get_logger
from store.recordings import RecordingStore, file_sha256
from store.settings import Settings

AUDIO_SUFFIXES = frozenset(
    {".wav", ".w64", ".mp3", ".amr", ".awb", ".opus", ".ogg", ".oga", ".m4a", ".mp4", ".aac", ".3gp"}
    | {".flac", ".gsm", ".g729", ".wma", ".webm", ".mka", ".mkv", ".aif", ".aiff", ".au", ".caf", ".voc"}
)
METADATA_SUFFIX = ".call.json"

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class IntakeItem:
    """One recording and the metadata file that lies beside it, if any."""

    recording: Path
    metadata: Path | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a place holds: calls, metadata whose recording is not there, recordings that are links out of the
    folder, and files that are none of these. Hidden and temporary files are not listed at all.
    """

    items: list[IntakeItem]
    orphans: list[Path]
    links: list[Path]
    skipped: list[Path]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: a call (`call_id`, `created`), or a refusal (`error`)."""

    path: Path
    call_id: int | None = None
    created: bool = False
    error: DitingError | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What taking in needs: the database, the recording store, the clock and the limits."""

    factory: SessionFactory
    recordings: RecordingStore
    clock: Clock
    limits: AudioLimits = DEFAULT_LIMITS
    actor: str = ACTOR


def make_intake(settings: Settings, factory: SessionFactory, clock: Clock, actor: str = ACTOR) -> Intake:
    """Intake as the settings say."""
    limits = AudioLimits(settings.max_recording_seconds, settings.max_recording_bytes)
    return Intake(factory, settings.recording_store(), clock, limits, actor)


def find_calls(path: Path) -> list[IntakeItem]:
    """The calls at `path`, a recording or a folder with folders in it, in the order of their paths.

    Raises:
        BadInputError: `ingest.not_found`, `ingest.not_a_recording`.
    """
    return find_all(path).items


def find_all(path: Path) -> Found:
    """Everything at `path`; see `Found`. A single file is taken as a recording whatever its name.

    Raises:
        BadInputError: `ingest.not_found`, `ingest.not_a_recording`.
    """
    if path.is_dir():
        return _search(path)
    if not path.exists():
        raise BadInputError(
            "there is no such file or folder",
            code="ingest.not_found",
            where=str(path),
            mend="Check the path.",
        )
    if path.suffix.lower() == ".json":
        raise BadInputError(
            "this is not a recording",
            code="ingest.not_a_recording",
            where=str(path),
            mend="Name the recording; its metadata is found beside it.",
        )
    return Found([IntakeItem(path, metadata_beside(path))], [], [], [])


def metadata_beside(recording: Path) -> Path | None:
    """`NAME.call.json` for `NAME.opus`; for the mono mix `NAME.mono.opus` also `NAME.call.json`."""
    names = [recording.stem, recording.stem.removesuffix(".mono")]
    for name in names:
        candidate = recording.with_name(name + METADATA_SUFFIX)
        if candidate.is_file():
            return candidate
    return None


def ingest_path(path: Path, intake: Intake) -> Iterator[Outcome]:
    """Take in everything at `path`, yielding what became of each file as it happens.

    Raises:
        BadInputError: `ingest.not_found`, `ingest.not_a_recording`.
    """
    found = find_all(path)
    for item in found.items:
        yield ingest_item(item, intake)
    for orphan in found.orphans:
        error = BadInputError(
            "there is metadata, but no recording beside it",
            code="ingest.no_recording",
            where=orphan.name,
            mend=f"Put the recording beside it, under the name {orphan.name.removesuffix(METADATA_SUFFIX)}.",
        )
        yield _refuse(orphan, intake, error)
    for link in found.links:
        error = BadInputError(
            "this is a link that leads out of the folder",
            code="ingest.link_outside",
            where=link.name,
            mend="Put the recording itself into the folder, or name it directly.",
        )
        yield _refuse(link, intake, error)


def ingest_item(item: IntakeItem, intake: Intake) -> Outcome:
    """Take in one recording: check, keep and register it, or put on record why it was refused.

    Offering the same file again changes nothing.

    Args:
        item: the recording and its metadata.
        intake: the database, the store, the clock and the limits.
    """
    sha256: str | None = None
    try:
        info = probe(item.recording, intake.limits)
        sha256 = info.sha256
        record = _record(item, info, intake.clock)
        # The bytes are kept before the transaction begins: copying must not hold the database's lock.
        keep(intake.recordings, item.recording, info)
        with bound(call=record.key), transaction(intake.factory) as session:
            resolve_refusals(session, intake.clock, name=_name(item.recording))
            registered = register_call(
                session,
                intake.clock,
                intake.recordings,
                recording=item.recording,
                record=record,
                info=info,
                actor=intake.actor,
            )
    except (BadInputError, ConflictError, IntegrityError) as error:
        return _refuse(item.recording, intake, error, sha256)
    return Outcome(item.recording, call_id=registered.call_id, created=registered.created)


def _record(item: IntakeItem, info: AudioInfo, clock: Clock) -> CallRecord:
    if item.metadata is None:
        return record_without_metadata(item.recording, info.sha256)
    record = load_call_record(item.metadata, now=clock.now())
    return fit_channels(record, item.recording, info.source_channels, mixed=info.mixed)


def _refuse(path: Path, intake: Intake, error: DitingError, sha256: str | None = None) -> Outcome:
    if sha256 is None and path.is_file() and not path.is_symlink():
        sha256 = _hash_if_readable(path)
    name = _name(path)
    with transaction(intake.factory) as session:
        record_refusal(session, intake.clock, name=name, error=error, sha256=sha256, actor=intake.actor)
    _log.warning("refused", sha256=sha256, code=error.code)  # names of files tell who was called
    return Outcome(path, error=error)


def _hash_if_readable(path: Path) -> str | None:
    try:
        return file_sha256(path)
    except OSError:
        return None


def _search(folder: Path) -> Found:
    root = os.path.realpath(folder)
    recordings: list[Path] = []
    metadata: list[Path] = []
    links: list[Path] = []
    skipped: list[Path] = []
    for path in sorted(folder.rglob("*")):
        if _is_hidden(path.relative_to(folder)) or path.is_dir():
            continue
        if not Path(os.path.realpath(path)).is_relative_to(root):
            (links if path.suffix.lower() in AUDIO_SUFFIXES else skipped).append(path)
        elif path.suffix.lower() in AUDIO_SUFFIXES:
            recordings.append(path)
        elif path.name.endswith(METADATA_SUFFIX):
            metadata.append(path)
        else:
            skipped.append(path)
    inside = set(metadata)
    items = [IntakeItem(r, m if (m := metadata_beside(r)) in inside else None) for r in recordings]
    used = {item.metadata for item in items}
    return Found(items, [path for path in metadata if path not in used], links, skipped)


def _is_hidden(path: Path) -> bool:
    """Hidden files and folders, and what programs name files that they are still writing."""
    temporary = path.name.endswith((".tmp", ".part", ".partial", ".crdownload", "~"))
    return temporary or any(part.startswith((".", "~$")) for part in path.parts)


def _name(path: Path) -> str:
    return printable(path.absolute().as_posix())
