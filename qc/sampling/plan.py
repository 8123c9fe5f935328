"""What a sampling plan says: which calls, how many, by which strata, and the random sample beside them."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from qc.findings import Band
from qc.sampling.reading import check_model, read_model
from qc.taxonomy import CATEGORIES
from store.daily import DailyHours

Period = Literal["day", "week", "month"]
Dimension = Literal["team", "collector", "product", "client", "hour", "band", "flag", "length"]
Allocation = Literal["proportional", "equal"]
Part = Literal["plan", "random"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

KIND: Final = "sampling"
MOST: Final = 10_000  # calls of one draw: no house reviews more
MEND: Final = "docs/sampling.md lists the fields and has a whole plan."


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Title(_Part):
    """A name in both languages."""

    zh: _Text
    en: _Text


class Broad(_Part):
    """What narrows the calls without looking at what was found in them. Empty lists: all."""

    sources: tuple[_Id, ...] = ()
    teams: tuple[_Id, ...] = ()
    collectors: tuple[_Id, ...] = ()
    products: tuple[_Id, ...] = ()
    clients: tuple[_Id, ...] = ()
    direction: Literal["outbound", "inbound"] | None = None
    hours: str | None = None
    min_seconds: float | None = Field(default=None, ge=0)
    max_seconds: float | None = Field(default=None, gt=0)
    new_collector_days: int | None = Field(default=None, ge=1, le=3650)

    @field_validator("hours")
    @classmethod
    def _readable(cls, hours: str | None) -> str | None:
        if hours is not None:
            DailyHours.read(hours)
        return hours

    @model_validator(mode="after")
    def _some_length(self) -> Self:
        if self.min_seconds is not None and self.max_seconds is not None and (
            self.min_seconds >= self.max_seconds
        ):  # fmt: skip
            raise ValueError("min_seconds is not below max_seconds: no call is so long")
        return self


class Filters(Broad):
    """All that may narrow the calls of a plan: also by what was found. `rules` with or without `@version`."""

    bands: tuple[Band, ...] = ()
    categories: tuple[str, ...] = ()
    rules: tuple[_Id, ...] = ()
    flagged: bool | None = None

    @field_validator("categories")
    @classmethod
    def _known(cls, categories: tuple[str, ...]) -> tuple[str, ...]:
        for each in categories:
            if each not in CATEGORIES:
                raise ValueError(f"{each} is no category; docs/rules.md lists them")
        return categories


class Size(_Part):
    """So many calls, or such a share of the population (rounded up), within bounds."""

    number: int | None = Field(default=None, ge=0, le=MOST)
    share: float | None = Field(default=None, gt=0, le=1)
    at_least: int = Field(default=0, ge=0, le=MOST)
    at_most: int | None = Field(default=None, ge=0, le=MOST)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.number is None) == (self.share is None):
            raise ValueError("give exactly one of number, share")
        if self.at_most is not None and self.at_most < self.at_least:
            raise ValueError("at_most is below at_least")
        return self

    def of(self, population: int) -> int:
        """How many of so many calls."""
        if self.number is not None:
            wanted = self.number
        else:
            # Whole hundred-thousandths, so that 5 % of 100 are 5, not 6 for a rounding in the last digit.
            wanted = -(-round((self.share or 0) * 100_000) * population // 100_000)
        wanted = max(wanted, self.at_least)
        if self.at_most is not None:
            wanted = min(wanted, self.at_most)
        return min(wanted, population, MOST)


class RandomSample(_Part):
    """The sample of calls that nothing was found in. It may only be narrowed by what was known before a call
    was judged, and what narrows it is on record with each draw."""

    size: Size
    filters: Broad = Broad()


class Plan(_Part):
    """A plan. `strata` part the calls; each stratum gets its share (`proportional`), or all the same number
    (`equal`). Calls that could not be judged are a stratum of their own whatever is written here.
    `settle_hours` after its end a period is drawn, so that late calls are judged by then.
    `second_review` is the share of the calls that a second person reviews blindly."""

    name: Name
    title: Title
    period: Period = "week"
    active: bool = True
    filters: Filters = Filters()
    size: Size
    strata: tuple[Dimension, ...] = ()
    allocation: Allocation = "proportional"
    random: RandomSample
    settle_hours: int = Field(default=6, ge=0, le=24 * 31)
    second_review: float = Field(default=0.0, ge=0, le=1)
    scorecard: Name | None = None

    @field_validator("strata")
    @classmethod
    def _once(cls, strata: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
        if len(set(strata)) != len(strata):
            raise ValueError("a stratum is named twice")
        return strata

    def document(self) -> dict[str, Any]:
        """The plan as it is kept: what is not given is written out."""
        return self.model_dump(mode="json")


def load_plan(path: Path) -> Plan:
    """Read a plan from a file.

    Raises:
        BadInputError: `sampling.unreadable`, `sampling.invalid`.
    """
    return read_model(path, Plan, kind=KIND, mend=MEND)


def read_plan(data: object) -> Plan:
    """A plan from a document.

    Raises:
        BadInputError: `sampling.invalid`.
    """
    return check_model(data, Plan, kind=KIND, mend=MEND)


def period_of(period: Period, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The period that holds the local `day`: from its first moment to before its end. Weeks begin on
    Monday."""
    if period == "day":
        first, following = day, day + timedelta(days=1)
    elif period == "week":
        first = day - timedelta(days=day.weekday())
        following = first + timedelta(days=7)
    else:
        first = day.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time(), zone), datetime.combine(following, time(), zone)


def last_over(plan: Plan, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The newest period that is over and settled."""
    settled = (now - timedelta(hours=plan.settle_hours)).astimezone(zone)
    start, _ = period_of(plan.period, settled.date(), zone)
    return period_of(plan.period, (start - timedelta(hours=1)).date(), zone)
