"""Packs and rules as people are shown them, over HTTP and on the command line."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import words
from api.clause import Clause
from api.masking import mask_text
from api.rule_examples import EXAMPLE, PACK, PACK_DETAIL, RULE, RULE_DETAIL, VERSION
from api.words import Lang, Words
from pipeline.library import Opened
from qc.approval.models import PackVersionRow
from qc.language.base import Bilingual
from qc.language.schema import Example
from qc.models import InspectionRow
from qc.verdicts.decision import wilson
from qc.verdicts.models import RuleAdvisoryRow
from qc.verdicts.service import rule_tally
from qc.workbench.book import Entry
from qc.workbench.outline import ROLES, Part, outline
from qc.workbench.splice import rule_text

SHADOW_CALLS: Final = 1000  # so many of the newest judged calls are looked through for a rule on trial
_SHOWN: Final = 10  # calls in which a rule on trial found something
_LISTED: Final = 8  # words of a list

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


def version_out(row: PackVersionRow, *, judging: bool) -> PackVersionOut:
    """One version."""
    same = {name: getattr(row, name) for name in PackVersionOut.model_fields if hasattr(row, name)}
    return PackVersionOut(**same, number=row.id, hash=row.content_hash, judging=judging)


def both(text: Bilingual | None) -> BothLanguages | None:
    """A text of a rule, where there is one."""
    return None if text is None else BothLanguages(zh=text.zh, en=text.en)


def rule_out(entry: Entry, *, advisory: bool) -> RuleOut:
    """A rule in a list."""
    compiled, rule = entry.compiled, entry.compiled.rule
    return RuleOut(
        rule=compiled.name,
        id=rule.id,
        version=rule.version,
        title=BothLanguages(zh=rule.title.zh, en=rule.title.en),
        category=rule.category,
        kind=compiled.category.kind,
        status=rule.status,
        severity=compiled.severity,
        points=compiled.points,
        veto=compiled.veto,
        advisory=advisory,
        effective_from=rule.effective.from_,
        effective_to=rule.effective.to,
        cite=list(dict.fromkeys(cited.source for cited in rule.cite)),
        examples=len(rule.examples.violates) + len(rule.examples.allowed),
    )


def rule_detail(
    session: Session, opened: Opened, entry: Entry, advising: RuleAdvisoryRow | None
) -> RuleDetail:
    """All about one rule. Its examples are run when it is asked for first."""
    compiled, rule, place = entry.compiled, entry.compiled.rule, entry.place
    parts = outline(compiled, opened.book.source)
    file, index = Path(place.document.file).name, int(place.place[1])
    return RuleDetail(
        **dict(rule_out(entry, advisory=advising is not None)),
        pack=opened.pack,
        file=file,
        line=place.document.line(place.place),
        text=rule_text(opened.files[file], place.document, index),
        definition=definition(entry),
        speaker=compiled.side,
        guards=list(compiled.guards),
        certain=rule.certain,
        looks_for=[_part(part) for part in parts],
        word_lists=list(_word_lists(parts, opened)),
        citations=[_citation(Clause.of(cited)) for cited in rule.cite],
        tests=list(examples_out(opened, entry)),
        why=both(rule.why),
        advice=both(rule.advice),
        versions=[each.compiled.name for each in opened.book.versions(rule.id)],
        overturns=_overturns(session, compiled.name, advising),
        shadow=_shadow(session, compiled.name) if rule.status == "shadow" else None,
    )


def definition(entry: Entry) -> dict[str, Any]:
    """What a rule says, by the file's own keys, with defaults filled in."""
    return entry.compiled.rule.model_dump(mode="json", by_alias=True, exclude_none=True)


