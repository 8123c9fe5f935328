"""Random rule files and calls for hypothesis: good ones, nearly good ones, and garbage.

Rule files are drawn from the models of the rule language themselves, so that a new key or condition is drawn
from the day it exists.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from qc.language.condition import Condition, Where
from qc.language.schema import Bilingual, Excuse, Rule, State, Topic
from qc.taxonomy import CATEGORIES

Draw = Callable[..., Any]
_DEEPEST = 4

NAMES = ("family", "office", "press", "loop", "self")
SPOKEN = (
    *("今天", "明天", "还钱", "不还", "单位", "领导", "投诉", "你", "您", "我", "不会", "说", "去你家"),
    *("，", "。", "？", "pay", "today", "lawyer", " ", "12378", "三千二", "呃", "哈哈哈哈"),
    *("\u200b", "\ufeff", "𠮷", "é", "\x00", "ｆｕｌｌ"),
)
PHRASES = (
    *(
        "让你(在)?(单位|公司)~4抬不起头",
        "<family>~说",
        "<client>~还钱",
        "(a|b)*钱",
        "今天还钱",
        "call(ing|ed)? you",
    ),
    *("(今天|明天|后天|下周|月底)(还|交|付|转|打)(钱|款|清|上|来)", "x" * 300, "你", "去你家", "投诉"),
)
BAD_PHRASES = ("", "~0", "~99", "你~", "~12", "(", "a(b", "<", "<nobody>", "()", "[a-z]+")
REGEXES = (
    *("还.*钱", "今天|明天", "<family>", ".", "^还$", r"\p{Han}{2,5}", "(?i)A", "[^。]{0,50}还", "(a+)+$"),
    *("(a|a)*b", "(.*)*x", "a{100}", "不(还|给|想)+"),
)
BAD_REGEXES = (
    *("a{1000}", "((a{100}){100}){100}", "(?:(?:(?:x?){50}){50}){50}", "[^。]{0,500}还", "a" * 5000, "", "["),
    *("(?=a)", r"\1", "，", "(?P<n>a)", r"\C", "^$", "(.*x)?", r"\B(.*x)?", "x*"),
)

spoken = st.lists(st.sampled_from(SPOKEN), max_size=30).map("".join)
anything = st.one_of(spoken, st.text(max_size=40))
# Metadata with characters that no text can hold is refused before it gets here.
told = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
junk = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.floats(),
        st.text(max_size=20),
        st.dates(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)

WINDOWS: Sequence[Mapping[str, Any]] = (
    {"first_utterances": 3, "first_seconds": 20},
    {"last_utterances": 2},
    {"relation": ["debtor"]},
    {"direction": "outbound", "last_seconds": 30},
)

# What a text stands for follows from its key: one that is right, and one that may be anything.
_RIGHT: Mapping[str, st.SearchStrategy[str]] = {
    "phrase": st.sampled_from(PHRASES),
    "not_heard": st.just("今天"),
    "regex": st.sampled_from(REGEXES),
    "concept": st.sampled_from(NAMES),
    "category": st.sampled_from((*CATEGORIES, "dispute.*")),
    "like": st.sampled_from(("你们单位的人都会知道", "我不想活了")),
    "bank": st.sampled_from(("threat", "self_harm")),
}
_ANY: Mapping[str, st.SearchStrategy[str]] = {
    "phrase": st.one_of(st.sampled_from((*PHRASES, *BAD_PHRASES)), spoken),
    "not_heard": spoken,
    "regex": st.one_of(st.sampled_from((*REGEXES, *BAD_REGEXES)), spoken),
    "concept": st.sampled_from((*NAMES, "nobody")),
    "category": st.sampled_from((*CATEGORIES, "dispute.*", "nonsense")),
    "bank": st.sampled_from(("threat", "nobody")),
    "id": st.sampled_from(("t.one", "t.two", "NoId")),
    "source": st.sampled_from(("policy", "cn.cba2026")),
}


def texts(key: str, right: bool) -> st.SearchStrategy[str]:
    vocabulary = _RIGHT if right else _ANY
    return vocabulary.get(key, st.sampled_from(NAMES) if right else anything)


@cache
def values(annotation: Any, key: str, depth: int, right: bool) -> st.SearchStrategy[Any]:
    """Values for a field `key` of this type, as they would stand in YAML."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (Annotated, Union, types.UnionType):
        kinds = inner[:1] if origin is Annotated else [kind for kind in inner if kind is not type(None)]
        return st.one_of(*(values(kind, key, depth, right) for kind in kinds))
    if origin is dict:
        return st.dictionaries(texts("key", right), values(inner[-1], key, depth, right), max_size=2)
    if origin is list:
        return st.lists(values(inner[0], key, depth, right), min_size=int(right), max_size=3)
    model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return models(annotation, depth, right) if model else _plain(annotation, key, right)


def _plain(annotation: Any, key: str, right: bool) -> st.SearchStrategy[Any]:
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: texts(key, right),
        bool: st.booleans(),
        int: st.integers(2 if right else 0, 12),
        float: st.one_of(st.floats(1, 60), st.integers(1, 60)),
        date: st.dates(date(2025, 1, 1), date(2027, 1, 1)),
        time: st.sampled_from(("08:00", "22:00") if right else ("08:00", "24:61")),
        object: junk,
    }
    return simple.get(annotation, junk)


