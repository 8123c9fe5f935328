import pytest

from transcription.speakers.roles import agent_side

AGENT = "您好，请问是李先生本人吗？我是澄岳公司的，受银行委托，您的账单逾期了。"
CUSTOMER = "哪位？你们天天打电话，我没钱，我现在失业，再打我投诉你们。"


@pytest.mark.parametrize(("texts", "side"), [((AGENT, CUSTOMER), 0), ((CUSTOMER, AGENT), 1)])
def test_the_words_of_the_whole_call_tell_who_is_the_agent(texts, side):
    assert agent_side(texts, "zh") == side


def test_words_are_compared_by_sound():
    heard = "您好请问是李先生本人吗我是成月公思的受银航委拖您的帐单语期了"
    assert agent_side((CUSTOMER, heard), "zh") == 1


@pytest.mark.parametrize("texts", [("", ""), ("嗯。", "好的。"), (AGENT, AGENT), ("您好。", "喂。")])
def test_without_a_margin_nobody_is_named(texts):
    assert agent_side(texts, "zh") is None


def test_english():
    agent = "This is Ann calling from Harlow on a recorded line, on behalf of Tidewell, about your account."
    assert agent_side(("Who is this? I can't pay, stop calling my wife.", agent), "en") == 1
