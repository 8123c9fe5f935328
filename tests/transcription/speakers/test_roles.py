import json
from pathlib import Path

import pytest

from transcription.speakers import roles
from transcription.speakers.role_words import MOST_PER_TURN, runs, weigh
from transcription.speakers.roles import Roles, Said, judge_roles, weigh_sides

AGENT = "您好，请问是李先生本人吗？我们是澄岳公司的，受银行委托，您的账单逾期了。"
CUSTOMER = "哪位？你们天天打电话，我没钱，我现在失业，再打我投诉你们。"
GIVEN = ("agent", "customer")
CALLS = Path(__file__).parents[3] / "bench" / "calls"


def call(*texts, first=0):
    """Turns by turns, side `first` begins."""
    return [
        Said((index + first) % 2, index * 5.0, index * 5.0 + 4.0, text) for index, text in enumerate(texts)
    ]


def judged(said, language="zh", given=None, given_trust=0.0, clarity=1.0):
    return judge_roles(said, language, given=given, given_trust=given_trust, clarity=clarity)


def labelled(pattern):
    """The labelled calls as they were said, agent on side 0."""
    for path in sorted(CALLS.glob(f"{pattern}.transcript.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        yield (
            [
                Said(("agent", "customer").index(item["speaker"]), item["start"], item["end"], item["text"])
                for item in document["utterances"]
            ],
            document["language"],
        )


@pytest.mark.parametrize("first", [0, 1])
def test_the_words_of_the_whole_call_tell_who_is_the_agent(first):
    expected = ("agent", "customer") if first == 0 else ("customer", "agent")
    assert judged(call(AGENT, CUSTOMER, AGENT, CUSTOMER, first=first)) == Roles(expected, roles.CONTENT_TRUST)


def test_words_are_compared_by_sound():
    heard = "您好请问是李先生本人吗我们是成月公思的受银航委拖您的帐单语期了"
    assert judged(call(CUSTOMER, heard)).speakers == ("customer", "agent")


@pytest.mark.parametrize("texts", [("", ""), ("嗯。", "好的。"), (AGENT, AGENT), ("喂。", "喂。"), ()])
def test_without_a_margin_nobody_is_named(texts):
    assert judged(call(*texts)) == Roles(None, 0.0, ("roles.unknown",))


def test_english():
    agent = "This is Ann calling from Harlow on a recorded line about your account. May I speak to Mr. Lee?"
    customer = "Who is this? I can't pay, I told you people, stop calling my wife."
    assert judged(call(customer, agent, customer, agent), "en").speakers == ("customer", "agent")


def test_voices_that_are_hardly_different_are_trusted_less():
    said = call(AGENT, CUSTOMER, AGENT, CUSTOMER)
    assert judged(said, clarity=0.05) == Roles(GIVEN, roles.DOUBTFUL_TRUST)


def test_words_that_contradict_each_other_are_trusted_less():
    mixed = call(AGENT, CUSTOMER, CUSTOMER, AGENT, AGENT, CUSTOMER)
    assert 0.15 < weigh_sides(mixed, "zh").share < 0.4
    assert judged(mixed) == Roles(GIVEN, roles.DOUBTFUL_TRUST)


def test_the_usual_channels_stand_where_the_words_do_not_tell():
    assert judged(call("喂。", "喂。"), given=GIVEN, given_trust=0.7) == Roles(GIVEN, 0.7, ("roles.assumed",))


def test_given_roles_stand_unless_both_sides_clearly_contradict_them():
    said = call(AGENT, CUSTOMER, AGENT, CUSTOMER)
    assert judged(said, given=GIVEN, given_trust=1.0) == Roles(GIVEN, 1.0)
    assert judged(said, given=("customer", "agent"), given_trust=1.0) == Roles(
        ("customer", "agent"), roles.SWAPPED_TRUST, ("roles.likely_swapped",)
    )
    # One turn each is too little to contradict a record.
    assert judged(said[:2], given=("customer", "agent"), given_trust=1.0).problems == ()


@pytest.mark.parametrize("pattern", ["H*", "U*", "T*"])
def test_no_labelled_call_is_called_swapped_and_all_are_when_exchanged(pattern):
    calls = list(labelled(pattern))
    assert len(calls) >= 15
    for said, language in calls:
        assert judged(said, language, GIVEN, 1.0).problems == ()
        assert judged(said, language, ("customer", "agent"), 1.0).problems == ("roles.likely_swapped",)


def test_one_turn_says_only_so_much_and_numbers_are_alike():
    assert weigh(AGENT * 5, "zh") == MOST_PER_TURN
    assert (
        runs("尾号1234", "zh") == runs("尾号98", "zh") == {"wei", "hao", "#", "wei hao", "hao #", "wei hao #"}
    )
    assert "it is" in runs("It is due", "en")
    assert "ma wo" not in runs("吗？我", "zh")


def test_announcements_speak_for_nobody():
    said = call(
        "喂。",
        "您好，欢迎致电，您拨打的用户正在通话中，请稍后再拨。",
        "嗯。",
        "您拨打的电话暂时无法接通，请稍后再拨。",
    )
    assert judged(said) == Roles(None, 0.0, ("roles.unknown",))
