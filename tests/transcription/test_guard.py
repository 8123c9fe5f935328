import pytest

from transcription.engines.engine import Reading
from transcription.guard import confidence, judge
from transcription.types import Word


def verdict(text, seconds=3.0, log_probability=-0.3, no_speech=0.1):
    return judge(Reading(text, (), log_probability, no_speech), seconds)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("是", 0.3),
        ("嗯", 0.2),
        ("不是", 0.4),
        ("对", 0.3),
        ("对对对对", 0.9),
        ("再见再见", 0.8),
        ("喂喂喂，听得到吗？", 1.6),
        ("我跟你说，你今天必须把钱还上", 3.0),
        ("Yes, speaking.", 1.0),
        ("你们有字幕吗", 1.5),
    ],
)
def test_real_speech_passes(text, seconds):
    assert verdict(text, seconds).reason is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("……", "empty"),
        ("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "stock_phrase"),
        ("字幕由Amara.org社区提供", "stock_phrase"),
        ("谢谢大家观看", "stock_phrase"),
        ("謝謝大家觀看", "stock_phrase"),
        ("Thanks for watching!", "stock_phrase"),
        ("你今天还钱吧你今天还钱吧你今天还钱吧", "repetition"),
        ("啊啊啊啊啊啊啊啊啊啊", "repetition"),
        ("好的呀好的呀好的呀好的呀", "repetition"),
        ("今天天气很好我们一起去公园里面走一走看一看吧然后再回家吃饭睡觉看电视", "too_fast"),
    ],
)
def test_invented_text_is_refused(text, reason):
    assert verdict(text, seconds=2.0).reason == reason


@pytest.mark.parametrize(
    ("log_probability", "no_speech", "reason"),
    [
        (-0.3, 0.9, None),
        (-1.1, 0.9, "no_speech"),
        (-1.1, 0.1, None),
        (-1.7, 0.1, "low_confidence"),
        (None, None, None),
    ],
)
def test_the_engine_may_not_believe_itself(log_probability, no_speech, reason):
    assert verdict("我没有收到", 2.0, log_probability, no_speech).reason == reason


@pytest.mark.parametrize(
    ("text", "seconds", "log_probability", "doubtful"),
    [
        ("我没有收到传票", 2.0, -0.3, False),
        ("我没有收到传票", 2.0, -1.0, True),
        ("你好哪位啊你好哪位啊", 2.0, -0.3, True),
        ("好我录音了", 6.0, -0.3, True),
        ("谢谢观看", 2.0, -0.3, True),
    ],
)
def test_doubtful_text_is_heard_again(text, seconds, log_probability, doubtful):
    assert verdict(text, seconds, log_probability).doubtful is doubtful


def test_an_accepted_reading_scores_above_a_refused_one():
    assert verdict("我没有收到", 2.0, -1.5).score > verdict("谢谢观看", 2.0, -0.1).score


def test_confidence_is_the_mean_of_the_words():
    words = (Word("你", 0, 1, 0.5), Word("好", 1, 2, 1.0))
    assert confidence(Reading("你好", words, -0.1)) == 0.75
    assert confidence(Reading("你好", (), 0.0)) == 1.0
    assert confidence(Reading("你好")) == 0.5


@pytest.mark.parametrize(
    ("no_speech", "activity", "reason"),
    [
        (None, None, None),
        (None, 0.9, None),
        (0.1, 0.9, None),
        (None, 0.3, "no_speech"),
        (1.0, 0.9, "no_speech"),
    ],
)
def test_an_engine_that_does_not_say_how_sure_it_is_is_believed_only_where_somebody_speaks(
    no_speech, activity, reason
):
    reading = Reading("您好请问是李先生吗", no_speech=no_speech)
    assert judge(reading, 2.5, activity=activity).reason == reason
