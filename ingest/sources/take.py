"""Taking what a source holds, a batch at a time: fetched and checked one by one, registered together."""

import errno
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from ingest.service import Registered, open_refusals, record_refusal, resolve_refusals
from ingest.sources import items
from ingest.sources.config import RestSource
from ingest.sources.decide import next_attempt, next_look
from ingest.sources.matching import choose, is_address
from ingest.sources.models import SourceItemRow
from ingest.sources.names import base_name, shown
from ingest.sources.prepare import Job, NotYetError, Ready, Wanted, prepare
from ingest.sources.records import IDS, INLINE, wanted_ids
from ingest.sources.types import SourceError
from ingest.together import Offered, register_calls
from store.database import reading, transaction
from store.errors import BadInputError, ConflictError, DitingError
from store.logging import get_logger
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
Done = tuple[SourceItemRow, Outcome]


def take_batch(job: Job, batch: Sequence[SourceItemRow]) -> list[Taken]:
    """Take these things: several are fetched at once, then all are registered in one transaction. What was
    done before a halt is kept.

    Raises:
        HaltError: the source is away, or there is no room here.
    """
    with ThreadPoolExecutor(job.place.at_once, "diting-source") as pool:
        outcomes = list(pool.map(lambda item: _outcome(job, item), batch))
    halt = next((each for each in outcomes if isinstance(each, HaltError)), None)
    done = [(i, each) for i, each in zip(batch, outcomes, strict=True) if not isinstance(each, HaltError)]
    taken = _settle_all(job, done)
    if halt is not None:
        raise halt
    return taken


def _outcome(job: Job, item: SourceItemRow) -> Outcome | HaltError:
    try:
        return prepare(job, _wanted(job, item))
    except NotYetError as waits:
        return waits
    except RecordingStoreError as error:
        return HaltError(error)
    except DitingError as error:
        whole = isinstance(error, SourceError) and error.whole
        return HaltError(error) if whole or error.code == "audio.no_space" else error
    except OSError as error:
        return HaltError(_no_room(error)) if error.errno in _NO_ROOM else _unexpected(item, error)
    except Exception as error:  # one hostile file must not stop the others
        return _unexpected(item, error)


def _settle_all(job: Job, done: Sequence[Done]) -> list[Taken]:
    """Write down what became of these things, together; one that the database refuses fails alone."""
    try:
        with transaction(job.intake.factory) as session:
            return _settle_in(session, job, done)
    except DBAPIError as error:
        if isinstance(error, OperationalError):
            raise
        if len(done) > 1:
            return [taken for one in done for taken in _settle_all(job, [one])]
        with transaction(job.intake.factory) as session:
            return _settle_in(session, job, [(done[0][0], _unexpected(done[0][0], error))])


def _settle_in(session: Session, job: Job, done: Sequence[Done]) -> list[Taken]:
    intake = job.intake
    rows = {row.id: row for row in items.by_ids(session, [item.id for item, _ in done])}
    # Somebody else may have been here meanwhile.
    mine = {item.id for item, _ in done if _is_as_it_was(rows[item.id], item)}
    ready = [(item.id, each) for item, each in done if isinstance(each, Ready) and item.id in mine]
    offers = [Offered(each.path, each.record, each.info) for _, each in ready]
    registered = register_calls(session, intake.clock, intake.recordings, offers, actor=intake.actor)
    results = {item_id: one for (item_id, _), one in zip(ready, registered, strict=True)}
    refused = open_refusals(session, [_name(job, rows[item_id]) for item_id in results])
    taken = []
    for item, outcome in done:
        row = rows[item.id]
        result = results.get(item.id)
        if item.id not in mine:
            taken.append(Taken(row.key, row.state, row.call_id))
        elif isinstance(outcome, Ready) and isinstance(result, Registered):
            if _name(job, row) in refused:
                resolve_refusals(session, intake.clock, name=_name(job, row))
            taken.append(_taken(session, job, row, outcome, result))
        else:
            failure = result if isinstance(result, ConflictError) else outcome
            taken.append(_settle(session, job, row, failure))
    return taken


def _is_as_it_was(row: SourceItemRow, item: SourceItemRow) -> bool:
    return (row.state, row.version) == ("found", item.version)


def _unexpected(item: SourceItemRow, error: Exception) -> SourceError:
    _log.error("source.unexpected", source=item.source, item=item.id, exc_info=error)
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


def _settle(session: Session, job: Job, row: SourceItemRow, outcome: object) -> Taken:
    """Write down why one thing was not taken."""
    if isinstance(outcome, NotYetError):
        return _wait(session, job, row, outcome)
    assert isinstance(outcome, DitingError)  # noqa: S101 - nothing else is left
    permanent = isinstance(outcome, BadInputError | ConflictError)
    return _refuse(session, job, row, outcome) if permanent else _fail(job, row, outcome)


def _taken(session: Session, job: Job, row: SourceItemRow, ready: Ready, done: Registered) -> Taken:
    items.ended(row, job.intake.clock, "taken", call_id=done.call_id)
    if ready.wanted.file_id is not None:
        file = session.get_one(SourceItemRow, ready.wanted.file_id)
        items.ended(file, job.intake.clock, "taken", call_id=done.call_id)
    return Taken(row.key, "taken", done.call_id, done.created)


def _refuse(session: Session, job: Job, row: SourceItemRow, error: DitingError) -> Taken:
    clock = job.intake.clock
    record_refusal(session, clock, name=_name(job, row), error=error, actor=job.intake.actor)
    items.ended(row, clock, "refused", error)
    return Taken(row.key, "refused", code=error.code, reason=str(error))


def _fail(job: Job, row: SourceItemRow, error: DitingError) -> Taken:
    clock = job.intake.clock
    row.attempts += 1
    again = next_attempt(row.attempts, job.source.retry, clock.now())
    if again is None or error.code == "source.gone":
        items.ended(row, clock, "dead", error)
    else:
        items.put_off(row, again, error)
    return Taken(row.key, row.state, code=error.code, reason=str(error))


def _wait(session: Session, job: Job, row: SourceItemRow, waits: NotYetError) -> Taken:
    clock = job.intake.clock
    now, error = clock.now(), waits.error
    if waits.version is not None and not isinstance(job.source, RestSource):
        row.version, row.found_at = waits.version, now
        items.put_off(row, now + timedelta(seconds=job.source.settle_seconds), error)
        return Taken(row.key, "found", code=error.code, reason=str(error))
    hours = 0.0 if isinstance(job.source, RestSource) else job.source.metadata.wait_hours
    again = next_look(row.found_at, hours, now)
    if again is not None:
        items.put_off(row, again, error)
        return Taken(row.key, "found", code=error.code, reason=str(error))
    items.ended(row, clock, "dead", error)
    record_refusal(session, clock, name=_name(job, row), error=error, actor=job.intake.actor)
    return Taken(row.key, "dead", code=error.code, reason=str(error))


def _name(job: Job, row: SourceItemRow) -> str:
    return f"{job.name}:{row.key}"
