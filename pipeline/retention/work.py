"""Planning and doing: over all calls, cases and heaps. Each thing is a transaction of its own, so that a run
may be killed at any point and begun again."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseRow
from ingest.models import CallRow
from pipeline.retention import others
from pipeline.retention.counts import Counts
from pipeline.retention.decide import decide_call, decide_case
from pipeline.retention.erase import Way, erase_call, erase_case
from pipeline.retention.look import PAGE, every_call, every_case
from pipeline.retention.policy import OF_CALL, Policy
from store import audit
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.logging import get_logger
from store.recordings import RecordingStore, RecordingStoreError
from store.tombstones import TombstoneRow, subject_of
from transcription.search.index import forget_deleted

BYTES_GONE: Final = "retention.bytes_gone"

_log = get_logger(__name__)


@dataclass(slots=True)
class Bound:
    """How much is done at most: seconds, None for all of it. `expired` is looked at between two things."""

    seconds: float | None = None
    _began: float = field(default_factory=time.monotonic)

    def expired(self) -> bool:
        """Whether the time is over."""
        return self.seconds is not None and time.monotonic() - self._began >= self.seconds


@dataclass(slots=True)
class Done:
    """What a run did: `counts` as a plan has them, of what is old enough; `left` recordings that the store
    did not let go, the last call looked at, and whether it came to the end."""

    counts: Counts = field(default_factory=Counts)
    left: int = 0
    cursor: int = 0
    whole: bool = True


def plan(session: Session, policy: Policy, now: datetime) -> Counts:
    """What would go now and what is kept, without touching anything."""
    counts = Counts()
    for call in every_call(session):
        for part, one in decide_call(policy, call.facts, now).items():
            counts.add(part, call.facts.client, one.why)
    for case in every_case(session):
        counts.add("cases", case.facts.client, decide_case(policy, case.facts, now).why)
    for what, number in others.count_due(session, policy, now):
        counts.add(what, None, None, number)
    return counts


def run(
    sessions: SessionFactory,
    clock: Clock,
    recordings: RecordingStore,
    way: Way,
    bound: Bound | None = None,
    *,
    cursor: int = 0,
) -> Done:
    """Delete what may go now: first the bytes that an earlier run left, then calls (those after `cursor`),
    cases and heaps."""
    done = Done(cursor=cursor)
    limit = bound or Bound()
    for work in (_bytes, _calls, _cases, _heaps, _words):
        for _ in work(sessions, clock, recordings, way, done):
            if limit.expired():
                done.whole = False
                return done
    return done


Work = Callable[[SessionFactory, Clock, RecordingStore, Way, Done], Iterator[None]]


def _bytes(
    sessions: SessionFactory, clock: Clock, recordings: RecordingStore, _way: Way, done: Done
) -> Iterator[None]:
    with reading(sessions) as session:
        waiting = list(session.scalars(select(TombstoneRow.id).where(TombstoneRow.waits)))
    for number in waiting:
        done.left += not finish(sessions, clock, recordings, number)
        yield


def finish(sessions: SessionFactory, clock: Clock, recordings: RecordingStore, tombstone: int) -> bool:
    """Remove the bytes of a recording whose rows are gone, and put it on record; False where the store does
    not let go of them now."""
    with reading(sessions) as session:
        row = session.get(TombstoneRow, tombstone)
    if row is None or not row.waits or row.recording_sha256 is None:
        return True
    try:
        recordings.erase(row.recording_sha256, {"at": row.deleted_at.isoformat(), "clause": row.clause})
    except RecordingStoreError as error:
        _log.error("retention.bytes_left", tombstone=tombstone, error=str(error))
        return False
    with transaction(sessions) as session:
        row = session.get_one(TombstoneRow, tombstone, with_for_update=True)
        if row.waits:
            row.waits, row.bytes_gone_at = False, clock.now()
            details = {"recording_sha256": row.recording_sha256}
            audit.append(
                session,
                clock,
                actor=row.deleted_by,
                action=BYTES_GONE,
                subject=subject_of(row),
                details=details,
            )
    return True


def delete_call(
    sessions: SessionFactory, clock: Clock, recordings: RecordingStore, call_id: int, way: Way
) -> tuple[dict[str, int] | None, bool]:
    """One call, rows and bytes: counts by table (None where it is kept), and whether the bytes are gone."""
    with transaction(sessions) as session:
        counts = erase_call(session, clock, call_id, way)
        waiting = select(TombstoneRow.id).where(TombstoneRow.number == call_id, TombstoneRow.waits)
        kinds = TombstoneRow.kind.in_(("call", "recording"))
        number = session.scalar(waiting.where(kinds)) if counts is not None else None
    return counts, number is None or finish(sessions, clock, recordings, number)


def _calls(
    sessions: SessionFactory, clock: Clock, recordings: RecordingStore, way: Way, done: Done
) -> Iterator[None]:
    now, shortest = clock.now(), way.policy.shortest(*OF_CALL)
    if shortest is None:
        return
    old = CallRow.started_at <= shortest.begin(now)
    while True:
        with reading(sessions) as session:
            page = list(islice(every_call(session, old, CallRow.id > done.cursor), PAGE))
        for call in page:
            made = decide_call(way.policy, call.facts, now)
            goes = any(one.may for one in made.values())
            if goes:
                counts, gone = delete_call(sessions, clock, recordings, call.id, way)
                goes = counts is not None
                done.left += not gone
            for part, one in made.items():
                done.counts.add(part, call.facts.client, one.why if goes or not one.may else "in_work")
            done.cursor = call.id
            yield
        if len(page) < PAGE:
            return


def _cases(
    sessions: SessionFactory, clock: Clock, _recordings: RecordingStore, way: Way, done: Done
) -> Iterator[None]:
    now, shortest, last = clock.now(), way.policy.shortest("cases"), 0
    if shortest is None:
        return
    old = CaseRow.closed_at <= shortest.begin(now)
    while True:
        with reading(sessions) as session:
            page = list(islice(every_case(session, old, CaseRow.id > last), PAGE))
        for case in page:
            why = decide_case(way.policy, case.facts, now).why
            if why is None:
                with transaction(sessions) as session:
                    why = None if erase_case(session, clock, case.id, way) is not None else "case"
            done.counts.add("cases", case.facts.client, why)
            last = case.id
            if why is None:
                yield
        if len(page) < PAGE:
            return


def _heaps(
    sessions: SessionFactory, clock: Clock, _recordings: RecordingStore, way: Way, done: Done
) -> Iterator[None]:
    for heap in others.heaps():
        while True:
            with transaction(sessions) as session:
                count = others.clear(session, clock, way.policy, heap, way.actor)
            if not count:
                break
            done.counts.add(heap.what, None, None, count)
            yield


def _words(
    sessions: SessionFactory, _clock: Clock, _recordings: RecordingStore, _way: Way, _done: Done
) -> Iterator[None]:
    with transaction(sessions) as session:
        forget_deleted(session)
    yield from ()  # nothing is left to do after it, so it is no place to stop at
