"""How the work stands, for Prometheus: read from the database, so that one scrape tells it of all workers.

Gauges are the state at the moment of the scrape, counters what ended runs left behind; a rate over time is
Prometheus' own work.
"""

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.clocks.models import DeadlineRow
from complaint_warnings.models import WarningRow
from complaint_warnings.notices.models import NoticeRow
from ingest.models import CallRow, RefusalRow
from ingest.sources import overview
from pipeline.lanes import LANES, rank
from pipeline.models import WorkRow
from pipeline.runs.metrics import run_metrics
from pipeline.runs.service import totals
from pipeline.states import OPEN_STATES, STATES, as_state, stage_of
from qc.models import TicketRow
from store.clock import Clock
from store.database import SessionFactory, reading

_Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
_LEVELS: Final = ("low", "medium", "high")
_UNKNOWN: Final = "unknown"
KEPT_FOR: Final = timedelta(seconds=5)


class Scraper:
    """Gives out the metrics to whoever asks. What was read stands for a few seconds: however many ask, the
    database is asked by one at a time, and not again at once."""

    def __init__(self, sessions: SessionFactory, clock: Clock, data_dir: Path) -> None:
        self._sessions, self._clock, self._data_dir = sessions, clock, data_dir
        self._lock = threading.Lock()
        self._read_at: datetime | None = None
        self._text = b""

    def text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        with self._lock:
            now = self._clock.now()
            if self._read_at is None or not timedelta() <= now - self._read_at < KEPT_FOR:
                with reading(self._sessions) as session:
                    self._text = scrape(session, now, self._data_dir)
                self._read_at = now
            return self._text


def scrape(session: Session, now: datetime, data_dir: Path) -> bytes:
    """All metrics in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Read(list(metrics(session, now, data_dir))))
    return generate_latest(registry)


class _Read(Collector):
    """Metrics that were read already."""

    def __init__(self, read: Sequence[Metric]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        """Give them."""
        return self._read


def metrics(session: Session, now: datetime, data_dir: Path) -> Iterator[Metric]:
    """Every metric, the one to watch first: how long the oldest waiting call has waited."""
    yield from _waiting(session, now)
    yield _counted(session, "calls", "Calls by state", WorkRow.state, known=STATES)
    yield _leased(session)
    yield _counted(
        session,
        "failed_calls",
        "Calls that gave up",
        WorkRow.error_code,
        WorkRow.state == "failed",
        label="code",
    )
    yield _counted(
        session,
        "refusals",
        "Offered files that could not be taken",
        RefusalRow.code,
        RefusalRow.resolved_at.is_(None),
        label="code",
    )
    yield _counted(
        session, "open_tickets", "Quality-control tickets that wait", TicketRow.priority,
        TicketRow.state == "open", label="priority",
    )  # fmt: skip
    yield _counted(session, "warnings", "Warnings in force", WarningRow.level, label="level", known=_LEVELS)
    yield _counted(
        session, "open_cases", "Cases that are not closed", CaseRow.level, CaseRow.closed_at.is_(None),
        label="level", known=_LEVELS,
    )  # fmt: skip
    yield _overdue(session)
    yield _counted(
        session, "notices", "Notices by state", NoticeRow.state, known=("waiting", "sent", "gathered", "dead")
    )
    yield _fetched(session)
    yield from run_metrics(totals(session))
    yield _gauge("disk_free_bytes", "Room left under the data folder", shutil.disk_usage(data_dir).free)


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"diting_{name}", said, value=value)


def _waiting(session: Session, now: datetime) -> Iterator[Metric]:
    """How long ago the oldest call waiting for each stage was taken in, lane by lane: a retry makes it no
    younger."""
    query = (
        select(WorkRow.state, WorkRow.lane, func.min(CallRow.registered_at))
        .join(CallRow, CallRow.id == WorkRow.call_id)
        .where(WorkRow.state.in_(OPEN_STATES), WorkRow.lease_owner.is_(None))
        .group_by(WorkRow.state, WorkRow.lane)
    )
    oldest = {(as_state(state), lane): since for state, lane, since in session.execute(query)}
    metric = GaugeMetricFamily(
        "diting_oldest_waiting_call_seconds",
        "How long ago the oldest waiting call was taken in",
        labels=["stage", "lane"],
    )
    for state, lane in product(OPEN_STATES, LANES):
        since = oldest.get((state, rank(lane)), now)
        metric.add_metric([str(stage_of(state)), lane], max((now - since).total_seconds(), 0.0))
    yield metric


def _leased(session: Session) -> Metric:
    count = session.scalars(select(func.count()).where(WorkRow.lease_owner.is_not(None))).one()
    return _gauge("calls_in_hand", "Calls that a worker has in hand", count)


def _overdue(session: Session) -> Metric:
    running = (DeadlineRow.met_at.is_(None), DeadlineRow.ended_at.is_(None))
    broken = case((DeadlineRow.breached_at.is_not(None), 1), else_=0)
    count, breached = session.execute(select(func.count(), func.sum(broken)).where(*running)).one()
    metric = GaugeMetricFamily(
        "diting_deadlines", "Deadlines that run, by whether they passed", labels=["state"]
    )
    metric.add_metric(["running"], count - (breached or 0))
    metric.add_metric(["breached"], breached or 0)
    return metric


def _fetched(session: Session) -> Metric:
    """What the sources hold, by what became of it: the dead are those that were given up."""
    metric = GaugeMetricFamily("diting_source_items", "Recordings in the sources", labels=["source", "state"])
    for source, counts in sorted(overview.counts(session).items()):
        for state in overview.STATES:
            metric.add_metric([source, state], counts.get(state, 0))
    return metric


def _counted(
    session: Session,
    name: str,
    said: str,
    column: _Column,
    *conditions: ColumnElement[bool],
    label: str = "state",
    known: Sequence[str] = (),
) -> Metric:
    """Rows by the value of a column; `known` values are told even where there are none."""
    query = select(column, func.count()).where(*conditions).group_by(column)
    counts: dict[str, int] = dict.fromkeys(known, 0)
    for value, count in session.execute(query):
        counts[value or _UNKNOWN] = count
    metric = GaugeMetricFamily(f"diting_{name}", said, labels=[label])
    for value in sorted(counts):
        metric.add_metric([value], counts[value])
    return metric
