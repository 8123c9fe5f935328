"""Coaching tasks on record. No verb commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from qc.coaching.models import CoachingTaskRow
from qc.models import TicketRow
from qc.sampling.plan import Filters, Size
from qc.sampling.population import population, within
from qc.sampling.reviewed import FINAL
from qc.sampling.service import Wanted, draw_and_keep
from qc.taxonomy import CATEGORIES
from store import audit
from store.clock import Clock
from store.errors import BadInputError, ConflictError, NotFoundError

LONGEST: Final = 4000
MOST_CALLS: Final = 200
MOST_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Task:
    """A task to be set: from a final ticket, or for a collector by name."""

    category: str
    goal: str
    due_on: date
    ticket_id: int | None = None
    source: str | None = None
    collector: str | None = None
    coach: str | None = None
    follow_up: int = 5
    window_days: int = 14


def set_task(session: Session, clock: Clock, task: Task, *, zone: ZoneInfo, by: str) -> CoachingTaskRow:
    """Set a task.

    Raises:
        BadInputError: `coaching.invalid`.
        NotFoundError: `ticket.unknown`, `coaching.collector_unknown`.
        ConflictError: `coaching.not_final`.
    """
    _check(task, clock.now().astimezone(zone).date())
    call = _call(session, task)
    row = CoachingTaskRow(
        ticket_id=task.ticket_id,
        source=call.source,
        collector=call.agent_id or "",
        team=call.agent_team,
        category=task.category,
        goal=task.goal.strip(),
        due_on=task.due_on,
        coach=task.coach,
        follow_up=task.follow_up,
        window_days=task.window_days,
        state="open",
        created_by=by,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    details = {
        "collector": row.collector, "category": row.category, "due_on": row.due_on.isoformat(),
        "ticket": row.ticket_id,
    }  # fmt: skip
    _audit(session, clock, by, "coaching.set", row, details)
    return row


def _check(task: Task, today: date) -> None:
    wrong = None
    if task.category not in CATEGORIES or CATEGORIES[task.category].kind != "violation":
        wrong = ("category", f"{task.category} is no category of violations")
    elif not task.goal.strip() or len(task.goal) > LONGEST:
        wrong = ("goal", f"the goal is empty or longer than {LONGEST} characters")
    elif task.due_on < today:
        wrong = ("due_on", "the day is over")
    elif not 0 <= task.follow_up <= MOST_CALLS:
        wrong = ("follow_up", f"0 to {MOST_CALLS} calls can be drawn")
    elif not 1 <= task.window_days <= MOST_DAYS:
        wrong = ("window_days", f"1 to {MOST_DAYS} days")
    elif task.ticket_id is None and task.collector is None:
        wrong = ("collector", "give a ticket or a collector")
    if wrong is not None:
        raise BadInputError(
            wrong[1], code="coaching.invalid", where=wrong[0], mend="docs/sampling.md says more."
        )


def _call(session: Session, task: Task) -> CallRow:
    """The ticket's call, or the newest one of the collector: it says who they are and in which team."""
    if task.ticket_id is not None:
        ticket = session.get(TicketRow, task.ticket_id)
        if ticket is None:
            raise NotFoundError(f"there is no ticket {task.ticket_id}", code="ticket.unknown")
        if ticket.state != FINAL:
            raise ConflictError(
                f"the ticket {ticket.id} is {ticket.state}, not final",
                code="coaching.not_final",
                mend="Coach from what stands: finish the review first.",
            )
        call = session.get_one(CallRow, ticket.call_id)
    else:
        query = select(CallRow).where(CallRow.agent_id == task.collector)
        if task.source is not None:
            query = query.where(CallRow.source == task.source)
        found = session.scalar(query.order_by(CallRow.id.desc()).limit(1))
        if found is None:
            raise NotFoundError(
                f"there is no call of the collector {task.collector}",
                code="coaching.collector_unknown",
                mend="Give the id that the calls have.",
            )
        call = found
    if call.agent_id is None:
        raise NotFoundError(
            "nobody knows who the collector of this call is",
            code="coaching.collector_unknown",
            mend="Send the collector's id with the call.",
        )
    return call


def find_task(session: Session, task_id: int, *, lock: bool = False) -> CoachingTaskRow:
    """One task.

    Raises:
        NotFoundError: `coaching.unknown`.
    """
    row = session.get(CoachingTaskRow, task_id, with_for_update=lock)
    if row is None:
        raise NotFoundError(
            f"there is no coaching task {task_id}",
            code="coaching.unknown",
            mend="`diting coaching list` has them.",
        )
    return row


