"""Spans of the stages. All that is done for one call hangs on the trace that it came with, whoever does
it in whichever kind of run."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.trace import Span
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.events import StageEnded
from pipeline.models import WorkRow
from pipeline.states import Stage, state_before
from store import tracing
from store.database import SessionFactory, reading


def trace_of_call(session: Session, call_id: int) -> str | None:
    """The trace context that the call came with."""
    return session.scalar(select(WorkRow.trace).where(WorkRow.call_id == call_id))


def carried(sessions: SessionFactory, call_id: int) -> dict[str, str]:
    """The headers of a task for this call: those of its trace, not of the sweep that sends it."""
    with reading(sessions) as session:
        given = trace_of_call(session, call_id)
    return tracing.headers(given) if given else {}


@contextmanager
def stage_span(sessions: SessionFactory, call_id: int, stage: Stage) -> Iterator[Span]:
    """A span around one stage: inside that of the task that asked for it, or else of the call's own trace."""
    parent = None
    if tracing.is_on() and tracing.traceparent() is None:
        with reading(sessions) as session:
            parent = trace_of_call(session, call_id)
    with tracing.span(f"stage {stage}", parent=parent, call_id=call_id, stage=stage) as running:
        yield running


def tell_end(running: Span, ended: StageEnded | None) -> None:
    """Say in the span how the stage ended."""
    if ended is None:
        tracing.failed(running, "work.lease_lost")
        return
    running.set_attribute("diting.state", ended.state)
    if ended.state in ("failed", state_before(ended.stage)):
        code = ended.reasons[0].partition(":")[0] if ended.reasons else "stage.given_back"
        tracing.failed(running, code)
