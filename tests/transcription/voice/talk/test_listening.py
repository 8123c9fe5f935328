import time

import pytest

from transcription.voice.talk.listening import asks, confirms, is_backchannel, is_closing, is_remark

# fmt: off
LISTENING = [
    "嗯", "嗯嗯", "啊", "哦", "噢", "唉", "哎", "诶", "对", "对对", "对对对", "好", "好的", "好的好的",
    "好嘞", "恩恩", "是", "是的", "是啊", "是吗", "行", "行行行", "行吧", "明白", "明白了", "知道了",
    "我知道", "了解", "清楚", "理解", "没问题", "可以", "可以的", "没错", "您说", "你继续", "我听着呢",
    "明白您的意思", "这样啊", "是这样", "嗯哼", "嗯，好的", "哦，对", "哎呀", "uh-huh", "Uh-huh.",
    "mm-hmm", "mhm", "hmm", "okay", "OK", "yeah", "right", "sure", "I see.", "Got it", "No problem",
    "Oh, okay, that makes sense.",
]
# fmt: on


@pytest.mark.parametrize("text", LISTENING)
def test_signs_of_listening(text):
    assert is_backchannel(text, 1.0)


@pytest.mark.parametrize(
    "text",
    ["", "好的你听我说", "不是", "不行", "什么时候还", "没有", "对不起", "no", "okay but listen", "知道什么"],
)
def test_turns(text):
    assert not is_backchannel(text, 1.0)


def test_drawn_out_the_same_words_are_a_turn():
    assert is_backchannel("好的好的好的", 2.0)
    assert not is_backchannel("好的好的好的", 2.1)


def test_hostile_text_takes_no_time():
    started = time.process_time()
    assert not is_backchannel("好啊是的嗯哼" * 20_000 + "不")
    assert not is_closing("好谢谢啊" * 20_000 + "不")
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    "text",
    ["再见", "好，再见再见。", "好的谢谢，拜拜", "行，那就这样，再见", "Thank you, bye-bye", "Okay, bye."],
)
def test_farewells(text):
    assert is_closing(text)


@pytest.mark.parametrize("text", ["好的", "再见面的时候", "谢谢你告诉我这个", "bye for now or else"])
def test_no_farewells(text):
    assert not is_closing(text)


@pytest.mark.parametrize(
    "text",
    [
        "您是李先生吗",
        "什么时候能还？",
        "是多少",
        "您方便吧",
        "行不行",
        "在哪里啊",
        "Is this Mr. Lee",
        "Okay. When can you pay?",
    ],
)
def test_questions(text):
    assert asks(text)


@pytest.mark.parametrize(
    "text", ["我明天去交", "您的账单逾期了", "", "I paid last week.", "That is what I said"]
)
def test_statements(text):
    assert not asks(text)


def test_a_yes_at_the_beginning():
    assert all(confirms(text) for text in ("对，月底", "嗯月底", "哎是的", "没错", "Yes, Friday", "Exactly"))
    assert not any(confirms(text) for text in ("不是", "你听我说", "No", ""))


@pytest.mark.parametrize("text", ["二百三", "离间离间", "没事没事", "三千二百六十八块"])
def test_remarks_however_they_were_heard(text):
    assert is_remark(text, "一共是三千二百六十八块钱")


def test_more_than_a_remark():
    assert not is_remark("回执有什么用", "我有立案回执")
