"""What is certain, and what a person decides."""

from dataclasses import replace

import pytest

from qc.evaluate import inspect
from qc.trust import Evidence, certain
from tests.qc.calls import heard, pack, record, rule
from tests.qc.conftest import MakePack


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence("letters"), True),
        (Evidence("letters", words=0.4), True),
        (Evidence("letters", words=0.39), False),
        (Evidence("letters", role_trust=0.49), False),
        (Evidence("letters", words=0.5, grave=True), True),
        (Evidence("regex", words=0.5), True),
        (Evidence("regex", words=0.5, utterance=0.9, grave=True), False),
        (Evidence("regex", words=0.9, utterance=0.5, grave=True), False),
        (Evidence("regex", words=0.6, utterance=0.6, grave=True), True),
        (Evidence("sound", run=4, syllables=4), True),
        (Evidence("sound", run=3, syllables=6), False),
        (Evidence("sound", likeness=0.9, run=3, syllables=7), True),
        (Evidence("sound", likeness=0.89, run=7, syllables=7), False),
        (Evidence("sound", likeness=0.95, run=6, syllables=6), False),
        (Evidence("sound", words=0.3, run=9, syllables=9), False),
        (Evidence("absence", words=0.8, doubted=0.2), True),
        (Evidence("absence", words=0.74, doubted=0.2), False),
        (Evidence("absence", words=0.8, doubted=0.3), False),
        (Evidence("cue", words=0.6), True),
        (Evidence("cue", words=0.59), False),
        (Evidence("cue", words=0.9, role_trust=0.0), False),
    ],
)
def test_certainty_follows_the_evidence(evidence: Evidence, expected: bool):
    assert certain(evidence) is expected


def test_a_doubted_word_sinks_no_call(make_pack: MakePack):
    packs = make_pack(pack(rule("{regex: 跳海}", category="threat")))
    clear = inspect(heard("去跳海吧", {}), (), record(), packs).findings
    doubtful = inspect(heard("去跳海吧", {"跳": 0.45, "海": 0.5}), (), record(), packs).findings
    assert [(finding.status, finding.points) for finding in clear] == [("certain", 40)]
    assert [(finding.status, finding.points) for finding in doubtful] == [("unsure", 0)]


def test_talk_of_self_harm_in_garbage_is_left_to_a_person(make_pack: MakePack):
    packs = make_pack(pack(rule("{regex: 跳海}", category="self_harm")))
    said = heard("那我跳海", {"跳": 0.45, "海": 0.5}, speaker="customer")
    assert [finding.status for finding in inspect(said, (), record(), packs).findings] == ["unsure"]


def test_lesser_rules_bear_more_doubt(make_pack: MakePack):
    packs = make_pack(pack(rule("{regex: 跳海}", category="dismissive")))
    said = heard("去跳海吧", {"跳": 0.45, "海": 0.5})
    assert [finding.status for finding in inspect(said, (), record(), packs).findings] == ["certain"]


def test_a_mumbled_utterance_proves_nothing_grave(make_pack: MakePack):
    packs = make_pack(pack(rule("{regex: 跳海}")))
    said = heard("去跳海吧", {})
    mumbled = replace(said, utterances=(replace(said.utterances[0], confidence=0.5),))
    assert [finding.status for finding in inspect(mumbled, (), record(), packs).findings] == ["unsure"]
