"""Which calls need a person, and how soon."""

from dataclasses import replace

import pytest

from qc.findings import Finding
from qc.tickets import propose
from tests.qc.test_scoring import finding


@pytest.mark.parametrize(
    ("category", "status", "priority"),
    [
        ("abuse", "certain", "urgent"),
        ("abuse", "unsure", "high"),
        ("dismissive", "certain", "high"),
        ("dismissive", "unsure", "normal"),
        ("no_closing", "certain", "normal"),
        ("no_closing", "unsure", "low"),
        ("self_harm", "certain", "urgent"),
        ("self_harm", "unsure", "urgent"),
        ("refusal", "unsure", "low"),
    ],
)
def test_priority(category: str, status: str, priority: str):
    ticket = propose([finding(category, status=status)], (), "zh")
    assert ticket is not None
    assert ticket.priority == priority


def test_signals_alone_need_nobody():
    assert propose([finding("refusal"), finding("complaint_intent")], (), "zh") is None
    assert propose((), (), "zh") is None


def test_reasons_are_sentences_most_pressing_first():
    findings = [finding("no_closing"), finding("abuse", status="unsure"), finding("no_closing")]
    ticket = propose(findings, (("time.missing", "通话开始时间缺失"),), "zh")
    assert ticket is not None
    assert ticket.priority == "high"
    assert ticket.reasons == (
        "辱骂侮辱（待人工确认）：缘由",
        "缺少结束语：缘由",
        "未能判定：通话开始时间缺失",
    )


def test_english_calls_have_english_reasons():
    unjudged = (("time.missing", "The time is missing."),)
    ticket = propose([finding("abuse", status="unsure")], unjudged, "en")
    assert ticket is not None
    assert ticket.reasons == ("Abuse and insult, to be confirmed: reason", "Not judged: The time is missing.")


def test_what_could_not_be_judged_needs_a_person():
    ticket = propose((), (("roles.unknown", "无法区分坐席与客户"),), "zh")
    assert ticket is not None
    assert (ticket.priority, ticket.reasons) == ("normal", ("未能判定：无法区分坐席与客户",))


def emotion(status: str = "certain", **attributes: str) -> Finding:
    return replace(finding("negative_emotion", status=status), attributes={"state": "angry"} | attributes)


@pytest.mark.parametrize(
    ("beside", "attributes", "priority"),
    [
        ("no_closing", {"from": "both"}, "high"),
        ("no_closing", {"from": "words", "trend": "rising"}, "high"),
        ("no_closing", {"from": "words", "voice": "unknown"}, "normal"),
        ("no_closing", {"from": "words", "voice": "calm", "agree": "no"}, "normal"),
        ("no_closing", {"from": "both", "state": "questioning"}, "normal"),
        ("dismissive", {"from": "both"}, "high"),
        ("abuse", {"from": "both"}, "urgent"),
    ],
)
def test_a_customer_upset_in_words_and_voice_makes_a_ticket_hurry(
    beside: str, attributes: dict[str, str], priority: str
):
    ticket = propose([finding(beside), emotion(**attributes)], (), "zh")
    assert ticket is not None
    assert ticket.priority == priority


def test_how_a_customer_feels_makes_no_ticket_and_hurries_no_doubt_about_itself():
    assert propose([emotion(**{"from": "both", "trend": "rising"})], (), "zh") is None
    doubted = emotion("unsure", **{"from": "voice"})
    ticket = propose([doubted, emotion(**{"from": "both"})], (), "zh")
    assert ticket is not None
    assert (ticket.priority, ticket.reasons) == ("low", ("负面情绪（待人工确认）：缘由",))


def test_an_unsure_state_hurries_nothing():
    ticket = propose([finding("no_closing"), emotion("unsure", **{"from": "both"})], (), "zh")
    assert ticket is not None
    assert ticket.priority == "normal"


def test_why_a_ticket_hurries_is_its_last_reason():
    unjudged = (("roles.unknown", "无法区分坐席与客户"),)
    both = propose([emotion(**{"from": "both"})], unjudged, "zh")
    rising = propose([emotion(trend="rising"), finding("no_closing")], (), "en")
    assert both is not None
    assert rising is not None
    assert (both.priority, both.reasons) == (
        "high",
        ("未能判定：无法区分坐席与客户", "优先级提高一级：客户情绪激动，言辞与声音一致"),
    )
    assert rising.reasons[-1] == "One step more pressing: the customer's voice got more and more stirred up"
