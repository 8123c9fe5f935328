"""Reading packs: every mistake is named with file, line, field and mend."""

import textwrap
from pathlib import Path

import pytest

from qc.language.positions import Problem, read_document
from qc.lint import lint
from qc.packs import default_packs, find_folder, load_packs, read_named
from store.errors import RuleError
from tests.qc.conftest import HEAD, write_pack

GOOD = """
words:
  kin: [爸, 妈]
concepts:
  tell: {phrase: 告诉你<kin>}
rules:
- id: t.tell
  category: threat
  title: {zh: 告知, en: Tell}
  cite: [{source: policy}]
  detect: {concept: tell}
  examples: {violates: [告诉你妈, 我告诉你妈去, 就告诉你妈], allowed: [您好, 再见, 麻烦您了]}
"""


def problems(folder: Path, topic: str, **how: str) -> list[Problem]:
    return lint([write_pack(folder, topic, **how)])


def changed(before: str, after: str) -> str:
    assert before in GOOD
    return GOOD.replace(before, after)


def test_a_good_pack_has_no_problems(tmp_path: Path):
    assert problems(tmp_path, GOOD) == []


CATEGORY, DETECT = "category: threat", "concept: tell"
EFFECTIVE = "effective: {from: 2026-02-01, to: 2026-01-01}\n  detect:"


