"""Coaching tasks set and ended, with the notices of it."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from complaint_warnings.notices.coaching import tell_coaching
from qc.coaching import service
from qc.coaching.models import CoachingTaskRow
from store.clock import Clock


def set_task(
    session: Session, clock: Clock, task: service.Task, *, zone: ZoneInfo, by: str
) -> CoachingTaskRow:
    """Set a task and tell the collector and the coach; raises as `qc.coaching.service.set_task` does."""
    row = service.set_task(session, clock, task, zone=zone, by=by)
    tell_coaching(session, clock, row, "coaching_set", by=by)
    return row


def finish(session: Session, clock: Clock, task_id: int, *, evidence: str, by: str) -> CoachingTaskRow:
    """Say that a task was done; raises as `qc.coaching.service.finish` does."""
    row = service.finish(session, clock, task_id, evidence=evidence, by=by)
    tell_coaching(session, clock, row, "coaching_ended", by=by)
    return row


def cancel(session: Session, clock: Clock, task_id: int, *, reason: str, by: str) -> CoachingTaskRow:
    """Call a task off; raises as `qc.coaching.service.cancel` does."""
    row = service.cancel(session, clock, task_id, reason=reason, by=by)
    tell_coaching(session, clock, row, "coaching_ended", by=by)
    return row
