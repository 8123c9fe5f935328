"""A site's own days off and worked days: a YAML file, refused as a whole where anything in it is wrong.

Whole years can be added before a new Diting knows them, and single days that only this house has off.
"""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from complaint_warnings.clocks.reading import first_problem, read_yaml
from store.errors import BadInputError


def _day(value: object) -> object:
    """YAML reads 2027-01-01 as a date and "2027-01-01" as text: both are meant."""
    return date.fromisoformat(value) if isinstance(value, str) else value


IsoDay = Annotated[date, BeforeValidator(_day)]


class SiteDays(BaseModel):
    """Days of one calendar from one source.

    `years` are complete: beside `holidays` and `workdays` their weekends are off, their other days worked.
    Days of other years only change what is known of those years.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    calendar: str = Field(pattern=r"^[A-Z]{2}$")
    source: str = Field(min_length=1)
    years: tuple[int, ...] = Field(default=(), strict=False)
    holidays: tuple[IsoDay, ...] = Field(default=(), strict=False)
    workdays: tuple[IsoDay, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _not_both(self) -> "SiteDays":
        both = sorted(set(self.holidays) & set(self.workdays))
        if both:
            raise ValueError(f"{both[0]} is both a holiday and worked")
        return self


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    days: tuple[SiteDays, ...]


def load_calendar_file(path: Path) -> tuple[SiteDays, ...]:
    """Read a site's calendar file.

    Raises:
        BadInputError: `calendar.unreadable`, `calendar.not_yaml` or `calendar.invalid` naming the field.
    """
    data = read_yaml(path, "calendar")
    try:
        return _File.model_validate(data).days
    except ValidationError as error:
        field, said = first_problem(error)
        raise BadInputError(
            said,
            code="calendar.invalid",
            where=f"{path}: {field}",
            mend="docs/deadlines.md shows a whole file.",
        ) from error