@cache
def models(model: type[BaseModel], depth: int, right: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings of the shape of `model`: what is required, and some of the rest."""
    if issubclass(model, Condition):
        return st.deferred(lambda: conditions(model, depth + 1, right))
    if model is Where and right:
        return st.sampled_from(WINDOWS).map(dict)
    if model is Bilingual:
        return st.builds(dict, zh=st.just("标题"), en=st.just("title"))
    hints = get_type_hints(model, include_extras=True)  # resolved: `order: {first: …}` holds conditions again
    fields = {
        (field.alias or name): (field, values(hints[name], name, depth + 1, right))
        for name, field in model.model_fields.items()
    }
    needed = {key: strategy for key, (field, strategy) in fields.items() if field.is_required()}
    optional = {key: strategy for key, (field, strategy) in fields.items() if not field.is_required()}
    if right and hasattr(model, "_exactly_one"):
        return st.sampled_from(sorted(optional)).flatmap(
            lambda name: st.fixed_dictionaries({name: optional[name]})
        )
    return st.fixed_dictionaries(needed, optional=optional)


@cache
def conditions(model: type[Condition], depth: int, right: bool) -> st.SearchStrategy[dict[str, Any]]:
    """One condition of any kind; deep down only those that hold no others."""
    kinds = [kind for kind in model.kinds if depth < _DEEPEST or not _holds_others(model, kind)]
    if right:  # states must be defined somewhere, and concepts must not go round in circles
        kinds = [kind for kind in kinds if kind != "state" and (kind != "concept" or depth < _DEEPEST)]
    modifiers = ["speaker", "where"] if right else [n for n in Condition.model_fields if n not in model.kinds]

    def of_kind(kind: str) -> st.SearchStrategy[dict[str, Any]]:
        value = values(model.model_fields[kind].annotation, kind, depth, right)
        if right and not _holds_others(model, kind):
            value = value.filter(lambda given: _valid(model, {kind: given}))
        wanted = {kind: value}
        extra = {name: values(model.model_fields[name].annotation, name, depth, right) for name in modifiers}
        bare = st.fixed_dictionaries(wanted)
        return st.one_of(bare, bare, bare, st.fixed_dictionaries(wanted, optional=extra))

    return st.sampled_from(kinds).flatmap(of_kind)


def _valid(model: type[Condition], given: dict[str, Any]) -> bool:
    try:
        model.model_validate(given)
    except ValidationError:
        return False
    return True


@cache
def _holds_others(model: type[Condition], kind: str) -> bool:
    """Whether a condition of this kind is made of other conditions."""
    return "#/$defs/Condition'" in str(TypeAdapter(model.model_fields[kind].annotation).json_schema())


@st.composite
def topics(draw: Draw) -> Any:
    """A topic file: two in three are written as the language wants them, in the others anything may be."""
    right = draw(st.integers(0, 2)) > 0
    topic = draw(
        st.fixed_dictionaries(
            {
                "rules": st.lists(models(Rule, 0, right), min_size=1, max_size=4),
                "concepts": st.fixed_dictionaries(
                    {name: conditions(Condition, _DEEPEST, right) for name in NAMES}
                ),
                "words": st.just({"family": ["爸", "妈妈"]})
                if right
                else st.dictionaries(
                    st.sampled_from(NAMES), st.lists(spoken, min_size=1, max_size=3), max_size=2
                ),
            },
            optional={}
            if right
            else {"states": st.dictionaries(st.sampled_from(NAMES), models(State, 0, False))},
        )
    )
    if right:
        _completed(topic)
    return draw(damaged(topic)) if draw(st.integers(0, 3)) == 0 else topic


def _completed(topic: dict[str, Any]) -> None:
    """With what a stable rule must have beside its condition."""
    for number, rule in enumerate(topic["rules"]):
        rule |= {
            "id": f"t.rule{number}",
            "category": "threat" if rule["category"] not in CATEGORIES else rule["category"],
            "cite": [{"source": "policy"}],
            "attributes": {"channel": "company", "state": "angry"},
            "examples": {"violates": ["一", "二", "三"], "allowed": ["四", "五", "六"]},
            "advice": {"zh": "好好说", "en": "Say it well"},
            "effective": {},
        }


@st.composite
def damaged(draw: Draw, whole: Any) -> Any:
    """The same with one place replaced, renamed or removed."""
    at = whole
    while isinstance(at, dict | list) and at:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = draw(st.sampled_from(keys))
        if draw(st.booleans()) or not isinstance(at[key], dict | list):
            how = draw(st.sampled_from(("replace", "rename", "remove")))
            if how == "remove":
                del at[key]
            elif how == "rename" and isinstance(at, dict):
                at[draw(st.text(max_size=8))] = at.pop(key)
            else:
                at[key] = draw(junk)
            return whole
        at = at[key]
    return whole


# Excuses are conditions or guards: both are drawn.
assert set(Condition.kinds) < set(Excuse.kinds)
assert Topic.model_fields.keys() == {"words", "concepts", "states", "rules"}
