"""What is wrong with rule packs, before anybody is judged by them."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import get_args

from qc.language.client import CLIENT, PLACEHOLDER
from qc.language.condition import Condition
from qc.language.facts import Matter
from qc.language.feelings import feelings_problems
from qc.language.loader import Located, Source, conditions_in, conditions_of
from qc.language.mistakes import did_you_mean
from qc.language.phrase import PhraseError
from qc.language.positions import Place, Problem
from qc.language.regexes import mend_of, refuse_emptiness
from qc.language.schema import Rule
from qc.language.state import State
from qc.language.versions import superseded
from qc.likeness.model import MODEL_LANGUAGES, shipped_model
from qc.matching.patterns import PatternError
from qc.taxonomy import CATEGORIES, COMPLAINT_CHANNELS, EMOTION_STATES, matching_categories

TODO = "TODO"  # stands in new rules where something is to be filled in
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
    for name, (place, state) in source.states.items():
        problems += _state_problems(name, place, state, source)
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
        zh = (f"{CLIENT!r} 已有含义：通话记录中的委托方", "请给词表换个名称。")
        yield place.problem("rules.duplicate", (), message, "Rename the list.", zh)
    for index, entry in enumerate(entries):
        if PLACEHOLDER in entry:
            mend = "Write it in the phrase itself."
            zh = (f"词表中不能有 {PLACEHOLDER}", "请直接写在短语中。")
            message = f"{PLACEHOLDER} cannot stand in a word list"
            yield place.problem("rules.phrase", (index,), message, mend, zh)


def _cap_problems(source: Source) -> Iterator[Problem]:
    rules = {rule for rule, _ in source.known_rules}
    for head in source.heads:
        place = source.head_places[head.id]
        for name in head.caps.categories:
            if name not in CATEGORIES:
                yield _unknown_category(place, ("caps", "categories", name), name)
        for name in head.caps.rules:
            if name not in rules:
                mend, zh_mend = did_you_mean(
                    name,
                    rules,
                    "Correct the id, or name the pack that has the rule under `extends`.",
                    "请改正编号，或在 `extends` 中写明该规则所在的规则包。",
                )
                zh = (f"没有规则 {name!r}", zh_mend)
                field = ("caps", "rules", name)
                yield place.problem("rules.rule_unknown", field, f"there is no rule {name!r}", mend, zh)


def _version_problems(source: Source) -> Iterator[Problem]:
    """Versions of a rule of which nobody would ever be judged."""
    places = {(rule.id, rule.version): place for place, rule in source.rules}
    running = [rule for _, rule in source.rules if rule.status in ("stable", "shadow")]
    for older, newer in superseded(running):
        message = f"version {older.version} never judges: version {newer.version} is in force on all its days"
        mend = f"Give version {newer.version} `effective: {{from: …}}`, or make the older one deprecated."
        zh = (
            f"第 {older.version} 版永远不会生效：第 {newer.version} 版在其所有日期都有效",
            f"请给第 {newer.version} 版加上 `effective: {{from: …}}`，或把旧版改为 deprecated。",
        )
        yield places[older.id, older.version].problem("rules.superseded", ("version",), message, mend, zh)


def _rule_problems(place: Located, rule: Rule, source: Source) -> Iterator[Problem]:
    if len(matching_categories(rule.category)) != 1 or rule.category.endswith("*"):
        yield _unknown_category(place, ("category",), rule.category)
    yield from _condition_problems(place, ("detect",), rule.detect, source)
    if rule.detect.kind == "none":
        mend = "Use `absent`, or put `none` beside something positive in `all`."
        zh = ("规则不能只写 none", "请用 `absent`，或在 `all` 中与正面的条件并列。")
        message = "a rule cannot look for nothing but absence"
        yield place.problem("rules.only_negative", ("detect",), message, mend, zh)
    for index, condition in enumerate(rule.unless):
        yield from _condition_problems(place, ("unless", index), condition, source)
    yield from _example_problems(place, rule)
    yield from _attribute_problems(place, rule)
    yield from feelings_problems(place, rule, source)
    if rule.status in ("stable", "shadow") and TODO in rule.model_dump_json():
        zh = (f"规则 {rule.id!r} 中还有 {TODO}", "请填好，或把状态改回 draft。")
        message = f"the {rule.status} rule {rule.id!r} still has {TODO} in it"
        yield place.problem("rules.todo", (), message, "Fill it in, or make the rule a draft.", zh)
    if rule.status == "stable" and not rule.cite:
        mend = "Cite the source it rests on; a house rule cites `{source: policy, confidence: policy}`."
        message = f"the stable rule {rule.id!r} cites nothing"
        zh = (
            f"正式规则 {rule.id!r} 没有依据",
            "请写明依据；内部规定写 `cite: [{source: policy, confidence: policy}]`。",
        )
        yield place.problem("rules.uncited", (), message, mend, zh)


def _unknown_category(place: Located, field: Place, name: str) -> Problem:
    mend, zh_mend = did_you_mean(
        name,
        CATEGORIES,
        "Use an id of the taxonomy, or where it may be a prefix `dispute.*` (docs/rules.md lists them).",
        "请用 docs/rules.md 所列的类别编号，或 `dispute.*` 之类的前缀。",
    )
    zh = (f"没有类别 {name!r}", zh_mend)
    return place.problem("rules.category", field, f"unknown category {name!r}", mend, zh)


def _example_problems(place: Located, rule: Rule) -> Iterator[Problem]:
    if rule.status not in ("stable", "shadow"):
        return
    for name in ("violates", "allowed"):
        if not getattr(rule.examples, name):
            message = f"the {rule.status} rule {rule.id!r} has no `{name}` example"
            mend = "Give at least one: examples are the tests of the rule."
            zh = (f"规则 {rule.id!r} 没有 `{name}` 例句", "请至少写一句：例句就是规则的测试。")
            yield place.problem("rules.examples", ("examples",), message, mend, zh)


def _attribute_problems(place: Located, rule: Rule) -> Iterator[Problem]:
    needed = _NEEDS_ATTRIBUTE.get(rule.category)
    if needed and rule.attributes.get(needed[0]) not in needed[1]:
        message = f"{rule.category} needs attributes.{needed[0]}"
        words = ", ".join(sorted(needed[1]))
        zh = (f"{rule.category} 须写 attributes.{needed[0]}", f"请用其中之一：{words}。")
        yield place.problem("rules.attribute", ("attributes",), message, f"Use one of {words}.", zh)


def _condition_problems(place: Located, start: Place, whole: Condition, source: Source) -> Iterator[Problem]:
    for inner, condition in conditions_in(whole, start):
        for index, phrase in enumerate(condition.phrase or []):
            yield from _phrase_problems(place, (*inner, "phrase", index), phrase, source)
        for index, regex in enumerate(condition.regex or []):
            try:
                refuse_emptiness(source.regex(regex))
            except PatternError as error:
                mend, meaning, zh_mend = mend_of(str(error))
                zh = (f"{regex[:40]!r}：{meaning}", zh_mend)
                yield place.problem("rules.regex", (*inner, "regex", index), str(error), mend, zh)
        if condition.concept is not None and condition.concept not in source.concepts:
            mend, zh_mend = did_you_mean(
                condition.concept,
                source.concepts,
                "Define it under `concepts:`, or load the pack that has it (`extends`).",
                "请在 `concepts:` 中定义，或用 `extends` 借用有它的规则包。",
            )
            message = f"there is no concept {condition.concept!r}"
            said = (f"没有概念 {condition.concept!r}", zh_mend)
            yield place.problem("rules.concept", (*inner, "concept"), message, mend, said)
        yield from _unknown_states(place, (*inner, "state"), condition, source)
        if condition.like is not None and condition.like.bank is not None:
            yield from _bank_problems(place, (*inner, "like", "bank"), condition.like.bank)
        for name in condition.category or []:
            if not matching_categories(name):
                yield _unknown_category(place, (*inner, "category"), name)


def _state_problems(name: str, place: Located, state: State, source: Source) -> Iterator[Problem]:
    if state.matter is None and name not in get_args(Matter):
        known = ", ".join(get_args(Matter))
        message = f"it is not said what the state {name!r} is about"
        zh = (f"没有写明状态 {name!r} 属于哪类事项", f"请写 `matter`，取值之一：{known}。")
        yield place.problem("rules.state", (), message, f"Give `matter`: one of {known}.", zh)
    for start, condition in conditions_of(state):
        yield from _condition_problems(place, start, condition, source)
        if _asks_for_state(condition, source, set()):
            message = f"the state {name!r} asks for a state"
            zh = ("状态的条件中不能再问状态", "请改用短语、类别或概念。")
            yield place.problem("rules.state", start, message, "Use phrases, categories or concepts.", zh)


def _asks_for_state(condition: Condition, source: Source, seen: set[str]) -> bool:
    """Whether it asks for a state, itself or through the concepts it names."""
    for _, inner in conditions_in(condition):
        if inner.state is not None:
            return True
        name = inner.concept
        if name is not None and name in source.concepts and name not in seen:
            seen.add(name)
            if _asks_for_state(source.concepts[name][1], source, seen):
                return True
    return False


def _unknown_states(place: Located, inner: Place, condition: Condition, source: Source) -> Iterator[Problem]:
    for name in (condition.state or {}).keys() - source.states.keys():
        mend, zh_mend = did_you_mean(
            name,
            source.states,
            "Define it under `states:`, or load the pack that has it (`extends`).",
            "请在 `states:` 中定义，或用 `extends` 借用有它的规则包。",
        )
        zh = (f"没有状态 {name!r}", zh_mend)
        yield place.problem("rules.state", inner, f"there is no state {name!r}", mend, zh)


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
        zh_mend = "可写 (甲|乙)、(可有)?、~、~12 或 <词表>；见 docs/rules.md。"
        if error.word_list is not None:
            mend, zh_mend = did_you_mean(error.word_list, source.words, mend, zh_mend)
        zh = (f"{phrase!r}：{error}", zh_mend)
        yield place.problem("rules.phrase", inner, f"{phrase!r}: {error}", mend, zh)


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
            zh = (f"概念 {name!r} 引用了自己", "请打断这个循环。")
            message = f"the concept {name!r} uses itself"
            yield place.problem("rules.cycle", (), message, "Break the circle.", zh)
