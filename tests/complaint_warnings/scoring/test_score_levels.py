"""The level table of a one-call episode with ordinary case data, exactly."""

from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from complaint_warnings.scoring.score import assess
from complaint_warnings.scoring.weights import COMPLAINT_CHANNELS, default_weights
from complaint_warnings.types import rank
from qc.findings import Finding

from ..helpers import CRITICAL, MAJOR, MINOR, call, finding

OUTSIDE = [channel for channel in COMPLAINT_CHANNELS if channel != "company"]
HIGH = [
    [finding("self_harm")],
    [finding("vulnerable"), finding("vulnerable_ignored")],
    [finding("complaint_intent", channel="ombudsman")],
    *([finding("complaint_intent", channel=channel)] for channel in OUTSIDE),
]
MEDIUM_SIGNALS = [
    finding("complaint_intent", channel="company"),
    finding("complaint_intent"),
    finding("negative_emotion", state="angry"),
    finding("negative_emotion", state="anxious"),
    finding("stop_request"),
    finding("frequency_complaint"),
    finding("dispute.fraud"),
    finding("vulnerable"),
]
MEDIUM = [
    *([signal] for signal in MEDIUM_SIGNALS),
    [finding("dispute_ignored")],
    [finding("stop_request_ignored")],
    *([finding(category)] for category in CRITICAL),
    [finding("dismissive"), finding("off_hours"), finding("unlogged_call")],
]
LOW_SIGNALS = [
    finding("dispute.identity"),
    finding("dispute.amount"),
    finding("dispute.paid"),
    finding("hardship"),
    finding("refusal"),
    finding("negative_emotion", state="dissatisfied"),
    finding("negative_emotion", state="questioning"),
    finding("negative_emotion"),
]
PLAIN_MAJOR = [c for c in MAJOR if c not in ("dispute_ignored", "stop_request_ignored")]
NONE: list[list[Finding]] = [
    [],
    [finding("promise_to_pay")],
    [finding("not_debtor")],
    *([finding(category)] for category in (*PLAIN_MAJOR, *MINOR)),
    [finding("dismissive"), finding("off_hours"), *(finding(c) for c in MINOR)],
]
ORDINARY_CASES: list[dict[str, Any]] = [
    {},
    {"days_overdue": None, "amount_due": None},
    {"days_overdue": 205, "amount_due": Decimal("99999.99"), "complaints_before": 1, "attempts": 14},
    {"days_overdue": 365, "amount_due": Decimal("28000"), "currency": "USD", "complaints_before": 1},
]


def level(findings: list[Finding], **case: Any) -> str:
    result = assess([call(*findings, **case)], default_weights())
    return result.level if result else "none"


def _names(cases: list[list[Finding]]) -> list[str]:
    return [
        "+".join(f.category + "".join(f.attributes.values()) for f in case) or "nothing" for case in cases
    ]


@pytest.mark.parametrize("case", ORDINARY_CASES, ids=["plain", "unknown", "upper-end", "dollars"])
@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        *((f, "high") for f in HIGH),
        *((f, "medium") for f in MEDIUM),
        *(([f], "low") for f in LOW_SIGNALS),
        *((f, "none") for f in NONE),
    ],
    ids=lambda value: value if isinstance(value, str) else _names([value])[0],
)
def test_each_line_of_the_table(findings: list[Finding], expected: str, case: dict[str, Any]):
    assert level(findings, **case) == expected


@pytest.mark.parametrize("case", ORDINARY_CASES, ids=["plain", "unknown", "upper-end", "dollars"])
def test_everything_below_high_together_stays_medium(case: dict[str, Any]):
    everything = [*MEDIUM_SIGNALS, *LOW_SIGNALS, *(finding(c) for c in (*CRITICAL, *MAJOR, *MINOR))]
    without_trigger = [f for f in everything if f.category != "vulnerable_ignored"]
    result = assess([call(*without_trigger, **case)], default_weights())
    assert result is not None
    assert result.level == "medium"
    assert result.score < default_weights().thresholds.high


@pytest.mark.parametrize("case", ORDINARY_CASES, ids=["plain", "unknown", "upper-end", "dollars"])
def test_everything_low_together_stays_low(case: dict[str, Any]):
    small = [*LOW_SIGNALS, finding("dismissive"), finding("off_hours"), *(finding(c) for c in MINOR)]
    assert level(small, **case) == "low"


def test_a_worse_call_never_scores_less():
    for weaker, stronger in combinations(["dispute.paid", "stop_request", "self_harm"], 2):
        low = assess([call(finding(weaker))], default_weights())
        high = assess([call(finding(stronger))], default_weights())
        assert low is not None
        assert high is not None
        assert low.score < high.score
        assert rank(low.level) < rank(high.level)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([finding("self_harm", "unsure")], "high"),
        ([finding("complaint_intent", "unsure", channel="regulator")], "medium"),
        ([finding("stop_request", "unsure")], "low"),
        ([finding("threat", "unsure")], "low"),
        ([finding("hardship", "unsure")], "none"),
        ([finding("vulnerable", "unsure"), finding("vulnerable_ignored")], "medium"),
    ],
    ids=lambda value: value if isinstance(value, str) else _names([value])[0],
)
def test_unsure_lands_one_level_lower_except_self_harm(findings: list[Finding], expected: str):
    assert level(findings) == expected


@pytest.mark.parametrize(
    ("findings", "case", "expected"),
    [
        ([], {"complaints_before": 9, "days_overdue": 2000, "amount_due": Decimal(10**7)}, "low"),
        ([finding("refusal")], {"complaints_before": 2}, "low"),
        ([finding("refusal")], {"complaints_before": 3}, "medium"),
        (
            [finding("negative_emotion", state="angry")],
            {"complaints_before": 5, "days_overdue": 800, "amount_due": Decimal(600_000), "attempts": 40},
            "high",
        ),
    ],
)
def test_case_data_raises_a_level_only_when_out_of_the_ordinary(
    findings: list[Finding], case: dict[str, Any], expected: str
):
    assert level(findings, **case) == expected
