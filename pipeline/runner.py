"""The embedded runner: the stages in local worker processes, with no server beside the database file.

Workers are spawned, not forked: speech engines and database connections do not survive a fork. Each worker
has a pipe of its own, because a queue shared by all would stay locked when one of them is killed.
"""

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import Any, Final

from sqlalchemy.exc import OperationalError

from pipeline import service
from pipeline.backtest.jobs import testing_rounds
from pipeline.events import Event, WorkerBroken, WorkerLost, WorkerReady
from pipeline.lanes import Order
from pipeline.owner import owner_of
from pipeline.rounds import Rounds, go_round
from pipeline.sourcing import sourcing_rounds
from pipeline.sweeper import Receiver, take_back_lost
from pipeline.telling import telling, telling_rounds
from pipeline.tools import open_tools
from pipeline.worker import OpenTools, work
from store.clock import Clock, SystemClock
from store.database import make_engine, make_session_factory, reading
from store.errors import DitingError
from store.logging import get_logger
from store.settings import Settings

TICK_S: Final = 0.5
OWN_SWEEP_S: Final = 2.0
RELEASE_S: Final = 15.0
DATABASE_AWAY_S: Final = 120.0
_STILLBORN_MAX: Final = 3

Listener = Callable[[Event], None]

_log = get_logger(__name__)


class RunnerError(DitingError):
    """The workers cannot be started."""


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Connection
    ready: bool = False


class EmbeddedRunner:
    """Runs the stages of all calls in the database in `settings.workers` processes.

    Args:
        settings: must reach the workers unchanged, so it has to be picklable.
        workers: number of processes; default `settings.workers`.
        listen: is told every event, in the thread that runs the runner.
        open_tools: how a worker opens its tools; a module-level function.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        workers: int | None = None,
        listen: Listener | None = None,
        open_tools: OpenTools = open_tools,
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._count = workers or settings.workers
        self._listen = listen or (lambda _event: None)
        self._open_tools = open_tools
        self._clock = clock or SystemClock()
        self._engine = make_engine(settings.database_url)
        self._sessions = make_session_factory(self._engine)
        self._receiver = Receiver(self._sessions, self._clock, Order.of(settings))
        self._context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        self._stopping = threading.Event()
        self._stillborn = 0
        self._next_sweep = 0.0
        self._away_since: float | None = None

    def stop(self) -> None:
        """Ask the runner to end: stages in hand are finished, or given back if they take too long. May be
        called from any thread and from a signal handler."""
        self._stopping.set()

    def run_until_done(self) -> bool:
        """Work until every call has reached a final state. Returns False when stopped before.

        Raises:
            RunnerError: the workers do not start.
        """
        return self._run(until_done=True)

    def run(self) -> None:
        """Work until stopped.

        Raises:
            RunnerError: the workers do not start.
        """
        self._run(until_done=False)

    def _run(self, *, until_done: bool) -> bool:
        rounds = Rounds(self._sessions, self._clock, every_s=self._settings.sweep_seconds)
        try:
            sourcing = sourcing_rounds(self._sessions, self._clock, self._settings)
            telling_all = telling_rounds(self._sessions, self._clock, self._settings)
            testing = testing_rounds(self._sessions, self._clock, self._settings)
            with self._signals(), rounds, telling_all, sourcing, testing:
                done = self._work(until_done=until_done)
            if done:  # whoever waits for the end need not wait for another run to be told
                go_round(self._sessions, self._clock, (telling(self._settings),))
            return done
        finally:
            self._engine.dispose()

    def _work(self, *, until_done: bool) -> bool:
        try:
            while not self._stopping.is_set():
                if self._look_after_calls() == 0 and until_done:
                    return True
                self._fill_up()
                self._hear(TICK_S)
            return False
        finally:
            self._end_workers()

    def _look_after_calls(self) -> int | None:
        """Sweep if it is time, and count the calls that are not done. None while the database is away: a
        restart of the database server must not end the runner, but a broken one must."""
        now = time.monotonic()
        try:
            if now >= self._next_sweep:
                self._sweep()
                self._next_sweep = now + min(OWN_SWEEP_S, self._settings.sweep_seconds)
            with reading(self._sessions) as session:
                count = service.open_calls(session)
        except OperationalError:
            self._away_since = self._away_since or now
            if now - self._away_since > DATABASE_AWAY_S:
                raise
            _log.warning("database.away", exc_info=True)
            return None
        self._away_since = None
        return count

    def _sweep(self) -> None:
        self._receiver.receive()
        lost = take_back_lost(self._sessions, self._clock, attempts_max=self._settings.max_attempts)
        self._kill_stuck([reclaim.token for reclaim in lost])

    def _kill_stuck(self, tokens: list[str]) -> None:
        """End those of our workers that overran their lease: they hang, and another one takes the call."""
        owners = {owner.pid for token in tokens if (owner := owner_of(token))}
        for worker in self._workers:
            if worker.process.pid in owners:
                worker.process.kill()

    def _fill_up(self) -> None:
        while len(self._workers) < self._count:
            ours, theirs = self._context.Pipe()
            process = self._context.Process(
                target=work, args=(self._settings, theirs, self._open_tools), name="diting-worker"
            )
            process.start()
            theirs.close()
            self._workers.append(_Worker(process, ours))

    def _hear(self, timeout_s: float) -> None:
        """Pass on what the workers say for at most `timeout_s`, and notice which of them died."""
        channels: list[Any] = [worker.pipe for worker in self._workers]
        channels += [worker.process.sentinel for worker in self._workers]
        spoke = wait(channels, timeout_s)
        for worker in [*self._workers]:
            if worker.pipe in spoke or worker.process.sentinel in spoke:
                self._drain(worker)
                if not worker.process.is_alive():
                    self._bury(worker)

    def _drain(self, worker: _Worker) -> None:
        try:
            while worker.pipe.poll():
                event: Event = worker.pipe.recv()
                if isinstance(event, WorkerBroken):
                    raise RunnerError(event.message, code=event.code, where=event.where, mend=event.mend)
                if isinstance(event, WorkerReady):
                    worker.ready, self._stillborn = True, 0
                self._listen(event)
        except (EOFError, ConnectionResetError):
            worker.process.join(TICK_S)

    def _bury(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        self._next_sweep = 0.0  # its lease can be taken back at once
        self._listen(WorkerLost(worker.process.pid or 0))
        if not worker.ready:
            self._stillborn += 1
        if self._stillborn >= _STILLBORN_MAX:
            raise RunnerError(
                f"worker processes die while they start (exit code {worker.process.exitcode})",
                code="runner.workers_die",
                mend="Look for memory running out, or run with DITING_LOG_LEVEL=debug.",
            )

    def _end_workers(self) -> None:
        """First ask, then insist, then kill; whatever a killed worker held is taken back."""
        for worker in self._workers:
            try:
                worker.pipe.send("stop")
            except (BrokenPipeError, ConnectionResetError):
                continue
        self._await_end(self._settings.drain_seconds)
        for worker in self._workers:
            worker.process.terminate()
        self._await_end(RELEASE_S)
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()
        self._workers.clear()
        take_back_lost(self._sessions, self._clock, attempts_max=self._settings.max_attempts)

    def _await_end(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self._workers and time.monotonic() < deadline:
            wait([worker.process.sentinel for worker in self._workers], deadline - time.monotonic())
            for worker in [ended for ended in self._workers if not ended.process.is_alive()]:
                self._workers.remove(worker)
                worker.pipe.close()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM stop the runner, if it runs in the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.stop()

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
