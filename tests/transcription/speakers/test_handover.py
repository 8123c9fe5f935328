import json
from pathlib import Path

import pytest

from transcription.speakers.handover import HANDED_OVER_TRUST, MORE_THAN_TWO, handovers, note_handovers
from transcription.types import Transcript, Utterance

ROOT = Path(__file__).parents[3]


def said(*turns, apart=5.0):
    """`a:` speaks on side 0, `c:` on side 1; a turn takes 4 s."""
    sides = {"a": (0, "agent"), "c": (1, "customer")}
    return tuple(
        Utterance(
            number,
            sides[turn[0]][1],
            number * apart,
            number * apart + 4.0,
            turn[2:].strip(),
            side=sides[turn[0]][0],
        )
        for number, turn in enumerate(turns)
    )


@pytest.mark.parametrize(
    ("side", "turns"),
    [
        (1, ("a: 请问是李先生吗？", "c: 你等一下，我让我老公接电话。", "a: 好的。", "c: 喂，哪位？")),
        (1, ("a: 您好。", "c: 这事我不懂，你跟我儿子说吧。", "a: 好。", "c: 你好，我是他儿子。")),
        (1, ("a: 您好。", "c: 我把电话给我妈，你等等。", "a: 嗯。", "c: 喂，你是哪里的？")),
        (0, ("c: 我要投诉你！", "a: 我请我们主管跟您说。", "c: 快点。", "a: 您好，我是这边的主管。")),
        (0, ("c: 叫你领导来。", "a: 那我给您转接给我们经理。", "c: 行。", "a: 喂，您好，我姓王。")),
        (0, ("c: 叫你领导来。", "a: 稍等，换我们组长来接。", "c: 行。", "a: 我是刚才那位同事的组长。")),
    ],
)
def test_an_announced_handover_and_a_phone_answered_anew(side, turns):
    assert handovers(said(*turns), "zh") == {side: 15.0}


def test_english():
    turns = ("a: Is this Mr. Lee?", "c: No, let me get my husband.", "a: Sure.", "c: Hello, who's this?")
    assert handovers(said(*turns), "en") == {1: 15.0}


@pytest.mark.parametrize(
    "turns",
    [
        # Announced, and nobody else speaks.
        ("c: 我难受。", "a: 我现在就把电话转给主管，您不用挂。", "c: 嗯。", "a: 您多保重，再见。"),
        # The agent asks for somebody; the customer's greeting is the customer's.
        ("c: 喂。", "a: 那你就让他接电话嘛。", "c: 喂，他不在。"),
        # A line that broke off, and no handover.
        ("a: 您好。", "c: 喂？喂？", "a: 能听到吗？", "c: 喂，你好，听到了。"),
        # Another person is spoken of, not put on the phone.
        ("a: 我会请我们主管联系您。", "c: 好。", "a: 您好，还在吗？"),
    ],
)
def test_without_both_nothing_is_noted(turns):
    assert handovers(said(*turns), "zh") == {}


def test_a_greeting_long_after_has_other_reasons():
    turns = ("a: 您好。", "c: 我让我老公接电话。", "a: 好的。", "c: 喂，哪位？")
    assert handovers(said(*turns, apart=60.0), "zh") == {}


def test_the_other_persons_words_are_trusted_less_and_the_call_says_so():
    turns = ("a: 您好。", "c: 我让我老公接。", "a: 好的。", "c: 喂，哪位？", "a: 您好。", "c: 我没钱。")
    transcript = Transcript("zh", "e", "m", said(*turns), problems=("roles.assumed",))
    noted = note_handovers(transcript)
    assert noted.problems == ("roles.assumed", MORE_THAN_TWO)
    assert [item.role_trust for item in noted.utterances] == [
        1,
        1,
        1,
        HANDED_OVER_TRUST,
        1,
        HANDED_OVER_TRUST,
    ]
    assert [item.text for item in noted.utterances] == [item.text for item in transcript.utterances]


def test_nothing_is_noted_in_the_labelled_calls():
    paths = [*ROOT.glob("bench/calls/*.transcript.json"), *ROOT.glob("samples/calls/*.transcript.json")]
    assert len(paths) > 60
    for path in paths:
        document = json.loads(path.read_text(encoding="utf-8"))
        turns = [f"{item['speaker'][0]}: {item['text']}" for item in document["utterances"]]
        assert handovers(said(*turns), document["language"]) == {}, path.name
