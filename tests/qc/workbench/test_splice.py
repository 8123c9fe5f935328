"""One rule in its file: taken out as written, and another one put in its place."""

import pytest

from qc.workbench.splice import counted_up, next_version, parsed, rule_text, with_rule
from store.errors import RuleError

TONE = """words:
  rude: [滚]
rules:
  # about tone
  - id: house.scolds
    version: 1   # the first
    title: {zh: 训斥, en: Scolds}

  # another
  - id: house.hangs_up
    version: 2
    title: {zh: 挂断, en: Hangs up}
concepts:
  c: {phrase: 好}
"""
FILES = {"pack.yaml": "id: house\nversion: 1\nlanguage: zh\n", "tone.yaml": TONE}


def test_the_text_of_a_rule_is_what_stands_in_the_file() -> None:
    document = parsed(TONE, "tone.yaml")
    assert rule_text(TONE, document, 0) == (
        "- id: house.scolds\n  version: 1   # the first\n  title: {zh: 训斥, en: Scolds}\n"
    )
    assert rule_text(TONE, document, 1).splitlines()[-1] == "  title: {zh: 挂断, en: Hangs up}"


def test_a_rule_takes_the_place_of_the_one_of_its_id_and_nothing_else_changes() -> None:
    changed, rule = with_rule(FILES, "id: house.scolds\nversion: 2\ntitle: {zh: 骂, en: Scolds}\n")
    old = "    version: 1   # the first\n    title: {zh: 训斥, en: Scolds}\n"
    assert rule == "house.scolds"
    assert changed["pack.yaml"] == FILES["pack.yaml"]
    assert changed["tone.yaml"] == TONE.replace(old, "    version: 2\n    title: {zh: 骂, en: Scolds}\n")


def test_of_several_versions_the_same_or_else_the_newest_gives_way() -> None:
    text = "rules:\n- id: a.b\n  version: 1\n- id: a.b\n  version: 3\n"
    same, _ = with_rule({"t.yaml": text}, "- id: a.b\n  version: 1\n  why: x\n")
    assert same["t.yaml"] == text.replace("version: 1\n", "version: 1\n  why: x\n")
    newer, _ = with_rule({"t.yaml": text}, "- id: a.b\n  version: 4\n")
    assert newer["t.yaml"] == text.replace("version: 3", "version: 4")


def test_a_new_rule_gets_a_file_of_its_own() -> None:
    changed, _ = with_rule({**FILES, "house-listens.yaml": ""}, "- id: house.listens\n")
    assert changed["house-listens-2.yaml"] == "rules:\n- id: house.listens\n"


def test_rules_in_one_line_are_written_anew() -> None:
    text = "rules: [{id: a.b, version: 1}, {id: a.c, version: 1}]\n"
    assert rule_text(text, parsed(text, "t.yaml"), 1) == "- id: a.c\n  version: 1\n"
    changed, _ = with_rule({"t.yaml": text}, "- id: a.c\n  version: 2\n")
    assert parsed(changed["t.yaml"], "t.yaml").data == {
        "rules": [{"id": "a.b", "version": 1}, {"id": "a.c", "version": 2}]
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("just words", "rules.schema"),
        ("- id: a.b\n- id: a.c\n", "rules.schema"),
        ("- id: 7\n", "rules.schema"),
        ("", "rules.schema"),
        ("- id: a.b\n  why: [\n", "rules.yaml"),
        ("- &a id: a.b\n  why: *a\n", "rules.yaml"),
    ],
)
def test_what_is_not_one_rule_is_refused(text: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        with_rule(FILES, text)
    assert refused.value.code == code


def test_versions_are_counted_up_at_their_end() -> None:
    assert [next_version(each) for each in ("1", "1.9", "2.0.0")] == ["2", "1.10", "2.0.1"]
    assert counted_up(FILES, "1.10")["pack.yaml"] == 'id: house\nversion: "1.10"\nlanguage: zh\n'
    assert counted_up({"pack.yaml": "id: house"}, "2")["pack.yaml"] == "id: house\nversion: 2\n"
