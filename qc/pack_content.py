"""What packs say, apart from what runs of it: their hashes, and the caps they set."""

import hashlib
import json
from collections.abc import Mapping

from qc.language.condition import Condition
from qc.language.loader import Source, conditions_in
from qc.language.schema import Rule
from qc.language.state import State
from qc.likeness.model import shipped_model
from qc.scoring import Caps


def advised_hash(content: str, advising: tuple[str, ...]) -> str:
    """The hash of packs of which these rules only advise: the same packs with none are what they were."""
    return _digest({"packs": content, "advisory": advising}) if advising else content


def caps_of(source: Source) -> Caps:
    """The caps of the rules and packs; what a later pack sets counts for all."""
    return Caps(
        {key: cap for head in source.heads for key, cap in head.caps.categories.items()},
        {
            f"{rule.id}@{rule.version}": cap
            for _, rule in source.rules
            if (cap := _cap(rule, source)) is not None
        },
    )


def _cap(rule: Rule, source: Source) -> int | None:
    set_by_packs = [head.caps.rules[rule.id] for head in source.heads if rule.id in head.caps.rules]
    return set_by_packs[-1] if set_by_packs else rule.cap


def content_hash(source: Source) -> str:
    """SHA-256 over everything that can change a judgement; examples, comments and layout do not count."""
    content: dict[str, object] = {
        "packs": [(head.id, head.version, head.language) for head in source.heads],
        "caps": [head.caps.model_dump() for head in source.heads],
        "words": source.word_lists(),
        "concepts": {name: _plain(concept) for name, (_, concept) in source.concepts.items()},
        "states": {name: _plain(state) for name, (_, state) in source.states.items()},
        "rules": [(place.pack, plain_rule(rule)) for place, rule in source.rules],
    }
    if uses_likeness(source):
        content["likeness"] = shipped_model().digest
    return _digest(content)


def pack_hash(source: Source, pack: str) -> str:
    """SHA-256 over what one of the packs says by itself, whatever is loaded beside it and whichever likeness
    model there is. The rules of the pack must not have been left out."""
    head = next(head for head in source.heads if head.id == pack)
    return _digest(
        {
            "pack": (head.id, head.version, head.language, head.extends),
            "caps": head.caps.model_dump(),
            "words": {name: words for name, (place, words) in source.words.items() if place.pack == pack},
            "concepts": {
                name: _plain(concept)
                for name, (place, concept) in source.concepts.items()
                if place.pack == pack
            },
            "states": {
                name: _plain(state) for name, (place, state) in source.states.items() if place.pack == pack
            },
            "rules": [plain_rule(rule) for place, rule in source.rules if place.pack == pack],
        }
    )


def plain_rule(rule: Rule) -> dict[str, object]:
    """What a rule says, as JSON values, without its examples."""
    return rule.model_dump(mode="json", by_alias=True, exclude={"examples"}, exclude_none=True)


def _digest(content: Mapping[str, object]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def uses_likeness(source: Source) -> bool:
    """Whether any rule or concept looks for likeness."""
    given = [concept for _, concept in source.concepts.values()]
    given += [condition for _, rule in source.rules for condition in (rule.detect, *rule.unless)]
    return any(inner.like is not None for whole in given for _, inner in conditions_in(whole))


def _plain(condition: Condition | State) -> object:
    return condition.model_dump(mode="json", by_alias=True, exclude_none=True)
