"""What people are told of packs and rules, over HTTP and on the command line."""

from datetime import date, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.rule_examples import EXAMPLE, PACK, PACK_DETAIL, RULE, RULE_DETAIL, VERSION

SHADOW_CALLS: Final = 1000  # so many of the newest judged calls are looked through for a rule on trial

Status = Literal["draft", "shadow", "stable", "deprecated"]
Severity = Literal["critical", "major", "minor", "info"]


class BothLanguages(BaseModel):
    """One meaning in both languages."""

    zh: str
    en: str


class PackVersionOut(BaseModel):
    """One version of a pack on record."""

    model_config = ConfigDict(json_schema_extra={"examples": [VERSION]})

    number: int
    pack: str
    version: str
    hash: str = Field(description="of what it says")
    origin: Literal["site", "shipped", "files"]
    state: Literal["proposed", "approved", "withdrawn"]
    judging: bool = Field(description="whether calls are judged by it now")
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None


class PackProblem(BaseModel):
    """Why a pack cannot be read."""

    code: str
    message: str
    where: str | None
    mend: str | None


class PackOut(BaseModel):
    """A pack as it judges now; what it says is null where it cannot be read."""

    model_config = ConfigDict(json_schema_extra={"examples": [PACK]})

    pack: str
    title: BothLanguages | None
    language: str | None
    version: str | None
    jurisdiction: str | None
    extends: list[str]
    shipped: bool = Field(description="it comes with Diting, and the release approved it")
    approved: bool = Field(description="it may judge: shipped, or approved by two persons")
    approved_by: str | None
    approved_at: datetime | None
    proposals: int = Field(description="versions that wait for another person")
    rules: dict[Status, int] | None = Field(description="how many by status")
    problem: PackProblem | None


class PackDetail(PackOut):
    """With everything on record about it."""

    model_config = ConfigDict(json_schema_extra={"examples": [PACK_DETAIL]})

    description: BothLanguages | None
    files: list[str]
    versions: list[PackVersionOut] = Field(description="the newest first")


class RuleOut(BaseModel):
    """A rule in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [RULE]})

    rule: str = Field(description="id and version")
    id: str
    version: int
    title: BothLanguages
    category: str
    kind: Literal["violation", "signal"]
    status: Status
    severity: Severity
    points: int
    veto: bool = Field(description="a certain finding makes the score 0")
    advisory: bool = Field(description="people overturned it so often that it only advises")
    effective_from: date | None
    effective_to: date | None
    cite: list[str] = Field(description="its sources")
    examples: int


class CitationOut(BaseModel):
    """A source, how well it was confirmed, and how it binds."""

    source: str
    title: BothLanguages = Field(description="what people call the source")
    article: str
    quote: str
    confidence: str = Field(description="V, S, S2, M or policy (docs/rules.md)")
    binding: BothLanguages | None


class ExampleOut(BaseModel):
    """One example, which is a test."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    expected: Literal["violates", "allowed"]
    text: BothLanguages
    passes: bool


class PartOut(BaseModel):
    """One part of what a rule looks for, in plain words."""

    role: BothLanguages
    says: BothLanguages
    against: bool = Field(description="it must not be found")
    parts: list["PartOut"]


class WordListOut(BaseModel):
    """A word list that the rule uses, and how it begins."""

    name: str
    words: list[str]
    count: int


class OverturnOut(BaseModel):
    """What people made of the certain findings of a rule, since it last came back."""

    decided: int
    overturned: int
    share: float | None
    low: float = Field(description="lower end of Wilson's 95 % interval")
    high: float
    dropped_at: datetime | None = Field(description="since when it only advises")
    restore_proposed_by: str | None


class ShadowCall(BaseModel):
    """One call in which a rule on trial found something."""

    call_id: int
    status: Literal["certain", "unsure"]
    heard: str = Field(description="numbers partly masked")


class ShadowOut(BaseModel):
    """What a rule on trial found; it counts for nobody."""

    looked_at: int = Field(description=f"newest judged calls in sight, {SHADOW_CALLS} at most")
    calls: int
    findings: int
    certain: int
    newest: list[ShadowCall]


class RuleDetail(RuleOut):
    """All about one rule."""

    model_config = ConfigDict(json_schema_extra={"examples": [RULE_DETAIL]})

    pack: str
    file: str
    line: int
    text: str = Field(description="as it is written in the file")
    definition: dict[str, Any] = Field(description="what it says, with defaults (docs/rules.md)")
    speaker: str
    guards: list[str]
    certain: bool = Field(description="false: a person always decides")
    looks_for: list[PartOut]
    word_lists: list[WordListOut]
    citations: list[CitationOut]
    tests: list[ExampleOut]
    why: BothLanguages | None
    advice: BothLanguages | None
    versions: list[str] = Field(description="all versions in the pack, the newest first")
    overturns: OverturnOut
    shadow: ShadowOut | None = Field(description="of a rule on trial")
