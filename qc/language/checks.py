"""What is wrong with rule packs, before anybody is judged by them."""

from collections.abc import Iterator
from difflib import get_close_matches

from qc.language.client import CLIENT, PLACEHOLDER
from qc.language.condition import Condition
from qc.language.loader import Located, Source, conditions_in
from qc.language.phrase import PhraseError
from qc.language.positions import Place, Problem
from qc.language.schema import Rule
from qc.language.versions import superseded
from qc.likeness.model import MODEL_LANGUAGES, shipped_model
from qc.matching.patterns import PatternError
from qc.taxonomy import CATEGORIES, COMPLAINT_CHANNELS, EMOTION_STATES, matching_categories

_NEEDS_ATTRIBUTE = {
    "complaint_intent": ("channel", COMPLAINT_CHANNELS),
    "negative_emotion": ("state", EMOTION_STATES),
}


def lint_source(source: Source) -> list[Problem]:
    """All problems of what was read, those of reading included."""
    problems = list(source.problems)
    for name, (place, entries) in source.words.items():
        problems += _client_problems(name, place, entries)
        for index, entry in enumerate(entries):
            problems += _phrase_problems(place, (index,), entry, source)
    for place, concept in source.concepts.values():
        problems += _condition_problems(place, (), concept, source)
    for place, rule in source.rules:
        problems += _rule_problems(place, rule, source)
    problems += _concept_cycles(source)
    problems += _cap_problems(source)
    problems += _version_problems(source)
    return problems


def _client_problems(name: str, place: Located, entries: list[str]) -> Iterator[Problem]:
    """`<client>` is different in every call: word lists can neither be it nor have it."""
    if name == CLIENT:
        message = f"{CLIENT!r} is already given: it is the creditor that the record of the call names"
        yield place.problem("rules.duplicate", (), message, "Rename the list.")
    for index, entry in enumerate(entries):
        if PLACEHOLDER in entry:
            mend = "Write it in the phrase itself."
            yield place.problem("rules.phrase", (index,), f"{PLACEHOLDER} cannot stand in a word list", mend)


def _cap_problems(source: Source) -> Iterator[Problem]:
    rules = {rule for rule, _ in source.known_rules}
    for head in source.heads:
        place = source.head_places[head.id]
        for name in head.caps.categories:
            if name not in CATEGORIES:
                mend = "Use an id of the taxonomy (docs/rules.md lists them)."
                field = ("caps", "categories", name)
                yield place.problem("rules.category", field, f"unknown category {name!r}", mend)
        for name in head.caps.rules:
            if name not in rules:
                mend = "Correct the id, or name the pack that has the rule under `extends`."
                yield place.problem(
                    "rules.rule_unknown", ("caps", "rules", name), f"there is no rule {name!r}", mend
                )


def _version_problems(source: Source) -> Iterator[Problem]:
    """Versions of a rule of which nobody would ever be judged."""
    places = {(rule.id, rule.version): place for place, rule in source.rules}
    running = [rule for _, rule in source.rules if rule.status in ("stable", "shadow")]
    for older, newer in superseded(running):
        message = f"version {older.version} never judges: version {newer.version} is in force on all its days"
        mend = f"Give version {newer.version} `effective: {{from: …}}`, or make the older one deprecated."
        yield places[older.id, older.version].problem("rules.superseded", ("version",), message, mend)


def _rule_problems(place: Located, rule: Rule, source: Source) -> Iterator[Problem]:
    if len(matching_categories(rule.category)) != 1 or rule.category.endswith("*"):
        mend = "Use an id of the taxonomy (docs/rules.md lists them)."
        yield place.problem("rules.category", ("category",), f"unknown category {rule.category!r}", mend)
    yield from _condition_problems(place, ("detect",), rule.detect, source)
    if rule.detect.kind == "none":
        mend = "Use `absent`, or put `none` beside something positive in `all`."
        yield place.problem(
            "rules.only_negative", ("detect",), "a rule cannot look for nothing but absence", mend
        )
    for index, condition in enumerate(rule.unless):
        yield from _condition_problems(place, ("unless", index), condition, source)
    yield from _example_problems(place, rule)
    yield from _attribute_problems(place, rule)
    if rule.status == "stable" and not rule.cite:
        mend = "Cite the source it rests on; a house rule cites `{source: policy, confidence: policy}`."
        yield place.problem("rules.uncited", (), f"the stable rule {rule.id!r} cites nothing", mend)


