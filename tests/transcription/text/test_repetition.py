import pytest

from transcription.text.repetition import compression_ratio, repetition, says_one_thing


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("对对对对", 0.9),
        ("对对对对对对对对对", 1.6),
        ("喂喂喂", 0.7),
        ("好好好", 0.6),
        ("嗯嗯嗯", 0.5),
        ("没有没有没有没有", 1.4),
        ("不是不是不是不是不是我弄的", 2.2),
        ("喂喂喂喂听得到吗", 1.6),
        ("yesyesyesyes", 1.0),
        ("再见再见", 0.6),
        ("我今天没有钱明天也没有钱", 2.5),
        ("尾号是五五五五五", 2.5),
        ("8800000", 2.0),
    ],
)
def test_an_answer_said_several_times_is_speech(text, seconds):
    assert repetition(text, seconds) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("啊啊啊啊啊啊啊啊啊啊", 2.0),
        ("对对对对对对对对对对对对", 0.8),
        ("对" * 60, 10.0),
        ("好的呀好的呀好的呀好的呀", 2.0),
        ("你今天还钱吧" * 3, 4.0),
        ("你到底什么时候还钱" * 2, 2.4),
        ("你到底什么时候还钱" * 3, 12.0),
        ("轻轻轻轻轻轻轻轻", 3.0),
        ("轮轮轮轮轮", 1.9),
    ],
)
def test_a_loop_is_not(text, seconds):
    assert repetition(text, seconds) == "loop"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("你好哪位啊你好哪位啊", 2.0), ("你到底什么时候还钱" * 2, 5.0), ("打错了打错了", 1.3)],
)
def test_a_sentence_said_twice_is_possible_but_odd(text, seconds):
    assert repetition(text, seconds) == "twice"


def test_without_any_speech_every_repetition_is_a_loop():
    assert repetition("你到底什么时候还钱" * 2, 0.0) == "loop"


def test_compression_grows_with_repetition():
    assert compression_ratio("我今天没有钱") < 1.0
    assert compression_ratio("轻轻" * 40) > 3.0


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("轻轻轻", True),
        ("imsorryimsorryimsorry", True),
        ("嗯嗯", False),
        ("好好好的", True),
        ("喂喂喂听得到吗", False),
        ("", False),
    ],
)
def test_saying_one_thing_only(text, one):
    assert says_one_thing(text) is one
