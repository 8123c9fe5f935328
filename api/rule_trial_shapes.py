"""What people send to try and check rules, and what they are shown of it."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.rule_shapes import BothLanguages, ExampleOut, Severity, Status

MOST_TURNS: Final = 100
MOST_LETTERS: Final = 5000  # of all turns: to try them on all rules takes some seconds
_TEXT: Final = 2000
# How long they may be, the size of a request bounds.
RuleText = Annotated[str, Field(description="one rule as it stands in a file: `- id: …`")]
FileName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,90}\.yaml$")]
FileTexts = Annotated[
    dict[FileName, str | None],
    Field(max_length=100, description="texts of files by name; null takes one away"),
]
PackName = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=100)]
_TURN: Final[dict[str, Any]] = {"speaker": "agent", "text": "你给我听好了"}
_FINDING: Final[dict[str, Any]] = {
    "rule": "house.scolds@1",
    "title": {"zh": "训斥客户", "en": "Scolds the customer"},
    "rule_status": "stable",
    "category": "dismissive",
    "kind": "violation",
    "severity": "minor",
    "points": 5,
    "status": "certain",
    "speaker": "agent",
    "utterances": [0],
    "heard": "你给我听好了",
    "matched": "你给我听好了",
    "how": "words",
    "confidence": 1.0,
    "why": {"zh": "训斥客户", "en": "Scolds the customer"},
    "cite": ["policy"],
}
TRIAL: Final[dict[str, Any]] = {"findings": [_FINDING], "excused": [], "explanations": []}
LINTED: Final[dict[str, Any]] = {
    "problems": [
        {
            "code": "rules.schema",
            "rule": "house.scolds",
            "file": "tone.yaml",
            "line": 3,
            "field": "rules[0].categry",
            "message": {"zh": "没有这个键", "en": "unknown key `categry`"},
            "mend": {"zh": "是不是 `category`？", "en": "Did you mean `category`?"},
        }
    ],
    "tests": [],
}


class TurnIn(BaseModel):
    """One turn of a conversation."""

    model_config = ConfigDict(extra="forbid")

    speaker: Literal["agent", "customer", "unknown"]
    text: str = Field(min_length=1, max_length=_TEXT)


class TrialIn(BaseModel):
    """What to try, and on which words; without a rule: all rules that judge such calls."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"text": "你给我听好了"},
                {"turns": [_TURN], "pack": "cn-telecom-client", "rule": "ct.impersonation.operator"},
            ]
        },
    )

    text: str | None = Field(
        None, max_length=MOST_LETTERS, description="a turn in each line, perhaps with its speaker: `客户：喂`"
    )
    turns: list[TurnIn] | None = Field(None, min_length=1, max_length=MOST_TURNS)
    speaker: Literal["agent", "customer"] | None = Field(
        None, description="who says a line without a name; null: either is tried"
    )
    recognised: bool = Field(False, description="as a doubtful recogniser wrote it: matched by sound, too")
    whole: bool = Field(False, description="it is a whole call: also what is missing in it counts")
    client: str | None = Field(None, max_length=200, description="whose packs judge, too")
    pack: PackName | None = None
    rule: str | None = Field(None, max_length=200, description="a rule of the pack, to be explained")
    definition: RuleText | None = Field(None, description="a rule to be tried in the pack, as written")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.text is None) == (self.turns is None):
            raise ValueError("give either `text` or `turns`")
        if not self.lines():
            raise ValueError("there is nothing to try")
        if sum(map(len, self.lines())) > MOST_LETTERS or len(self.lines()) > MOST_TURNS:
            raise ValueError(f"try at most {MOST_TURNS} turns with {MOST_LETTERS} letters at once")
        if (self.rule or self.definition) and self.pack is None:
            raise ValueError("name the pack of the rule")
        if self.rule and self.definition:
            raise ValueError("give either `rule` or `definition`")
        return self

    def lines(self) -> list[str]:
        """A text for each turn, with its speaker where that is known."""
        if self.turns is not None:
            return [f"{'?' if one.speaker == 'unknown' else one.speaker}: {one.text}" for one in self.turns]
        return [line.strip() for line in (self.text or "").splitlines() if line.strip()]


class TriedOut(BaseModel):
    """One rule that fired."""

    rule: str
    title: BothLanguages
    rule_status: Status = Field(description="only what stable rules find counts")
    category: str
    kind: Literal["violation", "signal"]
    severity: Severity
    points: int
    status: Literal["certain", "unsure"]
    speaker: str | None
    utterances: list[int]
    heard: str
    matched: str
    how: str
    confidence: float
    why: BothLanguages
    cite: list[str]


class ExcusedOut(BaseModel):
    """A rule that would have fired, but for a guard or an excuse."""

    rule: str
    title: BothLanguages
    heard: BothLanguages
    utterance: int | None
    because: BothLanguages


class ExplainedOut(BaseModel):
    """One part of the rule, and what it found, or what came nearest."""

    role: str
    kind: str
    says: BothLanguages
    against: bool
    found: bool
    heard: list[dict[str, Any]]
    dropped: list[dict[str, Any]]
    elsewhere: list[dict[str, Any]]
    measured: BothLanguages | None
    likeness: dict[str, Any] | None
    nearest: dict[str, Any] | None
    parts: list["ExplainedOut"]


class ExplanationOut(BaseModel):
    """Why a rule fires, or does not."""

    rule: str
    speaker: str = Field(description="who was taken for the speaker of lines without a name")
    findings: list[TriedOut]
    hindrances: list[BothLanguages] = Field(description="why it does not judge such a call at all")
    doubts: list[BothLanguages] = Field(description="why a person decides about what it found")
    parts: list[ExplainedOut]


class TrialOut(BaseModel):
    """What came of a trial. Nothing is kept of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [TRIAL]})

    findings: list[TriedOut]
    excused: list[ExcusedOut]
    explanations: list[ExplanationOut] = Field(description="of the rule that was named or given")


class ChangeIn(BaseModel):
    """A pack with changes: single rules, or whole files."""

    model_config = ConfigDict(extra="forbid")

    rules: list[RuleText] = Field(default=[], max_length=50)
    files: FileTexts = {}


class LintIn(ChangeIn):
    """Changes to a pack, to be checked."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"pack": "cn-telecom-client", "rules": ["- id: house.scolds\n  version: 1\n"]}]
        },
    )

    pack: PackName


class ProblemOut(BaseModel):
    """Something that is wrong; `line` counts within the rule where one was given, else within the file."""

    code: str
    rule: str | None
    file: str
    line: int
    field: str
    message: BothLanguages
    mend: BothLanguages


class LintOut(BaseModel):
    """Everything that is wrong, and, where nothing is, whether the examples of the given rules come out."""

    model_config = ConfigDict(json_schema_extra={"examples": [LINTED]})

    problems: list[ProblemOut]
    tests: list[ExampleOut]
