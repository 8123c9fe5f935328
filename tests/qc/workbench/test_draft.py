"""New packs and rules: they lint, and their examples wait to be filled in."""

from pathlib import Path

import pytest

from qc.lint import lint
from qc.taxonomy import CATEGORIES
from qc.workbench.draft import TODO_VIOLATES, Draft, new_pack, new_rule
from qc.workbench.examples import try_examples
from store.errors import ConflictError, RuleError


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "house"
    new_pack(folder, "zh", "自有", "House")
    return folder


def test_a_new_pack_has_no_problems(pack: Path):
    assert lint([pack]) == []
    assert sorted(path.relative_to(pack).as_posix() for path in pack.rglob("*.*")) == [
        ".schema", ".schema/pack.json", ".schema/topic.json", "pack.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_a_draft_has_no_problems_and_its_example_fails(pack: Path, category: str):
    new_rule(pack / "topic.yaml", Draft("house.first", category))
    assert lint([pack]) == []
    (failure,) = try_examples(pack).failures
    assert (failure.expected, failure.example) == ("violates", TODO_VIOLATES["zh"])
    file, _, line = failure.where.rpartition(":")
    assert TODO_VIOLATES["zh"] in Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]


def test_what_is_given_stands_in_the_draft(pack: Path):
    draft = Draft("house.rude", "abuse", "粗话", 'Rude: "really"', ["你真差劲"], ["你真差劲啊"], ["您好"])
    new_rule(pack / "topic.yaml", draft)
    tested = try_examples(pack)
    assert (tested.rules, tested.examples, tested.failures) == (1, 2, ())


def test_rules_are_put_at_the_end(pack: Path):
    for name in ("house.one", "house.two"):
        new_rule(pack / "topic.yaml", Draft(name, "abuse"))
    text = (pack / "topic.yaml").read_text(encoding="utf-8")
    assert text.index("house.one") < text.index("house.two")
    assert lint([pack]) == []


def test_todo_cannot_become_stable(pack: Path):
    file = pack / "topic.yaml"
    new_rule(file, Draft("house.one", "abuse"))
    file.write_text(file.read_text(encoding="utf-8").replace("status: draft", "status: stable"), "utf-8")
    assert "rules.todo" in [problem.code for problem in lint([pack])]


def test_nothing_is_overwritten(pack: Path):
    file = pack / "topic.yaml"
    new_rule(file, Draft("house.one", "abuse"))
    before = file.read_text(encoding="utf-8")
    with pytest.raises(ConflictError) as raised:
        new_pack(pack, "zh")
    assert raised.value.code == "rules.exists"
    with pytest.raises(ConflictError):
        new_rule(file, Draft("house.one", "abuse"))
    with pytest.raises(RuleError) as wrong:
        new_rule(file, Draft("House Two", "abuse"))
    assert wrong.value.code == "rules.schema"
    assert file.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("file", "draft", "code"),
    [
        ("elsewhere/topic.yaml", Draft("house.one", "abuse"), "rules.pack_unknown"),
        ("house/topic.yaml", Draft("house.one", "rude"), "rules.category"),
        ("house/words.yaml", Draft("house.one", "abuse"), "rules.schema"),
    ],
)
def test_where_no_rule_can_go(tmp_path: Path, pack: Path, file: str, draft: Draft, code: str):
    (pack / "words.yaml").write_text("rules: []\nwords: {a: [b]}\n", encoding="utf-8")
    with pytest.raises(RuleError) as raised:
        new_rule(tmp_path / file, draft)
    assert raised.value.code == code


def test_a_name_that_no_pack_may_have(tmp_path: Path):
    with pytest.raises(RuleError) as raised:
        new_pack(tmp_path / "House Rules", "zh")
    assert raised.value.code == "rules.schema"
    assert not (tmp_path / "House Rules" / "pack.yaml").exists()
