import pytest

from transcription.types import Transcript, Utterance
from transcription.voice.timing import is_backchannel, overlaps, silences


def utterance(number, speaker, start, end, text="我跟你说这个事情"):
    return Utterance(number, speaker, start, end, text)


def found(*utterances):
    return [(cue.kind, cue.speaker, cue.value, cue.utterances) for cue in overlaps(utterances)]


def test_starting_over_the_other_and_taking_the_turn_is_an_interruption():
    assert found(utterance(0, "customer", 0, 5), utterance(1, "agent", 4, 8)) == [
        ("overlap", "agent", 1.0, (1,)),
        ("interruption", "agent", 1.0, (1,)),
    ]


@pytest.mark.parametrize("text", ["嗯。", "好的，好的。", "对", "Uh-huh.", "okay"])
def test_a_back_channel_interrupts_nobody(text):
    said = found(utterance(0, "customer", 0, 5), utterance(1, "agent", 4.3, 5.8, text))
    assert said == [("overlap", "agent", 0.7, (1,))]


def test_the_same_words_drawn_out_are_a_turn():
    assert not is_backchannel(utterance(0, "agent", 0, 3, "好的好的好的"))
    assert not is_backchannel(utterance(0, "agent", 0, 1, "好的你听我说"))
    assert not is_backchannel(utterance(0, "agent", 0, 1, ""))


def test_who_gives_way_again_did_not_take_the_turn():
    assert found(utterance(0, "customer", 0, 8), utterance(1, "agent", 4, 6)) == [
        ("overlap", "agent", 2.0, (1,))
    ]


def test_a_slightly_early_start_is_neither():
    assert found(utterance(0, "customer", 0, 5), utterance(1, "agent", 4.8, 8)) == []
    assert found(utterance(0, "customer", 0, 5), utterance(1, "agent", 4.6, 8)) == [
        ("overlap", "agent", 0.4, (1,))
    ]


def test_one_speaker_does_not_interrupt_himself():
    assert found(utterance(0, "agent", 0, 5), utterance(1, "agent", 4, 8)) == []


def quiet(*utterances, unheard=()):
    cues = silences(Transcript("zh", "e", "m", utterances, unheard=unheard))
    return [(cue.start, cue.end, cue.value, cue.utterances) for cue in cues]


def test_long_silences_are_reported_with_their_length():
    call = [utterance(0, "agent", 0, 2), utterance(1, "customer", 14.5, 15), utterance(2, "agent", 24.9, 30)]
    assert quiet(*call) == [(2, 14.5, 12.5, (1,))]


def test_an_utterance_within_a_longer_one_does_not_begin_a_silence():
    assert (
        quiet(utterance(0, "agent", 0, 20), utterance(1, "customer", 1, 2), utterance(2, "agent", 25, 26))
        == []
    )


def test_speech_without_text_breaks_the_silence():
    call = [utterance(0, "agent", 0, 2), utterance(1, "customer", 20, 22)]
    assert quiet(*call, unheard=(("customer", 10.0, 11.0),)) == []
    assert quiet(*call[:1], unheard=(("customer", 15.0, 16.0),)) == [(2, 15.0, 13.0, ())]


def test_an_empty_call_has_no_silence_to_report():
    assert quiet() == []
