"""Mistakes as people make them: each is said in both languages, with the mend that helps."""

from pathlib import Path

import pytest

from qc.language.positions import Problem
from qc.lint import lint
from tests.qc.conftest import write_pack

GOOD = """
words:
  kin: [爸, 妈]
concepts:
  press: {phrase: 还款}
rules:
- id: t.rule
  category: threat
  title: {zh: 甲, en: A}
  cite: [{source: policy}]
  detect: {phrase: 告诉你<kin>}
  examples: {violates: [告诉你妈], allowed: [您好]}
"""


def mistakes(folder: Path, before: str, after: str) -> list[Problem]:
    assert before in GOOD
    return lint([write_pack(folder, GOOD.replace(before, after))])


DETECT = "{phrase: 告诉你<kin>}"


@pytest.mark.parametrize(
    ("before", "after", "message", "mend", "zh"),
    [
        (
            "category:",
            "categry:",
            "unknown key 'categry'",
            "Did you mean `category`?",
            "是不是想写 `category`？",
        ),
        (
            "cite:",
            "speaker: agent\n  cite:",
            "unknown key 'speaker'",
            "It stands under `where`.",
            "它应写在 `where` 之下。",
        ),
        ("en: A", "en: A, fr: A", "unknown key 'fr'", "Known here: zh, en.", "这里可写：zh, en。"),
        (
            "cite:",
            "xyzzy: 1\n  cite:",
            "unknown key 'xyzzy'",
            "Take it out; docs/rules.md lists the keys.",
            "请删去；docs/rules.md 列出了所有的键。",
        ),
        (
            ", en: A",
            "",
            "`en` is missing; it is required",
            "Add `en: …` (English).",
            "请加上 `en: …`（英文）。",
        ),
        (
            "cite:",
            "status: stabel\n  cite:",
            "'stabel' is none of 'draft', 'shadow', 'stable' or 'deprecated'",
            "Did you mean `stable`?",
            "是不是想写 `stable`？",
        ),
        (
            "cite:",
            "status: on\n  cite:",
            "True is none of 'draft', 'shadow', 'stable' or 'deprecated'",
            "Use one of draft, shadow, stable, deprecated.",
            "请用其中之一：draft、shadow、stable、deprecated。",
        ),
        (
            DETECT,
            "告诉你妈",
            "must be a condition, not '告诉你妈'",
            "Write `{phrase: 告诉你妈}`.",
            "请写 `{phrase: 告诉你妈}`。",
        ),
        (
            DETECT,
            "{any: {phrase: 妈}}",
            "must be a valid list, not a mapping",
            "Begin every entry with `- `, or write [one, two].",
            "每项以 `- ` 开头，或写 [甲, 乙]。",
        ),
        (
            DETECT,
            "{phrase: 妈, regex: 爸}",
            "needs exactly one condition of",
            "Put each as an entry of its own under `any` (one holds) or `all` (all hold).",
            "请分别作为 `any`（任一成立）或 `all`（全部成立）之下的一项。",
        ),
        (DETECT, "{}", "needs exactly one condition of", "Write one of them.", "请写其中一个。"),
        (
            DETECT,
            "{frequency: 3}",
            "unknown key 'frequency'",
            "It stands under `fact`.",
            "它应写在 `fact` 之下。",
        ),
        (
            DETECT,
            "{phrase: 告诉你<kn>}",
            "there is no word list <kn>",
            "Did you mean `kin`?",
            "是不是想写 `kin`？",
        ),
        (
            DETECT,
            "{concept: pres}",
            "there is no concept 'pres'",
            "Did you mean `press`?",
            "是不是想写 `press`？",
        ),
        (
            "category: threat",
            "category: threatt",
            "unknown category 'threatt'",
            "Did you mean `threat`?",
            "是不是想写 `threat`？",
        ),
        (
            DETECT,
            "{silence: {min_seconds: 0}}",
            "must be more than 0.0, not 0",
            "Correct the number.",
            "请改正数值。",
        ),
        (
            DETECT,
            "{fact: {note: mising}}",
            "'mising' is none of 'missing' or 'given'",
            "Did you mean `missing`?",
            "是不是想写 `missing`？",
        ),
        (
            DETECT,
            "{rate: {}}",
            "give faster_than or slower_than",
            "Compare with docs/rules.md.",
            "请对照 docs/rules.md。",
        ),
        ("[告诉你妈]", "[{trns: []}]", "unknown key 'trns'", "Did you mean `turns`?", "是不是想写 `turns`？"),
        (
            "[告诉你妈]",
            "[[{agent: 1}]]",
            "must be text, not 1",
            "Write text; put numbers in quotes.",
            "请写文字；数字要加引号。",
        ),
        (
            "category: threat",
            "category: 恐吓威胁",
            "unknown category '恐吓威胁'",
            "Did you mean `threat`?",
            "是不是想写 `threat`？",
        ),
        (
            "cite:",
            "where: {speaker: 坐席}\n  cite:",
            "'坐席' is none of 'agent', 'customer' or 'any'",
            "Did you mean `agent`?",
            "是不是想写 `agent`？",
        ),
        (
            "cite:",
            "deduct: yes\n  cite:",
            "must be a whole number, not True",
            "Write it in digits, without quotes or unit.",
            "请写数字，不加引号和单位。",
        ),
        (
            "cite:",
            "deduct: 多\n  cite:",
            "must be a whole number, not '多'",
            "Write it in digits, without quotes or unit.",
            "请写数字，不加引号和单位。",
        ),
        (
            "cite:",
            "effective: {from: 六月}\n  cite:",
            "must be a day, not '六月'",
            "Write it as 2026-06-01.",
            "请写成 2026-06-01。",
        ),
        (  # YAML takes it for a day of its own
            "cite:",
            "effective: {from: 2026-02-30}\n  cite:",
            "must be a day, not '2026-02-30'",
            "Write it as 2026-06-01.",
            "请写成 2026-06-01。",
        ),
        (
            "{zh: 甲, en: A}",
            "甲",
            "must be `key: value` pairs, not '甲'",
            "Keys here: zh, en.",
            "可用的键：zh, en。",
        ),
        (
            "zh: 甲",
            "zh：甲",
            "unknown key 'zh：甲'",
            "Write a half-width colon and a space: `zh: …`.",
            "请写半角冒号加空格：`zh: …`。",
        ),
        (
            "t.rule",
            "T Rule",
            "'T Rule' does not match the pattern of `id`",
            "Write lower case, digits, dots or hyphens, such as cn.threat.visit.",
            "请写小写字母、数字、点或连字符，如 cn.threat.visit。",
        ),
    ],
)
def test_mistakes_and_their_mends(tmp_path: Path, before: str, after: str, message: str, mend: str, zh: str):
    problems = mistakes(tmp_path, before, after)
    (problem,) = [problem for problem in problems if message in problem.message]
    assert problem.mend == mend
    assert problem.zh is not None
    assert problem.zh[1] == zh
    assert problem.say("zh") == f"{problem.where}：{problem.zh[0]}。{zh} [{problem.code}]"
    assert problem.say("en") == str(problem)


