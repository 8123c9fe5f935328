"""The simulated calls as the product would keep them: what a recogniser with its mistakes finds in them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache

import numpy as np

from bench.warnings.process import MARKS, WARM_UP, Bools, Portfolio
from bench.warnings.settings import World
from complaint_warnings.backtest.history import History
from complaint_warnings.types import CallEvidence
from ingest.metadata import Agent, CallRecord, Case, Customer, EarlierCall
from qc.findings import Band, Finding, How, Kind, Severity

START = datetime(2025, 9, 1, tzinfo=UTC) - timedelta(hours=8)  # the first day, in Beijing
FIRST = START + timedelta(days=WARM_UP)
CHANNELS = (
    "regulator", "telecom_regulator", "media", "police", "lawyer", "consumer_hotline", "platform", "company",
    "",
)  # fmt: skip

_VIOLATIONS: dict[str, tuple[tuple[str, ...], Severity]] = {
    "critical": (("threat", "abuse", "third_party_disclosure"), "critical"),
    "major": (("dismissive", "off_hours", "false_promise", "interruption"), "major"),
    "minor": (("no_identity", "no_closing", "dead_air"), "minor"),
    "dispute_ignored": (("dispute_ignored",), "major"),
    "stop_request_ignored": (("stop_request_ignored",), "major"),
    "vulnerable_ignored": (("vulnerable_ignored",), "critical"),
}
_SIGNALS = {
    "dispute": ("dispute.amount", "dispute.interest", "dispute.paid"),
    "fraud": ("dispute.fraud",),
    "promise": ("promise_to_pay",),
    "threat": ("complaint_intent",),
}
_EMOTIONS = {"angry": "angry", "anxious": "anxious", "mild": "dissatisfied"}


def findings_marks(world: World, true: Bools, chance: np.random.Generator) -> tuple[Bools, Bools]:
    """What is found of what is truly there, and whether for certain: two arrays like `true`.

    A share `recall` of what is there is found; what is not there is found as often as makes `precision`
    of all findings of that kind right.
    """
    wrong_for_each_right = world.recall * (1 - world.precision) / world.precision
    invented = true.mean(axis=0, keepdims=True) * wrong_for_each_right
    drawn = chance.random(true.shape)
    found = np.where(true, drawn < world.recall, drawn < invented)
    sure = chance.random(true.shape) < np.where(true, world.certain_when_right, world.certain_when_wrong)
    return found, sure


def histories(portfolio: Portfolio, world: World, seed: int) -> Iterator[History]:
    """Each debtor with the evidence of the calls, complaints since the first day that counts, and calls that
    could not be judged. A complaint closes the debtor's warning."""
    chance = np.random.default_rng(seed)
    calls = portfolio.calls
    found, sure = findings_marks(world, calls.marks, chance)
    judged = chance.random(len(calls.debtor)) >= world.unjudged
    draw = chance.integers(0, 1 << 30, len(calls.debtor))
    order = np.lexsort((calls.second, calls.day, calls.debtor))
    ends = np.searchsorted(calls.debtor[order], np.arange(len(portfolio.people.pace) + 1))
    arrivals: dict[int, list[datetime]] = {}
    for debtor, day, second in zip(*(part.tolist() for part in portfolio.complaints), strict=True):
        arrivals.setdefault(debtor, []).append(_moment(day, second))
    for debtor in range(len(portfolio.people.pace)):
        own = order[ends[debtor] : ends[debtor + 1]]
        arrived = tuple(arrivals.get(debtor, ()))
        yield History(
            debtor=f"customer:{debtor}",
            evidence=tuple(
                _call(portfolio, index, found[index], sure[index], int(draw[index]))
                for index in own.tolist()
                if judged[index]
            ),
            complaints=tuple(each for each in arrived if each > FIRST),
            closings=arrived,
            unjudged=tuple(
                _moment(int(calls.day[index]), int(calls.second[index])) for index in own[~judged[own]]
            ),
        )


def _moment(day: int, second: int) -> datetime:
    return START + timedelta(days=day, seconds=second)


def _call(portfolio: Portfolio, index: int, found: Bools, sure: Bools, draw: int) -> CallEvidence:
    calls, people = portfolio.calls, portfolio.people
    debtor, day = int(calls.debtor[index]), int(calls.day[index])
    at = _moment(day, int(calls.second[index]))
    findings = tuple(
        _finding(MARKS[mark], bool(sure[mark]), draw % 12, CHANNELS[int(calls.channel[index])])
        for mark in np.flatnonzero(found).tolist()
    )
    # Drawn values need no checking; checking 300,000 records would take longer than scoring them.
    record = CallRecord.model_construct(
        external_id=f"S{index}",
        source="simulated",
        started_at=at,
        agent=_agent(int(people.collector[debtor])),
        customer=Customer.model_construct(id=str(debtor)),
        case=Case.model_construct(
            id=f"K{debtor}",
            days_overdue=int(people.overdue[debtor]) + day - int(people.entered[debtor]),
            amount_due=Decimal(str(people.amount[debtor])),
            complaints_before=int(calls.complaints_before[index]),
        ),
        history=tuple(
            _earlier(at.replace(minute=0, second=0) - timedelta(hours=4 * n + 1))
            for n in range(min(int(calls.attempts[index]), 40))
        ),
    )
    return CallEvidence(f"S{index}", at, record, findings, _band(findings))


@cache
def _earlier(at: datetime) -> EarlierCall:
    return EarlierCall.model_construct(started_at=at)


@cache
def _agent(number: int) -> Agent:
    return Agent.model_construct(id=f"A{number}")


@cache
def _finding(mark: str, sure: bool, draw: int, channel: str) -> Finding:
    if mark in _VIOLATIONS:
        categories, severity = _VIOLATIONS[mark]
        return _made(categories[draw % len(categories)], "violation", severity, sure=sure)
    if mark in _EMOTIONS:
        place = ("words", "words", "both", "voice")[draw % 4]
        attributes = {"state": _EMOTIONS[mark], "from": place}
        # A voice alone is never certain.
        return _made(
            "negative_emotion", "signal", "info", sure=sure and place != "voice", attributes=attributes
        )
    categories = _SIGNALS.get(mark, (mark,))
    attributes = {"channel": channel} if mark == "threat" and channel else {}
    return _made(categories[draw % len(categories)], "signal", "info", sure=sure, attributes=attributes)


_PLAIN = Finding(
    rule="simulated@1", pack="simulated", category="", kind="signal", speaker="customer", utterances=(0,),
    span=None, start=12.5, end=14.0, heard="", matched="", how="letters", confidence=0.9, status="certain",
    severity="info", points=0, why={},
)  # fmt: skip


def _made(
    category: str, kind: Kind, severity: Severity, *, sure: bool, attributes: dict[str, str] | None = None
) -> Finding:
    how: How = "cue" if attributes and attributes.get("from") == "voice" else "letters"
    return replace(
        _PLAIN,
        category=category,
        kind=kind,
        severity=severity,
        status="certain" if sure else "unsure",
        how=how,
        attributes=attributes or {},
    )


def _band(findings: tuple[Finding, ...]) -> Band:
    certain = {f.severity for f in findings if f.kind == "violation" and f.status == "certain"}
    return next((name for name in ("critical", "major", "minor") if name in certain), "clean")
