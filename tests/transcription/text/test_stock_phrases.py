import pytest

from transcription.text.simplify import simplify
from transcription.text.stock_phrases import stock_phrase


@pytest.mark.parametrize(
    "text",
    [
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "請不吝點贊訂閱轉發打賞支持明鏡與點點欄目",
        "字幕由Amara.org社区提供",
        "中文字幕志愿者 李宗盛",
        "字幕製作曲",
        "作詞、作曲",
        "好的，本期视频就到这里，我们下期再见",
        "优优独播剧场——YoYo Television Series Exclusive",
        "嗯，谢谢，记得订阅哦",
        "Thanks for watching!",
        "Don't forget to like and subscribe.",
        "Please subscribe to our channel",
        "I'll see you in the next video.",
        "Subtitles by the Amara.org community",
        "Transcription by ESO. Translated by —",
    ],
)
def test_sentences_of_subtitles_are_never_said_in_a_call(text):
    assert stock_phrase(simplify(text)) == "certain"


@pytest.mark.parametrize(
    "text",
    [
        "谢谢观看",
        "謝謝大家觀看",
        "谢谢大家",
        "谢谢大家。嗯",
        "大家好",
        "下集见",
        "字幕",
        "Music",
        "[Music]",
        "The end.",
        "谢谢大家的支持",
    ],
)
def test_some_are_invented_when_they_are_all_there_is(text):
    assert stock_phrase(simplify(text)) == "whole"


@pytest.mark.parametrize(
    "text",
    [
        "我跟大家好好说了，我一有钱就还给你",
        "感谢大家的支持，然后那个钱我下个月才能还",
        "Go to www.example.com and pay there.",
    ],
)
def test_within_more_words_they_are_only_doubtful(text):
    assert stock_phrase(text) == "part"


@pytest.mark.parametrize(
    "text",
    [
        "请您转发给他本人",
        "感谢您的接听，再见",
        "感谢您的收听",
        "感谢您的支持",
        "好，下次再见",
        "您订阅的视频频道包还没有缴费",
        "我没订阅过这个业务",
        "I never subscribed to that service.",
        "thank you",
        "我在单位的视频里看到的",
        "谢谢",
        "你们有记录吗",
        "关注一下我们的公众号",
        "你把那个音乐关掉我听不见你说话",
        "Can you turn the music down please?",
    ],
)
def test_what_people_say_in_calls_is_no_stock_phrase(text):
    assert stock_phrase(text) is None
