"""The policy of retention: a YAML file, strict; what is wrong is said with file, line, field and mend."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from qc.language.positions import Document, read_document
from store.errors import SettingsError
from store.people import ROLES

DEFAULT_POLICY: Final = Path(__file__).parent / "policies" / "default.yaml"
LEAST_YEARS: Final = 3
DataClass = Literal["recordings", "transcripts", "results", "cases", "facts", "sources", "audit"]
OfCall = Literal["recordings", "transcripts", "results"]
OF_CALL: Final[tuple[OfCall, ...]] = ("recordings", "transcripts", "results")
_DAYS_OF_A_YEAR: Final = 365.25
_MEND: Final = "docs/retention.md lists the fields; the shipped policy is a complete example."


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Span(_Part):
    """So many years of the calendar, or days."""

    years: int | None = Field(default=None, ge=1, le=100)
    days: int | None = Field(default=None, ge=1, le=36_500)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.years is None) == (self.days is None):
            raise ValueError("give exactly one of years, days")
        return self

    def end(self, start: datetime) -> datetime:
        """The moment at which the time is over; a 29th of February ends on the 1st of March."""
        if self.days is not None:
            return start + timedelta(days=self.days)
        year = start.year + (self.years or 0)
        try:
            return start.replace(year=year)
        except ValueError:
            return start.replace(year=year, month=3, day=1)

    def begin(self, now: datetime) -> datetime:
        """The moment of which, and before which, the time is over now."""
        if self.days is not None:
            return now - timedelta(days=self.days)
        year = now.year - (self.years or 0)
        try:
            return now.replace(year=year)
        except ValueError:
            return now.replace(year=year, day=28)

    @property
    def length(self) -> float:
        """About so many days, to compare."""
        return float(self.days or 0) + (self.years or 0) * _DAYS_OF_A_YEAR

    def __str__(self) -> str:
        """`3 years`, `400 days`."""
        return f"{self.years} years" if self.years else f"{self.days} days"


class Rule(_Part):
    """How long one class is kept; `reason` why so short, where that needs one."""

    keep: Span | Literal["forever"]
    reason: str | None = Field(default=None, min_length=10, max_length=400)

    @property
    def length(self) -> float:
        """About so many days, to compare."""
        return self.keep.length if isinstance(self.keep, Span) else float("inf")


class Client(_Part):
    """What is different for one creditor."""

    recordings: Rule | None = None
    transcripts: Rule | None = None
    results: Rule | None = None
    cases: Rule | None = None


class Night(_Part):
    """The local hours in which the nightly round works; over midnight where `from_hour` is the later one."""

    from_hour: int = Field(default=2, ge=0, le=23)
    to_hour: int = Field(default=5, ge=0, le=23)

    def covers(self, hour: int) -> bool:
        """Whether the hour is one of them."""
        if self.from_hour <= self.to_hour:
            return self.from_hour <= hour < self.to_hour
        return hour >= self.from_hour or hour < self.to_hour


class Orders(_Part):
    """Who may order a deletion, and whether a second person must agree."""

    two_persons: bool = True
    roles: tuple[str, ...] = Field(
        default=("legal", "control_lead", "department_head"), min_length=1, strict=False
    )

    @model_validator(mode="after")
    def _known(self) -> Self:
        for role in self.roles:
            if role not in ROLES:
                raise ValueError(f"{role} is no role; roles are {', '.join(ROLES)}")
        return self


class Policy(_Part):
    """A whole policy file. Every deletion names it and its clause."""

    id: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")
    version: int = Field(ge=1)
    recordings: Rule
    transcripts: Rule
    results: Rule
    cases: Rule
    facts: Rule
    sources: Rule
    audit: Rule = Rule(keep="forever")
    open_tickets: Span | Literal["keep"] = "keep"
    night: Night = Night()
    orders: Orders = Orders()
    clients: dict[str, Client] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.audit.keep != "forever":
            raise ValueError("audit.keep: the audit log is kept forever: it proves what was deleted")
        for client in (None, *self.clients):
            place = f"clients.{client}." if client else ""
            short = self.rule("recordings", client)
            if short.length < LEAST_YEARS * _DAYS_OF_A_YEAR and not short.reason:
                raise ValueError(f"{place}recordings: less than {LEAST_YEARS} years needs a reason")
            if self.rule("results", client).length > self.rule("transcripts", client).length:
                raise ValueError(f"{place}results: they hang on the transcript and cannot be kept longer")
        return self

    @property
    def name(self) -> str:
        """`id@version`."""
        return f"{self.id}@{self.version}"

    @property
    def sha256(self) -> str:
        """Of all that it says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def rule(self, what: DataClass, client: str | None = None) -> Rule:
        """The rule for a class of data of one creditor."""
        own = getattr(self.clients.get(client or ""), what, None)
        return own or getattr(self, what)  # type: ignore[no-any-return]

    def shortest(self, *what: DataClass) -> Span | None:
        """The shortest time for which anything of these classes is kept; None where all is kept forever."""
        rules = [self.rule(part, client) for part in what for client in (None, *self.clients)]
        spans = [rule.keep for rule in rules if isinstance(rule.keep, Span)]
        return min(spans, key=lambda span: span.length, default=None)

    def clause(self, what: DataClass, client: str | None = None) -> str:
        """What a deletion by this rule is put down to: `default@1 recordings: 3 years`."""
        own = getattr(self.clients.get(client or ""), what, None) is not None
        place = f"clients.{client}.{what}" if own else what
        return f"{self.name} {place}: {self.rule(what, client).keep}"


def load_policy(path: Path | None = None) -> Policy:
    """Read a policy file; without one, the shipped policy.

    Raises:
        SettingsError: `retention.unreadable`, `retention.not_yaml`, `retention.invalid`.
    """
    file = path or DEFAULT_POLICY
    try:
        document = read_document(file)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"the file cannot be read ({type(error).__name__})",
            code="retention.unreadable",
            where=str(file),
            mend="DITING_RETENTION_FILE must name a readable UTF-8 file.",
        ) from error
    for problem in document.problems:
        raise SettingsError(
            problem.message, code="retention.not_yaml", where=problem.where, mend=problem.mend
        )
    try:
        return Policy.model_validate(document.data)
    except ValidationError as error:
        raise _invalid(error, document) from None


def _invalid(error: ValidationError, document: Document) -> SettingsError:
    first = error.errors(include_url=False, include_input=False)[0]
    said = first["msg"].removeprefix("Value error, ")
    place: list[Any] = [part for part in first["loc"] if not _is_variant(part)]
    # Checks over several fields name theirs themselves: `clients.a.recordings: …`.
    named, colon, rest = said.partition(": ")
    if colon and first["type"] == "value_error" and " " not in named:
        place += named.split(".")
        said = rest
    problem = document.problem("retention.invalid", tuple(place), said[:1].lower() + said[1:], _MEND)
    return SettingsError(problem.message, code="retention.invalid", where=problem.where, mend=problem.mend)


def _is_variant(part: int | str) -> bool:
    """Whether it names one of the kinds that a value may have, not a place in the file."""
    return isinstance(part, str) and (part.startswith("function-") or part in ("Span", "literal['forever']"))
