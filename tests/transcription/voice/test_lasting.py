import pytest

from transcription.voice.lasting import lasting, turns_of


def found(turns, half_trust_s=1.0):
    parts = lasting(turns, lambda voice: voice.arousal, least=1.0, half_trust_s=half_trust_s)
    return [(tuple(voice.utterance for voice in part.voices), part.value, part.evidence) for part in parts]


def test_a_turn_ends_where_the_other_begins_or_at_a_pause(said):
    voices = said({}, {}, speaker="agent", pause=0.5)
    assert [len(turn) for turn in turns_of("agent", voices)] == [2]
    assert [len(turn) for turn in turns_of("agent", said({}, {}, speaker="agent", pause=2.5))] == [1, 1]
    assert [len(turn) for turn in turns_of("agent", said({}, {}))] == [1, 1]
    assert turns_of("unknown", voices) == []


def test_the_more_is_said_the_more_it_proves(said):
    short, long = ([said({"arousal": 2.0, "seconds": seconds}, speaker="agent")] for seconds in (1.0, 7.0))
    assert found(short) == [((0,), 2.0, 1.0)]
    assert found(long) == [((0,), 2.0, 1.75)]
    assert found(long, half_trust_s=7.0) == [((0,), 2.0, 1.0)]


def test_utterances_of_one_turn_are_one_part(said):
    turn = said({"arousal": 2.0, "seconds": 1.0}, {"arousal": 3.0, "seconds": 3.0}, speaker="agent")
    assert found([turn]) == [((0, 1), 2.75, 2.2)]


def test_turns_that_follow_each_other_prove_together(said):
    voices = said({"arousal": 2.0, "seconds": 1.0}, {"arousal": 2.0, "seconds": 2.0})
    turns = turns_of("agent", voices)
    assert found(turns) == [((0,), 2.0, 1.5), ((2,), 2.0, 1.5)]


@pytest.mark.parametrize(("between", "evidence"), [(0.5, 1.0), (None, 1.0)])
def test_a_turn_that_sounds_otherwise_ends_the_run(said, between, evidence):
    loud = {"arousal": 2.0, "seconds": 1.0}
    turns = turns_of("agent", said(loud, {"arousal": between}, loud))
    assert found(turns) == [((0,), 2.0, evidence), ((4,), 2.0, evidence)]


def test_a_passing_sound_ends_no_run(said):
    loud = {"arousal": 2.0, "seconds": 1.0}
    turns = turns_of("agent", said(loud, {"arousal": None, "seconds": 0.4}, loud))
    assert found(turns) == [((0,), 2.0, 1.33), ((4,), 2.0, 1.33)]


def test_part_of_a_turn_may_sound_otherwise(said):
    turn = said({"arousal": 2.0}, {"arousal": 0.0}, {"arousal": 3.0}, speaker="agent")
    assert found([turn]) == [((0,), 2.0, 1.5), ((2,), 3.0, 2.25)]


def test_the_mean_of_a_measure_is_that_of_the_utterances_that_have_it(said):
    turn = said({"arousal": 2.0, "level": 4.0}, {"arousal": 2.0, "level": None}, speaker="agent")
    (part,) = lasting([turn], lambda voice: voice.arousal, least=1.0, half_trust_s=1.0)
    assert part.mean(lambda voice: voice.level) == -26.0
    assert part.mean(lambda _: None) is None
    assert part.seconds == 6.0
