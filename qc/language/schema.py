"""The shape of `pack.yaml` and of topic files. Unknown keys are refused: a misspelt one silences a rule."""

from datetime import date
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from qc.findings import Severity
from qc.language.base import Bilingual, GuardName, Strict, as_list, require_one, wrong
from qc.language.condition import KINDS, Condition, Where
from qc.language.state import State
from transcription.types import CueKind

Status = Literal["draft", "shadow", "stable", "deprecated"]
Confidence = Literal["V", "S", "S2", "M", "policy"]
Force = Literal["L", "R", "N", "A", "policy"]
Verb = Literal["must", "must_not", "should", "should_not", "may", "advise"]
Attribute = Literal["amount", "date"]


def _version_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) else value


class Effective(Strict):
    """The days on which a rule is in force, both included."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.to < self.from_:
            raise wrong("`to` lies before `from`", "`to` 早于 `from`")
        return self

    def covers(self, day: date | None) -> bool:
        """Whether `day` is among them; an unknown day is, unless there is a last one."""
        if day is None:
            return self.to is None
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class Citation(Strict):
    """A source: its id, the words relied on, how well they were confirmed, and how they bind."""

    source: str = Field(min_length=1)
    quote: str = ""
    confidence: Confidence | None = None
    force: Force | None = None
    verb: Verb | None = None
    article: str = ""
    effective: Effective = Effective()
    last_checked: date | None = None

    @model_validator(mode="after")
    def _confirmed(self) -> Self:
        if self.source != "policy" and self.confidence is None:
            raise wrong(
                "say how well the source was confirmed (V, S, S2, M), or cite `policy`",
                "请写明依据的核实程度（V、S、S2、M），或引用内部规定 `policy`",
            )
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
        require_one(self, ("agent", "customer", "unknown"), "speaker")
        return self


class ExampleCue(Strict):
    """A cue in an example."""

    kind: CueKind
    speaker: Literal["agent", "customer", "unknown"] = "agent"
    start: float = 0.0
    end: float = 1.0
    value: float = 0.0
    utterances: list[int] = Field(default_factory=list)


class ExampleCall(Strict):
    """A whole example: turns, parts of call.json, cues, and whether the text came from a recogniser."""

    turns: list[Turn] = Field(default_factory=list)
    call: dict[str, object] = Field(default_factory=dict)
    cues: list[ExampleCue] = Field(default_factory=list)
    recognised: bool = False


def _as_example(value: object) -> object:
    return {"turns": value} if isinstance(value, list) else value


def _kind_of_example(value: object) -> str:
    return "a text" if isinstance(value, str) else "a call"


_ExampleCall = Annotated[
    ExampleCall, BeforeValidator(_as_example, json_schema_input_type=ExampleCall | list[Turn])
]
# Told apart by what was written, so that a mistake is explained for that kind alone.
Example = Annotated[
    Annotated[str, Tag("a text")] | Annotated[_ExampleCall, Tag("a call")], Discriminator(_kind_of_example)
]


class Examples(Strict):
    """Cases in which the rule must fire, and near-misses in which it must not. All are run."""

    violates: list[Example] = Field(default_factory=list)
    allowed: list[Example] = Field(default_factory=list)


class Excuse(Condition):
    """A condition that excuses a finding, or a guard by its name: `{quoting: true}`."""

    kinds: ClassVar[tuple[str, ...]] = (*KINDS, *get_args(GuardName))

    negated: Literal[True] | None = None
    quoting: Literal[True] | None = None
    read_back: Literal[True] | None = None
    corrected: Literal[True] | None = None
    question: Literal[True] | None = None
    hypothetical: Literal[True] | None = None
    warning_against: Literal[True] | None = None

    @property
    def guard(self) -> GuardName | None:
        """The guard that this is, if it is one."""
        return next((name for name in get_args(GuardName) if getattr(self, name)), None)


class Rule(Strict):
    """One check. Defaults that follow from the category are filled in by the compiler."""

    id: str = Field(pattern=r"^[a-z0-9]+(?:[._-][a-z0-9]+)+$")
    version: int = Field(1, ge=1, strict=True)  # strict: `yes` is no number
    status: Status = "stable"
    category: str
    severity: Severity | None = None
    deduct: int | None = Field(None, ge=0, le=100, strict=True)
    cap: int | None = Field(None, ge=0, le=100, strict=True)
    veto: bool | None = None
    title: Bilingual
    effective: Effective = Effective()
    cite: list[Citation] = Field(default_factory=list)
    where: Where = Where()
    detect: Condition
    unless: Annotated[
        list[Excuse], BeforeValidator(as_list, json_schema_input_type=Excuse | list[Excuse])
    ] = Field(default_factory=list)
    guards: list[GuardName] | None = None
    attributes: dict[str, str] = Field(default_factory=dict)
    extract: list[Attribute] = Field(default_factory=list)
    certain: bool = True
    why: Bilingual | None = None
    examples: Examples = Examples()
    advice: Bilingual | None = None


class Topic(Strict):
    """A topic file."""

    words: dict[str, Annotated[list[str], Field(min_length=1)]] = Field(default_factory=dict)
    concepts: dict[str, Condition] = Field(default_factory=dict)
    states: dict[str, State] = Field(default_factory=dict)
    rules: list[Rule] = Field(default_factory=list)


Cap = Annotated[int, Field(ge=0, le=100, strict=True)]


class Caps(Strict):
    """The most points that a category, or a rule, may take from one call."""

    categories: dict[str, Cap] = Field(default_factory=dict)
    rules: dict[str, Cap] = Field(default_factory=dict)


class PackHead(Strict):
    """`pack.yaml`."""

    id: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
    version: Annotated[
        Annotated[str, Field(pattern=r"^\d+(?:\.\d+)*$")],
        BeforeValidator(_version_text, json_schema_input_type=int | float | str),
    ]
    language: Literal["zh", "en"]
    title: Bilingual
    jurisdiction: str = ""
    description: Bilingual | None = None
    extends: list[str] = Field(default_factory=list)
    caps: Caps = Caps()
