"""What is heard again, and what follows from it. Words and figures are those of real hearings."""

from dataclasses import replace

import pytest

from qc.document import finding_from_document, finding_to_document
from qc.evaluate import inspect
from qc.findings import Finding, Inspection
from qc.packs import default_packs, load_packs
from qc.reconsider import reconsidered
from qc.second_hearing import decide, is_proved, is_weak, question, questions, reconsider
from tests.qc.calls import heard, record
from transcription.questions import Answer, Question, answers_from_document, answers_to_document
from transcription.types import Transcript

SAID = "三点一千收款马务短信发你听见没有"
EXPECTED = "三点一千收款码务短信发你听见没有"
DOUBTS = {"马": 0.5, "务": 0.4}
RULE = "cn.improper_payment"


def finding(**changed: object) -> Finding:
    base = Finding(
        rule="t.payment@1", pack="trial", category="improper_payment", kind="violation", speaker="agent",
        utterances=(0,), span=(4, 12), start=1.0, end=2.0, heard="收款马务短信发你", matched="收款码…发你",
        how="sound", confidence=0.8, status="certain", severity="critical", points=40,
        why={"zh": "缘由", "en": "reason"},
    )  # fmt: skip
    return replace(base, **changed)  # type: ignore[arg-type]


def answer(*readings: str, margin: float | None = None, asked: Question | None = None) -> Answer:
    """An answer in which the expected words are `margin` nats likelier than those heard."""
    first = None if margin is None else -20.0
    second = None if margin is None else -20.0 + margin
    return Answer(asked or Question(0, SAID, EXPECTED), readings, first, second, "e", "m")


@pytest.mark.parametrize(
    ("changed", "weak"),
    [
        ({}, True),
        ({"status": "unsure", "how": "letters"}, True),
        ({"how": "letters", "confidence": 0.59}, True),
        ({"how": "letters", "confidence": 0.6}, False),
        ({"severity": "minor"}, False),
        ({"how": "absence", "status": "unsure"}, False),
        ({"how": "fact", "status": "unsure"}, False),
        ({"how": "order", "status": "unsure"}, False),
        ({"utterances": ()}, False),
        ({"span": None}, False),
    ],
)
def test_only_severe_findings_with_doubtful_words_are_heard_again(changed, weak):
    assert is_weak(finding(**changed)) is weak


def test_a_question_puts_the_expected_words_into_the_utterance():
    assert question(finding(), heard(SAID, {})) == Question(0, SAID, EXPECTED)


@pytest.mark.parametrize(
    ("said", "matched", "expected"),
    [
        ("你老娘一个人在乡下住室把", "你老娘一个人…是吧", "你老娘一个人在乡下住是吧"),
        ("行事案件", "刑事案件", "刑事案件"),
        ("找你们人士,让人士扣", "找你们人事…扣", "找你们人事,让人士扣"),
        ("短", "很长…的词", "很长的词"),
    ],
)
def test_gaps_keep_what_was_heard_in_them(said, matched, expected):
    asked = question(finding(heard=said, matched=matched, span=(0, len(said))), heard(said, {}))
    assert asked.as_expected == expected


def test_words_written_as_the_rule_has_them_have_nothing_to_be_weighed_against():
    asked = question(finding(how="letters"), heard(SAID, {}))
    assert asked.as_expected == asked.as_heard


def test_the_gravest_and_most_doubtful_are_asked_first_and_no_more_than_allowed():
    grave, doubted = finding(), finding(status="unsure", matched="收款码务…发你")
    major = finding(severity="major", status="unsure", matched="收款码短信…发你")
    found = [major, grave, doubted, grave]
    transcript = heard(SAID, {})
    expected = [question(each, transcript) for each in (doubted, grave, major)]
    assert questions(found, transcript, 9) == tuple(dict.fromkeys(expected))
    assert questions(found, transcript, 1) == (expected[0],)
    assert questions(found, transcript, 0) == ()


@pytest.mark.parametrize(
    ("readings", "margin", "outcome"),
    [
        (("三点一千收款码我短信发你",), -30.0, "confirmed"),  # another hearing wrote the words
        (("三点一千收款马我短信发你",), -2.8, "confirmed"),  # about as likely as what was heard
        (("三点一千收款马我短信发你",), -10.0, "undecided"),
        (("三点一千，别的什么都没说",), -34.6, "weakened"),
        (("三点一千，别的什么都没说",), None, "undecided"),
    ],
)
def test_words_matched_by_sound(readings, margin, outcome):
    assert decide(finding(), answer(*readings, margin=margin)) == outcome


