"""How a worker of the distributed run ends: on SIGTERM it takes nothing new and finishes what it has in hand;
what takes longer than `drain_seconds` is given back to the others.

Celery ends a worker program in good order but waits for its tasks for ever; this sets the limit. It also
looks after the beat that runs beside the tasks, which Celery starts once and leaves alone.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, TypeVar, cast

from celery import platforms, signals
from celery.beat import EmbeddedService
from celery.utils.dispatch import Signal
from celery.worker import WorkController

from pipeline.worker import StopWorkError
from store.logging import get_logger
from store.settings import get_settings

# From being told to give the work back until the process is killed, as in the embedded run.
RELEASE_S: Final = 15.0
_ASKED_TIMES: Final = 5
_BEAT_LOOKED_AFTER_S: Final = 5.0

Receiver = TypeVar("Receiver", bound=Callable[..., None])

_log = get_logger(__name__)


@contextmanager
def breakable() -> Iterator[None]:
    """What happens inside may be broken off by SIGTERM, which raises StopWorkError there."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _break_off)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _break_off(_signal: int, _frame: FrameType | None) -> None:
    raise StopWorkError


def end_worker() -> None:
    """From a process with tasks: have its whole worker program end in good order."""
    os.kill(os.getppid(), signal.SIGTERM)


def _on(event: Signal) -> Callable[[Receiver], Receiver]:
    """Celery's own decorator, with types."""
    return cast("Callable[[Receiver], Receiver]", event.connect)


@_on(signals.worker_init)
def _set_limit(sender: WorkController, **_given: object) -> None:
    """Once the worker program is told to end, its processes have so long."""

    def limit(**_shutdown: object) -> None:
        threading.Thread(target=_hurry, args=(sender,), daemon=True, name="diting-drain").start()

    signals.worker_shutting_down.connect(limit, weak=False)


def _hurry(worker: WorkController) -> None:
    time.sleep(get_settings().drain_seconds)
    # Python loses an exception that falls into the clearing away of an object, so once may not be enough.
    for _ in range(_ASKED_TIMES):
        _signal_all(worker, signal.SIGTERM)
        time.sleep(RELEASE_S / _ASKED_TIMES)
    _signal_all(worker, signal.SIGKILL)


def _signal_all(worker: WorkController, number: signal.Signals) -> None:
    processes = list(getattr(worker.pool, "_pool", None)._pool)  # type: ignore[union-attr]
    if processes:
        _log.warning("worker.hurried", signal=number.name, processes=len(processes))
    for process in processes:
        try:
            os.kill(process.pid, number)
        except ProcessLookupError:
            continue


@_on(signals.beat_embedded_init)
def _end_with_worker(**_given: object) -> None:
    """A beat that outlived its worker would keep the schedule locked for the next one."""
    platforms.set_pdeathsig("SIGKILL")


@_on(signals.worker_ready)
def _look_after_beat(sender: Any, **_given: object) -> None:
    worker: WorkController = sender.controller
    if worker.beat is not None:
        worker.timer.call_repeatedly(_BEAT_LOOKED_AFTER_S, revive_beat, (worker,))


def revive_beat(worker: WorkController) -> None:
    """Start the beat again if its process has ended: without it nobody finds what was lost."""
    if worker.beat.is_alive():
        return
    _log.error("beat.ended", exit_code=worker.beat.exitcode)
    worker.beat = EmbeddedService(worker.app, schedule_filename=worker.schedule_filename)
    worker.beat.start()
