import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.text.punctuation import as_recognised, close_up, punctuate

TEXTS = st.text(alphabet="您好 吗呢吧，。？!?.,APPok 12“”一\n", max_size=30)


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("请问 是 李先生 吗", "请问是李先生吗？"),
        ("您好，请问您是李先生吗？", "您好，请问您是李先生吗？"),
        ("您今天能还 对吧", "您今天能还对吧？"),
        ("您好, 请问是李先生吗?我是:工号12", "您好，请问是李先生吗？我是：工号12。"),
        ("还4,900块,下午3:30前", "还4,900块，下午3:30前。"),
        ("好吧", "好吧。"),
        ("你看着办吧", "你看着办吧。"),
        ("您是李先生吧", "您是李先生吧？"),
        ("我还在上班呢", "我还在上班呢。"),
        ("我忙着呢", "我忙着呢。"),
        ("那我怎么还呢", "那我怎么还呢？"),
        ("今天还款，", "今天还款。"),
        ("打开 APP 还款 ， OK 吗", "打开 APP 还款，OK 吗？"),
        ("加我 WeChat", "加我 WeChat。"),
        ("下载 A P P", "下载 A P P。"),
        ("别说了……", "别说了……"),
        ("他说“还钱。”", "他说“还钱。”"),
        ("", ""),
        ("…", "…"),
        ("嗯", "嗯。"),
    ],
)
def test_mandarin(heard, expected):
    assert punctuate(heard, "zh") == expected


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("How are you doing today", "How are you doing today?"),
        ("Can you pay the balance", "Can you pay the balance?"),
        ("I can pay on Friday", "I can pay on Friday."),
        ("Okay, do you have a card", "Okay, do you have a card?"),
        ("This is an attempt to collect a debt.", "This is an attempt to collect a debt."),
    ],
)
def test_english(heard, expected):
    assert punctuate(heard, "en") == expected


@given(TEXTS, st.sampled_from(["zh", "en"]))
def test_twice_changes_nothing(text, language):
    once = punctuate(text, language)
    assert punctuate(once, language) == once


@given(TEXTS)
def test_only_spaces_and_marks_change(text):
    def letters(given_text: str) -> str:
        return "".join(char for char in given_text if char.isalnum())

    assert letters(punctuate(text, "zh")) == letters(text)
    assert close_up(close_up(text)) == close_up(text)


def test_marks_can_be_written_as_recognisers_do():
    assert as_recognised("您好，请问：是李先生吗？") == "您好,请问:是李先生吗?"
