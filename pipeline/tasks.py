"""Celery tasks: thin. They take ids, and the stage itself checks whether there is anything to do."""

import gc
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Final, ParamSpec, cast

from celery import signals
from celery.exceptions import Reject
from kombu.exceptions import OperationalError
from opentelemetry.trace import SpanKind
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ingest.intake import make_intake
from pipeline import service
from pipeline.backtest.jobs import testing
from pipeline.celery_app import QUEUE_OF_STAGE, app
from pipeline.draining import breakable, end_worker
from pipeline.intake import take_in
from pipeline.lanes import Lane, Order, rank
from pipeline.patience import is_passing, patiently, persevere
from pipeline.rounds import go_round
from pipeline.sourcing import ACTOR, TURN_S, names_at_work, take_turn
from pipeline.stages import run_stage
from pipeline.states import Stage, stage_of
from pipeline.sweeper import Receiver, send_due, take_back_lost
from pipeline.telling import telling
from pipeline.tools import Tools, open_tools
from pipeline.traced import carried
from pipeline.worker import StopWorkError
from store import migrate, tracing
from store.database import reading, transaction
from store.errors import ConflictError
from store.logging import bound, get_logger
from store.settings import get_settings

P = ParamSpec("P")

_OTHER_VERSION: Final = ("database.outdated", "database.newer")

_log = get_logger(__name__)


