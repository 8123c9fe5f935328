"""Saying that a deadline is near or has passed: through the door of the cases, by Diting itself.

What is said and the note that it was said are one transaction: a crash loses neither and doubles neither,
and of two that say the same at once the second finds it said.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from complaint_warnings.cases.door import act, lock_case
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.clocks import service
from complaint_warnings.clocks.house import House, house_of
from complaint_warnings.clocks.line import Colleague, line_up
from complaint_warnings.clocks.models import DeadlineRow, DeadlineToldRow
from complaint_warnings.clocks.policy import Words
from complaint_warnings.clocks.telling import BREACH, Say, to_say
from complaint_warnings.clocks.types import Deadline
from complaint_warnings.clocks.wording import moment
from store.clock import Clock
from store.people import SYSTEM, PersonRow
from store.settings import get_settings


def due_cases(session: Session, now: datetime, *, limit: int) -> list[int]:
    """Cases of which there is something to say, the longest waiting first."""
    query = select(DeadlineRow.case_id, DeadlineRow.next_at).where(DeadlineRow.next_at <= now)
    rows = session.execute(query.order_by(DeadlineRow.next_at, DeadlineRow.id).limit(limit))
    return list(dict.fromkeys(case_id for case_id, _ in rows))


def tell(session: Session, clock: Clock, case_id: int) -> int:
    """Say what is to be said of a case's deadlines now; how many things that was. One case for each
    transaction: the audit log is locked until its end.

    Raises:
        DitingError: what the door of the cases refuses.
    """
    case, view = lock_case(session, case_id)
    house = house_of(get_settings())
    told = service.told_of(session, case_id)
    found = service.compute(session, case, house)
    count = 0
    for deadline in found:
        said = told.get((deadline.clock, deadline.number), set())
        for say in to_say(deadline, said, clock.now()):
            count += _say(session, clock, case, view.concerned, deadline, say, house)
    service.keep(session, case, service.compute(session, case, house), house)
    return count


def renew(session: Session, case_id: int) -> None:
    """Reckon the deadlines of a case anew by the policy and the calendars of today.

    Raises:
        DitingError: what the door of the cases refuses.
    """
    case, _ = lock_case(session, case_id)
    house = house_of(get_settings())
    service.keep(session, case, service.compute(session, case, house), house)


def put_off(session: Session, case_id: int, now: datetime, by: timedelta) -> None:
    """Try a case again later, which cannot be told of now: the others must not wait for it."""
    session.execute(
        update(DeadlineRow)
        .where(DeadlineRow.case_id == case_id, DeadlineRow.next_at <= now)
        .values(next_at=now + by)
    )


def _say(
    session: Session,
    clock: Clock,
    case: CaseRow,
    never: Collection[str],
    deadline: Deadline,
    say: Say,
    house: House,
) -> int:
    """Says one thing. Steps up a line that has no such person are noted as said: nobody is there to ask."""
    action, details = "deadline_warned", _told(deadline, say, clock.now(), house)
    if say.mark == BREACH:
        action = "deadline_breached"
    elif say.rung is not None:
        line = line_of(session, case, never)
        action = "escalate" if say.rung <= len(line) else ""
        details = {"to": line[say.rung - 1], "reason": _reason(deadline, say, house)} if action else {}
    session.add(
        DeadlineToldRow(
            case_id=case.id,
            clock=deadline.clock,
            number=deadline.number,
            due_at=say.due_at,
            mark=say.mark,
            told_at=clock.now(),
        )
    )
    session.flush()
    if not action:
        return 0
    act(session, clock, case_id=case.id, action=action, actor=SYSTEM, details=details)
    return 1


def line_of(session: Session, case: CaseRow, never: Collection[str]) -> tuple[str, ...]:
    """Whom an overdue matter of the case goes to, nearest first: up from its handler, or from who reported it
    as long as it has none; at the end the head of complaint control, of the case's team if it has one. Never
    to those whom the case is about."""
    rows = session.scalars(select(PersonRow).order_by(PersonRow.id)).all()
    people = {row.id: Colleague(row.id, row.reports_to, row.active) for row in rows}
    return line_up(case.handler_id or case.reporter_id, people, _leads(rows, case.team), never)


def _leads(rows: Sequence[PersonRow], team: str | None) -> list[str]:
    leads = [row for row in rows if row.active and "control_lead" in row.roles]
    return [row.id for row in sorted(leads, key=lambda row: (row.team != team, row.id))]


def _told(deadline: Deadline, say: Say, now: datetime, house: House) -> dict[str, Any]:
    words = _words(deadline, say, now, house)
    return {
        "kind": deadline.clock,
        "due": say.due_at,
        "words": words.model_dump(),
        "details": {
            "number": deadline.number,
            "mark": say.mark,
            "policy": deadline.policy,
            "force": deadline.basis.force,
            "provisional": deadline.provisional,
        },
    }


def _words(deadline: Deadline, say: Say, now: datetime, house: House) -> Words:
    due, title = moment(say.due_at, house.zone), deadline.title
    if now > say.due_at:
        return Words(zh=f"{title.zh}已超时，应于{due}前完成", en=f"{title.en}: overdue since {due}")
    return Words(zh=f"{title.zh}应于{due}前完成", en=f"{title.en}: due by {due}")


def _reason(deadline: Deadline, say: Say, house: House) -> str:
    due = moment(say.due_at, house.zone)
    return f"{deadline.title.zh}已超时（应于{due}前完成） / {deadline.title.en}: overdue since {due}"
