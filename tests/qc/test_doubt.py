"""Where a recogniser, a role or a voice leaves doubt, nobody is accused for certain."""

from dataclasses import replace

import pytest

from ingest.metadata import CallRecord
from qc.evaluate import inspect
from tests.qc.calls import OPENING, heard, judge, pack, record, rule, transcript
from tests.qc.conftest import MakePack
from transcription.types import RejectedText, Transcript


def test_absence_accuses_nobody_where_speech_was_not_understood(make_pack: MakePack):
    packs = make_pack(pack(rule("{absent: {phrase: 我是}}", extra=OPENING, category="no_identity")))
    silent = replace(transcript("a: 您好", engine="recogniser"), unheard=(("agent", 5.0, 9.0),))
    (finding,) = inspect(silent, (), record(), packs).findings
    assert finding.status == "unsure"
    assert judge(packs, "c: 喂").findings == ()


def test_refused_text_is_never_matched(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: [上门]}")))
    refused = RejectedText(
        "agent", 5.0, 7.0, "我今天就上门", "low_confidence", measures={"log_probability": -2.0}
    )
    said = replace(transcript("a: 您好", "a: 再见", engine="recogniser"), rejected=(refused,))
    assert inspect(said, (), record(), packs).findings == ()
    spoken = transcript("a: 您好", "a: 我今天就上门", engine="recogniser")
    assert len(inspect(spoken, (), record(), packs).findings) == 1


@pytest.mark.parametrize(
    ("doubts", "status"),
    [
        ((), "certain"),
        (("no_speech",), "unsure"),
        (("repetition",), "unsure"),
        (("low_confidence",), "certain"),
    ],
)
def test_text_that_is_perhaps_invented_accuses_nobody_for_certain(make_pack: MakePack, doubts, status):
    said = transcript("a: 我今天就上门")
    said = replace(said, utterances=(replace(said.utterances[0], doubts=doubts),))
    packs = make_pack(pack(rule("{phrase: [上门]}")))
    (finding,) = inspect(said, (), record(), packs).findings
    assert finding.status == status


def test_absence_accuses_nobody_where_words_may_be_missing(make_pack: MakePack):
    packs = make_pack(pack(rule("{absent: {phrase: 我是}}", extra=OPENING, category="no_identity")))
    said = transcript("a: 您好")
    sparse = replace(said, utterances=(replace(said.utterances[0], doubts=("few_words",)),))
    assert [f.status for f in inspect(said, (), record(), packs).findings] == ["certain"]
    assert [f.status for f in inspect(sparse, (), record(), packs).findings] == ["unsure"]


def test_unknown_speakers_are_judged_for_both_sides_but_never_for_certain(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 上门}")))
    found = judge(packs, "u: 上门", "c: 好")
    assert [(finding.speaker, finding.status, finding.points) for finding in found.findings] == [
        ("unknown", "unsure", 0)
    ]
    assert [code for code, _ in found.unjudged] == ["roles.unknown"]
    assert found.score.total == 100


def test_little_trusted_roles_accuse_nobody(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 上门}")))
    said = transcript("a: 上门")
    doubted = replace(said, utterances=(replace(said.utterances[0], role_trust=0.4),))
    assert inspect(doubted, (), record(), packs).findings[0].status == "unsure"


def test_rules_may_always_leave_doubt(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 上门}", extra="  certain: false\n")))
    assert judge(packs, "a: 上门").findings[0].status == "unsure"


def test_doubted_words_accuse_nobody(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 上门}")))
    found = judge(packs, "a: 上门", engine="recogniser", confidence=0.3)
    assert (found.findings[0].status, found.findings[0].confidence) == ("unsure", 0.3)


PHRASE = "{phrase: 让你在公司抬不起头}"


def only(said: Transcript, packs: object, call: CallRecord | None = None):
    found = inspect(said, (), call or record(), packs).findings  # type: ignore[arg-type]
    return found[0] if found else None


def test_sound_is_tried_on_recognised_text_only(make_pack: MakePack):
    packs = make_pack(pack(rule(PHRASE)))
    assert judge(packs, "a: 让你在公司台不起头").findings == ()
    finding = only(heard("我让你在公司台不起头", {}), packs)
    assert finding is not None
    assert (finding.how, finding.heard, finding.matched) == (
        "sound",
        "让你在公司台不起头",
        "让你在公司抬不起头",
    )
    assert (finding.status, finding.confidence, finding.span) == ("certain", 0.95, (1, 10))
    assert (finding.start, finding.end) == (pytest.approx(0.2), pytest.approx(2.0))


def test_near_sounds_count_only_where_the_recogniser_doubts(make_pack: MakePack):
    packs = make_pack(pack(rule(PHRASE)))
    wrong = "让你在公司带不起透"
    assert only(heard(wrong, {}), packs) is None
    finding = only(heard(wrong, {"带": 0.5, "透": 0.4}), packs)
    assert finding is not None
    assert finding.status == "certain"
    assert finding.confidence < 0.95


def test_few_syllables_count_only_where_the_recogniser_doubts(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 刑事责任}")))
    assert only(heard("这是行使责任", {}), packs) is None
    assert only(heard("这是行使责任", {"使": 0.5}), packs) is not None
    assert only(heard("这是刑期责任", {"期": 0.5}), packs) is None


def test_two_syllables_after_a_gap_are_no_evidence_by_sound(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: '(您好|我们)是~10(律师|法院)'}")))
    doubts = {"女": 0.49, "士": 0.6}
    assert only(heard("您好是蜂女士吗", doubts), packs) is None
    longer = make_pack(pack(rule("{phrase: '我们是~10律师事务所'}")))
    assert only(heard("我们是东城女士是无所的", doubts), longer) is not None


def test_innocent_homophones_can_be_named(make_pack: MakePack):
    packs = make_pack(pack(rule("{phrase: 行使责任, not_heard: [刑事责任]}")))
    assert only(heard("这是刑事责任", {}), packs) is None
    assert only(heard("这是形式责任", {"形": 0.5}), packs) is not None
