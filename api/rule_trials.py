"""Rules tried on sentences, and texts of rules checked, as people are shown what came of it."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from api.explained import part_json
from api.rule_shapes import BothLanguages
from api.rule_trial_shapes import (
    ExcusedOut,
    ExplainedOut,
    ExplanationOut,
    LintIn,
    LintOut,
    ProblemOut,
    TrialIn,
    TrialOut,
    TriedOut,
)
from api.rules import examples_out
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
