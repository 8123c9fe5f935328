"""`diting worker`: works on calls until it is stopped."""

import os
from typing import Annotated

import typer

from api.cli.console import err
from api.cli.database import prepare_database
from api.cli.standing import tell_notices
from complaint_warnings.clocks.house import house_of
from complaint_warnings.notices.policy import policy_of
from pipeline.celery_app import QUEUE_OF_STAGE, QUEUES
from pipeline.celery_app import app as celery
from pipeline.runner import EmbeddedRunner
from pipeline.sweeper import take_back_lost
from store.clock import SystemClock
from store.database import open_sessions
from store.errors import BadInputError
from store.logging import configure_logging
from store.settings import Settings
from transcription.engines.survey import require_usable

_LISTENING = QUEUE_OF_STAGE["transcribe"]


def worker(
    workers: Annotated[int | None, typer.Option(min=1, help="processes; default DITING_WORKERS")] = None,
    queue: Annotated[
        list[str] | None, typer.Option(help="distributed only: queues to serve; default all; repeatable")
    ] = None,
    beat: Annotated[
        bool, typer.Option("--beat", help="distributed only: also send the sweeper its beat")
    ] = False,
    until_done: Annotated[
        bool, typer.Option("--until-done", help="embedded only: end when no call is open")
    ] = False,
) -> None:
    """Work on calls until stopped (Ctrl-C ends it cleanly). 启动处理进程。

    Embedded or distributed as DITING_EXECUTION says.
    """
    settings = Settings()
    _require_fitting(settings, distributed_only=bool(queue) or beat, embedded_only=until_done)
    if settings.execution == "embedded" or _LISTENING in (queue or QUEUES):
        require_usable(settings)
    house_of(settings)  # a wrong policy or calendar is refused now, not when the first case needs it
    policy_of(settings)
    prepare_database(settings)
    tell_notices(settings, judges=True)
    configure_logging(settings.log_level, json=settings.environment == "production")
    count = workers or settings.workers
    if settings.execution == "distributed":
        settings.data_dir.mkdir(parents=True, exist_ok=True)  # the beat keeps its schedule there
        try:
            celery.worker_main(celery_arguments(count, queue or list(QUEUES), beat))
        finally:
            _leave(settings)
        return
    err.print(f"{count} worker processes on {settings.data_dir}  (Ctrl-C ends them)", markup=False)
    runner = EmbeddedRunner(settings, workers=count)
    if until_done:
        runner.run_until_done()
    else:
        runner.run()


def _leave(settings: Settings) -> None:
    """Take back what a process that had to be killed still held, and say why a worker of another version
    ended.

    Raises:
        ConflictError: `database.outdated`, `database.newer`.
    """
    with open_sessions(settings.database_url) as sessions:
        take_back_lost(sessions, SystemClock(), attempts_max=settings.max_attempts)
    prepare_database(settings)


def _require_fitting(settings: Settings, *, distributed_only: bool, embedded_only: bool) -> None:
    """Refuses options that would do nothing in this installation.

    Raises:
        BadInputError: `worker.wrong_execution`.
    """
    if settings.execution == "embedded" and distributed_only:
        named, wanted = "--queue and --beat are", "distributed"
    elif settings.execution == "distributed" and embedded_only:
        named, wanted = "--until-done is", "embedded"
    else:
        return
    raise BadInputError(
        f"{named} for {wanted} installations only",
        code="worker.wrong_execution",
        mend=f"Leave it out, or set DITING_EXECUTION={wanted}.",
    )


def celery_arguments(count: int, queues: list[str], beat: bool) -> list[str]:
    """The arguments of the Celery worker.

    Raises:
        BadInputError: `worker.unknown_queue`.
    """
    for name in queues:
        if name not in QUEUES:
            raise BadInputError(
                f"there is no queue {name!r}",
                code="worker.unknown_queue",
                where="--queue",
                mend=f"Use one of {', '.join(QUEUES)}.",
            )
    return [
        "worker",
        f"--concurrency={count}",
        f"--queues={','.join(queues)}",
        "--loglevel=WARNING",
        # Each worker would be told of each other one, several times a minute: what for, the database knows.
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
        f"--hostname=diting-{os.getpid()}@%h",  # several on one machine must not bear one name
        *(["--beat"] if beat else []),
    ]
