"""One worker process of the embedded runner: takes due work from the database until it is told to stop."""

import os
import signal
import threading
from collections.abc import Callable
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from types import FrameType

from sqlalchemy.exc import OperationalError

from pipeline import service
from pipeline.events import Event, WorkerBroken, WorkerReady
from pipeline.lanes import Order
from pipeline.stages import run_stage
from pipeline.tools import Tools
from store.database import reading
from store.errors import DitingError
from store.logging import configure_logging
from store.settings import Settings
from store.tracing import configure_tracing

OpenTools = Callable[[Settings], Tools]

IDLE_S = 0.5
_ORPHANED_EXIT = 70


class StopWorkError(BaseException):
    """Raised in the worker by SIGTERM, whatever it is doing. Not an Exception: no stage may take it for
    a failure of its own."""


def work(settings: Settings, runner: Connection, open_tools: OpenTools) -> None:
    """Body of a worker process. `runner` carries events to the runner, and any message from it (or its
    end) means: stop after the stage in hand. SIGTERM means: stop now and give the lease back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the runner decides
    signal.signal(signal.SIGTERM, _raise_stop)
    # A new process logs as the library likes: with local variables, which hold personal data and secrets.
    configure_logging(settings.log_level, json=settings.environment == "production")
    configure_tracing(settings.tracing, "diting-worker")
    threading.Thread(target=_die_with_parent, daemon=True).start()
    try:
        tools = open_tools(settings)
        try:
            _tell(runner, WorkerReady(os.getpid()))
            while not runner.poll():
                if not _work_once(tools, runner):
                    runner.poll(IDLE_S)
        finally:
            tools.close()
    except DitingError as error:  # the rules, the weights or the speech engine are unusable
        _tell(runner, WorkerBroken(error.code, error.message, error.where, error.mend))
    except StopWorkError:
        return


def _work_once(tools: Tools, runner: Connection) -> bool:
    """Do the first due stage that nobody else takes. Returns False when there is nothing to do."""
    try:
        with reading(tools.sessions) as session:
            now = tools.clock.now()
            begin_backfill = Order.of(tools.settings).begins_backfill(now)
            due = service.due(session, now, begin_backfill=begin_backfill)
    except OperationalError:  # the database is away; the runner decides how long that may last
        return False
    for call_id, stage in due:
        if run_stage(tools, call_id, stage, listen=lambda event: _tell(runner, event)) is not None:
            return True
    return False


def _tell(runner: Connection, event: Event) -> None:
    try:
        runner.send(event)
    except (BrokenPipeError, ConnectionResetError):
        os._exit(_ORPHANED_EXIT)


def _raise_stop(_signal: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough; the way out must not be interrupted
    raise StopWorkError


def _die_with_parent() -> None:
    """End at once when the runner was killed. Whatever is in hand was not committed, and the next runner
    takes the lease back; going on would only compete with it for the processor."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(_ORPHANED_EXIT)
