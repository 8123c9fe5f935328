"""Back-tests that people ask for over HTTP: done in the background, one at a time for each process.

The embedded runner and `diting serve` look for them in a thread of their own, the distributed run by a task
in the queue `inspect`. Whoever begins one holds its lease; where the lease runs out, it is begun anew.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import and_, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError
from sqlalchemy.orm import Session

from ingest.models import CallRow
from pipeline.backtest.compare import CallChange, CallPair, Found, compare
from pipeline.backtest.models import BacktestRow
from pipeline.backtest.report import to_json
from pipeline.backtest.run import Plan, backtest, stored_work
from pipeline.backtest.sides import open_side, require_one_language
from pipeline.rounds import Round, Rounds
from qc.approval.lookup import in_force
from qc.approval.models import PackVersionRow
from store import audit
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.errors import ConflictError, DitingError
from store.logging import get_logger
from store.settings import Settings

EVERY_S: Final = 5.0
LEASE: Final = timedelta(minutes=10)  # a portion of fifty calls is judged well within it
MINUTES_PER_FINDING: Final = 2.0
_SHOWN: Final = 200  # calls that the report names
_OPEN: Final = ("waiting", "running")

_log = get_logger(__name__)


def ask(session: Session, clock: Clock, version: PackVersionRow, *, calls: int, by: str) -> BacktestRow:
    """Ask for a back-test of a version; one that is open already is answered with.

    Raises:
        ConflictError: `backtest.nothing_judges`, `backtest.same_version`.
    """
    live = in_force(session).get(version.pack)
    if live is None:
        raise ConflictError(
            f"no version of {version.pack} judges yet",
            code="backtest.nothing_judges",
            mend="Try the rules on sentences instead; there is nothing to compare with.",
        )
    if live.id == version.id:
        raise ConflictError(
            f"{version.name} judges already",
            code="backtest.same_version",
            mend="Ask for another version.",
        )
    row = BacktestRow(
        version_id=version.id, against_id=live.id, calls=calls, state="waiting", asked_by=by,
        asked_at=clock.now(), done=0,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except DatabaseIntegrityError:
        open_one = select(BacktestRow).where(
            BacktestRow.version_id == version.id, BacktestRow.state.in_(_OPEN)
        )
        return session.scalars(open_one).one()
    details = {"against": live.name, "calls": calls, "number": row.id}
    audit.append(
        session, clock, actor=by, action="backtest.asked", subject=f"pack:{version.name}", details=details
    )
    return row


def newest(session: Session, version_id: int) -> BacktestRow | None:
    """The back-test of a version that was asked for last."""
    query = select(BacktestRow).where(BacktestRow.version_id == version_id)
    return session.scalar(query.order_by(BacktestRow.id.desc()).limit(1))


def testing(settings: Settings) -> Round:
    """One round over all back-tests that wait."""

    def test(sessions: SessionFactory, clock: Clock) -> int:
        count = 0
        while do_next(settings, sessions, clock):
            count += 1
        return count

    return test


def testing_rounds(sessions: SessionFactory, clock: Clock, settings: Settings) -> Rounds:
    """Does back-tests, again and again, as long as the context lasts."""
    return Rounds(sessions, clock, every_s=min(EVERY_S, settings.sweep_seconds), rounds=(testing(settings),))


def do_next(settings: Settings, sessions: SessionFactory, clock: Clock) -> bool:
    """Do the back-test that has waited longest; False where none waits."""
    taken = _take(sessions, clock)
    if taken is None:
        return False
    try:
        report = _test(taken, settings, sessions, clock)
    except DitingError as error:
        _log.warning("backtest.failed", number=taken.number, code=error.code)
        _end(taken, sessions, clock, state="failed", code=error.code, message=error.message)
    except DBAPIError:
        raise  # the database went away: it is begun anew when the lease runs out
    except Exception as error:  # it would fail again and again
        _log.warning("backtest.failed", number=taken.number, exc_info=True)
        _end(taken, sessions, clock, state="failed", code="backtest.failed", message=type(error).__name__)
    else:
        if report is not None:
            _end(taken, sessions, clock, state="done", report=report)
    return True


@dataclass(frozen=True, slots=True)
class _Taken:
    """A back-test in hand; `old` and `new` are the hashes of its versions."""

    number: int
    token: str
    calls: int
    old: str
    new: str


def _take(sessions: SessionFactory, clock: Clock) -> _Taken | None:
    now, token = clock.now(), uuid.uuid4().hex
    free = or_(
        BacktestRow.state == "waiting",
        and_(BacktestRow.state == "running", BacktestRow.lease_until <= now),
    )
    with transaction(sessions) as session:
        number = session.scalar(select(BacktestRow.id).where(free).order_by(BacktestRow.id).limit(1))
        if number is None:
            return None
        values = {"state": "running", "lease_token": token, "lease_until": now + LEASE, "done": 0}
        if not _changed(session, and_(BacktestRow.id == number, free), values):
            return None  # somebody else was faster
        row = session.get_one(BacktestRow, number)
        old, new = (session.get_one(PackVersionRow, each) for each in (row.against_id, row.version_id))
        return _Taken(number, token, row.calls, old.content_hash, new.content_hash)


def _test(taken: _Taken, settings: Settings, sessions: SessionFactory, clock: Clock) -> dict[str, Any] | None:
    """The report; None when the lease was lost meanwhile."""
    with TemporaryDirectory(prefix="diting-packs-") as folder:
        with reading(sessions) as session:
            old, new = (
                open_side(content, settings, session, _inside(folder, name))
                for name, content in (("old", taken.old), ("new", taken.new))
            )
            require_one_language(old, new)
            work = stored_work(session, since=None, limit=taken.calls)
        total, looked_at = sum(map(len, work)), 0
        pairs: list[CallPair] = []
        if not _note(taken, sessions, clock, total=total, done=0):
            return None
        for count, found in backtest(Plan(settings, old, new), work):
            looked_at += count
            pairs += found
            if not _note(taken, sessions, clock, total=total, done=looked_at):
                return None
    comparison = compare(pairs)
    told = to_json(old, new, comparison, looked_at=looked_at, minutes=MINUTES_PER_FINDING, mask=str)
    with reading(sessions) as session:
        changed = _by_number(session, comparison.changed[:_SHOWN])
    return {**told, "changed_calls": len(comparison.changed), "changed": changed}


def _inside(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path


def _by_number(session: Session, changes: Sequence[CallChange]) -> list[dict[str, Any]]:
    """What changes in calls, by their numbers and without a word of them: who may see a call looks there."""
    numbers = {}
    for change in changes:
        source, _, external = change.call.partition("/")
        query = select(CallRow.id).where(CallRow.source == source, CallRow.external_id == external)
        numbers[change.call] = session.scalar(query)
    return [
        {
            "call_id": numbers[change.call],
            "gained": _rules(change.gained),
            "lost": _rules(change.lost),
            "turned": _rules(change.turned),
            "ticket": list(change.ticket),
            "level": list(change.level),
        }
        for change in changes
        if numbers[change.call] is not None
    ]


def _rules(found: Sequence[Found]) -> list[str]:
    return [each.rule for each in found]


def _note(taken: _Taken, sessions: SessionFactory, clock: Clock, *, total: int, done: int) -> bool:
    """Say how far it has come and keep the lease; False when it is somebody else's now."""
    values = {"total": total, "done": done, "lease_until": clock.now() + LEASE}
    with transaction(sessions) as session:
        return _changed(session, _ours(taken), values)


def _end(
    taken: _Taken,
    sessions: SessionFactory,
    clock: Clock,
    *,
    state: str,
    report: dict[str, Any] | None = None,
    code: str | None = None,
    message: str | None = None,
) -> None:
    values = {
        "state": state, "report": report, "code": code, "message": message, "ended_at": clock.now(),
        "lease_token": None, "lease_until": None,
    }  # fmt: skip
    with transaction(sessions) as session:
        _changed(session, _ours(taken), values)


def _ours(taken: _Taken) -> Any:
    return and_(BacktestRow.id == taken.number, BacktestRow.lease_token == taken.token)


def _changed(session: Session, condition: Any, values: dict[str, Any]) -> bool:
    result = session.execute(
        update(BacktestRow).where(condition).values(**values),
        execution_options={"synchronize_session": False},
    )
    return isinstance(result, CursorResult) and result.rowcount == 1