def _task(name: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A task of that name, which goes back to its queue when the worker is told to stop, or when the database
    has the tables of another version of Diting: then the worker ends."""

    def make(work: Callable[P, None]) -> Callable[P, None]:
        @wraps(work)
        def task(*args: P.args, **kwargs: P.kwargs) -> None:
            request = app.current_task.request if app.current_task else None
            under = tracing.given_parent(request)
            try:
                with (
                    breakable(),
                    bound(task_id=request.id if request else None),
                    tracing.span(f"task {name}", parent=under, kind=SpanKind.CONSUMER),
                ):
                    _outlasting(work, *args, **kwargs)
            except StopWorkError:
                raise Reject("the worker ends", requeue=True) from None
            except ConflictError as error:
                if error.code not in _OTHER_VERSION:
                    raise
                _log.error("worker.other_version", error=str(error))
                end_worker()
                raise Reject(error.code, requeue=True) from None

        return cast("Callable[P, None]", app.task(name=name)(task))

    return make


def _outlasting(work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Do the work. If the database goes away under it, wait until it is back, and have the task done again:
    tasks that simply failed would be lost, and the whole queue with them within seconds.

    Raises:
        Reject: the task goes back to its queue.
    """
    try:
        work(*args, **kwargs)
    except DBAPIError as error:
        if not is_passing(error):
            raise
        patiently(_tools().sessions, lambda session: session.execute(text("SELECT 1")))
        raise Reject("the database was away", requeue=True) from None


@cache
def _tools() -> Tools:
    return persevere(lambda: open_tools(get_settings()))


@signals.worker_init.connect  # type: ignore[untyped-decorator]
def load_before_fork(**_given: object) -> None:
    """Read the rules once for all processes of the pool, those too that take the place of killed ones: they
    cost seconds of processor time and most of the memory. What the processes share is never collected."""
    _tools().database.dispose()  # a connection does not survive a fork
    gc.collect()
    gc.freeze()


def _fitting_tools() -> Tools:
    """The tools for a task that is no stage of a call; a stage looks at the tables with its lease.

    Raises:
        ConflictError: `database.outdated`, `database.newer`.
    """
    tools = _tools()
    with reading(tools.sessions) as session:
        migrate.require_head(migrate.revision_seen(session))
    return tools


@cache
def _receiver() -> Receiver:
    tools = _tools()
    return Receiver(tools.sessions, tools.clock, Order.of(tools.settings))


@_task("folder.take_in")
def folder_take_in(folder: str) -> None:
    """Register every call in a folder of the worker's machine and send each on its way."""
    tools = _fitting_tools()
    for outcome in take_in(tools, Path(folder)):
        if outcome.call_id is not None and outcome.created:
            send_after_commit(tools, outcome.call_id, "transcribe")


@_task("call.transcribe")
def call_transcribe(call_id: int) -> None:
    """received → transcribed."""
    _advance(call_id, "transcribe")


@_task("call.hear")
def call_hear(call_id: int) -> None:
    """transcribed → heard."""
    _advance(call_id, "hear")


@_task("call.inspect")
def call_inspect(call_id: int) -> None:
    """heard → inspected."""
    _advance(call_id, "inspect")


@_task("call.assess")
def call_assess(call_id: int) -> None:
    """inspected → assessed or unjudged."""
    _advance(call_id, "assess")


@_task("work.sweep")
def work_sweep() -> None:
    """Put new calls on their way, take back lost leases, send what was never sent or lost; then go round."""
    tools = _fitting_tools()
    settings = tools.settings
    _receiver().receive()
    take_back_lost(tools.sessions, tools.clock, attempts_max=settings.max_attempts)
    order = Order.of(settings)
    send_due(tools.sessions, tools.clock, send, waiting, order, resend_after_s=settings.lease_seconds)
    go_round(tools.sessions, tools.clock)


@_task("sources.poll")
def sources_poll() -> None:
    """Give each source its turn, whichever worker comes to it."""
    settings = _tools().settings
    for name in names_at_work(settings):
        app.send_task("sources.turn", args=(name,), queue="ingest", expires=TURN_S, headers=tracing.headers())


@_task("sources.turn")
def sources_turn(name: str) -> None:
    """Fetch from one source what is due, and send it on its way."""
    tools = _fitting_tools()
    intake = make_intake(tools.settings, tools.sessions, tools.clock, ACTOR)
    turn = take_turn(name, intake, tools.settings, seconds=TURN_S, only_due=True)
    for call_id in turn.created:
        send_after_commit(tools, call_id, "transcribe")


@_task("rules.backtest")
def rules_backtest() -> None:
    """Do the back-tests that people ask for."""
    tools = _fitting_tools()
    go_round(tools.sessions, tools.clock, (testing(tools.settings),))


@_task("notices.deliver")
def notices_deliver() -> None:
    """Tell people what is to be told now."""
    tools = _fitting_tools()
    go_round(tools.sessions, tools.clock, (telling(tools.settings),))


def send(call_id: int, stage: Stage, lane: Lane) -> None:
    """Give the task of one stage to the broker, which hands out those of the first lane first.

    Raises:
        kombu.exceptions.OperationalError: the broker cannot be reached.
    """
    headers = carried(_tools().sessions, call_id) if tracing.is_on() else {}
    app.send_task(
        f"call.{stage}", args=(call_id,), queue=QUEUE_OF_STAGE[stage], headers=headers, priority=rank(lane)
    )


def waiting(stage: Stage, lane: Lane) -> int:
    """How many tasks of this lane wait in the broker's queue for this stage."""
    with app.connection_for_read() as connection, connection.channel() as channel:
        # Kombu's own count is of all lanes together; Redis has a list for each.
        return int(channel.client.llen(channel._q_for_pri(QUEUE_OF_STAGE[stage], rank(lane))))


def send_after_commit(tools: Tools, call_id: int, stage: Stage) -> None:
    """Send the next task of a committed state. What has to wait for another call, what begins a call of a
    back-fill, and what cannot be sent because the broker is away, the sweeper sends later."""
    with reading(tools.sessions) as session:
        lane = service.lane_if_due(session, tools.clock.now(), call_id, stage)
    if lane is None or (lane == "backfill" and stage == "transcribe"):
        return
    try:
        send(call_id, stage, lane)
    except OperationalError as error:
        _log.warning("task.not_sent", call_id=call_id, stage=stage, error=type(error).__name__)
        return
    with transaction(tools.sessions) as session:
        service.mark_sent(session, tools.clock, call_id, stage)


def _advance(call_id: int, stage: Stage) -> None:
    tools = _tools()
    ended = run_stage(tools, call_id, stage)
    following = stage_of(ended.state) if ended else None
    # A stage that is to be tried again waits for its time; the sweeper sends it then.
    if following == stage:
        return
    if ended is not None:
        _send_freed(tools, call_id, stage)
    if following is None:
        return
    if QUEUE_OF_STAGE[following] == QUEUE_OF_STAGE[stage]:
        # At the end of the same queue it would wait until every call before it was begun as well.
        _advance(call_id, following)
    else:
        send_after_commit(tools, call_id, following)


def _send_freed(tools: Tools, call_id: int, stage: Stage) -> None:
    """Send what waited for this call: a history of days would else move on by one day a sweep."""
    with reading(tools.sessions) as session:
        freed = service.freed_by(session, tools.clock.now(), call_id, stage)
    for other, waiting_for in freed:
        send_after_commit(tools, other, waiting_for)