def examples_out(opened: Opened, entry: Entry) -> Iterator[ExampleOut]:
    """The examples of a rule, each with whether it comes out as the rule says."""
    rule = entry.compiled.rule
    failed = {
        (each.expected, each.index) for each in opened.failures(rule.id) if each.rule == entry.compiled.name
    }
    kinds: tuple[tuple[Literal["violates", "allowed"], list[Example]], ...] = (
        ("violates", rule.examples.violates),
        ("allowed", rule.examples.allowed),
    )
    for expected, examples in kinds:
        for index, example in enumerate(examples):
            text = BothLanguages(zh=example_text(example, "zh"), en=example_text(example, "en"))
            yield ExampleOut(expected=expected, text=text, passes=(expected, index) not in failed)


def example_text(example: Example, lang: Lang) -> str:
    """An example on one line: who says what, and what else it sets."""
    if isinstance(example, str):
        return example
    turns = [
        f"{words.named(words.SPEAKERS, speaker).say(lang)}：{text}"
        for turn in example.turns
        for speaker, text in turn.model_dump(include={"agent", "customer", "unknown"}).items()
        if text is not None
    ]
    beside = [f"{key}: {value}" for key, value in example.call.items()]
    beside += [f"{cue.kind} {cue.start:g}–{cue.end:g} s" for cue in example.cues]
    return " / ".join(turns) + (f"  [{'; '.join(beside)}]" if beside else "")


def word_lists_of(parts: Sequence[Part]) -> Iterator[str]:
    """The names of the word lists that parts of a rule use."""
    for part in parts:
        for text in (*(part.condition.phrase or ()), *(part.condition.regex or ())):
            yield from re.findall(r"<([\w-]+)>", text)
        yield from word_lists_of(part.parts)


def _part(part: Part) -> PartOut:
    role = ROLES[part.role]
    return PartOut(
        role=BothLanguages(zh=role.zh, en=role.en),
        says=BothLanguages(zh=part.says.zh, en=part.says.en),
        against=part.against,
        parts=[_part(inner) for inner in part.parts],
    )


def _word_lists(parts: Sequence[Part], opened: Opened) -> Iterator[WordListOut]:
    lists = opened.book.source.words
    for name in dict.fromkeys(word_lists_of(parts)):
        if name in lists:
            listed = lists[name][1]
            yield WordListOut(name=name, words=listed[:_LISTED], count=len(listed))


def _citation(clause: Clause) -> CitationOut:
    binding = clause.binding
    return CitationOut(
        source=clause.source,
        title=_said(clause.title),
        article=clause.article,
        quote=clause.quote,
        confidence=clause.confidence,
        binding=None if binding is None else _said(binding),
    )


def _overturns(session: Session, rule: str, advising: RuleAdvisoryRow | None) -> OverturnOut:
    tally = rule_tally(session, rule)
    low, high = wilson(tally.overturned, tally.decided)
    return OverturnOut(
        decided=tally.decided,
        overturned=tally.overturned,
        share=tally.overturned / tally.decided if tally.decided else None,
        low=round(low, 4),
        high=round(high, 4),
        dropped_at=None if advising is None else advising.dropped_at,
        restore_proposed_by=None if advising is None else advising.restore_proposed_by,
    )


def _shadow(session: Session, rule: str) -> ShadowOut:
    query = (
        select(InspectionRow.call_id, InspectionRow.document["shadow"])
        .where(InspectionRow.newest)
        .order_by(InspectionRow.id.desc())
        .limit(SHADOW_CALLS)
    )
    rows = session.execute(query).all()
    found = [(call, each) for call, shadow in rows for each in shadow or () if each["rule"] == rule]
    return ShadowOut(
        looked_at=len(rows),
        calls=len({call for call, _ in found}),
        findings=len(found),
        certain=sum(each["status"] == "certain" for _, each in found),
        newest=[
            ShadowCall(call_id=call, status=each["status"], heard=mask_text(each["heard"]))
            for call, each in found[:_SHOWN]
        ],
    )


def _said(text: Words) -> BothLanguages:
    return BothLanguages(zh=text.zh, en=text.en)
