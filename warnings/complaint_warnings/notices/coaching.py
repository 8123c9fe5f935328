"""Notices of coaching tasks: to the collector and to their coach."""

from typing import Any

from sqlalchemy.orm import Session

from complaint_warnings.notices.outbox import Draft, people_of, places, write
from complaint_warnings.notices.service import house_of
from complaint_warnings.notices.targets import Concerned
from complaint_warnings.notices.types import CoachingKind
from qc.coaching.models import CoachingTaskRow
from store.clock import Clock
from store.settings import get_settings


def tell_coaching(
    session: Session, clock: Clock, task: CoachingTaskRow, kind: CoachingKind, *, by: str
) -> None:
    """Write down who is to be told of a task, but for who did it; nobody where the policy has no channels.

    Raises:
        BadInputError: `notices.…`, the policy file is wrong.
    """
    house = house_of(get_settings(), clock)
    if not house.policy.channels:
        return
    people = people_of(session)
    for person in sorted({each for each in (task.collector, task.coach) if each is not None} - {by}):
        concerned = Concerned(
            reporter="", reviewer=task.coach, handler=task.coach, members=(), collector=None,
            team=task.team, named=person,
        )  # fmt: skip
        where = places(house.policy, kind, concerned, people)
        if where:
            source = f"coaching:{task.id}:{kind}"
            write(session, house, Draft(kind, f"coaching:{task.id}", source, _document(task, kind)), where)


def _document(task: CoachingTaskRow, kind: CoachingKind) -> dict[str, Any]:
    """What is told: the number of the task and where it stands, not what it is about."""
    return {
        "event": kind,
        "number": f"C-{task.id}",
        "kind": "coaching",
        "level": None,
        "state": task.state,
        "debtor": None,
        "at": (task.ended_at or task.created_at).isoformat(),
        "link": None,
    }
