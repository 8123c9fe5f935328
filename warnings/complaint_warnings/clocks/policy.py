"""The policy of time limits: a versioned file, refused as a whole where anything in it is wrong."""

from collections.abc import Mapping
from datetime import time, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from complaint_warnings.cases.types import Complexity, Kind, Source, State
from complaint_warnings.clocks.reading import first_problem, read_yaml
from complaint_warnings.types import Level
from store.errors import BadInputError
from store.people import ROLES

DEFAULT_POLICY = Path(__file__).parent / "policies" / "default.yaml"
Force = Literal["regulation", "contract", "internal"]
LastDay = Literal["keep", "previous_working_day", "next_working_day"]
_PER_CENT = 100


def _time(value: object) -> object:
    return time.fromisoformat(value) if isinstance(value, str) else value


ClockTime = Annotated[time, BeforeValidator(_time)]
ActionName = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
ClockName = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$", max_length=40)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Words(_Part):
    """The same in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Hours(_Part):
    """The working hours of a day."""

    opens: ClockTime
    closes: ClockTime

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        return self


class Allowance(_Part):
    """How long: exactly one of the four.

    `hours` run by day and night, holidays as well; `working_hours` only while the house works;
    `working_days` end when the house closes on the last of them, the day of the start not counted; `days`
    are days of the calendar, counted and ended alike.
    """

    hours: float | None = Field(default=None, gt=0, le=10_000)
    working_hours: float | None = Field(default=None, gt=0, le=10_000)
    working_days: int | None = Field(default=None, ge=1, le=1000)
    days: int | None = Field(default=None, ge=1, le=1000)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("needs exactly one of hours, working_hours, working_days, days")
        return self


class Extension(_Part):
    """A step by which a limit may be put off, once, by one of the roles: `to` counts from the start."""

    to: Allowance
    roles: tuple[str, ...] = Field(min_length=1, strict=False)

    @model_validator(mode="after")
    def _known_roles(self) -> Self:
        unknown = [role for role in self.roles if role not in ROLES]
        if unknown:
            raise ValueError(f"{unknown[0]} is no role")
        return self


class Basis(_Part):
    """Where a limit comes from. `internal` ones no regulation asks for."""

    force: Force
    text: Words
    cite: str | None = None


class When(_Part):
    """What a case must be for a rule to apply; what is not named may be anything."""

    kind: tuple[Kind, ...] = Field(default=(), strict=False)
    level: tuple[Level, ...] = Field(default=(), strict=False)
    source: tuple[Source, ...] = Field(default=(), strict=False)
    complexity: tuple[Complexity, ...] = Field(default=(), strict=False)

    def fits(self, *, kind: str, level: str, source: str, complexity: str) -> bool:
        """Whether the case is so."""
        asked = (
            (self.kind, kind),
            (self.level, level),
            (self.source, source),
            (self.complexity, complexity),
        )
        return all(not allowed or value in allowed for allowed, value in asked)


class Rule(_Part):
    """The time that cases of one sort have."""

    when: When = When()
    time: Allowance
    last_day: LastDay = "keep"
    extensions: tuple[Extension, ...] = Field(default=(), strict=False)
    basis: Basis

    @model_validator(mode="after")
    def _last_day_of_days(self) -> Self:
        if self.last_day != "keep" and self.time.days is None:
            raise ValueError("last_day is for limits in days of the calendar")
        return self


class Trigger(_Part):
    """An event that starts or stops a clock: an action, if its document says one of the values of `where`.

    `opened` is the first moment at which a rule fits the case. `from_field` names the field that holds the
    moment from which the time counts, where that is earlier than the entry. A name alone is the action.
    """

    action: ActionName
    where: dict[str, list[str | int | bool]] = Field(default_factory=dict)
    from_field: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"action": value} if isinstance(value, str) else value

    def fits(self, action: str, details: Mapping[str, Any]) -> bool:
        """Whether an event is meant."""
        return action == self.action and all(details.get(name) in told for name, told in self.where.items())


class Warn(_Part):
    """When to warn before the limit: after a part of the time, or so many hours before its end."""

    after_percent: int | None = Field(default=None, gt=0, lt=_PER_CENT)
    hours_before: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("needs exactly one of after_percent, hours_before")
        return self

    @property
    def name(self) -> str:
        """Its name in events: `50%`, `-24h`."""
        return f"{self.after_percent}%" if self.after_percent else f"-{self.hours_before:g}h"


class Escalation(_Part):
    """How an overdue matter goes up the line: to the next person at once, to the one after that `every_hours`
    later, and so on to the head of complaint control; at most `rungs` times."""

    every_hours: float = Field(gt=0)
    rungs: int = Field(default=5, ge=0, le=20)

    @property
    def every(self) -> timedelta:
        """The time between two steps."""
        return timedelta(hours=self.every_hours)


class ClockPolicy(_Part):
    """One clock. The first rule that fits a case gives its time; a case that none fits has no such clock. It
    starts only in the states of `starts_in`, where any are named. A hold stops it only if `pausable`."""

    title: Words
    starts: tuple[Trigger, ...] = Field(min_length=1, strict=False)
    starts_in: tuple[State, ...] = Field(default=(), strict=False)
    met_by: tuple[Trigger, ...] = Field(min_length=1, strict=False)
    pausable: bool
    warn: tuple[Warn, ...] = Field(default=(), strict=False)
    escalate: Escalation
    rules: tuple[Rule, ...] = Field(min_length=1, strict=False)


class MeasuresPolicy(_Part):
    """The clocks of the measures of a plan: each is due when the plan says."""

    title: Words = Words(zh="措施", en="measure")
    warn: tuple[Warn, ...] = Field(default=(Warn(after_percent=50), Warn(after_percent=80)), strict=False)
    escalate: Escalation = Escalation(every_hours=24)
    basis: Basis = Basis(
        force="internal", text=Words(zh="方案所定措施期限", en="the date that the plan gives")
    )


class Profile(_Part):
    """What is different for some clients: another calendar, and rules that come before those of all."""

    title: Words
    calendar: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    hours: Hours | None = None
    clocks: dict[ClockName, list[Rule]] = Field(default_factory=dict)


class Policy(_Part):
    """A whole policy file. `name` is written beside every deadline made with it."""

    id: str = Field(min_length=1, max_length=40)
    version: int = Field(ge=1)
    title: Words
    calendar: str = Field(pattern=r"^[A-Z]{2}$")
    hours: Hours
    clocks: dict[ClockName, ClockPolicy] = Field(min_length=1)
    measures: MeasuresPolicy = MeasuresPolicy()
    profiles: dict[ClockName, Profile] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _profiles_know_clocks(self) -> Self:
        for name, profile in self.profiles.items():
            for clock in profile.clocks:
                if clock not in self.clocks:
                    raise ValueError(f"profiles.{name}.clocks: there is no clock {clock}")
        return self

    @property
    def name(self) -> str:
        """`id@version`."""
        return f"{self.id}@{self.version}"

    @cached_property
    def _with_profile(self) -> dict[str, "Policy"]:
        return {}

    def with_profile(self, name: str) -> "Policy":
        """The policy for clients of a profile.

        Raises:
            BadInputError: `policy.profile`.
        """
        profile = self.profiles.get(name)
        if profile is None:
            raise BadInputError(
                f"the policy {self.name} has no profile {name}",
                code="policy.profile",
                where="DITING_CLIENT_CLOCKS",
                mend=f"Profiles: {', '.join(sorted(self.profiles)) or 'none'}.",
            )
        if name not in self._with_profile:
            own = {
                clock: given.model_copy(update={"rules": (*profile.clocks.get(clock, ()), *given.rules)})
                for clock, given in self.clocks.items()
            }
            self._with_profile[name] = self.model_copy(
                update={
                    "id": f"{self.id}/{name}",
                    "clocks": own,
                    "calendar": profile.calendar or self.calendar,
                    "hours": profile.hours or self.hours,
                }
            )
        return self._with_profile[name]


def load_policy(path: Path = DEFAULT_POLICY) -> Policy:
    """Read a policy file.

    Raises:
        BadInputError: `policy.unreadable`, `policy.not_yaml`, or `policy.invalid` naming the wrong field.
    """
    data = read_yaml(path, "policy")
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        field, said = first_problem(error)
        raise BadInputError(
            said,
            code="policy.invalid",
            where=f"{path}: {field}",
            mend="docs/deadlines.md lists the fields; the shipped policy is a complete example.",
        ) from error


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """The policy shipped with Diting."""
    return load_policy()