@pytest.mark.parametrize(
    ("before", "after", "code", "line", "field", "message"),
    [
        (CATEGORY, "categry: threat", "rules.schema", 8, "R.categry", "unknown key 'categry'"),
        (CATEGORY, "category: thread", "rules.category", 8, "R.category", "unknown category"),
        (CATEGORY, "category: dispute.*", "rules.category", 8, "R.category", "unknown category"),
        (DETECT, "concept: tel", "rules.concept", 11, "R.detect.concept", "no concept 'tel'"),
        ("告诉你<kin>", "告诉你<kind>", "rules.phrase", 5, "concepts.tell.phrase[0]", "no word list <kind>"),
        (DETECT, "phrase: '(告诉'", "rules.phrase", 11, "R.detect.phrase[0]", "missing"),
        (DETECT, "regex: '(?=告诉)'", "rules.regex", 11, "R.detect.regex[0]", "RE2 refuses"),
        (DETECT, "category: thread", "rules.category", 11, "R.detect.category", "unknown category"),
        (DETECT, "none: [{concept: tell}]", "rules.only_negative", 11, "R.detect", "absence"),
        (DETECT, "concept: tell, phrase: 你", "rules.schema", 11, "R.detect", "exactly one"),
        (DETECT, "concept: tell, by_sound: true", "rules.schema", 11, "R.detect", "belong to a phrase"),
        (DETECT, "phrase: 123", "rules.schema", 11, "R.detect.phrase", "valid list"),
        (DETECT, "fact: {hours: {from: 8, to: 22}}", "rules.schema", 11, "R.detect.fact.hours.from",
         "text in quotes"),
        (DETECT, "fact: {frequency: {}}", "rules.schema", 11, "R.detect.fact.frequency", "exactly one"),
        ("violates: [告诉你妈, 我告诉你妈去, 就告诉你妈], ", "", "rules.examples", 12, "R.examples",
         "no `violates` example"),
        (", allowed: [您好, 再见, 麻烦您了]", "", "rules.examples", 12, "R.examples", "no `allowed` example"),
        ("cite: [{source: policy}]", "version: 2", "rules.uncited", 7, "R", "cites nothing"),
        ("source: policy", "source: cn.cba2026", "rules.schema", 10, "R.cite[0]", "how well"),
        ("source: policy", "source: x, confidence: Z", "rules.schema", 10, "R.cite[0].confidence", "'V'"),
        (CATEGORY, "category: complaint_intent", "rules.attribute", 7, "R.attributes", "channel"),
        (CATEGORY, "category: negative_emotion", "rules.attribute", 7, "R.attributes", "state"),
        ("detect:", EFFECTIVE, "rules.schema", 11,
         "R.effective", "lies before"),
        ("kin: [爸, 妈]", "kin: []", "rules.schema", 3, "words.kin", "at least 1"),
        ("kin: [爸, 妈]", "kin: [爸, '(妈']", "rules.phrase", 3, "words.kin[1]", "missing"),
        ("{phrase: 告诉你<kin>}", "{concept: tell}", "rules.cycle", 5, "concepts.tell", "uses itself"),
        ("id: t.tell", "id: Tell", "rules.schema", 7, "R.id", "pattern"),
        ("{zh: 告知, en: Tell}", "{zh: 告知}", "rules.schema", 9, "R.title.en", "required"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_place(
    tmp_path: Path, before: str, after: str, code: str, line: int, field: str, message: str
):
    field = field.replace("R", "rules[0]", 1) if field.startswith("R") else field
    found = problems(tmp_path, changed(before, after))
    (named,) = [problem for problem in found if problem.field == field and problem.code == code]
    assert named.line == line
    assert message in named.message
    assert named.mend
    assert str(named).startswith(f"{named.file}:{line} {field}: ")


def test_one_bad_rule_does_not_hide_the_others(tmp_path: Path):
    second = (
        GOOD[GOOD.index("- id") :]
        .replace("t.tell", "t.other")
        .replace("category: threat", "category: thread")
    )
    found = problems(tmp_path, changed("category: threat", "categry: threat") + second)
    assert sorted(problem.code for problem in found) == ["rules.category", "rules.schema", "rules.schema"]


def test_names_are_given_once(tmp_path: Path):
    pack = write_pack(tmp_path, GOOD)
    (pack / "more.yaml").write_text(GOOD, encoding="utf-8")
    found = lint([pack])
    assert [(problem.code, problem.field) for problem in found] == [
        ("rules.duplicate", "words.kin"),
        ("rules.duplicate", "concepts.tell"),
        ("rules.duplicate", "rules[0].id"),
    ]


def test_a_key_given_twice_would_be_lost(tmp_path: Path):
    found = problems(tmp_path, changed("  category: threat", "  category: abuse\n  category: threat"))
    assert [(problem.code, problem.line) for problem in found] == [("rules.key_repeated", 9)]


@pytest.mark.parametrize(
    ("text", "code"), [("rules: [", "rules.yaml"), ("- a", "rules.schema"), ("a: &x *y", "rules.yaml")]
)
def test_what_is_no_topic_file(tmp_path: Path, text: str, code: str):
    assert [problem.code for problem in problems(tmp_path, text)] == [code]


def test_files_that_are_no_text(tmp_path: Path):
    pack = write_pack(tmp_path, GOOD)
    (pack / "topic.yaml").write_bytes(b"\xff\xfe\x00")
    assert [problem.code for problem in lint([pack])] == ["rules.unreadable"]


def test_clock_times_stay_as_written(tmp_path: Path):
    file = tmp_path / "times.yaml"
    file.write_text("a: 22:00\nb: 08:00\nc: 7\nd: -3\n", encoding="utf-8")
    assert read_document(file).data == {"a": "22:00", "b": "08:00", "c": 7, "d": -3}


def test_a_wrong_head_is_named(tmp_path: Path):
    found = problems(tmp_path, GOOD, head=HEAD.format(id="Trial Pack", language="fr"))
    assert [(problem.code, problem.field) for problem in found] == [
        ("rules.schema", "id"),
        ("rules.schema", "language"),
    ]


def test_packs_with_problems_are_not_loaded(tmp_path: Path):
    pack = write_pack(tmp_path, changed("category: threat", "category: thread"))
    with pytest.raises(RuleError) as raised:
        load_packs([str(pack)])
    assert raised.value.code == "rules.category"
    assert str(raised.value.where).endswith("topic.yaml:8 rules[0].category")


def test_unknown_packs_are_refused(tmp_path: Path):
    with pytest.raises(RuleError) as raised:
        load_packs(["nowhere"], [tmp_path])
    assert raised.value.code == "rules.pack_unknown"


def test_a_pack_is_found_by_its_id_whatever_its_folder_is_called(tmp_path: Path):
    folder = write_pack(tmp_path, GOOD)
    other = folder.rename(folder.with_name("second-edition"))
    name = load_packs([str(other)]).names[0].partition("@")[0]
    assert find_folder(name, (tmp_path,)) == find_folder(name, (other,)) == other
    assert [problem.message for problem in lint([name], [tmp_path])] == [
        problem.message for problem in lint([other])
    ]


def test_a_pack_lends_its_words_to_those_that_extend_it(tmp_path: Path):
    write_pack(tmp_path, GOOD)
    more = tmp_path / "client"
    more.mkdir()
    (more / "pack.yaml").write_text(
        HEAD.format(id="client", language="zh") + "extends: [trial]\n", encoding="utf-8"
    )
    topic = GOOD[GOOD.index("rules:") :].replace("t.tell", "t.client")
    (more / "topic.yaml").write_text(textwrap.dedent(topic), encoding="utf-8")
    assert lint([more]) == []
    alone = load_packs(["client"], [tmp_path])
    assert [rule.rule.id for rule in alone.rules] == ["t.client"]
    both = load_packs(["trial", "client"], [tmp_path])
    assert [rule.rule.id for rule in both.rules] == ["t.tell", "t.client"]
    assert both.names == ("trial@1", "client@1")


def test_the_hash_follows_what_the_rules_say(tmp_path: Path):
    first = load_packs([str(write_pack(tmp_path, GOOD))]).hash
    commented = load_packs([str(write_pack(tmp_path, "# remark\n" + GOOD.replace("[您好]", "[再见]")))]).hash
    reworded = load_packs([str(write_pack(tmp_path, changed("[爸, 妈]", "[爸]")))]).hash
    assert len(first) == 64
    assert commented == first
    assert reworded != first


def test_default_packs():
    assert default_packs("zh") == ["cn-base"]
    assert default_packs("en") == ["us-regf"]
    assert default_packs("fr") == []
    assert default_packs(None) == []


def test_no_packs_are_no_rules():
    assert load_packs([]).rules == ()
    assert read_named([]).problems == []


def test_rules_nested_too_deeply_are_a_problem_not_a_crash(tmp_path):
    file = tmp_path / "deep.yaml"
    file.write_text("{any: [" * 600 + "x" + "]}" * 600)

    document = read_document(file)

    assert [problem.code for problem in document.problems] == ["rules.yaml"]
