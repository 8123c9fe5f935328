"""What goes round by itself for reviews: plans of the settings, draws that are due, tickets for reviewers."""

from zoneinfo import ZoneInfo

from sqlalchemy import select

from pipeline.reviewing import give_out
from qc.assigning.models import ReviewerRow
from qc.coaching.service import draw_follow_up, due_follow_ups
from qc.sampling.models import SamplingPlanRow
from qc.sampling.plan import load_plan
from qc.sampling.service import add_plan, due_plans, run_plan
from qc.sampling.versions import newest
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.errors import DitingError
from store.logging import get_logger
from store.settings import Settings, get_settings

ACTOR = "system"

_log = get_logger(__name__)


def draw_samples(sessions: SessionFactory, clock: Clock) -> int:
    """Draw for every plan whose period is over and settled, and the follow-ups of coaching; returns how many
    draws were made. Each is a transaction of its own; one that fails does not keep the others from theirs."""
    settings = get_settings()
    zone = ZoneInfo(settings.timezone)
    add_plans(sessions, clock, settings)
    with reading(sessions) as session:
        plans = due_plans(session, clock, zone)
        tasks = due_follow_ups(session, clock.now())
    count = 0
    for name in plans:
        try:
            with transaction(sessions) as session:
                count += sum(each.created for each in run_plan(session, clock, name, zone=zone, by=ACTOR))
        except DitingError as error:
            _log.error("sampling.not_drawn", plan=name, code=error.code)
    for task in tasks:
        try:
            with transaction(sessions) as session:
                count += draw_follow_up(session, clock, task, zone=zone, by=ACTOR) is not None
        except DitingError as error:
            _log.error("sampling.not_drawn", coaching=task, code=error.code)
    return count


def add_plans(sessions: SessionFactory, clock: Clock, settings: Settings) -> None:
    """Put the plans that the settings name on record; one whose file is wrong stays as it was."""
    for path in settings.sampling_plans:
        try:
            plan = load_plan(path)
            with reading(sessions) as session:
                known = newest(session, SamplingPlanRow, plan.name)
            if known is None or known.document != plan.document():
                with transaction(sessions) as session:
                    add_plan(session, clock, plan, by=ACTOR)
        except DitingError as error:
            _log.error("sampling.plan_not_read", file=str(path), error=str(error))


def assign_tickets(sessions: SessionFactory, clock: Clock) -> int:
    """Take tickets from who is away, and give out those that nobody has; returns how many were given."""
    with reading(sessions) as session:
        if session.scalar(select(ReviewerRow.person).limit(1)) is None:
            return 0
    within_team = get_settings().review_within_team
    with transaction(sessions) as session:
        _, given = give_out(session, clock, within_team=within_team, by=ACTOR)
    return sum(each.person is not None for each in given)
