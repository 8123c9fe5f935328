"""The shape of `pack.yaml` and of topic files. Unknown keys are refused: a misspelt key would silence a rule."""

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from qc.findings import Severity
from transcription.types import CueKind

Status = Literal["draft", "shadow", "stable", "deprecated"]
Confidence = Literal["V", "S", "S2", "M", "policy"]
GuardName = Literal["negated", "quoting", "question", "hypothetical", "warning_against"]
Side = Literal["agent", "customer", "any"]
Attribute = Literal["amount", "date"]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


def _clock_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError('write the time as text in quotes, like "08:00"')  # noqa: TRY004 (pydantic wants it)
    return value


def _version_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) else value


TextList = Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
ClockTime = Annotated[time, BeforeValidator(_clock_text)]


class Strict(BaseModel):
    """Base: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Bilingual(Strict):
    """A text in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def as_dict(self) -> dict[str, str]:
        """`{"zh": …, "en": …}`."""
        return {"zh": self.zh, "en": self.en}


class Where(Strict):
    """Where a rule or a condition looks. Utterances and seconds are counted as docs/rules.md says."""

    speaker: Side | None = None
    direction: Literal["outbound", "inbound"] | None = None
    relation: TextList | None = None
    not_relation: TextList | None = None
    first_utterances: int | None = Field(None, ge=1)
    first_seconds: float | None = Field(None, gt=0)
    last_utterances: int | None = Field(None, ge=1)
    last_seconds: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.opening and self.ending:
            raise ValueError("a window is counted from the first or from the last, not from both")
        return self

    @property
    def window(self) -> tuple[float | None, ...]:
        """The four limits of the window."""
        return (self.first_utterances, self.first_seconds, self.last_utterances, self.last_seconds)

    @property
    def opening(self) -> bool:
        """True when the window is at the start of the call."""
        return self.first_utterances is not None or self.first_seconds is not None

    @property
    def ending(self) -> bool:
        """True when the window is at the end of the call."""
        return self.last_utterances is not None or self.last_seconds is not None


class Order(Strict):
    """`then` after `first`, at most so far behind it, with no `without` between."""

    first: "Condition"
    then: "Condition"
    within_utterances: int | None = Field(None, ge=1)
    within_seconds: float | None = Field(None, gt=0)
    without: "Condition | None" = None
    each: bool = False
    same: bool = False


class Repeat(Strict):
    """`of` at least `times` times, within so many utterances."""

    of: "Condition"
    times: int = Field(ge=2)
    within_utterances: int | None = Field(None, ge=1)


class Near(Strict):
    """True in an utterance when `of` occurs at most `before` utterances earlier or `after` later."""

    of: "Condition"
    before: int = Field(0, ge=0)
    after: int = Field(0, ge=0)


class CueTest(Strict):
    """Something heard: at least `times` cues of `kind`, each at least so strong and so long."""

    kind: CueKind
    min_value: float | None = None
    max_value: float | None = None
    min_seconds: float | None = None
    times: int = Field(1, ge=1)


class Hours(Strict):
    """Permitted hours of the day, both ends included, on the customer's clock."""

    from_: ClockTime = Field(alias="from")
    to: ClockTime


class AttemptsInDays(Strict):
    """At most `attempts` calls in `days` consecutive days, this one counted."""

    attempts: int = Field(ge=1)
    days: int = Field(ge=1)


class Frequency(Strict):
    """Exactly one limit; the fact is true when this call exceeds it."""

    connected_per_day: int | None = Field(None, ge=1)
    attempts_per_day_number: int | None = Field(None, ge=1)
    attempts_in_days: AttemptsInDays | None = None
    rest_after_talk_days: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        _require_one(self, tuple(type(self).model_fields), "frequency limit")
        return self


class NoteTest(Strict):
    """About the outcome word in the collector's note. False where no note was given."""

    outcome_in: TextList | None = None
    outcome_not_in: TextList | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.outcome_in is None and self.outcome_not_in is None:
            raise ValueError("give outcome_in or outcome_not_in")
        return self


class Fact(Strict):
    """Exactly one fact of the call record."""

    hours: Hours | None = None
    frequency: Frequency | None = None
    note: Literal["missing", "given"] | NoteTest | None = None
    ended_by: Literal["agent", "customer"] | None = None
    relation_in: TextList | None = None
    relation_not_in: TextList | None = None
    earlier_stop_request: bool | None = None
    direction: Literal["outbound", "inbound"] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        _require_one(self, tuple(type(self).model_fields), "fact")
        return self


KINDS = (
    "phrase", "regex", "concept", "any", "all", "none", "order", "absent", "repeat", "near", "somewhere",
    "nowhere", "cue", "fact", "category",
)  # fmt: skip


