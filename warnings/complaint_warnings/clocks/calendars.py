"""Working calendars: which days are worked, and whether anybody official said so.

China's working days cannot be computed: each autumn the State Council announces the next year's holidays
and the weekends that are worked instead. They come from the library `chinesecalendar` and from a file of
the site. A year that neither knows is never passed off as known: its days carry `official=False`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from typing import Final

import chinese_calendar
import holidays

from complaint_warnings.clocks.calendar_file import SiteDays
from store.errors import BadInputError, NotFoundError

CHINA: Final = "CN"
INSTEAD: Final = "worked instead: "
_SATURDAY: Final = 5
# Calendars without a working day in so many days are wrong.
_LONGEST_BREAK_DAYS: Final = 60
_DAYS_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Day:
    """One day: whether it is worked, whether that is official, why (`National Day`, `weekend` …), and who
    says so."""

    date: date
    working: bool
    official: bool
    why: str
    source: str


@dataclass(frozen=True)
class Calendar:
    """The working days of one country, with a site's own days on top.

    `country` is an ISO 3166 code; `base` tells a day without the site's file.
    """

    country: str
    base: Callable[[date], Day]
    site: Mapping[date, Day] = field(default_factory=dict)
    site_years: Mapping[int, str] = field(default_factory=dict)

    def day(self, day: date) -> Day:
        """What is known of a day: the site's word first, then the country's."""
        known = self.site.get(day)
        if known is not None:
            return known
        source = self.site_years.get(day.year)
        if source is not None:
            return _by_weekday(day, official=True, source=source)
        return self.base(day)

    def has_data(self, year: int) -> bool:
        """Whether the working days of the whole year are official."""
        return year in self.site_years or self.base(date(year, 7, 1)).official

    def require(self, year: int) -> None:
        """Refuse a year without official data.

        Raises:
            BadInputError: `calendar.no_data`.
        """
        if not self.has_data(year):
            raise BadInputError(
                f"nobody official has said yet which days of {year} are worked in {self.country}",
                code="calendar.no_data",
                where=f"calendar {self.country} {year}",
                mend="Add the year to the file of DITING_CALENDAR_FILE (docs/deadlines.md) or update Diting.",
            )

    def after(self, day: date, count: int) -> Day:
        """The `count`-th working day after `day`, which is itself not counted. It is official only where
        every day passed over is."""
        official, found = True, self.day(day)
        for _ in range(count):
            found = self.next_working(found.date + timedelta(days=1))
            official = official and found.official
        return found if found.official == official else replace(found, official=official)

    def next_working(self, day: date) -> Day:
        """The first working day from `day` on.

        Raises:
            BadInputError: `calendar.no_working_day`.
        """
        return self._nearest(day, timedelta(days=1))

    def previous_working(self, day: date) -> Day:
        """The last working day up to `day`.

        Raises:
            BadInputError: `calendar.no_working_day`.
        """
        return self._nearest(day, timedelta(days=-1))

    def _nearest(self, day: date, step: timedelta) -> Day:
        official = True
        for steps in range(_LONGEST_BREAK_DAYS):
            found = self.day(day + step * steps)
            official = official and found.official
            if found.working:
                return found if found.official == official else replace(found, official=official)
        raise BadInputError(
            f"no working day within {_LONGEST_BREAK_DAYS} days of {day}",
            code="calendar.no_working_day",
            where=f"calendar {self.country}",
            mend="Look at the days off in the file of DITING_CALENDAR_FILE.",
        )

    def year(self, year: int) -> list[Day]:
        """All days of a year."""
        first = date(year, 1, 1)
        return [self.day(first + timedelta(days=n)) for n in range((date(year + 1, 1, 1) - first).days)]


@dataclass(frozen=True)
class Calendars:
    """The calendars of an installation, by country, with the site's own days."""

    site: tuple[SiteDays, ...] = ()

    @cached_property
    def _made(self) -> dict[str, Calendar]:
        return {}

    @property
    def edition(self) -> str:
        """What the calendars were made from: versions of the libraries, and the site's own days."""
        libraries = [f"{name} {_version(name)}" for name in ("chinesecalendar", "holidays")]
        return "; ".join([*libraries, *(part.model_dump_json() for part in self.site)])

    def of(self, country: str) -> Calendar:
        """The calendar of a country.

        Raises:
            NotFoundError: `calendar.unknown`.
        """
        if country not in self._made:
            days: dict[date, Day] = {}
            years: dict[int, str] = {}
            for part in [part for part in self.site if part.calendar == country]:
                years |= dict.fromkeys(part.years, part.source)
                days |= {d: Day(d, False, True, "holiday", part.source) for d in part.holidays}
                days |= {d: Day(d, True, True, "worked instead", part.source) for d in part.workdays}
            self._made[country] = Calendar(country, _base(country), days, years)
        return self._made[country]


def _base(country: str) -> Callable[[date], Day]:
    if country == CHINA:
        return _china
    _country_days(country, 2026)  # refuses an unknown country at once
    return lambda day: _elsewhere(country, day)


@lru_cache(maxsize=_DAYS_REMEMBERED)
def _china(day: date) -> Day:
    source = f"chinesecalendar {_version('chinesecalendar')}"
    try:
        working = chinese_calendar.is_workday(day)
        _, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return _by_weekday(day, official=False, source="no announcement known")
    if name is None:
        return _by_weekday(day, official=True, source=source)
    return Day(day, working, True, INSTEAD + name if working else name, source)


@lru_cache(maxsize=_DAYS_REMEMBERED)
def _elsewhere(country: str, day: date) -> Day:
    known = _country_days(country, day.year)
    official = not any("estimated" in name for name in known.values())
    if known.has_substituted_holidays:  # moved by a yearly announcement, as in China
        official = day.year in known.special_public_holidays
    source = f"holidays {_version('holidays')}"
    if known.is_working_day(day):
        return Day(day, True, official, "working day", source)
    return Day(day, False, official, known.get(day) or "weekend", source)


@lru_cache(maxsize=_DAYS_REMEMBERED)
def _country_days(country: str, year: int) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country, years=year)
    except NotImplementedError as error:
        raise NotFoundError(
            f"there is no calendar of {country!r}",
            code="calendar.unknown",
            mend="Use an ISO 3166 country code such as CN or US.",
        ) from error


def _by_weekday(day: date, *, official: bool, source: str) -> Day:
    weekend = day.weekday() >= _SATURDAY
    return Day(day, not weekend, official, "weekend" if weekend else "working day", source)


@cache
def _version(library: str) -> str:
    return version(library)
