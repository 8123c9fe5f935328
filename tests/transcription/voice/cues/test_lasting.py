import pytest

from transcription.voice.cues.lasting import lasting, turns_of


def found(turns):
    parts = lasting(turns, lambda voice: voice.arousal, least=1.0)
    return [(tuple(voice.utterance for voice in part.voices), part.value, part.evidence) for part in parts]


def test_a_turn_ends_where_the_other_begins_or_at_a_pause(said):
    voices = said({}, {}, speaker="agent", pause=0.5)
    assert [len(turn) for turn in turns_of("agent", voices)] == [2]
    assert [len(turn) for turn in turns_of("agent", said({}, {}, speaker="agent", pause=2.5))] == [1, 1]
    assert [len(turn) for turn in turns_of("agent", said({}, {}))] == [1, 1]
    assert turns_of("unknown", voices) == []


def test_the_more_is_said_the_more_it_proves(said):
    said_for = {s: [said({"arousal": 2.0, "seconds": s}, speaker="agent")] for s in (1.5, 6.0, 24.0)}
    assert found(said_for[1.5]) == [((0,), 2.0, 1.0)]
    assert found(said_for[6.0]) == [((0,), 2.0, 2.0)]
    assert found(said_for[24.0]) == [((0,), 2.0, 2.0)]


def test_utterances_of_one_turn_are_one_part(said):
    turn = said({"arousal": 2.0, "seconds": 1.0}, {"arousal": 3.0, "seconds": 3.0}, speaker="agent")
    assert found([turn]) == [((0, 1), 2.75, 2.25)]


def test_turns_that_follow_each_other_prove_together(said):
    voices = said({"arousal": 2.0, "seconds": 1.5}, {"arousal": 2.0, "seconds": 4.5})
    turns = turns_of("agent", voices)
    assert found(turns) == [((0,), 2.0, 2.0), ((2,), 2.0, 2.0)]


@pytest.mark.parametrize("between", [0.5, None])
def test_a_turn_that_sounds_otherwise_ends_the_run(said, between):
    loud = {"arousal": 2.0, "seconds": 1.5}
    turns = turns_of("agent", said(loud, {"arousal": between}, loud))
    assert found(turns) == [((0,), 2.0, 1.0), ((4,), 2.0, 1.0)]


def test_a_passing_sound_ends_no_run(said):
    loud = {"arousal": 2.0, "seconds": 3.0}
    turns = turns_of("agent", said(loud, {"arousal": None, "seconds": 0.4}, loud))
    assert found(turns) == [((0,), 2.0, 2.0), ((4,), 2.0, 2.0)]


def test_part_of_a_turn_may_sound_otherwise(said):
    loud = {"arousal": 2.0, "seconds": 1.5}
    turn = said(loud, {"arousal": 0.0}, {**loud, "seconds": 6.0}, speaker="agent")
    assert found([turn]) == [((0,), 2.0, 1.0), ((2,), 2.0, 2.0)]


def test_the_mean_of_a_measure_is_that_of_the_utterances_that_have_it(said):
    turn = said({"arousal": 2.0, "level": 4.0}, {"arousal": 2.0, "level": None}, speaker="agent")
    (part,) = lasting([turn], lambda voice: voice.arousal, least=1.0)
    assert part.mean(lambda voice: voice.level) == -26.0
    assert part.mean(lambda _: None) is None
    assert part.seconds == 6.0
