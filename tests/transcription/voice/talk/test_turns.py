import pytest

from transcription.types import Transcript, Utterance
from transcription.voice.talk.spoken import stretches
from transcription.voice.talk.syllables import syllables
from transcription.voice.talk.turns import take_floor


def floor(*said):
    """Turns as (speaker, start, end), and the ids of what shows listening, of (speaker, start, end, text)."""
    utterances = tuple(
        Utterance(number, speaker, start, end, text)
        for number, (speaker, start, end, text) in enumerate(said)
    )
    found = take_floor(stretches(Transcript("zh", "e", "m", utterances)))
    turns = [(turn.place[0], turn.start, turn.end) for turn in found.turns]
    return turns, [stretch.utterance.id for stretch in found.listening]


def test_a_turn_goes_on_through_signs_of_listening_and_short_pauses():
    assert floor(
        ("agent", 0, 4, "您的账单是三百二十六块"),
        ("customer", 2, 2.4, "嗯"),
        ("agent", 6.5, 9, "二月份开始停机"),
        ("customer", 9.5, 11, "我晚上回去就交"),
    ) == ([("agent", 0, 9), ("customer", 9.5, 11)], [1])


def test_a_long_silence_ends_a_turn():
    said = (("agent", 0, 4, "您的账单是三百二十六块"), ("agent", 7, 9, "喂"))
    assert floor(*said) == ([("agent", 0, 4), ("agent", 7, 9)], [])


@pytest.mark.parametrize(
    ("start", "end", "text", "listens"),
    [
        (3.0, 3.5, "嗯", True),  # over the other's words
        (3.9, 4.3, "嗯", True),  # at their very end; the other goes on
        (3.0, 4.5, "好的好的", True),
        (3.0, 4.5, "我知道这个事情", False),
        (3.0, 5.5, "好的好的", False),  # drawn out
    ],
)
def test_who_listens_takes_no_turn(start, end, text, listens):
    _, listening = floor(
        ("agent", 0, 4, "您的账单是三百二十六块"),
        ("customer", start, end, text),
        ("agent", 4.6, 8, "二月份开始停机"),
    )
    assert listening == ([1] if listens else [])


def test_nobody_speaks():
    assert floor() == ([], [])


def test_syllables_sound_alike_whatever_the_characters():
    assert syllables("核实一下，OK?") == syllables("和时一夏 ok") == ["he", "shi", "yi", "xia", "ok"]
    assert syllables("……") == []
