"""Why an expression was refused, in both languages, and how to mend it."""

from typing import Final

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
_OTHERWISE: Final = ("Compare with docs/rules.md, or write phrases.", "请对照 docs/rules.md，或改写成短语。")


def mend_of(refusal: str) -> tuple[str, str, str]:
    """The mend in English, then what is wrong and the mend in Chinese, for what a `PatternError` says."""
    for words, meaning, (mend, zh) in _SAYS:
        if words in refusal:
            return mend, meaning, zh
    return _OTHERWISE[0], refusal, _OTHERWISE[1]
