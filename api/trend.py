"""How a collector's own work goes: scores by week, what was found, appeals, coaching."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from pipeline.models import WorkRow
from qc.coaching.models import CoachingTaskRow
from qc.coaching.service import list_tasks
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.review.models import TicketDecisionRow, TicketEventRow
from qc.taxonomy import CATEGORIES
from qc.verdicts.decision import OF_TICKET
from qc.verdicts.models import FindingVerdictRow

_COACHING_SHOWN: Final = 50
# Calls that no score stands for.
_NOT_JUDGED: Final = frozenset({"unjudged", "failed"})


@dataclass(frozen=True, slots=True)
class Weeks:
    """Whole weeks, from Monday, by the clock of `zone`, up to the one that holds `last`."""

    last: date
    count: int
    zone: ZoneInfo

    @property
    def mondays(self) -> tuple[date, ...]:
        """The first day of each, the oldest first."""
        newest = self.last - timedelta(days=self.last.weekday())
        return tuple(newest - timedelta(weeks=back) for back in reversed(range(self.count)))

    @property
    def begin(self) -> datetime:
        """The first moment of all."""
        return datetime.combine(self.mondays[0], time(), self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after all."""
        return datetime.combine(self.mondays[-1] + timedelta(weeks=1), time(), self.zone)

    def monday_of(self, at: datetime) -> date:
        """The week that a moment lies in."""
        day = at.astimezone(self.zone).date()
        return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class OwnCall:
    """A call of one's own: its score by the machine, None while there is none, and the one after review."""

    at: datetime
    state: str | None
    score: int | None
    final: int | None


@dataclass(frozen=True, slots=True)
class Week:
    """The calls of one week; the scores are means of whole points, None where there is nothing to count.
    `waiting` are not judged yet; those that could not be judged, or only in part, are in no mean."""

    monday: date
    calls: int
    judged: int
    not_judged: int
    waiting: int
    score: float | None
    reviewed: int
    final: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """In how many calls of each week there was a finding of the category; those that a final review called
    false are left out."""

    category: str
    kind: str
    calls: int
    by_week: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Appeals:
    """Tickets that were appealed, those of them that wait, and what the answers were, ground by ground."""

    appealed: int
    waiting: int
    won: int
    lost: int


@dataclass(frozen=True, slots=True)
class Trend:
    """All of it. `undated` are calls of which nobody knows when they were: they are in no week."""

    weeks: Sequence[Week]
    undated: int
    found: Sequence[Found]
    appeals: Appeals
    coaching: Sequence[CoachingTaskRow]


def trend(session: Session, person: str, weeks: Weeks) -> Trend:
    """How the work of one collector goes.

    Args:
        session: narrowed to what the person sees.
        person: the collector, by the id in the calls.
    """
    calls = _calls(session, person, weeks)
    return Trend(
        by_week(calls, weeks),
        _undated(session, person),
        _found(session, person, weeks),
        _appeals(session, person, weeks),
        list_tasks(session, collector=person, state="open", limit=_COACHING_SHOWN),
    )


def by_week(calls: Iterable[OwnCall], weeks: Weeks) -> list[Week]:
    """The weeks with the calls in them, those without calls too. Pure."""
    parts: dict[date, list[OwnCall]] = {monday: [] for monday in weeks.mondays}
    for call in calls:
        parts[weeks.monday_of(call.at)].append(call)
    return [_week(monday, part) for monday, part in parts.items()]


def _week(monday: date, calls: Sequence[OwnCall]) -> Week:
    unjudged = [call for call in calls if call.state in _NOT_JUDGED]
    scores = [call.score for call in calls if call.score is not None and call.state not in _NOT_JUDGED]
    finals = [call.final for call in calls if call.final is not None]
    return Week(
        monday, len(calls), len(scores), len(unjudged), len(calls) - len(scores) - len(unjudged),
        _mean(scores), len(finals), _mean(finals),
    )  # fmt: skip


