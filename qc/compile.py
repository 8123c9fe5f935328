"""Rules as read become rules that run: words compiled, names resolved, defaults filled in."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qc.conditions import across, base, likeness, reconciling, record, timing, words
from qc.conditions.answers import Answered
from qc.conditions.needs import needs
from qc.conditions.states import CHANGES, InState, Machine
from qc.findings import Severity
from qc.language.base import GuardName, Side
from qc.language.client import CLIENT, PLACEHOLDER
from qc.language.condition import Condition
from qc.language.loader import Source, conditions_in, conditions_of
from qc.language.phrase import Phrase, compile_phrase
from qc.language.schema import Rule
from qc.language.statuses import Status
from qc.matching.index import Pattern, PatternIndex
from qc.matching.words import ClientPattern, WordPattern
from qc.pack_content import advised_hash, caps_of, content_hash, uses_likeness
from qc.scoring import NO_CAPS, Caps
from qc.taxonomy import CATEGORIES, DEDUCT_BY_SEVERITY, Category

SOUND_CHARACTERS = 4  # phrases of at least so many fixed Chinese characters are looked for by sound too
DEFAULT_GUARDS: tuple[GuardName, ...] = ("negated", "quoting", "read_back")


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to run. `second` rules look at what the others found. What an `advisory` rule finds is
    never certain. Of the patterns it `needs`, if any, one must match."""

    rule: Rule
    pack: str
    language: str
    category: Category
    severity: Severity
    points: int
    veto: bool
    side: Side
    detect: base.Condition
    unless: tuple[base.Condition, ...]
    guards: tuple[GuardName, ...]
    second: bool
    advisory: bool = False
    reconciles: bool = False
    needs: frozenset[Pattern] | None = field(default=None, compare=False, repr=False)

    @property
    def stage(self) -> int:
        """When it runs: 0, 1 after other rules have found something, 2 after what they found became facts."""
        return 2 if self.reconciles else int(self.second)

    @property
    def name(self) -> str:
        """`id@version`."""
        return f"{self.rule.id}@{self.rule.version}"

    def in_force(self, day: date | None) -> bool:
        """Whether the rule is in force on `day`; on an unknown day, whether it has not been withdrawn."""
        return self.rule.effective.covers(day)

    @property
    def grave(self) -> bool:
        """Whether one wrong word would sink a call or call out the rescue."""
        return self.severity == "critical" or self.category.id == "self_harm"

    @property
    def dated(self) -> bool:
        """Whether its force depends on the day of the call."""
        return self.rule.effective.from_ is not None or self.rule.effective.to is not None


@dataclass(frozen=True, slots=True)
class PackSet:
    """Packs that judge a call together. `names` are `id@version`; `hash` is over all that they say, and over
    which of their rules (`advisory`, `id@version`) only advise. `likeness`: some ask for likeness to
    examples, which then has its say on matched words too."""

    names: tuple[str, ...]
    hash: str
    rules: tuple[CompiledRule, ...]
    languages: frozenset[str] = frozenset()
    caps: Caps = NO_CAPS
    advisory: tuple[str, ...] = ()
    states: tuple[Machine, ...] = ()
    index: PatternIndex | None = field(default=None, compare=False, repr=False)
    likeness: bool = False


