"""The nightly round: a plan in the first night of a policy, deletions in the following ones."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.retention import orders, work
from pipeline.retention.erase import Way
from pipeline.retention.models import RetentionRunRow
from pipeline.retention.policy import Policy, load_policy
from store import audit
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.errors import ConflictError
from store.logging import get_logger
from store.settings import Settings, get_settings

ACTOR: Final = "retention"
# A round has other things to do as well: the rest of the night's work goes on in the next one.
SLICE_S: Final = 5.0
_BUSY: Final = timedelta(minutes=10)
PLAN_COUNTS_FOR: Final = timedelta(days=366)

_log = get_logger(__name__)


def retain(sessions: SessionFactory, clock: Clock) -> bool:
    """A slice of the night's work, if it is night and something is left; whether anything was done."""
    settings = get_settings()
    if settings.retention_nightly == "off":
        return False
    policy = load_policy(settings.retention_file)
    local = clock.now().astimezone(ZoneInfo(settings.timezone))
    if not policy.night.covers(local.hour):
        return False
    with transaction(sessions) as session:
        row = _tonight(session, clock, settings, policy, _night(local, policy))
    if row is None:
        return False
    _carry_on(sessions, clock, settings, policy, row)
    return True


def begin(
    session: Session, clock: Clock, policy: Policy, kind: str, by: str, night: str | None = None
) -> RetentionRunRow:
    """Put on record that a plan or a run begins."""
    row = RetentionRunRow(
        kind=kind,
        night=night,
        policy=policy.name,
        policy_sha256=policy.sha256,
        started_by=by,
        started_at=clock.now(),
        busy_until=None,
        cursor=0,
        ended_at=None,
        result=[],
    )
    session.add(row)
    session.flush()
    return row


def end(session: Session, clock: Clock, number: int, result: list[dict[str, object]]) -> None:
    """Put on record how a plan or a run ended."""
    row = session.get_one(RetentionRunRow, number, with_for_update=True)
    row.result, row.ended_at, row.busy_until = merged(row.result, result), clock.now(), None
    details = {"policy": row.policy, "result": row.result}
    action = "retention.planned" if row.kind == "plan" else "retention.ran"
    audit.append(
        session, clock, actor=row.started_by, action=action, subject=f"retention:{row.id}", details=details
    )


def need_plan(session: Session, clock: Clock, policy: Policy) -> None:
    """Make sure that somebody could see what this policy deletes before it does.

    Raises:
        ConflictError: `retention.no_plan`.
    """
    if not planned(session, clock, policy):
        raise ConflictError(
            f"the policy {policy.name} was never planned as it is now",
            code="retention.no_plan",
            mend="Look at `diting retention plan` first.",
        )


def planned(session: Session, clock: Clock, policy: Policy) -> bool:
    """Whether there is a plan by this very policy."""
    query = select(RetentionRunRow.id).where(
        RetentionRunRow.kind == "plan",
        RetentionRunRow.policy_sha256 == policy.sha256,
        RetentionRunRow.ended_at >= clock.now() - PLAN_COUNTS_FOR,
    )
    return session.scalar(query.limit(1)) is not None


def merged(one: list[dict[str, object]], other: list[dict[str, object]]) -> list[dict[str, object]]:
    """Two tables of counts as one."""
    sums: dict[tuple[str, str], dict[str, object]] = {}
    for line in [*one, *other]:
        key = (str(line["class"]), str(line["client"] or ""))
        before = sums.setdefault(
            key, {"class": line["class"], "client": line["client"], "goes": 0, "kept": {}}
        )
        before["goes"] = _number(before["goes"]) + _number(line["goes"])
        kept, more = before["kept"], line["kept"]
        if isinstance(kept, dict) and isinstance(more, dict):
            before["kept"] = {
                why: _number(kept.get(why, 0)) + _number(more.get(why, 0)) for why in sorted({*kept, *more})
            }
    return [sums[key] for key in sorted(sums)]


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _night(local: datetime, policy: Policy) -> str:
    """The day on which the night began."""
    begun_yesterday = local.hour < policy.night.from_hour
    return (local - timedelta(days=1 if begun_yesterday else 0)).date().isoformat()


def _tonight(
    session: Session, clock: Clock, settings: Settings, policy: Policy, night: str
) -> RetentionRunRow | None:
    """This night's row, kept from others for a while; None where it is done or somebody is at it."""
    row = session.scalar(select(RetentionRunRow).where(RetentionRunRow.night == night))
    if row is None:
        dry = settings.retention_nightly == "plan" or not planned(session, clock, policy)
        try:
            with session.begin_nested():
                row = begin(session, clock, policy, "plan" if dry else "run", ACTOR, night)
        except IntegrityError:  # another process was first
            return None
    now = clock.now()
    taken = session.execute(
        update(RetentionRunRow)
        .where(
            RetentionRunRow.id == row.id,
            RetentionRunRow.ended_at.is_(None),
            or_(RetentionRunRow.busy_until.is_(None), RetentionRunRow.busy_until <= now),
        )
        .values(busy_until=now + _BUSY)
        .returning(RetentionRunRow.id)
    ).scalar()
    return row if taken is not None else None


def _carry_on(
    sessions: SessionFactory, clock: Clock, settings: Settings, policy: Policy, row: RetentionRunRow
) -> None:
    if row.kind == "plan":
        with reading(sessions) as session:
            counts = work.plan(session, policy, clock.now())
        with transaction(sessions) as session:
            end(session, clock, row.id, counts.document())
        return
    recordings = settings.recording_store()
    carry_out_orders(sessions, clock, settings, policy)
    done = work.run(sessions, clock, recordings, Way(policy, ACTOR), work.Bound(SLICE_S), cursor=row.cursor)
    with transaction(sessions) as session:
        if done.whole:
            end(session, clock, row.id, done.counts.document())
            return
        mine = session.get_one(RetentionRunRow, row.id, with_for_update=True)
        mine.cursor, mine.busy_until = done.cursor, None
        mine.result = merged(mine.result, done.counts.document())


def carry_out_orders(sessions: SessionFactory, clock: Clock, settings: Settings, policy: Policy) -> int:
    """Do what persons ordered and nobody did yet; returns how many orders are left, because something must be
    kept meanwhile."""
    left = 0
    with reading(sessions) as session:
        waiting = orders.waiting_orders(session)
    for number in waiting:
        try:
            orders.carry_out(sessions, clock, settings.recording_store(), policy, number)
        except ConflictError as error:
            left += 1
            _log.warning("retention.order_left", order=number, error=str(error))
    return left
