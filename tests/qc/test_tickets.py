"""Which calls need a person, and how soon."""

import pytest

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
