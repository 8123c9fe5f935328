"""What pydantic finds wrong with a rule file, in the words of people who write rules, and how to mend it."""

import types
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from qc.language.jsonschema import MEANINGS
from qc.language.positions import Document, Place, Problem
from qc.taxonomy import CATEGORIES

FEW = 12  # so many keys may be listed in a message
GUIDE_EN, GUIDE_ZH = "Compare with docs/rules.md.", "请对照 docs/rules.md。"


class Said(NamedTuple):
    """A message and its mend, in English and in Chinese."""

    message: str
    mend: str
    zh: str
    zh_mend: str


# What people write who think in Chinese.
_CHINESE = {
    "坐席": "agent", "催收员": "agent", "客户": "customer", "债务人": "customer", "双方": "any",
    "呼出": "outbound", "呼入": "inbound", "中文": "zh", "英文": "en",
    "草稿": "draft", "试运行": "shadow", "正式": "stable", "停用": "deprecated",
    "严重": "critical", "较重": "major", "轻微": "minor", "提示": "info",
    **{category.zh: category.id for category in CATEGORIES.values()},
}  # fmt: skip


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is probably meant to be."""
    words = sorted(known)
    if _CHINESE.get(word) in words:
        return _CHINESE[word]
    found = get_close_matches(word, words, 1, 0.6)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str], mend: str, zh_mend: str) -> tuple[str, str]:
    """The mends in English and Chinese for a word that is not known."""
    near = nearest(word, known)
    if near is None:
        return mend, zh_mend
    return f"Did you mean `{near}`?", f"是不是想写 `{near}`？"


def explained(error: ValidationError, document: Document, model: type[BaseModel]) -> list[Problem]:
    """Every mistake with its place in the file; `model` is what the file should have been."""
    found: dict[tuple[Place, str], Problem] = {}
    for detail in error.errors(include_url=False):
        place = _real_place(detail["loc"], document)
        said = _said(detail, _models_at(model, detail["loc"][:-1]), _models_at(model, detail["loc"]))
        problem = document.problem("rules.schema", place, said.message, said.mend, (said.zh, said.zh_mend))
        found.setdefault((place, said.message), problem)
    return list(found.values())


def _real_place(location: tuple[str | int, ...], document: Document) -> Place:
    """Pydantic names union members (`a text`) in its path; the file has no such keys."""
    place: Place = ()
    for key in location:
        if (*place, key) in document.lines or (
            key == location[-1] and isinstance(key, str) and key.isidentifier()
        ):
            place = (*place, key)
    return place


def _models_at(model: type[BaseModel], location: tuple[str | int, ...]) -> list[type[BaseModel]]:
    """The models that the value at `location` may be."""
    models = [model]
    for key in location:
        fields = [
            field
            for each in models
            for name, field in each.model_fields.items()
            if key in (name, field.alias)
        ]
        if fields:
            models = list(dict.fromkeys(each for field in fields for each in _models_in(field.annotation)))
    return models


def _models_in(annotation: object) -> list[type[BaseModel]]:
    """The models in a type, whatever lists, choices and notes are around them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is Annotated:
        return _models_in(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType, list, dict, tuple):
        return [each for inner in get_args(annotation) for each in _models_in(inner)]
    return []


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


class _Mistake(NamedTuple):
    """What pydantic says: the key, the value given, the figures, and the models around and at the place."""

    key: str
    given: object
    context: Mapping[str, Any]
    message: str
    around: list[type[BaseModel]]
    here: list[type[BaseModel]]


def _said(detail: ErrorDetails, around: list[type[BaseModel]], here: list[type[BaseModel]]) -> Said:
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    message = detail["msg"].removeprefix("Value error, ")
    mistake = _Mistake(key, detail["input"], detail.get("ctx", {}), message, around, here)
    for prefix, say in _BY_PREFIX.items():
        if detail["type"].startswith(prefix):
            return say(mistake)
    return Said(message, GUIDE_EN, message, GUIDE_ZH)


