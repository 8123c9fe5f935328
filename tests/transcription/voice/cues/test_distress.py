from dataclasses import replace

import pytest

from transcription.voice.cues.distress import withdrawals

OPEN = {"seconds": 4.0}
SHUT = {"level": -4.0, "pitch_range": -3.0, "rate": -1.5, "seconds": 1.2}


def conversation(said, *turns, wait=0.5):
    """The customer's turns; before each the agent speaks, `wait` seconds earlier, or as a turn says."""
    voices, at = [], 0.0
    for number, given in enumerate(turns):
        turn = dict(given)
        delay = turn.pop("wait", wait)
        (agent,) = said({}, speaker="agent")
        (customer,) = said(turn, speaker="customer")
        length = customer.end - customer.start
        voices += [
            _moved(agent, 2 * number, at, 3.0),
            _moved(customer, 2 * number + 1, at + 3.0 + delay, length),
        ]
        at += 3.5 + delay + length
    return voices


def _moved(voice, utterance, start, length):
    return replace(voice, utterance=utterance, start=start, end=start + length)


def test_who_becomes_quieter_flatter_slower_and_shorter_withdraws(said, calm):
    voices = conversation(said, OPEN, OPEN, OPEN, SHUT, SHUT, SHUT)
    (cue,) = withdrawals(voices, [calm("agent"), calm("customer")])
    assert (cue.kind, cue.speaker, cue.utterances) == ("withdrawal", "customer", (7, 9, 11))
    assert (cue.value, cue.unit, cue.confidence) == (4, "signs", 0.5)
    signs = "4.0 dB quieter, 3.0 semitones flatter, 1.5 characters/s slower, turns of 1.2 s after 4.0 s"
    assert cue.because.en == f"{signs} than before"


def test_late_answers_are_a_sign_as_well(said, calm):
    shut = {"level": -4.0, "rate": -1.5, "seconds": 1.2, "wait": 2.5}
    (cue,) = withdrawals(conversation(said, OPEN, OPEN, OPEN, shut, shut, shut), [calm("customer")])
    assert "answers 2.0 s later" in cue.because.en


@pytest.mark.parametrize(
    "shut",
    [
        {"level": -4.0, "seconds": 1.2},  # short and quiet
        {"pitch_range": -3.0, "rate": -1.5, "seconds": 1.2},
        {"level": 4.0, "rate": 1.5, "seconds": 1.2, "wait": 2.5},
        {},
    ],
)
def test_single_signs_are_chance(said, calm, shut):
    assert withdrawals(conversation(said, OPEN, OPEN, OPEN, shut, shut, shut), [calm("customer")]) == []


def test_one_short_answer_is_no_withdrawal(said, calm):
    assert withdrawals(conversation(said, OPEN, OPEN, OPEN, OPEN, SHUT, OPEN), [calm("customer")]) == []


def test_who_was_like_that_from_the_beginning_has_not_withdrawn(said, calm):
    assert withdrawals(conversation(said, *[SHUT] * 8), [calm("customer")]) == []


def test_too_little_before_or_after_or_no_calm_voice_tells_nothing(said, calm):
    assert withdrawals(conversation(said, OPEN, OPEN, SHUT, SHUT, SHUT), [calm("customer")]) == []
    assert withdrawals(conversation(said, OPEN, OPEN, OPEN, SHUT, SHUT), [calm("customer")]) == []
    voices = conversation(said, OPEN, OPEN, OPEN, SHUT, SHUT, SHUT)
    assert withdrawals(voices, [calm("customer", calm_from=None)]) == []
    assert withdrawals([], [calm("customer")]) == []
