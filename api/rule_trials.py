"""Rules tried on sentences, and texts of rules checked, as people are shown what came of it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.orm import Session

from api.explained import part_json
from api.rules import BothLanguages, ExampleOut, Severity, Status, examples_out
from pipeline.library import Library
from qc.language.positions import Problem
from qc.packs import default_packs
from qc.workbench.book import Book
from qc.workbench.explain import Explanation, explain, guard_words
from qc.workbench.splice import HEAD, Put, parsed, put_rule
from qc.workbench.text import Text
from qc.workbench.trial import (
    DOUBTFUL,
    WHOLE_CALL,
    Excused,
    Make,
    Tried,
    language_of,
    makes,
    try_rules,
)
from store.errors import DitingError
from store.settings import Settings

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


def try_out(session: Session, library: Library, settings: Settings, wanted: TrialIn) -> TrialOut:
    """What rules say of some sentences.

    Raises:
        NotFoundError: `rules.pack_unknown`.
        RuleError: a pack or the rule that was given has problems, or there is no such rule.
    """
    texts = wanted.lines()
    base = None if wanted.pack is None else library.files(session, wanted.pack)
    language = _language(base) or language_of(texts)
    beside = [*default_packs(language), *settings.packs_for(wanted.client)]
    pack, put = wanted.pack or default_packs(language)[0], None
    if wanted.definition is not None and base is not None:
        put = put_rule(base, wanted.definition)
    opened = library.judging(session, pack, beside, None if put is None else put.files)
    calls = makes(texts, wanted.speaker, DOUBTFUL if wanted.recognised else None, language)
    rule = put.rule if put else wanted.rule
    if rule is not None:
        return TrialOut(findings=[], excused=[], explanations=_explained(opened.book, rule, calls))
    found: list[TriedOut] = []
    excused: list[ExcusedOut] = []
    for make in calls:
        tried, kept_from = try_rules(opened.book, make)
        found += [_tried(each) for each in tried if wanted.whole or each.finding.how not in WHOLE_CALL]
        excused += map(_excused, kept_from)
    return TrialOut(findings=found, excused=excused, explanations=[])


def lint_change(session: Session, library: Library, wanted: LintIn) -> LintOut:
    """What is wrong with a pack after some changes; nothing is kept.

    Raises:
        NotFoundError: `rules.pack_unknown`.
    """
    files = base_files(session, library, wanted.pack, wanted.files)
    placed: list[Put] = []
    for text in wanted.rules:
        try:
            placed.append(put_rule(placed[-1].files if placed else files, text))
        except DitingError as error:
            return LintOut(problems=[_of_text(error)], tests=[])
    changed = placed[-1].files if placed else files
    problems = library.problems(session, wanted.pack, changed)
    if problems:
        return LintOut(problems=[_problem(each, placed) for each in problems], tests=[])
    opened = library.changed(session, wanted.pack, changed)
    given = {put.rule for put in placed}
    return LintOut(
        problems=[],
        tests=[
            test
            for entry in opened.entries
            if entry.compiled.rule.id in given
            for test in examples_out(opened, entry)
        ],
    )


def base_files(
    session: Session, library: Library, pack: str, given: Mapping[str, str | None]
) -> dict[str, str]:
    """The files of a pack as it judges now with some in the place of others; of a new pack, those given.

    Raises:
        NotFoundError: `rules.pack_unknown`, and no `pack.yaml` is given for a new one.
    """
    is_new = given.get(HEAD) is not None and pack not in library.known(session)
    base = {} if is_new else library.files(session, pack)
    return {name: text for name, text in {**base, **given}.items() if text is not None}


def _language(files: Mapping[str, str] | None) -> str | None:
    """The language of a pack, as its head says."""
    data = None if files is None else parsed(files.get(HEAD, ""), HEAD).data
    language = data.get("language") if isinstance(data, dict) else None
    return language if language in ("zh", "en") else None


def _explained(book: Book, rule: str, calls: list[Make]) -> list[ExplanationOut]:
    entry = book.versions(rule)[0]
    sides = ("agent", "customer")
    if len(calls) == len(sides):  # either may speak: those are tried whom the rule listens to
        chosen = [
            (side, make)
            for side, make in zip(sides, calls, strict=True)
            if entry.compiled.side in (side, "any")
        ]
    else:
        chosen = [("agent", calls[0])]
    return [_explanation(explain(entry, book, make()), side) for side, make in chosen]


def _explanation(made: Explanation, side: str) -> ExplanationOut:
    return ExplanationOut(
        rule=made.entry.compiled.name,
        speaker=side,
        findings=[_tried(Tried(made.entry, finding)) for finding in made.findings],
        hindrances=[_both(text) for text in made.hindrances],
        doubts=[_both(text) for text in made.doubts],
        parts=[ExplainedOut.model_validate(part_json(part)) for part in made.parts],
    )


def _tried(each: Tried) -> TriedOut:
    finding, rule = each.finding, each.entry.compiled.rule
    same = {name: getattr(finding, name) for name in TriedOut.model_fields if hasattr(finding, name)}
    said = dict(finding.why)
    why = BothLanguages(zh=said.get("zh", ""), en=said.get("en", ""))
    title = BothLanguages(zh=rule.title.zh, en=rule.title.en)
    return TriedOut(**{**same, "why": why, "title": title, "rule_status": rule.status})


def _excused(each: Excused) -> ExcusedOut:
    rule = each.entry.compiled
    because = guard_words(each.heard.guard) if each.by_guard else Text("构成豁免", "it excuses it")
    return ExcusedOut(
        rule=rule.name,
        title=BothLanguages(zh=rule.rule.title.zh, en=rule.rule.title.en),
        heard=_both(each.heard.text),
        utterance=each.heard.utterance,
        because=_both(because),
    )


def _problem(problem: Problem, placed: list[Put]) -> ProblemOut:
    zh = problem.zh or (problem.message, problem.mend)
    inside = next(
        (
            put
            for put in placed
            if put.name == problem.file and put.line <= problem.line < put.line + put.lines
        ),
        None,
    )
    return ProblemOut(
        code=problem.code,
        rule=inside.rule if inside else None,
        file=problem.file,
        line=problem.line - inside.line + 1 if inside else problem.line,
        field=problem.field,
        message=BothLanguages(zh=zh[0], en=problem.message),
        mend=BothLanguages(zh=zh[1], en=problem.mend),
    )


def _of_text(error: DitingError) -> ProblemOut:
    """What keeps a text from being a rule at all; `where` is `rule:line field`."""
    line = (error.where or "").partition(":")[2].partition(" ")[0]
    said = error.message, error.mend or ""
    return ProblemOut(
        code=error.code,
        rule=None,
        file="",
        line=int(line) if line.isdecimal() else 1,
        field="",
        message=BothLanguages(zh=said[0], en=said[0]),
        mend=BothLanguages(zh=said[1], en=said[1]),
    )


def _both(text: Text) -> BothLanguages:
    return BothLanguages(zh=text.zh, en=text.en)
