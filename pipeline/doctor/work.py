"""How the work comes along: what waits, how long, and what gave up."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from pipeline.doctor.types import Finding
from pipeline.leases import is_due
from pipeline.models import WorkRow
from pipeline.states import OPEN_STATES
from store.clock import Clock
from store.database import open_sessions, reading
from store.settings import Settings

_LONG_WAIT: Final = timedelta(hours=4)
_SWEEPS_MISSED: Final = 10


def work(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Calls that wait, calls that gave up, and whether anybody sends the waiting ones to the workers."""
    now = clock.now()
    with open_sessions(settings.database_url) as sessions, reading(sessions) as session:
        yield _waiting(session, now)
        yield from _failed(session)
        if settings.execution == "distributed":
            yield _sweeper(session, now, settings.sweep_seconds)


def _waiting(session: Session, now: datetime) -> Finding:
    count, oldest = session.execute(
        select(func.count(), func.min(CallRow.registered_at))
        .join(WorkRow, WorkRow.call_id == CallRow.id)
        .where(WorkRow.state.in_(OPEN_STATES), WorkRow.lease_owner.is_(None))
    ).one()
    if not count:
        return Finding("queue", "ok", "没有等待的通话", "no call waits")
    waited = now - oldest
    minutes = int(waited.total_seconds() // 60)
    late = waited > _LONG_WAIT
    return Finding(
        "queue",
        "warning" if late else "ok",
        f"{count} 通等待处理，最久 {minutes} 分钟",
        f"{count} calls wait, the oldest for {minutes} minutes",
        "确认 diting worker 在运行；仍积压时增加进程或机器。" if late else "",
        "See that diting worker runs; where it does, add processes or machines." if late else "",
    )


def _failed(session: Session) -> Iterator[Finding]:
    query = select(WorkRow.error_code, func.count()).where(WorkRow.state == "failed")
    counts = {code or "—": count for code, count in session.execute(query.group_by(WorkRow.error_code))}
    if counts:
        told = ", ".join(f"{code} × {count}" for code, count in sorted(counts.items()))
        yield Finding(
            "failed",
            "warning",
            f"处理失败的通话：{told}",
            f"calls that gave up: {told}",
            "排除原因后运行 diting retry（docs/errors.md 说明各代码）。",
            "Mend the cause, then run diting retry (docs/errors.md explains the codes).",
        )


def _sweeper(session: Session, now: datetime, sweep_s: float) -> Finding:
    """Whether anybody sends due work: what was never sent is found by each sweep."""
    long_ago = now - timedelta(seconds=_SWEEPS_MISSED * sweep_s)
    left = session.scalars(
        select(func.count()).where(
            WorkRow.state.in_(OPEN_STATES),
            is_due(now),
            WorkRow.sent_at.is_(None),
            WorkRow.updated_at < long_ago,
        )
    ).one()
    return Finding(
        "beat",
        "wrong" if left else "ok",
        f"{left} 通早该派发而未派发" if left else "到期的任务都已派发",
        f"{left} calls were due long ago and never sent" if left else "all due work was sent",
        "启动定时器：diting worker --beat，或 celery -A pipeline.celery_app beat。" if left else "",
        "Start the beat: diting worker --beat, or celery -A pipeline.celery_app beat." if left else "",
    )