def _mean(scores: Sequence[int]) -> float | None:
    return round(sum(scores) / len(scores), 1) if scores else None


def _calls(session: Session, person: str, weeks: Weeks) -> list[OwnCall]:
    query = (
        select(CallRow.started_at, WorkRow.state, InspectionRow.score, TicketRow.final_score)
        .outerjoin(WorkRow, WorkRow.call_id == CallRow.id)
        .outerjoin(InspectionRow, and_(InspectionRow.call_id == CallRow.id, InspectionRow.newest))
        .outerjoin(TicketRow, TicketRow.call_id == CallRow.id)
        .where(CallRow.agent_id == person, CallRow.started_at >= weeks.begin, CallRow.started_at < weeks.end)
    )
    rows = session.execute(query)
    return [OwnCall(at, state, score, final) for at, state, score, final in rows if at is not None]


def _undated(session: Session, person: str) -> int:
    query = select(func.count()).select_from(CallRow)
    return session.scalar(query.where(CallRow.agent_id == person, CallRow.started_at.is_(None))) or 0


def _found(session: Session, person: str, weeks: Weeks) -> list[Found]:
    query = (
        select(FindingRow.category, FindingRow.kind, CallRow.id, CallRow.started_at)
        .join(InspectionRow, and_(InspectionRow.id == FindingRow.inspection_id, InspectionRow.newest))
        .join(CallRow, CallRow.id == InspectionRow.call_id)
        .where(
            CallRow.agent_id == person,
            CallRow.started_at >= weeks.begin,
            CallRow.started_at < weeks.end,
            FindingRow.id.not_in(_fallen()),
        )
        .distinct()
    )
    counts: dict[tuple[str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for category, kind, _, at in session.execute(query):
        if at is not None:
            counts[category, kind][weeks.monday_of(at)] += 1
    found = [_line(category, kind, by, weeks) for (category, kind), by in counts.items()]
    return sorted(found, key=lambda each: (each.kind != "violation", -each.calls, each.category))


def _line(category: str, kind: str, counts: Mapping[date, int], weeks: Weeks) -> Found:
    spread = tuple(counts.get(monday, 0) for monday in weeks.mondays)
    return Found(category, kind, sum(spread), spread)


def _fallen() -> Select[int]:
    """Findings that the newest word of a final review calls false."""
    newest = (
        select(func.max(FindingVerdictRow.id))
        .where(FindingVerdictRow.person.startswith(OF_TICKET))
        .group_by(FindingVerdictRow.finding_id)
    )
    return select(FindingVerdictRow.finding_id).where(
        FindingVerdictRow.id.in_(newest), FindingVerdictRow.verdict == "false"
    )


def _appeals(session: Session, person: str, weeks: Weeks) -> Appeals:
    own = select(TicketRow.id).join(CallRow, CallRow.id == TicketRow.call_id)
    own = own.where(CallRow.agent_id == person)
    tickets = session.scalars(
        select(TicketEventRow.ticket_id)
        .where(
            TicketEventRow.action == "appeal",
            TicketEventRow.ticket_id.in_(own),
            TicketEventRow.at >= weeks.begin,
            TicketEventRow.at < weeks.end,
        )
        .distinct()
    ).all()
    waiting = session.scalar(
        select(func.count())
        .select_from(TicketRow)
        .where(TicketRow.id.in_(tickets), TicketRow.state == "appealed")
    )
    answers = dict(
        session.execute(
            select(TicketDecisionRow.verdict, func.count())
            .where(TicketDecisionRow.stage == "appeal", TicketDecisionRow.ticket_id.in_(tickets))
            .group_by(TicketDecisionRow.verdict)
        ).all()
    )
    return Appeals(len(tickets), waiting or 0, answers.get("false", 0), answers.get("true", 0))


def words_of(category: str) -> Mapping[str, str]:
    """What a category is called."""
    known = CATEGORIES[category]
    return {"zh": known.zh, "en": known.en}
