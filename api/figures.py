"""Figures for dashboards: sums over counted days, and what waits now. Each says by which filters `GET /calls`
shows the calls behind it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningCallRow, WarningRow
from ingest.models import CallRow
from qc.figures.models import FigureDayRow
from qc.models import TicketRow
from qc.taxonomy import CATEGORIES

By = Literal["category", "team", "collector", "week"]
Filters = dict[str, Any]
SHOWN: Final = 500
_AGES: Final = (1, 3, 7, 30)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included, by the clock of `zone`; `teams` None is of all."""

    first: date
    last: date
    zone: ZoneInfo
    teams: tuple[str, ...] | None = None

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    def filters(self, **more: Any) -> Filters:
        """Of the calls behind a figure of this time."""
        return {"since": self.begin.isoformat(), "until": self.end.isoformat(), **of_team(self.teams), **more}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: what it is of, of how many (None: of nothing), and how to see the calls behind it."""

    key: str
    count: int
    whole: int | None
    filters: Filters


@dataclass(frozen=True, slots=True)
class Cell:
    """Calls of one hour (0 to 23) of the week (1 is Monday), and those outside the permitted hours."""

    weekday: int
    hour: int
    calls: int
    outside: int
    filters: Filters


def of_team(teams: tuple[str, ...] | None) -> Filters:
    """The filter by one team; of several the list leaves out what the reader may not see by itself."""
    return {"team": teams[0]} if teams is not None and len(teams) == 1 else {}


def calls_by_hour(session: Session, period: Period) -> list[Cell]:
    """Judged calls by hour and day of the week."""
    counts: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: {"hour": 0, "outside": 0})
    columns = (FigureDayRow.topic, FigureDayRow.day, FigureDayRow.name)
    for topic, day, name, number in session.execute(_sums(period, ("hour", "outside"), *columns)):
        counts[day.isoweekday(), int(name)][topic] += number
    return [
        Cell(weekday, hour, each["hour"], each["outside"], period.filters(weekday=weekday, hour=hour))
        for (weekday, hour), each in sorted(counts.items())
    ]


def findings_by(session: Session, period: Period, by: By, category: str | None) -> list[Figure]:
    """Calls with findings of a category, the most first (None: of each; of a team, collector or week, calls
    that are not clean). `whole` are the judged calls of the same."""
    if by == "category":
        whole = judged(session, period)
        counts = _by_name(session, period, "category", FigureDayRow.name)
        found = [
            Figure(name, number, whole, period.filters(category=name))
            for name, number in counts.items()
            if category in (None, name)
        ]
    else:
        found = _parts(session, period, by, category)
    return sorted(found, key=lambda each: (-each.count, each.key))[:SHOWN]


def _parts(session: Session, period: Period, by: By, category: str | None) -> list[Figure]:
    column = {"team": FigureDayRow.team, "collector": FigureDayRow.agent_id}.get(by, FigureDayRow.day)
    whose = "collector" if by == "collector" else "team"
    topic = "band" if category is None else "category"
    is_it = FigureDayRow.name.not_in(("", "clean")) if category is None else FigureDayRow.name == category
    counts: dict[str, int] = defaultdict(int)
    whole: dict[str, int] = defaultdict(int)
    wanted = _sums(period, (topic,), column, whose=whose).where(is_it)
    for counted, query in ((counts, wanted), (whole, _sums(period, ("band",), column, whose=whose))):
        for key, number in session.execute(query):
            counted[_monday(key).isoformat() if by == "week" else key] += number
    more: Filters = {} if category is None else {"category": category}
    return [Figure(key, counts[key], whole[key], _of_part(period, by, key, more)) for key in whole]


def _of_part(period: Period, by: By, key: str, more: Filters) -> Filters:
    if by != "week":
        return period.filters(**{by: key}, **more)
    monday = date.fromisoformat(key)
    first, last = max(monday, period.first), min(monday + timedelta(days=6), period.last)
    return replace(period, first=first, last=last).filters(**more)


def frequency(session: Session, period: Period) -> tuple[list[Figure], Figure]:
    """Debtors by how many judged calls they had on a day (of one team), and the calls that were too many."""
    counts = _by_name(session, period, "debtor_calls", FigureDayRow.name)
    whole = sum(counts.values())
    spread = [Figure(name, counts[name], whole, period.filters()) for name in sorted(counts)]
    over = _by_name(session, period, "category", FigureDayRow.name).get("over_frequency", 0)
    return spread, Figure(
        "over_frequency", over, judged(session, period), period.filters(category="over_frequency")
    )


def adherence(session: Session, period: Period) -> list[Figure]:
    """By violation, the judged calls without one: the fewest first."""
    whole = judged(session, period)
    counts = _by_name(session, period, "category", FigureDayRow.name)
    kept = [
        Figure(name, whole - counts.get(name, 0), whole, period.filters(category=name))
        for name, category in CATEGORIES.items()
        if category.kind == "violation"
    ]
    return sorted(kept, key=lambda each: (each.count, each.key))


def judged(session: Session, period: Period) -> int:
    """How many calls were judged."""
    return sum(_by_name(session, period, "band", FigureDayRow.topic).values())


def warnings_by_level(session: Session, period: Period) -> list[Figure]:
    """Warnings that were opened in the time, by level; of a team, those with a call of it."""
    query = select(WarningRow.level, func.count()).where(
        WarningRow.opened_at >= period.begin, WarningRow.opened_at < period.end
    )
    if period.teams is not None:
        theirs = select(WarningCallRow.warning_id).join(CallRow, CallRow.id == WarningCallRow.call_id)
        query = query.where(WarningRow.id.in_(theirs.where(CallRow.agent_team.in_(period.teams))))
    counts = dict(session.execute(query.group_by(WarningRow.level)).all())
    whole = sum(counts.values())
    return [
        Figure(level, counts.get(level, 0), whole, period.filters(level=level))
        for level in ("high", "medium", "low")
    ]


def queue(
    session: Session, now: datetime, teams: tuple[str, ...] | None, states: Sequence[str]
) -> list[Figure]:
    """Tickets that wait, by priority and by how many days: `urgent/3` waited less than three, `urgent/more`
    thirty or more."""
    waited = case(
        *((TicketRow.created_at > now - timedelta(days=most), str(most)) for most in _AGES), else_="more"
    )
    query = select(TicketRow.priority, waited, func.count()).where(TicketRow.state.in_(states))
    if teams is not None:
        query = query.join(CallRow, CallRow.id == TicketRow.call_id).where(CallRow.agent_team.in_(teams))
    grouped = session.execute(query.group_by(TicketRow.priority, waited))
    counts = {f"{priority}/{age}": number for priority, age, number in grouped}
    whole = sum(counts.values())
    return [Figure(key, counts[key], whole, of_team(teams)) for key in sorted(counts)]


def _by_name(session: Session, period: Period, topic: str, column: Any) -> dict[str, int]:
    return dict(session.execute(_sums(period, (topic,), column)).all())


def _sums(period: Period, topics: Sequence[str], *columns: Any, whose: str = "team") -> Select[Any]:
    where: list[ColumnElement[bool]] = [
        FigureDayRow.whose == whose,
        FigureDayRow.topic.in_(topics),
        FigureDayRow.day.between(period.first, period.last),
    ]
    if period.teams is not None:
        where.append(FigureDayRow.team.in_(period.teams))
    return select(*columns, func.sum(FigureDayRow.count)).where(*where).group_by(*columns)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
