"""A condition as a tree in plain words, each part beside what it was compiled to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel

from qc import wording
from qc.compile import CompiledRule
from qc.conditions import across, base
from qc.conditions.states import CHANGES, SPEAKERS, InState
from qc.language.condition import Condition, Where
from qc.language.jsonschema import MEANINGS
from qc.language.loader import Source
from qc.workbench.text import Text, both

_SPEAKERS = {
    "agent": Text("坐席", "agent"),
    "customer": Text("客户", "customer"),
    "any": Text("双方", "either side"),
}
_LISTED = 6  # so many phrases are shown of a long list,
_LONGEST = 60  # and so many characters of each
ROLES = {
    "detect": Text("要找", "look for"),
    "unless": Text("豁免", "unless"),
    "any": Text("或", "or"),
    "all": Text("且", "and"),
    "none": Text("且无", "and not"),
    "first": Text("先", "first"),
    "then": Text("后", "then"),
    "between": Text("其间有", "between them"),
    "without": Text("其间无", "without"),
    "of": Text("即", "namely"),
    "opened": Text("提出", "opened"),
    "acknowledged": Text("回应", "acknowledged"),
    "resolved": Text("解决", "resolved"),
    "withdrawn": Text("收回", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A condition, what it is to the one around it, and in words what it looks for and where. `against`: it
    must not be found."""

    role: str
    condition: Condition
    says: Text
    runs: base.Condition
    parts: tuple["Part", ...] = ()
    against: bool = False


def outline(rule: CompiledRule, source: Source) -> list[Part]:
    """What the rule looks for, and then what excuses it."""
    conditions = [("detect", rule.rule.detect, rule.detect)]
    excuses = [excuse for excuse in rule.rule.unless if excuse.guard is None]
    conditions += [("unless", given, runs) for given, runs in zip(excuses, rule.unless, strict=True)]
    return [_part(role, given, runs, source, against=role == "unless") for role, given, runs in conditions]


def _part(
    role: str, given: Condition, runs: base.Condition, source: Source, *, against: bool = False
) -> Part:
    inner: base.Condition = runs
    while isinstance(inner, base.Placed):
        inner = inner.inner
    parts = [
        _part(name, child, compiled, source, against=name in ("none", "without"))
        for name, child, compiled in _inside(given, inner, source)
    ]
    where = _where(given)
    says = _says(given, source)
    if where.zh:
        says = Text(f"{says.zh}〔{where.zh}〕", f"{says.en} [{where.en}]")
    return Part(role, given, says, runs, tuple(parts), against)


def _inside(given: Condition, runs: Any, source: Source) -> Iterator[tuple[str, Condition, base.Condition]]:
    """The conditions inside, each with its name in the one around it and what it was compiled to."""
    if given.any is not None:
        yield from (("any", child, one) for child, one in zip(given.any, runs.options, strict=True))
    elif given.all is not None or given.none is not None:
        children = given.all or [given]
        wanted = [child for child in children if child.none is None]
        unwanted = [inner for child in children for inner in child.none or []]
        yield from (("all", child, one) for child, one in zip(wanted, runs.wanted, strict=True))
        yield from (("none", child, one) for child, one in zip(unwanted, runs.unwanted, strict=True))
    elif given.concept is not None:
        yield "of", source.concepts[given.concept][1], runs.inner
    elif given.state is not None:
        yield from _changes(given.state, runs, source)
    elif given.order is not None and isinstance(runs, across.InOrder):
        for name in ("first", "between", "without", "then"):
            child = getattr(given.order, name)
            if child is not None:
                yield name, child, getattr(runs, name)
    else:
        child = given.repeat or given.near or given.answer
        inner = child.of if child is not None else given.absent or given.somewhere or given.nowhere
        if inner is not None:
            yield "of", inner, runs.inner


def _changes(
    state: Mapping[str, object], runs: InState, source: Source
) -> Iterator[tuple[str, Condition, base.Condition]]:
    """What opens a state and what changes it, each with the side that does it."""
    written = source.states[next(iter(state))][1]
    for change, status in CHANGES.items():
        child = getattr(written, change)
        if child is not None:
            yield change, child, base.Placed(runs.machine.changes[status], SPEAKERS[status], guards=())