def _example_problems(place: Located, rule: Rule) -> Iterator[Problem]:
    if rule.status not in ("stable", "shadow"):
        return
    for name in ("violates", "allowed"):
        if not getattr(rule.examples, name):
            message = f"the {rule.status} rule {rule.id!r} has no `{name}` example"
            mend = "Give at least one: examples are the tests of the rule."
            yield place.problem("rules.examples", ("examples",), message, mend)


def _attribute_problems(place: Located, rule: Rule) -> Iterator[Problem]:
    needed = _NEEDS_ATTRIBUTE.get(rule.category)
    if needed and rule.attributes.get(needed[0]) not in needed[1]:
        message = f"{rule.category} needs attributes.{needed[0]}"
        mend = f"Use one of {', '.join(sorted(needed[1]))}."
        yield place.problem("rules.attribute", ("attributes",), message, mend)


def _condition_problems(place: Located, start: Place, whole: Condition, source: Source) -> Iterator[Problem]:
    for inner, condition in conditions_in(whole, start):
        for index, phrase in enumerate(condition.phrase or []):
            yield from _phrase_problems(place, (*inner, "phrase", index), phrase, source)
        for index, regex in enumerate(condition.regex or []):
            try:
                source.regex(regex)
            except PatternError as error:
                mend = "RE2 has no look-around and no back-references; use `unless` or guards instead."
                yield place.problem("rules.regex", (*inner, "regex", index), str(error), mend)
        if condition.concept is not None and condition.concept not in source.concepts:
            mend = "Define it under `concepts:`, or load the pack that has it (`extends`)."
            message = f"there is no concept {condition.concept!r}"
            yield place.problem("rules.concept", (*inner, "concept"), message, mend)
        if condition.like is not None and condition.like.bank is not None:
            yield from _bank_problems(place, (*inner, "like", "bank"), condition.like.bank)
        for name in condition.category or []:
            if not matching_categories(name):
                mend = "Use an id of the taxonomy, or a prefix like `dispute.*`."
                yield place.problem(
                    "rules.category", (*inner, "category"), f"unknown category {name!r}", mend
                )


def _bank_problems(place: Located, inner: Place, bank: str) -> Iterator[Problem]:
    known = shipped_model(place.language).names if place.language in MODEL_LANGUAGES else ()
    if bank not in known:
        near = get_close_matches(bank, known, 1)
        mend = f"Did you mean {near[0]}?" if near else f"Use one of {', '.join(known) or 'texts instead'}."
        yield place.problem("rules.bank", inner, f"there is no trained bank {bank!r}", mend)


def _phrase_problems(place: Located, inner: Place, phrase: str, source: Source) -> Iterator[Problem]:
    try:
        source.phrase(phrase, place.language)
    except PhraseError as error:
        mend = "Write (a|b), (x)?, ~, ~12 or <word-list>; see docs/rules.md."
        yield place.problem("rules.phrase", inner, f"{phrase!r}: {error}", mend)


def _concept_cycles(source: Source) -> Iterator[Problem]:
    uses = {
        name: {inner.concept for _, inner in conditions_in(concept) if inner.concept}
        for name, (_, concept) in source.concepts.items()
    }
    for name, (place, _) in source.concepts.items():
        reached: set[str] = set()
        frontier = set(uses[name])
        while frontier:
            reached |= frontier
            frontier = {user for step in frontier for user in uses.get(step, set())} - reached
        if name in reached:
            yield place.problem("rules.cycle", (), f"the concept {name!r} uses itself", "Break the circle.")
