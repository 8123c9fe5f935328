"""Which expressions are refused, why, in both languages, and how to mend them."""

from typing import Any, Final

from qc.matching.patterns import PatternError

# What the refusal says, what that is in Chinese (None: as it stands), and the mend: English, Chinese.
_SAYS: Final = (
    ("commas are dropped", "匹配前会去掉逗号，所以永远匹配不上",
     ("Leave the comma out.", "请去掉逗号。")),
    ("named groups", "不需要命名分组", ("Write (?:…).", "请写成 (?:…)。")),
    ("there is no word list", "没有这个词表",
     ("Define it under `words:`, or load the pack that has it (`extends`).",
      "请在 `words:` 中定义，或用 `extends` 借用有它的规则包。")),
    ("has phrase syntax", "词表中有短语写法（括号、~），正则中不能用",
     ("Write a phrase, or a list of plain words.", "请改写成短语，或只用普通词语的词表。")),
    ("too costly", "匹配代价过高", ("Repeat less, as {0,30}.", "请减少重复次数，如 {0,30}。")),
    ("nothing at all", "连空白也能匹配，等于什么都算匹配",
     ("Say what must be there: x+ for x*, and no (…)? around the whole.",
      "请写明必须出现的内容：x* 改为 x+，整体不要写成 (…)?。")),
    ("characters long", "表达式过长", ("Split it, or write phrases.", "请拆开，或改写成短语。")),
    ("invalid perl operator", "RE2 没有环视",
     ("RE2 has no look-around: use `unless` or guards instead.", "请改用 `unless` 或排除条件。")),
    ("invalid escape sequence", "这个反斜杠写法 RE2 不认识",
     ("RE2 has no back-references; to find the sign itself put it in brackets, as [.].",
      "RE2 没有反向引用；要找符号本身，请放进方括号，如 [.]。")),
    ("invalid repetition size", "重复次数过多", ("Repeat less, as {0,30}.", "请减少重复次数，如 {0,30}。")),
    ("no argument for repetition", "重复符号（* + ? {}）前面没有内容",
     ("Write what is repeated before * + ? or {…}.", "请在 * + ? {…} 之前写明重复什么。")),
    ("bad repetition operator", "重复符号连用", ("Keep one of them.", "请只保留一个。")),
    ("missing )", "括号没有闭合", ("Close the bracket.", "请补上 )。")),
    ("unexpected )", "多了一个 )", ("Take it out, or open it before.", "请删去，或在前面补上 (。")),
    ("missing ]", "方括号没有闭合", ("Close it with ].", "请补上 ]。")),
    ("invalid character class", "方括号里的范围写反了或无效",
     ("Write ranges from the smaller to the larger, as [0-9].", "范围请由小到大写，如 [0-9]。")),
)  # fmt: skip
# Texts between whose characters every assertion of RE2 (^ $ \\b \\B) holds somewhere.
_PROBES: Final = ("", "aa", "a 还还 a")
_OTHERWISE: Final = ("Compare with docs/rules.md, or write phrases.", "请对照 docs/rules.md，或改写成短语。")


def mend_of(refusal: str) -> tuple[str, str, str]:
    """The mend in English, then what is wrong and the mend in Chinese, for what a `PatternError` says."""
    for words, meaning, (mend, zh) in _SAYS:
        if words in refusal:
            return mend, meaning, zh
    return _OTHERWISE[0], refusal, _OTHERWISE[1]


def refuse_emptiness(compiled: Any) -> None:
    """An expression that is content with nothing says nothing, and looks through the whole rest of an
    utterance at every character of it: (.*x)? takes a quarter of a second for 10,000.

    Raises:
        PatternError: it matches the empty text somewhere.
    """
    if any(found.start() == found.end() for probe in _PROBES for found in compiled.finditer(probe)):
        raise PatternError("this also matches nothing at all, and so everywhere")