def _where(given: Condition) -> Text:
    speaker = _SPEAKERS[given.side] if given.side is not None else both("")
    window = window_of(given.where)
    return Text(
        "，".join(filter(None, (speaker.zh, window.zh))), ", ".join(filter(None, (speaker.en, window.en)))
    )


def window_of(where: Where | None) -> Text:
    """The part of the call, empty for the whole of it."""
    if where is None or not (where.opening or where.ending):
        return both("")
    return Text(wording.window(where, "zh"), wording.window(where, "en"))


def _says(given: Condition, source: Source) -> Text:
    """The condition itself in words, without what is inside."""
    if given.phrase is not None:
        return _said("说到", "says", given.phrase, given.by_sound)
    if given.regex is not None:
        return _said("符合", "matches", [f"/{each}/" for each in given.regex], None)
    if given.concept is not None:
        place = source.concepts[given.concept][0]
        where = f"{place.document.file}:{place.document.line(place.place)}"
        return Text(f"概念 {given.concept}（{where}）", f"the concept {given.concept} ({where})")
    if given.category is not None:
        names = ", ".join(given.category)
        return Text(f"本通电话已有发现：{names}", f"already found in this call: {names}")
    timed = _timed(given)
    return _structure(given, source) if timed is None else timed


def _timed(given: Condition) -> Text | None:
    """What is heard beside the words, as findings put it; None for other conditions."""
    for lang_pair in (
        given.cue and [wording.cue(given.cue, "", lang) for lang in ("zh", "en")],
        given.silence and [wording.silence(given.silence, lang) for lang in ("zh", "en")],
        given.overlap and [wording.overlap(given.overlap, lang) for lang in ("zh", "en")],
        given.rate and [wording.rate(given.rate, lang) for lang in ("zh", "en")],
    ):
        if lang_pair is not None:
            return Text(*lang_pair)
    return None


def _structure(given: Condition, source: Source) -> Text:
    fixed = {
        "any": Text("任一成立", "one of these"),
        "all": Text("同一句中全部成立", "all of these in one utterance"),
        "none": Text("均不成立", "none of these"),
        "absent": Text("没有说到", "is not said"),
        "somewhere": Text("通话中某处", "anywhere in the call"),
        "nowhere": Text("通话中无一处", "nowhere in the call"),
    }
    if given.kind in fixed:
        return fixed[given.kind]
    if given.state is not None:
        ((name, wanted),) = given.state.items()
        place = source.states[name][0]
        where = f"{place.document.file}:{place.document.line(place.place)}"
        ways = ", ".join(wanted)
        return Text(f"状态 {name} 为 {ways}（{where}）", f"the state {name} is {ways} ({where})")
    model = getattr(given, given.kind)
    zh, en = MEANINGS["Condition"].get(given.kind, [given.kind, given.kind])
    figures = _figures(model)
    if given.kind == "fact":
        name = next(key for key in type(model).model_fields if getattr(model, key) is not None)
        zh, en = MEANINGS["Fact"].get(name, [name, name])
    return Text(f"{zh}：{figures}", f"{en}: {figures}") if figures else Text(zh, en)


def _figures(model: BaseModel) -> str:
    """What is set in a test beside its conditions, as it is written in the file."""
    plain = model.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    simple = {
        key: value for key, value in plain.items() if key not in ("first", "then", "between", "without", "of")
    }
    if not simple:
        return ""
    text = yaml.safe_dump(simple, allow_unicode=True, default_flow_style=True, sort_keys=False, width=10_000)
    return str(text).strip().removeprefix("{").removesuffix("}")


def _said(zh: str, en: str, texts: Sequence[str], by_sound: bool | None) -> Text:
    shown = [text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…" for text in texts[:_LISTED]]
    more = len(texts) - len(shown)
    silent = by_sound is False
    return Text(
        f"{zh} " + "、".join(f"“{text}”" for text in shown) + (f" 等 {len(texts)} 种" if more else "")
        + ("（只按字）" if silent else ""),
        f"{en} " + ", ".join(f"“{text}”" for text in shown) + (f" and {more} more" if more else "")
        + (" (by letters only)" if silent else ""),
    )  # fmt: skip