def _as_said(mistake: _Mistake) -> Said:
    return Said(mistake.message, GUIDE_EN, str(mistake.context["zh"]), GUIDE_ZH)


def _unknown_key(mistake: _Mistake) -> Said:
    key, around = mistake.key, mistake.around
    message, zh = f"unknown key {key!r}", f"没有 {key!r} 这个键"
    if "：" in key:
        name = key.partition("：")[0]
        mend = f"Write a half-width colon and a space: `{name}: …`."
        return Said(message, mend, zh, f"请写半角冒号加空格：`{name}: …`。")
    known = list(dict.fromkeys(each for model in around for each in _keys(model)))
    near = nearest(key, known)
    if near is not None:
        return Said(message, f"Did you mean `{near}`?", zh, f"是不是想写 `{near}`？")
    for model in around:
        for name, field in model.model_fields.items():
            if any(key in _keys(inner) for inner in _models_in(field.annotation)):
                under = field.alias or name
                return Said(message, f"It stands under `{under}`.", zh, f"它应写在 `{under}` 之下。")
    listed = ", ".join(known)
    if 0 < len(known) <= FEW:
        return Said(message, f"Known here: {listed}.", zh, f"这里可写：{listed}。")
    return Said(
        message, "Take it out; docs/rules.md lists the keys.", zh, "请删去；docs/rules.md 列出了所有的键。"
    )


def _missing(mistake: _Mistake) -> Said:
    key, around = mistake.key, mistake.around
    meanings = (MEANINGS.get(model.__name__, {}).get(key) for model in around)
    zh_meaning, meaning = next((tuple(each) for each in meanings if each), ("", ""))
    return Said(
        f"`{key}` is missing; it is required",
        f"Add `{key}: …`" + (f" ({meaning})." if meaning else "."),
        f"缺少必填的 `{key}`",
        f"请加上 `{key}: …`" + (f"（{zh_meaning}）。" if zh_meaning else "。"),
    )


def _not_listed(mistake: _Mistake) -> Said:
    given, expected = mistake.given, str(mistake.context.get("expected", ""))
    words = [word for word in expected.replace(" or ", ", ").replace("'", "").split(", ") if word]
    mend, zh_mend = did_you_mean(
        str(given), words, f"Use one of {', '.join(words)}.", f"请用其中之一：{'、'.join(words)}。"
    )
    message = f"{_shown(given)} is none of {expected}"
    return Said(message, mend, f"{_shown(given)} 不在可选的词中：{'、'.join(words)}", zh_mend)


def _one_of(mistake: _Mistake) -> Said:
    context = mistake.context
    what, names, has = context["what"], context["names"], context["has"]
    message = f"needs exactly one {what} of {names}; has {has}"
    if has == "none":
        mend, zh_mend, zh_has = "Write one of them.", "请写其中一个。", "一个也没有写"
    else:
        mend, zh_mend = "Keep one of them.", "请只保留一个。"
        zh_has = f"写了 {has}"
    if what == "condition" and has != "none":
        mend = "Put each as an entry of its own under `any` (one holds) or `all` (all hold)."
        zh_mend = "请分别作为 `any`（任一成立）或 `all`（全部成立）之下的一项。"
    return Said(message, mend, f"{names} 中须写且只写一个；{zh_has}", zh_mend)


def _no_mapping(mistake: _Mistake) -> Said:
    given, here = mistake.given, mistake.here
    name = here[0].__name__ if here else ""
    if name in ("Condition", "Excuse"):
        text = given if isinstance(given, str) and given.isprintable() and len(given) <= 40 else "…"
        return Said(
            f"must be a condition, not {_shown(given)}",
            f"Write `{{phrase: {text}}}`.",
            f"这里应是一个条件，而不是{_shown(given, True)}",
            f"请写 `{{phrase: {text}}}`。",
        )
    keys = ", ".join(_keys(here[0])[:FEW]) if here else ""
    return Said(
        f"must be `key: value` pairs, not {_shown(given)}",
        f"Keys here: {keys}." if keys else "Write `key: value` pairs.",
        f"这里应是 `键: 值`，而不是{_shown(given, True)}",
        f"可用的键：{keys}。" if keys else "请写 `键: 值`。",
    )


