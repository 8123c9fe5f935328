"""One turn of one source: list what it holds, then take what is due. May be killed at any moment."""

import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from ingest.intake import Intake
from ingest.sources import items
from ingest.sources.config import RestSource, Source, format_options
from ingest.sources.decide import Window, allowance, current, live_since, source_pause
from ingest.sources.holding import leave_source, state_of, take_source
from ingest.sources.models import SourceItemRow, SourceStateRow
from ingest.sources.places import downloader, open_place
from ingest.sources.prepare import Job
from ingest.sources.records import take_records
from ingest.sources.tables import take_table
from ingest.sources.take import HaltError, Taken, take_batch
from ingest.sources.types import BATCH, Entry, Place, SourceError
from store.database import reading, transaction
from store.errors import DitingError
from store.logging import bound, get_logger
from store.settings import Settings

# Held anew with every batch. Should it run out all the same, two work side by side, which does no harm.
LEASE_S: Final = 180.0
AT_ONCE: Final = 20

Listener = Callable[[str, int, Taken | None], None]

_log = get_logger(__name__)


@dataclass
class Turn:
    """What one turn did. `error` is why it could not go on; `left` whether somebody else had the source."""

    source: str
    noted: items.Noted = field(default_factory=items.Noted)
    taken: int = 0
    created: list[int] = field(default_factory=list)
    refused: int = 0
    waiting: int = 0
    dead: int = 0
    error: DitingError | None = None
    left: bool = False
    unfinished: bool = False

    def add(self, one: Taken) -> None:
        """Count one thing."""
        if one.state == "taken":
            self.taken += 1
            if one.created and one.call_id is not None:
                self.created.append(one.call_id)
        elif one.state == "refused":
            self.refused += 1
        elif one.state == "dead":
            self.dead += 1
        else:
            self.waiting += 1


def run_source(
    name: str,
    source: Source,
    intake: Intake,
    settings: Settings,
    *,
    seconds: float | None = None,
    listen: Listener | None = None,
    only_due: bool = False,
) -> Turn:
    """List a source and take what is due, for at most so many seconds.

    Args:
        name: of the source.
        source: how it is read.
        intake: the database, the store, the clock and the limits.
        settings: for secrets.
        seconds: after which the turn ends between two batches; None: when nothing is due any more.
        listen: is told `("list", count, None)` and `("take", 1, taken)` as it goes.
        only_due: do nothing but what is due: the source is listed every `every_seconds`, and rests after
            failures.
    """
    turn, token = Turn(name), uuid.uuid4().hex
    end = None if seconds is None else time.monotonic() + seconds
    with bound(source=name):
        with transaction(intake.factory) as session:
            if not take_source(session, intake.clock, name, token, LEASE_S):
                turn.left = True
                return turn
            state = state_of(session, name)
            lists = not only_due or state.due_at is None or state.due_at <= intake.clock.now()
            rests = only_due and state.failures > 0 and not lists
        try:
            if not rests:
                _Turning(name, source, intake, settings, turn, token, end, listen or _nobody).go(lists=lists)
        except (SourceError, HaltError, DitingError) as error:
            turn.error = error.error if isinstance(error, HaltError) else error
            _failed(name, intake, turn.error)
        finally:
            with transaction(intake.factory) as session:
                leave_source(session, name, token)
    return turn


@contextmanager
def open_job(name: str, source: Source, settings: Settings, intake: Intake) -> Iterator[Job]:
    """Open a source for work, with a folder for local copies.

    Raises:
        SourceError: it cannot be reached or read.
        SettingsError: a secret that it names is missing.
    """
    spool = Path(tempfile.mkdtemp(prefix="diting-source-"))
    try:
        place = open_place(name, source, settings, intake)
        try:
            options = None if isinstance(source, RestSource) else format_options(name, source)
            yield Job(name, source, options, place, intake, spool, downloader(source, settings, intake))
        finally:
            place.close()
    finally:
        shutil.rmtree(spool, ignore_errors=True)


def _nobody(_what: str, _count: int, _taken: Taken | None) -> None:
    return


