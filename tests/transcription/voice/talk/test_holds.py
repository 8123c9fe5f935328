import pytest

from transcription.types import LineSound, Transcript, Utterance
from transcription.voice.talk.holds import asks_to_wait, silences


def utterance(number, speaker, start, end, text="我跟你说这个事情"):
    return Utterance(number, speaker, start, end, text)


def quiet(*utterances, unheard=(), line=()):
    cues = silences(Transcript("zh", "e", "m", utterances, unheard=unheard, line=line))
    return [(cue.kind, cue.speaker, cue.start, cue.end, cue.value, cue.utterances) for cue in cues]


def after(text, silence, *more):
    """The agent says something, there is silence, the agent goes on."""
    last = more[-1].end if more else 3.0
    return quiet(
        utterance(0, "agent", 0, 3, text), *more, utterance(len(more) + 1, "agent", last + silence, 99999)
    )


def test_long_silences_are_reported_with_their_length():
    call = [utterance(0, "agent", 0, 2), utterance(1, "customer", 14.5, 15), utterance(2, "agent", 24.9, 30)]
    assert quiet(*call) == [("dead_air", "unknown", 2, 14.5, 12.5, (1,))]


def test_an_utterance_within_a_longer_one_does_not_begin_a_silence():
    call = [utterance(0, "agent", 0, 20), utterance(1, "customer", 1, 2), utterance(2, "agent", 25, 26)]
    assert quiet(*call) == []


def test_speech_without_text_breaks_the_silence():
    call = [utterance(0, "agent", 0, 2), utterance(1, "customer", 20, 22)]
    assert quiet(*call, unheard=(("customer", 10.0, 11.0),)) == []
    assert quiet(*call[:1], unheard=(("customer", 15.0, 16.0),)) == [
        ("dead_air", "unknown", 2, 15.0, 13.0, ())
    ]


def test_a_breath_does_not_break_it_but_makes_it_doubtful():
    call = (utterance(0, "agent", 0, 2), utterance(1, "customer", 20, 22))
    (cue,) = silences(Transcript("zh", "e", "m", call, unheard=(("customer", 10.0, 10.3),)))
    assert (cue.kind, cue.value, cue.confidence) == ("dead_air", 18, 0.7)
    assert cue.because.en == "a short sound without words was heard meanwhile"


def test_an_empty_call_has_no_silence_to_report():
    assert quiet() == []


@pytest.mark.parametrize(
    "text",
    [
        "请您稍等",
        "您稍候",
        "等一下啊",
        "等我一下",
        "先别挂",
        "你等等",
        "少等一下我看看",
        "烧等",
        "大概要两分钟",
    ],
)
def test_a_request_to_wait_announces_a_hold(text):
    assert asks_to_wait(text)
    assert after(text, 35.0) == [("hold", "agent", 3.0, 38.0, 35.0, (0,))]


@pytest.mark.parametrize(
    "text", ["Hold on please", "One moment", "Bear with me", "please hold", "Just a second"]
)
def test_an_english_request_to_wait_announces_a_hold(text):
    assert asks_to_wait(text)
    assert after(text, 35.0) == [("hold", "agent", 3.0, 38.0, 35.0, (0,))]


@pytest.mark.parametrize(
    "text",
    ["我查一下", "我看看", "我帮您查", "我去拿笔", "我查醒一下", "帮您核对一下", "Let me check that for you"],
)
def test_who_says_what_will_be_done_is_waited_for_a_little(text):
    assert not asks_to_wait(text)
    assert after(text, 28.0) == [("hold", "agent", 3.0, 31.0, 28.0, (0,))]
    assert after(text, 35.0) == [
        ("hold", "agent", 3.0, 38.0, 35.0, (0,)),
        ("dead_air", "unknown", 3.0, 38.0, 35.0, (1,)),
    ]


@pytest.mark.parametrize(
    "text", ["您什么时候还", "您等着收律师函", "我明天下午去交", "你看着办", "Where do you work"]
)
def test_other_words_announce_nothing(text):
    assert [cue[0] for cue in after(text, 12.0)] == ["dead_air"]


def test_who_announced_it_may_have_had_an_answer_first():
    answer = utterance(1, "customer", 3.5, 4, "好的")
    assert after("请稍等，我查一下", 20.0, answer) == [("hold", "agent", 4, 24.0, 20.0, (0,))]
    long_ago = utterance(1, "customer", 3.5, 30, "我跟你说这个事情不是这样的")
    assert [cue[0] for cue in after("请稍等，我查一下", 20.0, long_ago)] == ["dead_air"]


def test_the_customer_may_ask_to_wait():
    call = (
        utterance(0, "customer", 0, 3, "你等等啊，我去拿支笔"),
        utterance(1, "customer", 36, 38, "好了你讲"),
    )
    assert quiet(*call) == [("hold", "customer", 3, 36, 33, (0,))]


def test_a_hold_that_lasts_longer_than_announced_is_dead_air_as_well():
    assert [cue[0] for cue in after("请稍等", 120.0)] == ["hold"]
    (hold, cue) = silences(
        Transcript(
            "zh", "e", "m", (utterance(0, "agent", 0, 3, "请稍等"), utterance(1, "agent", 124, 125, "好了"))
        )
    )
    assert (hold.kind, hold.because.en) == ("hold", 'announced: "请稍等"')
    assert (cue.kind, cue.value, cue.because.en) == (
        "dead_air",
        121,
        "what was announced covers a wait of 120 s",
    )


@pytest.mark.parametrize(
    ("text", "covers"),
    [("请等一分钟", 90), ("稍等半分钟", 45), ("稍等三分钟", 270), ("Hold on, two minutes", 180)],
)
def test_a_named_time_covers_half_as_much_again(text, covers):
    assert [cue[0] for cue in after(text, covers)] == ["hold"]
    assert [cue[0] for cue in after(text, covers + 1)] == ["hold", "dead_air"]


def test_music_on_the_line_is_a_hold():
    call = (utterance(0, "agent", 0, 3), utterance(1, "agent", 43, 45))
    music = LineSound("music", 0, 6, 40, 0.83)
    (cue,) = silences(Transcript("zh", "e", "m", call, line=(music,)))
    assert (cue.kind, cue.speaker, cue.utterances, cue.confidence) == ("hold", "unknown", (), 0.83)
    assert cue.because.en == "the line plays music"
    assert [cue[0] for cue in quiet(*call, line=(LineSound("music", 0, 6, 10, 0.8),))] == ["dead_air"]
    assert [cue[0] for cue in quiet(*call, line=(LineSound("beep", 0, 6, 40, 0.8),))] == ["dead_air"]


def test_thanks_for_waiting_make_unannounced_silence_doubtful():
    call = (utterance(0, "agent", 0, 3), utterance(1, "agent", 43, 45, "让您久等了"))
    (cue,) = silences(Transcript("zh", "e", "m", call))
    assert (cue.kind, cue.confidence) == ("dead_air", 0.6)
    assert cue.because.en == "thanks for waiting follow: perhaps it was announced in words that were misheard"