def _pattern(mistake: _Mistake) -> Said:
    key, given = mistake.key, mistake.given
    shapes = {
        "id": (
            "lower case, digits, dots or hyphens, such as cn.threat.visit",
            "小写字母、数字、点或连字符，如 cn.threat.visit",
        ),
        "version": ("a number such as 1 or 1.2", "数字，如 1 或 1.2"),
    }  # fmt: skip
    en, zh = shapes.get(key, ("what docs/rules.md shows", "docs/rules.md 所示的写法"))
    return Said(
        f"{_shown(given)} does not match the pattern of `{key}`", f"Write {en}.",
        f"{_shown(given)} 不合 `{key}` 的写法", f"请写{zh}。",
    )  # fmt: skip


def _shown(given: object, zh: bool = False) -> str:
    """The value as it was written, cut short."""
    text = repr(given) if isinstance(given, str) else str(given)
    kinds = {dict: ("a mapping", "“键: 值”"), list: ("a list", "列表"), type(None): ("nothing", "空白")}
    return kinds[type(given)][zh] if type(given) in kinds else text if len(text) <= 40 else text[:39] + "…"


_Say = Callable[[_Mistake], Said]


def _fixed(what: str, mend: str, zh: str, zh_mend: str) -> _Say:
    def say(mistake: _Mistake) -> Said:
        given = mistake.given
        return Said(
            f"must be {what}, not {_shown(given)}", mend, f"应是{zh}，而不是{_shown(given, True)}", zh_mend
        )

    return say


def _bound(sign: str, en: str, zh: str) -> _Say:
    def say(mistake: _Mistake) -> Said:
        given, limit = mistake.given, mistake.context.get(sign)
        return Said(
            f"must be {en} {limit}, not {given}", "Correct the number.", f"应{zh} {limit}，而不是 {given}",
            "请改正数值。",
        )  # fmt: skip

    return say


def _empty(mistake: _Mistake) -> Said:
    least = mistake.context.get("min_length", 1)
    return Said(
        f"must have at least {least} entry", "Add one, or take the key out.", f"至少要有 {least} 项",
        "请加上一项，或删去这个键。",
    )  # fmt: skip


_NUMBER = ("Write it in digits, without quotes or unit.", "请写数字，不加引号和单位。")
_DAY = _fixed("a day", "Write it as 2026-06-01.", "日期", "请写成 2026-06-01。")
_BY_PREFIX: dict[str, _Say] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "literal_error": _not_listed,
    "said": _as_said,
    "one_of": _one_of,
    "model_type": _no_mapping,
    "model_attributes_type": _no_mapping,
    "dict_type": _no_mapping,
    "string_pattern_mismatch": _pattern,
    "string_type": _fixed("text", "Write text; put numbers in quotes.", "文字", "请写文字；数字要加引号。"),
    "string_too_short": _empty,
    "too_short": _empty,
    "list_type": _fixed(
        "a valid list", "Begin every entry with `- `, or write [one, two].",
        "列表", "每项以 `- ` 开头，或写 [甲, 乙]。",
    ),
    "int": _fixed("a whole number", _NUMBER[0], "整数", _NUMBER[1]),
    "float": _fixed("a number", _NUMBER[0], "数字", _NUMBER[1]),
    "bool": _fixed("true or false", "Write true or false.", " true 或 false", "请写 true 或 false。"),
    "date": _DAY,
    "time": _fixed("a time of day", 'Write it in quotes, like "08:00".', "时刻", '请加引号写，如 "08:00"。'),
    "greater_than_equal": _bound("ge", "at least", "不小于"),
    "greater_than": _bound("gt", "more than", "大于"),
    "less_than_equal": _bound("le", "at most", "不大于"),
    "less_than": _bound("lt", "less than", "小于"),
}  # fmt: skip
