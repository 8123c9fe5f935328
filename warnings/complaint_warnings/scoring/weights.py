"""The weights of the warning score: a versioned file, refused as a whole where anything in it is wrong."""

from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from complaint_warnings.types import HeardIn, Level, Trend
from store.errors import BadInputError

DEFAULT_WEIGHTS = Path(__file__).parent / "weights" / "default.yaml"
GROUPS = ("trigger", "escalation", "conduct", "friction", "trend", "case")
CASE_INDICATORS = ("complaint_history", "days_overdue", "amount_due", "contact_density")
COMPLAINT_CHANNELS = (
    "regulator", "telecom_regulator", "media", "police", "lawyer", "consumer_hotline", "platform", "company",
)  # fmt: skip
CALL_INDICATORS = (
    "self_harm", "vulnerable_pressed", *(f"complaint_intent.{channel}" for channel in COMPLAINT_CHANNELS),
    "complaint_intent.other", "complaint_intent.unspecified", "vulnerable", "dispute.fraud", "stop_request",
    "frequency_complaint", "emotion.angry", "emotion.anxious", "conduct.critical", "dispute_ignored",
    "stop_request_ignored", "conduct.major", "conduct.minor", "dispute", "refusal", "hardship",
    "emotion.mild", "repeated_signals", "willingness_falling",
)  # fmt: skip

ITEM_INDICATORS = (
    "report.self_harm", "report.regulator", "report.media", "report.method", "report.attitude",
    "report.frequency", "report.privacy", "report.vulnerable", "report.amount", "report.interest",
    "report.identity", "report.other",
    "report.proposed.low", "report.proposed.medium", "report.proposed.high", "monitor.contact_frequency",
    "monitor.willingness_falling", "monitor.failed_conversations",
    "opinion.media", "opinion.complaint_platform", "opinion.social", "opinion.other", "group_complaint",
)  # fmt: skip


class WeightsError(BadInputError):
    """A weights file is wrong; `where` is `file: field`."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Thresholds(_Part):
    """The score from which each level begins."""

    low: float = Field(gt=0)
    medium: float
    high: float = Field(le=100)

    @model_validator(mode="after")
    def _rising(self) -> "Thresholds":
        if not self.low < self.medium < self.high:
            raise ValueError("must rise: low < medium < high")
        return self


class Group(_Part):
    """Indicators that speak of the same thing: the heaviest in full, others by `further`, up to `cap`."""

    further: float = Field(ge=0, le=1)
    cap: float = Field(ge=0, le=100)
    cap_without_signal: float | None = Field(default=None, ge=0)


class IndicatorWeight(_Part):
    """Points of one indicator: for one call, for the episode (`cap`), and how fast they fade."""

    group: str
    points: float = Field(ge=0, le=100)
    half_life_days: float = Field(gt=0)
    cap: float | None = Field(default=None, ge=0, le=100)
    floor: Level | None = None
    hard: bool = False

    @field_validator("group")
    @classmethod
    def _known_group(cls, value: str) -> str:
        if value not in GROUPS:
            raise ValueError(f"must be one of {', '.join(GROUPS)}")
        return value

    @property
    def most(self) -> float:
        """The points that all calls together can reach."""
        return self.points if self.cap is None else self.cap


class Step(_Part):
    """Points from a value on."""

    from_: float = Field(alias="from", ge=0)
    points: float = Field(ge=0, le=100)


class EmotionWeights(_Part):
    """By how much the points of a state are multiplied, by where it was heard and how the call went on."""

    both: float = Field(default=1, gt=0, le=2)
    voice: float = Field(default=1, gt=0, le=2)
    disagree: float = Field(default=1, gt=0, le=2)
    rising: float = Field(default=1, gt=0, le=2)
    falling: float = Field(default=1, gt=0, le=2)

    def factor(self, heard_in: HeardIn | None, trend: Trend | None) -> float:
        """The product of what applies; 1 for indicators that are no state of the customer."""
        where = {"both": self.both, "voice": self.voice, "disagree": self.disagree}
        course = {"rising": self.rising, "falling": self.falling}
        return where.get(heard_in or "", 1.0) * course.get(trend or "", 1.0)


class Weights(_Part):
    """A whole weights file. `model` names it in every score made with it."""

    id: str = Field(min_length=1)
    version: int = Field(ge=1)
    title: dict[str, str]
    thresholds: Thresholds
    unsure: float = Field(ge=0, le=1)
    floor_days: float = Field(gt=0)
    groups: dict[str, Group]
    indicators: dict[str, IndicatorWeight]
    case: dict[str, list[Step]]
    currencies: dict[str, float]
    emotion: EmotionWeights = EmotionWeights()

    @property
    def model(self) -> str:
        """`id@version`."""
        return f"{self.id}@{self.version}"

    @field_validator("groups")
    @classmethod
    def _groups_complete(cls, value: dict[str, Group]) -> dict[str, Group]:
        _same_names(value, GROUPS)
        return value

    @field_validator("indicators")
    @classmethod
    def _indicators_complete(cls, value: dict[str, IndicatorWeight]) -> dict[str, IndicatorWeight]:
        _same_names(value, CALL_INDICATORS + ITEM_INDICATORS)
        return value

    @field_validator("case")
    @classmethod
    def _steps_rise(cls, value: dict[str, list[Step]]) -> dict[str, list[Step]]:
        _same_names(value, CASE_INDICATORS)
        for name, steps in value.items():
            if any(a.from_ >= b.from_ or a.points > b.points for a, b in pairwise(steps)):
                raise ValueError(f"{name}: steps must rise")
        return value


def _same_names(given: dict[str, Any], known: tuple[str, ...]) -> None:
    missing = [name for name in known if name not in given]
    unknown = [name for name in given if name not in known]
    if missing:
        raise ValueError(f"missing {', '.join(missing)}")
    if unknown:
        raise ValueError(f"unknown name {', '.join(unknown)}")


def load_weights(path: Path = DEFAULT_WEIGHTS) -> Weights:
    """Read a weights file.

    Raises:
        WeightsError: `weights.unreadable`, `weights.not_yaml` or `weights.invalid`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WeightsError(
            f"the weights file cannot be read ({type(error).__name__})",
            code="weights.unreadable",
            where=str(path),
            mend="Give the path of a readable UTF-8 file",
        ) from error
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise WeightsError(
            "the weights file is not YAML",
            code="weights.not_yaml",
            where=f"{path}{line}",
            mend="Mend the syntax",
        ) from error
    return parse_weights(data, str(path))


def parse_weights(data: object, where: str) -> Weights:
    """Check the content of a weights file; `where` names it in errors.

    Raises:
        WeightsError: `weights.invalid`, naming the first wrong field.
    """
    try:
        return Weights.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the whole file"
        raise WeightsError(
            first["msg"].removeprefix("Value error, "),
            code="weights.invalid",
            where=f"{where}: {field}",
            mend="docs/warnings.md lists the fields; weights/default.yaml is a complete example",
        ) from error


@lru_cache(maxsize=1)
def default_weights() -> Weights:
    """The weights shipped with Diting."""
    return load_weights()
