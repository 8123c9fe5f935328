"""What takes the accusation out of words."""

import pytest

from qc.context.around import Around
from qc.context.guards import GUARDS
from qc.matching.text import normalise


def excused(name: str, sentence: str, language: str) -> bool:
    """The match is what stands between brackets."""
    before, _, rest = sentence.partition("[")
    match, _, after = rest.partition("]")
    text = normalise(before + match + after)
    start = len(normalise(before).text)
    return GUARDS[name](Around(text, start, start + len(normalise(match).text)), language)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("我们不会[去你单位找你领导]", True),
        ("我们绝不会因为这个[让你坐牢]", True),
        ("我没说要[告诉你家人]", True),
        ("没有人要[抓你]", True),
        ("您放心，我们不可能[冻结您的账户]", True),
        ("[去你单位找你领导]", False),
        ("你不还钱我就[去你单位找你领导]", False),
        ("再不处理就[冻结你的账户]", False),
        ("别以为我不敢[去你单位]", False),
        ("你是不是想[坐牢]", False),
        ("会不会[坐牢]你自己想", False),
        ("不是要[抓你]吗", False),
        ("我不想多说，明天[去你单位]", False),
        ("我不会骗你。明天[去你单位]", False),
    ],
)
def test_negated_mandarin(sentence: str, expected: bool):
    assert excused("negated", sentence, "zh") is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("We will not [call your employer]", True),
        ("we would never [tell your family]", True),
        ("Nobody is going to [arrest you]", True),
        ("If you don't pay, I will [call your employer]", False),
        ("I will [call your employer]", False),
        ("Don't think I won't [call your employer]", False),
    ],
)
def test_negated_english(sentence: str, expected: bool):
    assert excused("negated", sentence, "en") is expected


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("您刚才说我是[骗子]", "zh", True),
        ("有人说会[被抓]", "zh", True),
        ("你刚才骂我[王八蛋]", "zh", True),
        ("请不要用“[骗子]”称呼我", "zh", True),
        ("[骗子]这样的话请不要说", "zh", True),
        ("你说你是不是[老赖]", "zh", False),
        ("我跟你说，你就是[老赖]", "zh", False),
        ("You said I was a [liar]", "en", True),
        ("Somebody told you that you would be [arrested]", "en", True),
        ("I told you, you are a [liar]", "en", False),
    ],
)
def test_quoting(sentence: str, language: str, expected: bool):
    assert excused("quoting", sentence, language) is expected


@pytest.mark.parametrize(
    ("name", "sentence", "language", "expected"),
    [
        ("question", "您[今天能还]吗？", "zh", True),
        ("question", "[今天能还]吗", "zh", True),
        ("question", "您[今天还]。", "zh", False),
        ("question", "Can you [pay today]?", "en", True),
        ("question", "Can you [pay today]", "en", True),
        ("question", "You [pay today]", "en", False),
        ("hypothetical", "如果有人[加您微信]收钱", "zh", True),
        ("hypothetical", "您[加我微信]", "zh", False),
        ("hypothetical", "if they [add you on WhatsApp]", "en", True),
        ("warning_against", "千万别[转给个人账户]", "zh", True),
        ("warning_against", "不要[加微信]", "zh", True),
        ("warning_against", "你[转给个人账户]", "zh", False),
        ("warning_against", "别以为[转给个人账户]没事", "zh", False),
        ("warning_against", "never [send money to a personal account]", "en", True),
        ("warning_against", "[send money to my personal account]", "en", False),
    ],
)
def test_other_guards(name: str, sentence: str, language: str, expected: bool):
    assert excused(name, sentence, language) is expected
