"""What goes round by itself beside the calls: looking after deadlines, groups of complaints, and tickets that
nobody can appeal against any more.

The embedded runner and `diting serve` go round in a thread of their own; the distributed run from the
sweeper's beat. Several may go round at once: each thing is done once, whoever comes first.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Final
from zoneinfo import ZoneInfo

from complaint_warnings.cases import adoption
from complaint_warnings.clocks import service, tick
from complaint_warnings.clocks.house import house_of
from complaint_warnings.learning import marking
from complaint_warnings.learning.groups import GroupPolicy
from complaint_warnings.scoring.weights import DEFAULT_WEIGHTS, load_weights
from pipeline.late_facts import judge_late_facts
from pipeline.retention.nightly import retain
from pipeline.reviewing import finalise_due
from pipeline.runs import service as runs
from pipeline.sampling import assign_tickets, draw_samples
from qc.figures import service as figures
from store import idempotency
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.errors import DitingError
from store.logging import get_logger
from store.settings import get_settings

Round = Callable[[SessionFactory, Clock], object]

CASES_AT_ONCE: Final = 200
_TRY_AGAIN: Final = timedelta(minutes=10)
_END_S: Final = 20.0

_log = get_logger(__name__)


def renew_deadlines(sessions: SessionFactory, _clock: Clock) -> int:
    """Reckon deadlines anew that were reckoned by another policy or calendar, of so many cases at once;
    returns how many that was. A case that cannot be reckoned is left as it was."""
    house = house_of(get_settings())
    with reading(sessions) as session:
        waiting = service.outdated(session, house, limit=CASES_AT_ONCE)
    for case_id in waiting:
        try:
            with transaction(sessions) as session:
                tick.renew(session, case_id)
        except DitingError as error:
            _log.error("deadline.not_renewed", case_id=case_id, code=error.code)
            with transaction(sessions) as session:
                service.leave(session, case_id, house)
    return len(waiting)


def tell_deadlines(sessions: SessionFactory, clock: Clock, *, limit: int = CASES_AT_ONCE) -> int:
    """Say of up to `limit` cases that deadlines are near or have passed; returns how many things were said.

    Each case is a transaction of its own. A case that cannot be told of is tried again later, so that the
    others do not wait for it.
    """
    now = clock.now()
    with reading(sessions) as session:
        waiting = tick.due_cases(session, now, limit=limit)
    count = 0
    for case_id in waiting:
        try:
            with transaction(sessions) as session:
                count += tick.tell(session, clock, case_id)
        except DitingError as error:
            _log.error("deadline.not_told", case_id=case_id, code=error.code)
            with transaction(sessions) as session:
                tick.put_off(session, case_id, now, _TRY_AGAIN)
    return count


def mark_groups(sessions: SessionFactory, clock: Clock) -> int:
    """Put groups of complaints on record with their debtors; returns how many complaints were marked. Each is
    a transaction of its own, and marking one again writes nothing."""
    with reading(sessions) as session:
        waiting = marking.unmarked(session, clock, GroupPolicy())
    if not waiting:
        return 0
    weights = load_weights(get_settings().weights_file or DEFAULT_WEIGHTS)
    count = 0
    for group, member in waiting:
        try:
            with transaction(sessions) as session:
                marking.mark(session, clock, group, member, weights=weights)
            count += 1
        except DitingError as error:
            _log.error("group.not_marked", complaint=member.number, code=error.code)
    return count


def adopt_warnings(sessions: SessionFactory, clock: Clock) -> int:
    """Open the cases of warnings stored before there were cases, so many at once; returns how many. Each is a
    transaction of its own. One that cannot be adopted is left as it is, for `diting ledger verify`."""
    with reading(sessions) as session:
        waiting = adoption.waiting(session, limit=CASES_AT_ONCE)
    count = 0
    for warning_id in waiting:
        try:
            with transaction(sessions) as session:
                count += adoption.adopt(session, clock, warning_id)
        except DitingError as error:
            _log.error("warning.not_adopted", warning_id=warning_id, code=error.code)
    return count


def merge_runs(sessions: SessionFactory, _clock: Clock) -> int:
    """Keep short what ended runs of stages left behind."""
    with transaction(sessions) as session:
        return runs.merge(session)


def recount_figures(sessions: SessionFactory, _clock: Clock) -> int:
    """Count the days again on which calls were judged; returns how many."""
    return figures.recount(sessions, ZoneInfo(get_settings().timezone))


ROUNDS: Final[tuple[Round, ...]] = (
    judge_late_facts,
    adopt_warnings,
    renew_deadlines,
    tell_deadlines,
    mark_groups,
    draw_samples,
    assign_tickets,
    merge_runs,
    recount_figures,
    finalise_due,
    retain,
    idempotency.prune,
)


def go_round(sessions: SessionFactory, clock: Clock, rounds: Sequence[Round] = ROUNDS) -> None:
    """Each round once. One that fails is tried again next time and does not keep the others from theirs."""
    for one in rounds:
        try:
            one(sessions, clock)
        except Exception:  # a round that stops for ever would be worse than one that fails again
            _log.warning("round.failed", round=getattr(one, "__name__", ""), exc_info=True)


class Rounds:
    """Goes round in a thread, at once and then every `every_s` seconds, as long as the context lasts."""

    def __init__(
        self, sessions: SessionFactory, clock: Clock, *, every_s: float, rounds: Sequence[Round] = ROUNDS
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._every_s = every_s
        self._rounds = rounds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="diting-rounds", daemon=True)

    def __enter__(self) -> "Rounds":
        """Start."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the round in hand and stop. What a round had not committed is done by the next one."""
        self._stopping.set()
        self._thread.join(_END_S)

    def _run(self) -> None:
        go_round(self._sessions, self._clock, self._rounds)
        while not self._stopping.wait(self._every_s):
            go_round(self._sessions, self._clock, self._rounds)