class Condition(Strict):
    """Exactly one of KINDS, and where it looks. Modifiers that do not fit the kind are refused."""

    phrase: TextList | None = None
    regex: TextList | None = None
    concept: str | None = None
    any: "list[Condition] | None" = Field(None, min_length=1)
    all: "list[Condition] | None" = Field(None, min_length=1)
    none: "Annotated[list[Condition], BeforeValidator(_as_list)] | None" = Field(None, min_length=1)
    order: Order | None = None
    absent: "Condition | None" = None
    repeat: Repeat | None = None
    near: Near | None = None
    somewhere: "Condition | None" = None
    nowhere: "Condition | None" = None
    cue: CueTest | None = None
    fact: Fact | None = None
    category: TextList | None = None

    speaker: Side | None = None
    where: Where | None = None
    by_sound: bool | None = None
    not_heard: TextList | None = None
    guards: list[GuardName] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        _require_one(self, KINDS, "condition")
        if self.phrase is None and (self.by_sound is not None or self.not_heard is not None):
            raise ValueError("by_sound and not_heard belong to a phrase")
        if self.where is not None and self.where.speaker is not None and self.speaker is not None:
            raise ValueError("give the speaker once")
        return self

    @property
    def kind(self) -> str:
        """Which of KINDS this is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def side(self) -> Side | None:
        """The speaker this condition asks for, if it does."""
        return self.speaker or (self.where.speaker if self.where else None)


def _require_one(model: BaseModel, names: tuple[str, ...], what: str) -> None:
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) != 1:
        has = ", ".join(given) if given else "none"
        raise ValueError(f"needs exactly one {what} of {', '.join(names)}; has {has}")


class Effective(Strict):
    """The days on which a rule is in force, both included."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError("`to` lies before `from`")
        return self


class Citation(Strict):
    """A source: its id, the words relied on, and how well they were confirmed."""

    source: str = Field(min_length=1)
    quote: str = ""
    confidence: Confidence | None = None

    @model_validator(mode="after")
    def _confirmed(self) -> Self:
        if self.source != "policy" and self.confidence is None:
            raise ValueError("say how well the source was confirmed (V, S, S2, M), or cite `policy`")
        return self


class Turn(Strict):
    """One turn of an example; exactly one of agent, customer, unknown."""

    agent: str | None = None
    customer: str | None = None
    unknown: str | None = None
    start: float | None = Field(None, ge=0)
    end: float | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _one_speaker(self) -> Self:
        _require_one(self, ("agent", "customer", "unknown"), "speaker")
        return self


class ExampleCue(Strict):
    """A cue in an example."""

    kind: CueKind
    speaker: Literal["agent", "customer", "unknown"] = "agent"
    start: float = 0.0
    end: float = 1.0
    value: float = 0.0
    utterances: list[int] = []


class ExampleCall(Strict):
    """A whole example: turns, parts of call.json, cues, and whether the text came from a recogniser."""

    turns: list[Turn] = []
    call: dict[str, object] = {}
    cues: list[ExampleCue] = []
    recognised: bool = False


def _as_example(value: object) -> object:
    return {"turns": value} if isinstance(value, list) else value


Example = str | Annotated[ExampleCall, BeforeValidator(_as_example)]


class Examples(Strict):
    """Cases in which the rule must fire, and near-misses in which it must not. All are run."""

    violates: list[Example] = []
    allowed: list[Example] = []


class Rule(Strict):
    """One check. Defaults that follow from the category are filled in by the compiler."""

    id: str = Field(pattern=r"^[a-z0-9]+(?:[._-][a-z0-9]+)+$")
    version: int = Field(1, ge=1)
    status: Status = "stable"
    category: str
    severity: Severity | None = None
    deduct: int | None = Field(None, ge=0, le=100)
    veto: bool | None = None
    title: Bilingual
    effective: Effective = Effective()
    cite: list[Citation] = []
    where: Where = Where()
    detect: Condition
    unless: Annotated[list[Condition], BeforeValidator(_as_list)] = []
    guards: list[GuardName] | None = None
    attributes: dict[str, str] = {}
    extract: list[Attribute] = []
    certain: bool = True
    why: Bilingual | None = None
    examples: Examples = Examples()
    advice: Bilingual | None = None


class Topic(Strict):
    """A topic file."""

    words: dict[str, Annotated[list[str], Field(min_length=1)]] = {}
    concepts: dict[str, Condition] = {}
    rules: list[Rule] = []


class PackHead(Strict):
    """`pack.yaml`."""

    id: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
    version: Annotated[str, BeforeValidator(_version_text)] = Field(pattern=r"^\d+(?:\.\d+)*$")
    language: Literal["zh", "en"]
    title: Bilingual
    jurisdiction: str = ""
    description: Bilingual | None = None
    extends: list[str] = []
