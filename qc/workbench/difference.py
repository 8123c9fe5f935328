"""What changed between two versions of a pack: rules field by field, phrases, words, concepts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from qc.language.condition import Condition
from qc.language.loader import Source, conditions_in, conditions_of
from qc.language.schema import Rule

_WORDED = (
    "phrase",
    "regex",
    "like",
    "not_heard",
)  # what conditions look for, told apart from how they are built


@dataclass(frozen=True, slots=True)
class Change:
    """One field. `added` and `removed` are entries of a list; otherwise `before` and `after` say it."""

    field: str
    before: str | None = None
    after: str | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that both have. `through` are changed word lists and concepts that it uses."""

    rule: str
    before: str
    after: str
    changes: tuple[Change, ...]
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs; all in order of name."""

    packs: tuple[Change, ...]
    added: tuple[Rule, ...]
    removed: tuple[Rule, ...]
    changed: tuple[RuleChange, ...]
    words: tuple[Change, ...]
    concepts: tuple[Change, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.packs or self.added or self.removed or self.changed or self.words or self.concepts)


def compare(old: Source, new: Source) -> Difference:
    """What is different in `new`. Of several versions of a rule the newest is compared; the others count as
    added or removed."""
    before, after = _rules(old), _rules(new)
    words = tuple(_lists(old.word_lists(), new.word_lists()))
    concepts = tuple(_concepts(old, new))
    moved = {change.field for change in words} | {change.field for change in concepts}
    pairs = list(_pairs(before, after))
    left, right = {one.id: one for one, _ in pairs}, {two.id: two for _, two in pairs}
    return Difference(
        packs=tuple(_heads(old, new)),
        added=tuple(
            rule for key, rule in after.items() if key not in before and right.get(rule.id) is not rule
        ),
        removed=tuple(
            rule for key, rule in before.items() if key not in after and left.get(rule.id) is not rule
        ),
        changed=tuple(change for one, two in pairs if (change := _changed(one, two, new, moved)) is not None),
        words=words,
        concepts=concepts,
    )


def _rules(source: Source) -> dict[tuple[str, int], Rule]:
    return {
        (rule.id, rule.version): rule
        for _, rule in sorted(source.rules, key=lambda each: (each[1].id, each[1].version))
    }


def _pairs(
    before: Mapping[tuple[str, int], Rule], after: Mapping[tuple[str, int], Rule]
) -> Iterator[tuple[Rule, Rule]]:
    """The newest versions of every rule that both have."""
    newest_before = {rule.id: rule for rule in before.values()}
    newest_after = {rule.id: rule for rule in after.values()}
    yield from ((newest_before[name], newest_after[name]) for name in newest_before if name in newest_after)


def _heads(old: Source, new: Source) -> Iterator[Change]:
    one = {head.id: head for head in old.heads}
    two = {head.id: head for head in new.heads}
    for name in sorted(one.keys() | two.keys()):
        if name not in one or name not in two:
            yield Change(
                name, one[name].version if name in one else None, two[name].version if name in two else None
            )
            continue
        for field in type(one[name]).model_fields:
            before, after = getattr(one[name], field), getattr(two[name], field)
            if before != after:
                yield Change(f"{name} {field}", _written(before), _written(after))


def _lists(old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        change = _listed(name, old.get(name, ()), new.get(name, ()))
        if change is not None:
            yield change


def _listed(name: str, old: Sequence[str], new: Sequence[str]) -> Change | None:
    added, removed = _missing(new, old), _missing(old, new)
    return Change(name, added=added, removed=removed) if added or removed else None


def _missing(these: Iterable[str], those: Iterable[str]) -> tuple[str, ...]:
    there = set(those)
    return tuple(dict.fromkeys(each for each in these if each not in there))


def _concepts(old: Source, new: Source) -> Iterator[Change]:
    """Concepts and states that differ."""
    one, two = _named(old), _named(new)
    for name in sorted(one.keys() | two.keys()):
        if name not in one:
            yield Change(name, None, _written(two[name]))
        elif name not in two:
            yield Change(name, _written(one[name]), None)
        elif one[name] != two[name]:
            yield _condition(name, one[name], two[name])


def _named(source: Source) -> dict[str, list[Condition]]:
    """The conditions of every concept and state."""
    concepts = {name: [condition] for name, (_, condition) in source.concepts.items()}
    states = {
        f"state {name}": [condition for _, condition in conditions_of(state)]
        for name, (_, state) in source.states.items()
    }
    return {**concepts, **states}


def _changed(one: Rule, two: Rule, source: Source, moved: set[str]) -> RuleChange | None:
    changes = []
    for field in Rule.model_fields:
        before, after = getattr(one, field), getattr(two, field)
        if before == after or field == "version":
            continue
        if field in ("detect", "unless"):
            changes.append(
                _condition(field, *(each if isinstance(each, list) else [each] for each in (before, after)))
            )
        elif field == "examples":
            for kind in ("violates", "allowed"):
                texts = [[_written(each) for each in getattr(side, kind)] for side in (before, after)]
                change = _listed(f"examples.{kind}", *texts)
                changes += [change] if change is not None else []
        else:
            changes.append(Change(field, _written(before), _written(after)))
    through = tuple(sorted(_uses(two, source) & moved))
    if not (changes or through or one.version != two.version):
        return None
    return RuleChange(two.id, f"{one.id}@{one.version}", f"{two.id}@{two.version}", tuple(changes), through)


def _condition(field: str, old: Sequence[Condition], new: Sequence[Condition]) -> Change:
    """Texts added and removed; where more than texts differ, the building before and after as well."""
    one, two = _texts(old), _texts(new)
    built = [_written([_bare(each) for each in side]) for side in (old, new)]
    differ = built[0] != built[1]
    return Change(
        field,
        built[0] if differ else None,
        built[1] if differ else None,
        _missing(two, one),
        _missing(one, two),
    )


def _texts(conditions: Sequence[Condition]) -> list[str]:
    found = []
    for condition in conditions:
        for _, inner in conditions_in(condition):
            found += inner.phrase or []
            found += [f"/{each}/" for each in inner.regex or []]
            found += (inner.like.texts or []) if inner.like is not None else []
    return found


def _bare(condition: Condition) -> Any:
    """How a condition is built, its texts left out."""

    def without(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                key: "…" if key in (*_WORDED, "texts") and isinstance(value, list) else without(value)
                for key, value in node.items()
            }
        return [without(each) for each in node] if isinstance(node, list) else node

    return without(condition.model_dump(mode="json", by_alias=True, exclude_none=True))


def _uses(rule: Rule, source: Source) -> set[str]:
    """The word lists and concepts that the rule uses, directly or not."""
    used: set[str] = set()
    named = _named(source)
    frontier: list[Condition] = [rule.detect, *rule.unless]
    while frontier:
        for _, inner in conditions_in(frontier.pop()):
            states = [f"state {name}" for name in inner.state or ()]
            for name in (*([inner.concept] if inner.concept is not None else []), *states):
                if name not in used and name in named:
                    used.add(name)
                    frontier += named[name]
            used |= _word_lists(" ".join([*(inner.phrase or []), *(inner.regex or [])]), source)
    return used


def _word_lists(text: str, source: Source) -> set[str]:
    """The lists named in a text, and those named in their words."""
    found: set[str] = set()
    frontier = [text]
    while frontier:
        here = frontier.pop()
        for name, (_, entries) in source.words.items():
            if f"<{name}>" in here and name not in found:
                found.add(name)
                frontier.append(" ".join(entries))
    return found


def _written(value: Any) -> str:
    """A value as it stands in a rule file, on one line."""
    plain = _plain(value)
    if plain is None or isinstance(plain, str):
        return plain or "—"
    text = yaml.safe_dump(plain, allow_unicode=True, default_flow_style=True, sort_keys=False, width=10_000)
    return str(text).removesuffix("\n...\n").strip()


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    return value
