"""The JSON Schema of rule files: complete, in step with its copies, and of one mind with the loader."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from qc.language.jsonschema import KINDS_OF_SCHEMA, MEANINGS, schema
from qc.language.positions import read_document
from qc.packs import SHIPPED

COPIES = Path(__file__).parents[2] / "docs" / "schema"
SCHEMAS = {kind: schema(kind) for kind in KINDS_OF_SCHEMA}
FILES = sorted(SHIPPED.glob("*/*.yaml"))
RULE = """
rules:
- id: t.rule
  category: threat
  title: {zh: 甲, en: A}
  detect: {phrase: 上门}
"""


def complaints(kind: str, data: object) -> list[str]:
    plain = json.loads(json.dumps(data, default=str))
    validator = Draft202012Validator(SCHEMAS[kind])
    return [f"{error.json_path}: {error.message}"[:300] for error in validator.iter_errors(plain)]


def topic(text: str, folder: Path) -> object:
    file = folder / "topic.yaml"
    file.write_text(text, encoding="utf-8")
    return read_document(file).data


@pytest.mark.parametrize("kind", KINDS_OF_SCHEMA)
def test_it_is_a_schema(kind: str):
    Draft202012Validator.check_schema(SCHEMAS[kind])
    assert SCHEMAS[kind]["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("kind", KINDS_OF_SCHEMA)
def test_the_committed_copy_is_in_step(kind: str):
    """`diting rules schema KIND > docs/schema/KIND.json` renews it."""
    assert json.loads((COPIES / f"{kind}.json").read_text(encoding="utf-8")) == SCHEMAS[kind]


def test_every_key_has_its_meaning_in_both_languages():
    there = {}
    for made in SCHEMAS.values():
        root = {key: value for key, value in made.items() if key != "$defs"}
        there |= {made["title"]: root, **made["$defs"]}
    there["PackHead"], there["Topic"] = there.pop("Diting pack"), there.pop("Diting topic")
    keys = {name: set(definition.get("properties", {})) for name, definition in there.items()}
    keys["Excuse"] -= keys["Condition"]
    assert {name: set(meanings) - {""} for name, meanings in MEANINGS.items()} == keys
    for name, meanings in MEANINGS.items():
        assert "" in meanings, name
        assert all(len(pair) == 2 and all(pair) for pair in meanings.values()), name


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_shipped_packs_agree_with_it(file: Path):
    kind = "pack" if file.name == "pack.yaml" else "topic"
    assert complaints(kind, read_document(file).data) == []


def test_a_good_rule_agrees_with_it(tmp_path: Path):
    assert complaints("topic", topic(RULE, tmp_path)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("category: threat", "categry: threat"),
        ("category: threat", "category: thread"),
        ("en: A", "english: A"),
        ("{phrase: 上门}", "{phrase: 上门, regex: 上门}"),
        ("{phrase: 上门}", "{}"),
        ("{phrase: 上门}", "上门"),
        ("{phrase: 上门}", "{silence: {place: within_turn}}"),
        ("{phrase: 上门}", "{fact: {hours: {from: 8, to: 22}}}"),
        ("{phrase: 上门}", "{any: []}"),
        ("{phrase: 上门}", "{none: []}"),
        ("{phrase: 上门}", "{regex: 上门, by_sound: true}"),
        ("{phrase: 上门}", "{rate: {}}"),
        ("{phrase: 上门}", "{fact: {duration: {}}}"),
        ("{phrase: 上门}", "{state: {dispute: open, stop_request: open}}"),
        ("id: t.rule", "id: Rule"),
        ("detect:", "deduct: 400\n  detect:"),
        ("detect:", "unless: [{quoting: yes please}]\n  detect:"),
    ],
)
def test_mistakes_disagree_with_it(tmp_path: Path, before: str, after: str):
    assert before in RULE
    assert complaints("topic", topic(RULE.replace(before, after), tmp_path)) != []


@pytest.mark.parametrize(
    "detect",
    [
        "{phrase: [上门, 来人]}",
        "{all: [{phrase: 上门}, {none: {phrase: 不}}]}",
        "{like: 我们会来找你}",
        "{silence: {min_seconds: 10, place: before_answer}}",
        '{fact: {hours: {from: "08:00", to: "22:00"}}}',
        "{order: {first: {category: dispute.*}, then: {phrase: 还款}}, where: {last_seconds: 60}}",
    ],
)
def test_short_forms_agree_with_it(tmp_path: Path, detect: str):
    assert complaints("topic", topic(RULE.replace("{phrase: 上门}", detect), tmp_path)) == []