@dataclass
class _Turning:
    name: str
    source: Source
    intake: Intake
    settings: Settings
    turn: Turn
    token: str
    end: float | None
    listen: Listener

    def go(self, *, lists: bool) -> None:
        if not lists and not any(self._due(kind, 1) for kind in ("records", "orphan", "call")):
            return
        with open_job(self.name, self.source, self.settings, self.intake) as job:
            if lists:
                self._list(job.place)
                self.turn.noted += take_table(job, self.settings)
            self._take_records(job)
            self._take_orphans(job)
            self._take(job, live=True)
            self._take(job, live=False)

    def _list(self, place: Place) -> None:
        """Compare what is there with what is on record, in batches, each a transaction of its own."""
        began = self.intake.clock.now()
        for batch in _in_batches(place):
            with transaction(self.intake.factory) as session:
                self.turn.noted += items.note(session, self.intake.clock, self.name, self.source, batch)
                self._hold(session)
            self.listen("list", len(batch), None)
        with transaction(self.intake.factory) as session:
            items.forget_orphans(session, self.name)
            state = state_of(session, self.name)
            state.scanned_at = state.watermark = began
            state.due_at = self.intake.clock.now() + timedelta(seconds=self.source.every_seconds)
            state.failures, state.code, state.message = 0, None, None

    def _hold(self, session: Session) -> None:
        take_source(session, self.intake.clock, self.name, self.token, LEASE_S)

    def _take_records(self, job: Job) -> None:
        while waiting := self._due("records", 1):
            item = waiting[0]
            try:
                self.turn.noted += take_records(job, item, job.spool)
                error = None
            except SourceError as failure:
                if failure.whole:
                    raise
                error = failure
            with transaction(self.intake.factory) as session:
                row = session.get_one(SourceItemRow, item.id)
                if row.version == item.version:
                    state = "taken" if error is None else "dead"
                    items.ended(row, self.intake.clock, state, error)

    def _take_orphans(self, job: Job) -> None:
        while waiting := self._due("orphan", AT_ONCE):
            for taken in take_batch(job, waiting):
                self.turn.add(taken)

    def _take(self, job: Job, *, live: bool) -> None:
        while not self._is_over():
            most, window = self._share(live=live)
            batch = self._due("call", most, live=live) if most else []
            if not batch:
                return
            taken = take_batch(job, batch)
            with transaction(self.intake.factory) as session:
                self._hold(session)
                if not live:
                    state = state_of(session, self.name)
                    state.window_at, state.window_count = window.began_at, window.count + len(taken)
            for each in taken:
                self.turn.add(each)
                self.listen("take", 1, each)

    def _share(self, *, live: bool) -> tuple[int, Window]:
        """How many may be taken at once now, and the window of the back-fill that they count in."""
        with reading(self.intake.factory) as session:
            state = session.get_one(SourceStateRow, self.name)
        window = current(Window(state.window_at, state.window_count), self.intake.clock.now())
        allowed = None if live else allowance(self.source.backfill, window, self.intake.clock.now())
        return (AT_ONCE if allowed is None else min(AT_ONCE, allowed)), window

    def _due(self, kind: str, limit: int, *, live: bool | None = None) -> list[SourceItemRow]:
        now = self.intake.clock.now()
        border = live_since(self.source.backfill, now)
        window = None
        if live is not None:
            at = SourceItemRow.modified_at
            window = at >= border if live else at < border
        with reading(self.intake.factory) as session:
            return items.due(session, self.name, kind, now, limit=limit, window=window)

    def _is_over(self) -> bool:
        self.turn.unfinished = self.end is not None and time.monotonic() >= self.end
        return self.turn.unfinished


def _in_batches(place: Place) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for entry in place.entries():
        batch.append(entry)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _failed(name: str, intake: Intake, error: DitingError) -> None:
    """Put on record what is wrong with the source as a whole; it rests, longer each time."""
    _log.warning("source.failed", source=name, code=error.code)
    with transaction(intake.factory) as session:
        state = state_of(session, name)
        state.failures += 1
        state.code, state.message = error.code, str(error)
        state.due_at = intake.clock.now() + source_pause(state.failures)
