"""Taking what a source holds, a batch at a time: fetched and checked one by one, registered together."""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from ingest.service import record_refusal, register_call, resolve_refusals
from ingest.sources import items
from ingest.sources.config import RestSource
from ingest.sources.decide import next_attempt, next_look
from ingest.sources.matching import choose, is_address
from ingest.sources.models import SourceItemRow
from ingest.sources.names import base_name, shown
from ingest.sources.prepare import Job, NotYetError, Ready, Wanted, prepare
from ingest.sources.records import IDS, INLINE, wanted_ids
from ingest.sources.types import SourceError
from store.database import reading, transaction
from store.errors import BadInputError, ConflictError, DitingError
from store.logging import bound, get_logger
from store.recordings import RecordingStoreError

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE)

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one thing: `state` is its new state; of a call that is on record, `call_id`, and whether
    it was not before (`created`). `code` and `reason` say why it was not taken."""

    key: str
    state: str
    call_id: int | None = None
    created: bool = False
    code: str | None = None
    reason: str | None = None


class HaltError(Exception):
    """The source, or this installation, cannot go on now; no recording is at fault."""

    def __init__(self, error: DitingError) -> None:
        super().__init__(str(error))
        self.error = error


Outcome = Ready | NotYetError | DitingError


def take_batch(job: Job, batch: Sequence[SourceItemRow]) -> list[Taken]:
    """Take these things. What was done before a halt is kept.

    Raises:
        HaltError: the source is away, or there is no room here.
    """
    prepared: list[tuple[SourceItemRow, Outcome]] = []
    halt: HaltError | None = None
    for item in batch:
        try:
            prepared.append((item, _outcome(job, item)))
        except HaltError as error:
            halt = error
            break
    with transaction(job.intake.factory) as session:
        taken = [_settle(session, job, item, outcome) for item, outcome in prepared]
    if halt is not None:
        raise halt
    return taken


def _outcome(job: Job, item: SourceItemRow) -> Outcome:
    try:
        return prepare(job, _wanted(job, item))
    except NotYetError as waits:
        return waits
    except (SourceError, RecordingStoreError) as error:
        if isinstance(error, RecordingStoreError) or error.whole:
            raise HaltError(error) from error
        return error
    except DitingError as error:
        if error.code == "audio.no_space":
            raise HaltError(error) from error
        return error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise HaltError(_no_room(error)) from error
        return _unexpected(item, error)
    except Exception as error:  # one hostile file must not stop the others
        return _unexpected(item, error)


def _unexpected(item: SourceItemRow, error: Exception) -> SourceError:
    _log.error("source.unexpected", source=item.source, key=item.key, exc_info=error)
    return SourceError(
        f"it cannot be taken ({type(error).__name__})",
        code="source.unexpected",
        where=item.key,
        mend="The log has the details.",
    )


def _no_room(error: OSError) -> DitingError:
    return SourceError(
        f"there is no room for the recording ({error.strerror})",
        code="source.no_room",
        where="temporary files",
        mend="Make room, or set TMPDIR to a folder on a larger disk.",
        whole=True,
    )


def _wanted(job: Job, item: SourceItemRow) -> Wanted:
    """Where the recording of a thing is.

    Raises:
        NotYetError: `source.no_recording`.
        BadInputError: `source.ambiguous`.
    """
    recording = item.recording
    if item.kind == "orphan":
        raise BadInputError(
            "there is metadata, but no recording beside it",
            code="ingest.no_recording",
            where=item.key,
            mend="Put the recording beside it, under the same name.",
        )
    if item.document is None or recording is None:
        return Wanted(item)
    if recording == INLINE:
        return Wanted(item, inline=item.origin)
    if isinstance(job.source, RestSource) or is_address(recording):
        return Wanted(item, address=recording)
    name = None if recording.startswith(IDS) else base_name(recording)
    with reading(job.intake.factory) as session:
        found = items.candidates(session, job.name, file_name=name, ids=())
        if not found:
            found = items.candidates(session, job.name, file_name=None, ids=wanted_ids(recording))
    chosen = choose(recording, found, item.key)
    if not isinstance(chosen, SourceItemRow):
        error = BadInputError(
            f"its recording {shown(name) + ' ' if name else ''}is not there",
            code="source.no_recording", where=item.key,
            mend="Check `include`, and whether the recorder keeps recordings elsewhere.",
        )  # fmt: skip
        raise NotYetError(error)
    return Wanted(item, key=chosen.key, file_id=chosen.id)


def _settle(session: Session, job: Job, item: SourceItemRow, outcome: Outcome) -> Taken:
    """Write down what became of one thing."""
    row = session.get_one(SourceItemRow, item.id)
    if row.state != "found" or row.version != item.version:
        return Taken(row.key, row.state, row.call_id)  # somebody else was here meanwhile
    if isinstance(outcome, NotYetError):
        return _wait(session, job, row, outcome)
    if isinstance(outcome, Ready):
        try:
            return _register(session, job, row, outcome)
        except ConflictError as error:
            return _refuse(session, job, row, error)
    permanent = isinstance(outcome, BadInputError | ConflictError) and not isinstance(outcome, SourceError)
    return (_refuse if permanent else _fail)(session, job, row, outcome)


def _register(session: Session, job: Job, row: SourceItemRow, ready: Ready) -> Taken:
    intake = job.intake
    with bound(call=ready.record.key, source=job.name):
        resolve_refusals(session, intake.clock, name=_name(job, row))
        done = register_call(
            session, intake.clock, intake.recordings, recording=ready.path, record=ready.record,
            info=ready.info, actor=intake.actor,
        )  # fmt: skip
    items.ended(row, intake.clock, "taken", call_id=done.call_id)
    if ready.wanted.file_id is not None:
        file = session.get_one(SourceItemRow, ready.wanted.file_id)
        items.ended(file, intake.clock, "taken", call_id=done.call_id)
    session.flush()
    return Taken(row.key, "taken", done.call_id, done.created)


def _refuse(session: Session, job: Job, row: SourceItemRow, error: DitingError) -> Taken:
    clock = job.intake.clock
    record_refusal(session, clock, name=_name(job, row), error=error, actor=job.intake.actor)
    items.ended(row, clock, "refused", error)
    session.flush()
    return Taken(row.key, "refused", code=error.code, reason=str(error))


def _fail(session: Session, job: Job, row: SourceItemRow, error: DitingError) -> Taken:
    clock = job.intake.clock
    row.attempts += 1
    again = next_attempt(row.attempts, job.source.retry, clock.now())
    if again is None or error.code == "source.gone":
        items.ended(row, clock, "dead", error)
    else:
        items.put_off(row, again, error)
    session.flush()
    return Taken(row.key, row.state, code=error.code, reason=str(error))


def _wait(session: Session, job: Job, row: SourceItemRow, waits: NotYetError) -> Taken:
    clock = job.intake.clock
    now, error = clock.now(), waits.error
    if waits.version is not None and not isinstance(job.source, RestSource):
        row.version, row.found_at = waits.version, now
        items.put_off(row, now + timedelta(seconds=job.source.settle_seconds), error)
        session.flush()
        return Taken(row.key, "found", code=error.code, reason=str(error))
    hours = 0.0 if isinstance(job.source, RestSource) else job.source.metadata.wait_hours
    again = next_look(row.found_at, hours, now)
    if again is not None:
        items.put_off(row, again, error)
        session.flush()
        return Taken(row.key, "found", code=error.code, reason=str(error))
    items.ended(row, clock, "dead", error)
    record_refusal(session, clock, name=_name(job, row), error=error, actor=job.intake.actor)
    session.flush()
    return Taken(row.key, "dead", code=error.code, reason=str(error))


def _name(job: Job, row: SourceItemRow) -> str:
    return f"{job.name}:{row.key}"