class _Compiler:
    def __init__(self, source: Source, advisory: Container[str]) -> None:
        self.source = source
        self.advisory = advisory
        self.every: dict[object, Pattern] = {}
        self.concepts = {name: base.Concept(name) for name in source.concepts}
        self.machines = {
            name: Machine(name, state.matter or name, place.language)
            for name, (place, state) in source.states.items()
        }

    def rules(self) -> tuple[CompiledRule, ...]:
        for name, (place, condition) in self.source.concepts.items():
            self.concepts[name].inner = self.condition(condition, place.language)
        for name, (place, state) in self.source.states.items():
            for (change,), condition in conditions_of(state):
                to = CHANGES[str(change)]
                self.machines[name].changes[to] = self.condition(condition, place.language)
            self.machines[name].looks_back = self.state_looks_back(name)
        return tuple(self.rule(place.pack, place.language, rule) for place, rule in self.source.rules)

    def rule(self, pack: str, language: str, rule: Rule) -> CompiledRule:
        category = CATEGORIES[rule.category]
        violation = category.kind == "violation"
        severity = rule.severity or category.severity
        points = DEDUCT_BY_SEVERITY[severity] if rule.deduct is None else rule.deduct
        guards = rule.guards if rule.guards is not None else list(DEFAULT_GUARDS if violation else ())
        excusing = [excuse.guard for excuse in rule.unless if excuse.guard is not None]
        detect = self.condition(rule.detect, language)
        return CompiledRule(
            rule=rule,
            pack=pack,
            language=language,
            category=category,
            severity=severity,
            points=points if violation else 0,
            veto=violation and (severity == "critical" if rule.veto is None else rule.veto),
            side=rule.where.speaker or ("agent" if violation else "customer"),
            detect=detect,
            unless=tuple(self.condition(each, language) for each in rule.unless if each.guard is None),
            guards=tuple(dict.fromkeys([*guards, *excusing])),
            second=self.looks_back(rule.detect) or any(map(self.looks_back, rule.unless)),
            reconciles=self.reconciles(rule.detect) or any(map(self.reconciles, rule.unless)),
            advisory=f"{rule.id}@{rule.version}" in self.advisory,
            needs=needs(detect),
        )

    def reconciles(self, condition: Condition) -> bool:
        """Whether the condition holds the note against the recording, directly or through concepts."""
        return any(
            inner.reconcile is not None
            or (inner.concept is not None and self.reconciles(self.source.concepts[inner.concept][1]))
            for _, inner in conditions_in(condition)
        )

    def looks_back(self, condition: Condition) -> bool:
        """Whether the condition asks for findings of other rules, directly or through concepts."""
        for _, inner in conditions_in(condition):
            if inner.category is not None or inner.reconcile is not None:
                return True
            if inner.concept is not None and self.looks_back(self.source.concepts[inner.concept][1]):
                return True
            if any(map(self.state_looks_back, inner.state or ())):
                return True
        return False

    def state_looks_back(self, name: str) -> bool:
        """Whether findings of other rules change a state."""
        return any(self.looks_back(change) for _, change in conditions_of(self.source.states[name][1]))

    def condition(self, given: Condition, language: str) -> base.Condition:
        inner = self.bare(given, language)
        if given.side is None and given.where is None and given.guards is None:
            return inner
        return base.Placed(
            inner, given.side, given.where, None if given.guards is None else tuple(given.guards)
        )

    def bare(self, given: Condition, language: str) -> base.Condition:
        if given.phrase is not None or given.regex is not None:
            return words.Words(tuple(self.patterns(given, language)))
        if given.like is not None:
            return likeness.condition(given.like)
        if given.any is not None:
            return base.AnyOf(tuple(self.condition(child, language) for child in given.any))
        if given.all is not None or given.none is not None:
            return self.all_of(given, language)
        if given.concept is not None:
            return self.concepts[given.concept]
        return self.beside(given) or self.across(given, language)

    def beside(self, given: Condition) -> base.Condition | None:
        """The conditions on what is known beside the words."""
        kinds: dict[str, Callable[[Any], base.Condition]] = {
            "cue": record.CueHeard,
            "silence": timing.Silence,
            "overlap": timing.Overlap,
            "rate": timing.Rate,
            "fact": record.FactHolds,
            "category": lambda names: record.AlreadyFound(tuple(names)),
            "state": self.in_state,
            "reconcile": reconciling.Differs,
        }
        return kinds[given.kind](getattr(given, given.kind)) if given.kind in kinds else None

    def in_state(self, asked: Mapping[str, Sequence[Status]]) -> InState:
        ((name, wanted),) = asked.items()
        return InState(self.machines[name], tuple(wanted))

    def all_of(self, given: Condition, language: str) -> base.Condition:
        children = given.all if given.all is not None else [given]
        wanted = tuple(self.condition(child, language) for child in children if child.none is None)
        unwanted = tuple(
            self.placed_as(child, self.condition(inner, language))
            for child in children
            for inner in child.none or []
        )
        return base.AllOf(wanted, unwanted)

    @staticmethod
    def placed_as(outer: Condition, inner: base.Condition) -> base.Condition:
        """`inner` with the speaker and window of the `none` around it."""
        return base.Placed(inner, outer.side, outer.where) if outer.side or outer.where else inner

    def across(self, given: Condition, language: str) -> base.Condition:
        """The conditions that look at more than one utterance."""

        def child(condition: Condition) -> base.Condition:
            return self.condition(condition, language)

        if given.order is not None:
            order = given.order
            without = child(order.without) if order.without is not None else None
            return across.InOrder(
                child(order.first), child(order.then), order.within_utterances, order.within_seconds, without,
                order.each, order.same, child(order.between) if order.between is not None else None,
            )  # fmt: skip
        if given.repeat is not None:
            repeat = given.repeat
            return across.Repeated(
                child(repeat.of), repeat.times, repeat.within_utterances, repeat.within_seconds
            )
        if given.answer is not None:
            return Answered(child(given.answer.of), given.answer.is_)
        if given.near is not None:
            return across.NearBy(child(given.near.of), given.near.before, given.near.after)
        kinds: dict[str, Callable[[base.Condition], base.Condition]] = {
            "absent": across.Absent,
            "somewhere": across.Somewhere,
            "nowhere": across.Nowhere,
        }
        return kinds[given.kind](child(getattr(given, given.kind)))

    def patterns(self, given: Condition, language: str) -> list[Pattern]:
        not_heard = tuple(given.not_heard or ())
        found: list[Pattern] = []

        def pattern(phrase: Phrase) -> WordPattern:
            by_sound = given.by_sound if given.by_sound is not None else phrase.fixed >= SOUND_CHARACTERS
            return WordPattern(phrase.source, None, phrase, by_sound and language == "zh", not_heard)

        for text in given.phrase or []:
            if PLACEHOLDER in text:
                found.append(ClientPattern(self.named(text, language, pattern)))
            else:
                found.append(pattern(self.source.phrase(text, language)))
        for text in given.regex or []:
            found.append(WordPattern(text, self.source.regex(text), None, False, ()))
        # The same words are looked for once, however many rules have them.
        return [self.every.setdefault(pattern.key, pattern) for pattern in found]

    def named(
        self, text: str, language: str, pattern: Callable[[Phrase], WordPattern]
    ) -> Callable[[tuple[str, ...]], WordPattern]:
        """How to compile a phrase with the client's name in it, once the name is known."""
        words = self.source.word_lists()

        def build(names: tuple[str, ...]) -> WordPattern:
            return pattern(compile_phrase(text, {**words, CLIENT: names}, language))

        return build


def compile_packs(source: Source, advisory: Container[str] = ()) -> PackSet:
    """The packs, ready to run. The source must be without problems.

    Args:
        source: what was read.
        advisory: the rules (`id@version`) that only advise; those of other packs do not matter.
    """
    names = tuple(f"{head.id}@{head.version}" for head in source.heads)
    compiler = _Compiler(source, advisory)
    rules = compiler.rules()
    advising = tuple(sorted(rule.name for rule in rules if rule.advisory))
    return PackSet(
        names,
        advised_hash(content_hash(source), advising),
        rules,
        frozenset(head.language for head in source.heads),
        caps_of(source),
        advising,
        tuple(compiler.machines.values()),
        PatternIndex(compiler.every.values()),
        uses_likeness(source),
    )
