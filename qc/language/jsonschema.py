"""JSON Schema of rule files, for editors: what may stand where, and what it means."""

from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from qc.language.base import GuardName
from qc.language.condition import KINDS
from qc.language.facts import LIMITS
from qc.language.schema import PackHead, Topic
from qc.taxonomy import CATEGORIES

SchemaKind = Literal["pack", "topic"]
KINDS_OF_SCHEMA: tuple[SchemaKind, ...] = get_args(SchemaKind)
_FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there
# What every key means, by model and key.
MEANINGS: dict[str, dict[str, list[str]]] = yaml.load(
    Path(__file__).with_name("meanings.yaml").read_text(encoding="utf-8"),
    _FastLoader,  # noqa: S506 (a safe loader)
)
_MODELS: dict[SchemaKind, type[BaseModel]] = {"pack": PackHead, "topic": Topic}
# Models of which exactly one of several keys is given.
_ONE_OF: dict[str, tuple[str, ...]] = {
    "Condition": KINDS,
    "Frequency": LIMITS,
    "Turn": ("agent", "customer", "unknown"),
    "RateTest": ("faster_than", "slower_than"),
    "LikeTest": ("bank", "texts"),
    "Reconcile": ("promise", "outcome", "person", "left_out", "note", "claim"),
}
# Models of which at least one of several keys is given.
_SOME_OF: dict[str, tuple[str, ...]] = {
    "Limits": ("at_least", "at_most"),
    "NoteTest": ("outcome_in", "outcome_not_in"),
}


def schema(kind: SchemaKind) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `pack.yaml` or of topic files."""
    model = _MODELS[kind]
    made = model.model_json_schema(by_alias=True, mode="validation", schema_generator=GenerateJsonSchema)
    models = {**made.pop("$defs", {}), model.__name__: made}
    for name, definition in models.items():
        _describe(name, definition)
    tidy = _tidied(made)
    tidy["$defs"] = {name: _tidied(models[name]) for name in sorted(models) if name != model.__name__}
    return {"$schema": GenerateJsonSchema.schema_dialect, "title": f"Diting {kind}", **tidy}


def _describe(name: str, definition: dict[str, Any]) -> None:
    """Puts the meanings in, and what pydantic cannot say."""
    meanings = MEANINGS.get(name, {})
    if "" in meanings:
        definition["description"] = "\n".join(meanings[""])
    for key, value in definition.get("properties", {}).items():
        if key in meanings:
            value["description"] = "\n".join(meanings[key])
    if name == "Rule":
        definition["properties"]["category"]["enum"] = list(CATEGORIES)
    keys = _alternatives(name, definition)
    if keys:
        definition["oneOf"] = [{"required": [key]} for key in keys]
    if name in _SOME_OF:
        definition["anyOf"] = [{"required": [key]} for key in _SOME_OF[name]]
    if name in ("Condition", "Excuse"):
        definition["properties"]["none"] = _filled(definition["properties"]["none"])
        definition["properties"]["state"] = {**definition["properties"]["state"], **_ONE_STATE}
        definition["dependentRequired"] = {"by_sound": ["phrase"], "not_heard": ["phrase"]}


_ONE_STATE = {"minProperties": 1, "maxProperties": 1}


def _filled(either: dict[str, Any]) -> dict[str, Any]:
    """One thing or a list of them, the list not empty."""
    return {
        **either,
        "anyOf": [
            {**option, "minItems": 1} if option.get("type") == "array" else option
            for option in either["anyOf"]
        ],
    }


def _alternatives(name: str, definition: dict[str, Any]) -> tuple[str, ...]:
    if name == "Excuse":
        return (*KINDS, *get_args(GuardName))
    if name == "Fact":
        return tuple(definition["properties"])
    return _ONE_OF.get(name, ())


def _tidied(node: Any) -> Any:
    """Without what only Python needs: generated titles, and null for what is left out."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    out: dict[str, Any] = {
        key: _named(value) if key in ("properties", "$defs") else _tidied(value)
        for key, value in node.items()
        if key != "title" and not (key == "default" and (value is None or isinstance(value, dict | list)))
    }
    options = [option for option in out.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        del out["anyOf"]
        out = {**options[0], **out}
    elif options:
        out["anyOf"] = options
    return out


def _named(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: _tidied(value) for name, value in properties.items()}