def list_tasks(
    session: Session,
    *,
    collector: str | None = None,
    team: str | None = None,
    state: str | None = None,
    overdue_on: date | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[CoachingTaskRow]:
    """Tasks, the newest first; `overdue_on`: only open ones that were due before that day."""
    query = select(CoachingTaskRow)
    for column, value in (
        (CoachingTaskRow.collector, collector),
        (CoachingTaskRow.team, team),
        (CoachingTaskRow.state, state),
    ):
        if value is not None:
            query = query.where(column == value)
    if overdue_on is not None:
        query = query.where(CoachingTaskRow.state == "open", CoachingTaskRow.due_on < overdue_on)
    if before is not None:
        query = query.where(CoachingTaskRow.id < before)
    return list(session.scalars(query.order_by(CoachingTaskRow.id.desc()).limit(limit)))


def finish(session: Session, clock: Clock, task_id: int, *, evidence: str, by: str) -> CoachingTaskRow:
    """Say that a task was done, and how that can be seen. Saying it again changes nothing.

    Raises:
        NotFoundError: `coaching.unknown`.
        BadInputError: `coaching.evidence`.
        ConflictError: `coaching.ended`, it was cancelled; `coaching.own`, by the collector themselves.
    """
    return _end(session, clock, task_id, "done", evidence, by)


def cancel(session: Session, clock: Clock, task_id: int, *, reason: str, by: str) -> CoachingTaskRow:
    """Call a task off, with the reason.

    Raises:
        NotFoundError: `coaching.unknown`.
        BadInputError: `coaching.evidence`.
        ConflictError: `coaching.ended`, `coaching.own`.
    """
    return _end(session, clock, task_id, "cancelled", reason, by)


def _end(session: Session, clock: Clock, task_id: int, state: str, evidence: str, by: str) -> CoachingTaskRow:
    row = find_task(session, task_id, lock=True)
    if row.state == state:
        return row
    if row.state != "open":
        raise ConflictError(
            f"the task {task_id} is {row.state} already", code="coaching.ended", mend="Set a new one."
        )
    if by == row.collector:
        raise ConflictError(
            "a collector does not say of themselves that they were coached",
            code="coaching.own",
            mend="The coach or a supervisor says it.",
        )
    if not evidence.strip() or len(evidence) > LONGEST:
        raise BadInputError(
            f"say how it can be seen, in at most {LONGEST} characters",
            code="coaching.evidence",
            mend="Write it down.",
        )
    row.state, row.evidence = state, evidence.strip()
    row.ended_by, row.ended_at = by, clock.now()
    session.flush()
    _audit(session, clock, by, f"coaching.{state}", row, {"collector": row.collector})
    return row


def of_collector(row: CoachingTaskRow, start: datetime, end: datetime) -> ColumnElement[bool]:
    """Condition: calls of the task's collector in a stretch of time."""
    return and_(CallRow.source == row.source, CallRow.agent_id == row.collector, within(start, end))


def due_follow_ups(session: Session, now: datetime) -> list[int]:
    """Done tasks whose window is over and whose calls were not drawn yet."""
    query = select(CoachingTaskRow).where(
        CoachingTaskRow.state == "done", CoachingTaskRow.draw_id.is_(None), CoachingTaskRow.follow_up > 0
    )
    return [row.id for row in session.scalars(query.order_by(CoachingTaskRow.id)) if window(row)[1] <= now]


def window(row: CoachingTaskRow) -> tuple[datetime, datetime]:
    """From when the task was done to the end of the window in which follow-up calls are drawn."""
    start = row.ended_at or row.created_at
    return start, start + timedelta(days=row.window_days)


def draw_follow_up(session: Session, clock: Clock, task_id: int, *, zone: ZoneInfo, by: str) -> int | None:
    """Draw the follow-up calls of a done task at random from all that the collector made in the window,
    once; the draw.

    Raises:
        NotFoundError: `coaching.unknown`.
        ConflictError: `coaching.too_early`.
    """
    row = find_task(session, task_id, lock=True)
    if row.draw_id is not None or row.follow_up == 0:
        return row.draw_id
    start, end = window(row)
    if row.state != "done" or end > clock.now():
        raise ConflictError(
            f"the window of task {task_id} is not over",
            code="coaching.too_early",
            mend="Every call of the window must have the same chance.",
        )
    found = population(session, of_collector(row, start, end), zone)
    wanted = Wanted(
        name=f"coaching-{row.id}",
        part="follow_up",
        start=start,
        end=end,
        filters=Filters(sources=(row.source,), collectors=(row.collector,)).model_dump(mode="json"),
        size=Size(number=row.follow_up),
    )
    drawn = draw_and_keep(session, clock, wanted, found.calls, found.pending, drawn_by=by)
    row.draw_id = drawn.id
    session.flush()
    return drawn.id


def _audit(
    session: Session, clock: Clock, by: str, action: str, row: CoachingTaskRow, details: Mapping[str, object]
) -> None:
    audit.append(session, clock, actor=by, action=action, subject=f"coaching:{row.id}", details=details)