@pytest.mark.parametrize(
    ("readings", "outcome"),
    [
        (("笑死我了", "笑死我", "小事我了"), "confirmed"),
        (("笑死我了", "小事我了"), "undecided"),
        (("小事我了", "消失我了"), "weakened"),
        (("小事我了",), "undecided"),
        ((), "undecided"),
    ],
)
def test_words_matched_by_letters(readings, outcome):
    assert decide(finding(how="letters", heard="笑死", matched="笑死"), answer(*readings)) == outcome


def test_what_is_weakened_accuses_nobody_and_what_is_confirmed_gains():
    weakened = reconsider(finding(), answer("别的", margin=-34.6))
    assert (weakened.status, weakened.points, weakened.confidence) == ("unsure", 0, 0.4)
    confirmed = reconsider(finding(status="unsure", points=0), answer("别的", margin=-1.0))
    assert (confirmed.status, confirmed.points, confirmed.confidence) == ("unsure", 0, 0.9)
    undecided = reconsider(finding(), answer("别的", margin=-10.0))
    assert replace(undecided, second_hearing=None) == finding()
    assert undecided.second_hearing is not None
    assert undecided.second_hearing.likelihood_expected == -30.0


def test_proof_takes_both_kinds_of_evidence():
    def proved(*readings: str, margin: float | None) -> bool:
        return is_proved(reconsider(finding(), answer(*readings, margin=margin)))

    assert proved("收款码我短信发你", margin=-3.0)
    assert not proved("收款码我短信发你", margin=-3.1)
    assert not proved("收款码我短信发你", margin=None)
    assert not proved("收款马我短信发你", margin=2.0)
    assert not is_proved(finding())


def test_findings_and_answers_survive_json():
    confirmed = reconsider(finding(), answer("收款码我短信发你", margin=-1.0))
    assert finding_from_document(finding_to_document(confirmed)) == confirmed
    old = finding_to_document(finding())
    del old["second_hearing"]
    assert finding_from_document(old) == finding()
    given = (answer("一", "二", margin=-1.5), answer())
    assert answers_from_document(answers_to_document(given)) == given


PACKS = load_packs(default_packs("zh"))


def inspected(transcript: Transcript) -> Inspection:
    return inspect(transcript, (), record(), PACKS)


def heard_again(transcript: Transcript, *readings: str, margin: float) -> tuple[Inspection, Inspection]:
    before = inspected(transcript)
    asked = questions(before.findings, transcript, 9)
    answers = [answer(*readings, margin=margin, asked=each) for each in asked]
    return before, reconsidered(before, answers, transcript, (), record(), PACKS)


def doubted(inspection: Inspection) -> list[tuple[str, int]]:
    return [(each.status, each.points) for each in inspection.findings if each.rule.startswith(RULE)]


def test_a_proved_finding_counts_in_score_and_ticket():
    before, after = heard_again(heard(SAID, DOUBTS), "三点一千收款码我短信发你", margin=-1.0)
    assert doubted(before) == [("unsure", 0)]
    assert doubted(after) == [("certain", 40)]
    assert (before.score.total, before.score.band) != (after.score.total, after.score.band)
    assert after.score.band == "critical"
    assert before.ticket is not None
    assert after.ticket is not None
    assert (before.ticket.priority, after.ticket.priority) == ("high", "urgent")


def test_a_likely_finding_stays_with_a_person():
    _, after = heard_again(heard(SAID, DOUBTS), "三点一千别的", margin=-1.0)
    assert doubted(after) == [("unsure", 0)]


def test_proof_of_the_words_does_not_prove_who_spoke():
    transcript = heard(SAID, DOUBTS)
    said = replace(transcript.utterances[0], role_trust=0.3)
    _, after = heard_again(replace(transcript, utterances=(said,)), "三点一千收款码我短信发你", margin=-1.0)
    assert doubted(after) == [("unsure", 0)]


def test_answers_to_other_questions_change_nothing():
    transcript = heard(SAID, DOUBTS)
    before = inspected(transcript)
    other = answer("收款码我短信发你", margin=0.0, asked=Question(0, "别的", "别的话"))
    assert reconsidered(before, [other], transcript, (), record(), PACKS) == before
