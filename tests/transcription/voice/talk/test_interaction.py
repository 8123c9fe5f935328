import pytest

from transcription.types import AudioHealth, ChannelHealth, Echo, Transcript, Utterance
from transcription.voice.talk.interaction import converse, interaction
from transcription.voice.types import Interaction, SpeakerTurns

TEXTS = (
    "我跟你说这个事情",
    "先把钱交了再谈别的",
    "昨天下午就已经去过了",
    "行我再想想办法",
    "那您尽快",
    "可以的没问题",
)
CHANNEL = ChannelHealth("speech", 10, -6, -20, -60, 40, 0, 0, 0, 0, 300, 3400)


def call(*said, **more):
    """A transcript of (speaker, start, end) or (speaker, start, end, text)."""
    utterances = tuple(
        Utterance(number, each[0], each[1], each[2], each[3] if len(each) > 3 else TEXTS[number])
        for number, each in enumerate(said)
    )
    return Transcript("zh", "e", "m", utterances, **more)


def cues(kind, *said, **more):
    return [cue for cue in converse(call(*said, **more))[1] if cue.kind == kind]


def test_a_call_in_figures():
    said = interaction(
        call(
            ("agent", 1.0, 5.0),
            ("customer", 3.0, 3.5, "嗯"),
            ("customer", 5.5, 7.5),
            ("agent", 6.5, 11.5),
            ("customer", 12.5, 14.0),
            ("agent", 13.8, 15.0),
        )
    )
    assert said == Interaction(
        turns=(
            SpeakerTurns("agent", 10.2, 0.72, 3, 0.0, 5.0, 1, 0, (0.0,)),
            SpeakerTurns("customer", 4.0, 0.28, 2, 0.75, 2.0, 0, 1, (0.5, 1.0)),
        ),
        overlap_s=1.7,
        silent_s=1.5,
        hold_s=0,
        limits=("no_times",),
    )


def test_nobody_speaking_and_one_speaking():
    assert interaction(call()) == Interaction()
    alone = interaction(call(("agent", 1.0, 5.0), ("agent", 6.0, 8.0)))
    assert alone.turns == (SpeakerTurns("agent", 6.0, 1.0, 1, None, 7.0, 0, 0),)
    assert alone.silent_s == 1.0


def test_sides_of_unknown_roles_have_no_figures_of_their_own():
    said = Transcript(
        "zh",
        "e",
        "m",
        (Utterance(0, "unknown", 0, 4, "你好", side=0), Utterance(1, "unknown", 3, 6, "喂喂喂", side=1)),
    )
    assert (interaction(said).turns, interaction(said).overlap_s) == ((), 1.0)


def test_a_hold_is_part_of_the_silence_and_no_response():
    said = call(
        ("customer", 0, 3, "这是哪几个月的"),
        ("agent", 3.4, 5, "请稍等"),
        ("customer", 5.2, 5.6, "好"),
        ("agent", 20.6, 24, "十二月的"),
    )
    figures = interaction(said)
    assert (figures.silent_s, figures.hold_s) == (15.6, 15.0)
    assert figures.turns[0].responses == (0.4,)


def test_who_was_not_asked_to_wait_waits_for_an_answer():
    said = (("customer", 0, 3, "这是哪几个月的"), ("agent", 15, 17, "十二月的"))
    assert interaction(call(*said)).turns[0].responses == (12.0,)
    assert cues("slow_response", *said) == []
    assert [cue.value for cue in cues("dead_air", *said)] == [12.0]


def test_a_slow_answer():
    (cue,) = cues("slow_response", ("agent", 0, 3), ("customer", 6.5, 8))
    assert (cue.speaker, cue.start, cue.end, cue.value, cue.utterances) == ("customer", 3, 6.5, 3.5, (1,))
    assert cues("slow_response", ("agent", 0, 3), ("customer", 5.9, 8)) == []
    assert cues("slow_response", ("agent", 0, 3), ("agent", 6.5, 8)) == []
    assert cues("slow_response", ("agent", 0, 3, "请您稍等一下"), ("customer", 6.5, 8)) == []


def test_who_cuts_in_does_not_answer():
    said = interaction(call(("customer", 0, 5), ("agent", 4, 8)))
    assert [(turns.cut_in, turns.responses) for turns in said.turns] == [(1, ()), (0, ())]


def test_a_monologue_goes_through_signs_of_listening():
    said = [("agent", 0, 20), ("agent", 21, 40), ("customer", 40.2, 40.6, "嗯"), ("agent", 40.8, 47)]
    (cue,) = cues("monologue", *said)
    assert (cue.speaker, cue.start, cue.end, cue.value, cue.utterances) == ("agent", 0, 47, 47, (0, 1, 3))
    assert cues("monologue", *said[:2]) == []
    assert cues("monologue", ("agent", 0, 20), ("customer", 20.5, 21.5), ("agent", 22, 47)) == []


def test_a_long_pause_ends_a_stretch_alone():
    said = interaction(call(("agent", 0, 20), ("agent", 23.5, 40)))
    assert (said.turns[0].longest_s, said.turns[0].turns) == (20, 2)


@pytest.mark.parametrize(
    ("more", "limit"),
    [
        ({"options": {"split": "voices"}}, "one_channel"),
        ({"health": AudioHealth((CHANNEL, CHANNEL), echoes=(Echo(1, 200.0, -20.0),))}, "crosstalk"),
    ],
)
def test_what_makes_the_figures_doubtful_is_said(more, limit):
    assert limit in interaction(call(("agent", 0, 3), ("customer", 4, 5), **more)).limits
