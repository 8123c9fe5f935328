"""Packs and rules as people are shown them, over HTTP and on the command line."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import words
from api.clause import Clause
from api.masking import mask_text
from api.rule_shapes import (
    SHADOW_CALLS,
    BothLanguages,
    CitationOut,
    ExampleOut,
    OverturnOut,
    PackVersionOut,
    PartOut,
    RuleDetail,
    RuleOut,
    ShadowCall,
    ShadowOut,
    WordListOut,
)
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

_SHOWN: Final = 10  # calls in which a rule on trial found something
_LISTED: Final = 8  # words of a list


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