@pytest.mark.parametrize(
    ("regex", "mend", "zh"),
    [
        ("你好，再见", "Leave the comma out.", "匹配前会去掉逗号，所以永远匹配不上。请去掉逗号。"),
        ("(?=告诉)", "RE2 has no look-around: use `unless` or guards instead.", "RE2 没有环视。"),
        (r"(告)\1", "RE2 has no back-references", "这个反斜杠写法 RE2 不认识。"),
        ("(告诉", "Close the bracket.", "括号没有闭合。请补上 )。"),
        (".{0,1000}.{0,1000}x{0,900}", "Repeat less, as {0,30}.", "匹配代价过高。"),
        ("(.*x)?", "Say what must be there", "连空白也能匹配，等于什么都算匹配。"),
        (r"\B(.*x)?", "Say what must be there", "连空白也能匹配，等于什么都算匹配。"),
        ("x*", "Say what must be there: x+ for x*", "连空白也能匹配"),
        ("<kim>", "Define it under `words:`", "没有这个词表。请在 `words:` 中定义"),
        (r"\p{Kin}", "Write ranges from the smaller to the larger", "方括号里的范围写反了或无效。"),
    ],
)
def test_a_refused_expression_is_mended_by_its_reason(tmp_path: Path, regex: str, mend: str, zh: str):
    found = mistakes(tmp_path, DETECT, f"{{regex: '{regex}'}}")
    (problem,) = [problem for problem in found if problem.code == "rules.regex"]
    assert problem.mend.startswith(mend)
    assert f"{regex!r}：{zh}" in problem.say("zh")


def test_what_stands_in_a_mend_keeps_it_one_line(tmp_path: Path):
    (problem,) = [each for each in mistakes(tmp_path, DETECT, '"\\r"') if "condition" in each.message]
    assert problem.mend == "Write `{phrase: …}`."


def test_a_choice_is_explained_for_what_was_written_alone(tmp_path: Path):
    """Not also that an example might have been a text, or a note a word."""
    assert len(mistakes(tmp_path, "[告诉你妈]", "[{trns: []}]")) == 1
    assert len(mistakes(tmp_path, DETECT, "{fact: {note: {outcome: x}}}")) == 1


@pytest.mark.parametrize(
    ("before", "after", "line", "mend", "zh"),
    [
        (
            "  category: threat",
            "  category：threat",
            9,
            "Write `: ` (half width, with a space) after a key, not `：`.",
            "键后请写半角冒号加空格 `: `，不要写全角 `：`。",
        ),
        (
            "  category: threat",
            "\tcategory: threat",
            8,
            "Indent with spaces, not with tabs.",
            "请用空格缩进，不要用制表符。",
        ),
        ("en: A}", "en: A", 10, "Close it with ] or }.", "请补上 ] 或 }。"),
        ("en: A}", "en: 'A}", 13, "Close the quotation mark.", "请补上引号。"),
        (
            "{zh: 甲, en: A}",
            "a: b",
            9,
            "Put text with a colon in quotes, or mend the indentation.",
            "带冒号的文字请加引号，或改正缩进。",
        ),
        ("{zh: 甲, en: A}", "@a", 9, "Put the text in quotes.", "请给文字加引号。"),
    ],
)
def test_what_yaml_cannot_read(tmp_path: Path, before: str, after: str, line: int, mend: str, zh: str):
    (problem,) = mistakes(tmp_path, before, after)
    assert (problem.code, problem.line, problem.mend) == ("rules.yaml", line, mend)
    assert problem.zh is not None
    assert problem.zh[1] == zh
