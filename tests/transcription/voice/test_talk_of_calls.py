"""Whole calls as a recogniser heard them, with everything that people say over each other's words.

`calls/NAME.json` holds what was really said and when (`turns`; `is` says what a turn over the other's words
is), and the transcript of the recogniser with its times (`heard`); `NAME.opus` is the recording of some. The
voices are synthetic, and so are the persons.
"""

import json
from pathlib import Path

import pytest

from ingest.audio import decode
from transcription.document import from_document
from transcription.types import Transcript, Utterance
from transcription.voice.talk.interaction import converse, interaction

CALLS = Path(__file__).parent / "calls"
ORDINARY = sorted(path.stem for path in CALLS.glob("ordinary-*.json"))
CUT_IN = {
    "cut-in-01": ["agent"],
    "cut-in-02": ["agent"] * 2,
    "cut-in-03": ["customer"] * 3,
    "cut-in-04": ["agent"] * 3 + ["customer"],
    "cut-in-05": ["agent"] * 2,
    "cut-in-06": ["customer"],
}
RECORDED = sorted(path.stem for path in CALLS.glob("*.opus"))


def call(name):
    """What was really said, as a transcript, the turns, and the recogniser's transcript."""
    document = json.loads((CALLS / f"{name}.json").read_text(encoding="utf-8"))
    turns = document["turns"]
    said = tuple(
        Utterance(number, turn["speaker"], turn["start"], turn["end"], turn["text"])
        for number, turn in enumerate(turns)
    )
    return Transcript("zh", "given", "", said), turns, from_document(document["heard"])


def cut_in(cues):
    return [(cue.speaker, cue.start) for cue in cues if cue.kind == "interruption"]


def test_the_calls_are_there():
    assert (len(ORDINARY), len(RECORDED)) == (14, 4)


@pytest.mark.parametrize("name", ORDINARY)
def test_nobody_cuts_in_where_people_listen_and_answer_early(name):
    true, _, heard = call(name)
    assert cut_in(converse(heard)[1]) == []
    assert cut_in(converse(true)[1]) == []


@pytest.mark.parametrize("name", CUT_IN)
def test_whoever_cuts_in_is_found(name):
    true, turns, heard = call(name)
    really = [(turn["speaker"], turn["start"]) for turn in turns if turn.get("is") == "cuts_in"]
    assert [speaker for speaker, _ in really] == CUT_IN[name]
    assert cut_in(converse(true)[1]) == really
    found = cut_in(sorted(converse(heard)[1], key=lambda cue: cue.start))
    assert [speaker for speaker, _ in found] == CUT_IN[name]
    assert [start for _, start in found] == pytest.approx([start for _, start in really], abs=0.35)


@pytest.mark.parametrize("name", RECORDED)
def test_the_sound_changes_nothing_where_little_leaks(name):
    _, _, heard = call(name)
    sound = decode(CALLS / f"{name}.opus").sound
    found = cut_in(sorted(converse(heard, sound)[1], key=lambda cue: cue.start))
    assert [speaker for speaker, _ in found] == CUT_IN.get(name, [])


def test_signs_of_listening_are_found_as_such():
    said = found = wrong = 0
    for name in (*ORDINARY, *CUT_IN):
        _, turns, heard = call(name)
        listening = [turn for turn in turns if turn.get("is") == "backchannel"]
        cues = [cue for cue in converse(heard)[1] if cue.kind == "backchannel"]
        said += len(listening)
        found += sum(any(_same(turn, cue) for cue in cues) for turn in listening)
        wrong += sum(not any(_same(turn, cue) for turn in listening) for cue in cues)
    # Of the 82 the recogniser wrote something for 68; one short turn is taken for a sign of listening.
    assert (said, found, wrong) == (82, 55, 1)


def _same(turn, cue):
    return cue.speaker == turn["speaker"] and min(cue.end, turn["end"]) > max(cue.start, turn["start"])


@pytest.mark.parametrize(
    ("name", "seconds"), [("ordinary-04", 12.7), ("ordinary-08", 10.8), ("ordinary-13", 13.8)]
)
def test_announced_holds_are_no_dead_air(name, seconds):
    cues = [cue for cue in converse(call(name)[2])[1] if cue.kind in ("hold", "dead_air")]
    assert [(cue.kind, cue.speaker) for cue in cues] == [("hold", "agent")]
    assert cues[0].value == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize("name", [*ORDINARY, *CUT_IN])
def test_shares_and_answers_are_those_of_the_real_times(name):
    true, _, heard = call(name)
    for told, real in zip(interaction(heard).turns, interaction(true).turns, strict=True):
        assert told.share == pytest.approx(real.share, abs=0.055)
        assert (told.response_s is None) == (real.response_s is None)
        if real.response_s is not None:
            assert told.response_s == pytest.approx(real.response_s, abs=0.35)
