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
        (None, 0.1, "no_speech"),
        (1.0, 0.9, "no_speech"),
    ],
)
def test_an_engine_that_does_not_say_how_sure_it_is_is_believed_only_where_somebody_speaks(
    no_speech, activity, reason
):
    reading = Reading("您好请问是李先生吗", no_speech=no_speech)
    assert judge(reading, 2.5, activity=activity).reason == reason


@pytest.mark.parametrize(
    ("text", "seconds", "log_probability", "no_speech", "reason"),
    [
        ("嗯", 0.3, -2.2, 0.1, None),  # a word alone is read without certainty
        ("不是", 0.6, -1.9, 0.3, None),
        ("Oh", 0.7, -1.4, 0.63, None),
        ("哦", 0.4, -1.7, 0.78, "no_speech"),  # coughs, doors and clicks read like this
        ("所以", 0.4, -1.9, 0.52, "low_confidence"),
        ("好", 0.6, -2.5, 0.1, "low_confidence"),
        ("我今天一定把钱还给你们", 1.2, -1.9, 0.1, "low_confidence"),  # not a short answer
        ("嗯", 4.0, -1.9, 0.1, "low_confidence"),
        ("Thank you.", 0.7, -1.4, 0.84, "no_speech"),  # what the buzz of a mobile telephone is heard as
        ("Thank you very much.", 3.3, -1.5, 0.6, "no_speech"),
        ("Thank you very much.", 0.7, -1.1, 0.8, "no_speech"),
        ("轻轻轻", 1.1, -1.1, 0.6, "repetition"),
        ("Thank you.", 0.7, -1.0, 0.2, None),
        ("喂喂喂", 0.8, -1.1, 0.2, None),
    ],
)
def test_short_answers_need_less_certainty_than_sentences(text, seconds, log_probability, no_speech, reason):
    assert verdict(text, seconds, log_probability, no_speech).reason == reason


@pytest.mark.parametrize(
    ("seconds", "activity", "reason"),
    [(3.0, 0.1, "no_speech"), (3.0, 0.6, None), (0.8, 0.1, None), (3.0, None, None)],
)
def test_a_long_sound_that_is_hardly_a_voice_needs_surer_words(seconds, activity, reason):
    assert judge(Reading("我没有收到", (), -1.2, 0.1), seconds, activity=activity).reason == reason


@pytest.mark.parametrize(
    ("text", "prompt", "reason"),
    [
        ("以下是普通话的句子", "以下是普通话的句子。", "prompt_echo"),
        ("以下是普通話的句子，", "以下是普通话的句子。催收，逾期，还款。", "prompt_echo"),
        ("催收逾期还款", "催收，逾期，还款，分期", "prompt_echo"),
        ("我分期还款", "催收，逾期，还款，分期", None),
        ("还款", "催收，逾期，还款，分期", None),
        ("我今天没有钱你再给我几天时间吧还款我会还的", "还款", None),
        ("以下是普通话的句子", "", None),
    ],
)
def test_the_prompt_that_comes_back_is_not_what_was_said(text, prompt, reason):
    assert judge(Reading(text, (), -0.2, 0.1), 3.0, prompt=prompt).reason == reason


def test_a_verdict_tells_why_it_doubts_and_what_it_judged_by():
    words = (Word("好", 0.0, 0.4, 0.5), Word("我", 2.0, 2.2, 0.7))
    slow = judge(Reading("好，我录音了", words, -1.0, 0.2), 6.0, activity=0.7)
    assert (slow.reason, slow.doubts, slow.few_words) == (None, ("few_words", "low_confidence"), True)
    assert slow.measures == {
        "speech_s": 6.0,
        "activity": 0.7,
        "log_probability": -1.0,
        "no_speech": 0.2,
        "confidence": 0.6,
        "characters_per_s": 0.833,
        "compression": 0.625,
    }
    assert judge(Reading("我没有收到传票", (), -0.3), 2.0).doubts == ()


def test_stock_phrases_within_speech_are_doubted_not_refused():
    part = verdict("感谢大家的支持，然后那个钱我下个月才能还", 5.0)
    assert (part.reason, part.doubts) == (None, ("stock_phrase",))


@pytest.mark.parametrize(
    ("seconds", "log_probability", "no_speech", "again"),
    [(0.6, -1.2, 0.1, False), (0.6, -1.4, 0.1, True), (0.6, -1.2, None, True), (3.0, -1.2, 0.1, True)],
)
def test_a_short_answer_is_heard_again_only_where_that_helps(seconds, log_probability, no_speech, again):
    short = verdict("没有", seconds, log_probability, no_speech)
    assert (short.reason, short.doubtful) == (None, again)
    assert "low_confidence" in short.doubts


def test_an_engine_that_does_not_say_whether_anybody_spoke_needs_surer_words():
    assert verdict("不是", 0.6, -2.0, None).reason == "low_confidence"
    assert verdict("不是", 0.6, -2.0, 0.1).reason is None


@pytest.mark.parametrize(
    ("activity", "no_speech", "reason"),
    [
        (0.05, 0.46, "no_speech"),
        (0.4, 0.46, None),
        (0.05, 0.3, None),
        (0.24, 0.64, "no_speech"),
        (None, 0.46, None),
    ],
)
def test_a_short_sound_that_is_hardly_a_voice_needs_surer_words_where_the_engine_doubts_too(
    activity, no_speech, reason
):
    assert judge(Reading("Oh", (), -1.4, no_speech), 0.8, activity=activity).reason == reason
