"""From findings and case data to indicators: what speaks for a complaint, each with the calls it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from complaint_warnings.scoring.weights import COMPLAINT_CHANNELS, Step, Weights
from complaint_warnings.types import CallEvidence, Evidence, HeardIn, ItemEvidence, Trend
from qc.findings import Finding

DENSITY_WINDOW = timedelta(days=7)
_OWN_INDICATOR = frozenset(
    {
        "self_harm",
        "vulnerable",
        "dispute.fraud",
        "stop_request",
        "frequency_complaint",
        "refusal",
        "hardship",
        "dispute_ignored",
        "stop_request_ignored",
    }
)
_CONDUCT = {"critical": "conduct.critical", "major": "conduct.major", "minor": "conduct.minor"}


E = TypeVar("E", bound=Evidence)

_TRENDS: dict[str, Trend] = {"rising": "rising", "falling": "falling", "peak": "peak"}


@dataclass(frozen=True, slots=True)
class Hit:
    """One indicator seen in one call or item. `count` multiplies the points (categories of violations);
    `categories` are the finding categories behind it, `places` seconds in the recording. Of a state of the
    customer, `heard_in` says whether words or voice tell it, both, or words that the voice does not fit;
    `trend` how the customer's voice went on in the call."""

    name: str
    of: Evidence
    certain: bool
    count: int = 1
    categories: tuple[str, ...] = ()
    places: tuple[float, ...] = ()
    heard_in: HeardIn | None = None
    trend: Trend | None = None


@dataclass(frozen=True, slots=True)
class CaseFact:
    """One indicator from the case system: `value` as a person reads it."""

    name: str
    points: float
    value: str


def in_order(evidence: Sequence[E]) -> list[E]:
    """By time, then reference; what is of unknown time first, since nothing shows that it is new."""
    unknown = sorted((e for e in evidence if e.moment is None), key=lambda e: e.reference)
    known = [(e.moment, e.reference, e) for e in evidence if e.moment is not None]
    return unknown + [e for _, _, e in sorted(known, key=lambda item: item[:2])]


def indicator_of(finding: Finding) -> str | None:
    """The indicator a finding counts for; None for signals that do not bear on complaints."""
    category = finding.category
    if category in _OWN_INDICATOR:
        return category
    if finding.kind == "violation":
        return _CONDUCT.get(finding.severity)
    if category == "complaint_intent":
        channel = finding.attributes.get("channel", "")
        if not channel:
            return "complaint_intent.unspecified"
        return f"complaint_intent.{channel if channel in COMPLAINT_CHANNELS else 'other'}"
    if category == "negative_emotion":
        state = finding.attributes.get("state", "")
        return f"emotion.{state}" if state in ("angry", "anxious") else "emotion.mild"
    return "dispute" if category.startswith("dispute.") else None


def bears_on_score(finding: Finding) -> bool:
    """Whether the score looks at this finding at all."""
    return indicator_of(finding) is not None or finding.category == "promise_to_pay"


def hits(evidence: Sequence[Evidence]) -> list[Hit]:
    """Every indicator of all evidence, in order of time."""
    return [hit for added in hits_by_call(in_order(evidence)) for hit in added]


def hits_by_call(ordered: Sequence[Evidence]) -> list[list[Hit]]:
    """What each call or item adds, given those before it; `ordered` as by `in_order`. What a call adds never
    depends on later ones, so that the first entries are the whole of what was known by then."""
    past = _Past()
    return [[*_add(call, past)] for call in ordered]


@dataclass(slots=True)
class _Past:
    """What the calls so far leave to later ones."""

    circumstances: list[Finding] = field(default_factory=list)
    signalled: bool = False
    promised: bool = False


def _add(call: Evidence, past: _Past) -> Iterator[Hit]:
    if isinstance(call, ItemEvidence):
        yield from (Hit(name, call, call.certain) for name in call.indicators)
        return
    own = list(_hits_of_call(call))
    yield from own
    yield from _pressed_while_vulnerable(call, past)
    yield from _course(call, own, past)


def _hits_of_call(call: CallEvidence) -> Iterator[Hit]:
    by_name: dict[str, list[Finding]] = {}
    for finding in call.findings:
        name = indicator_of(finding)
        if name is not None:
            by_name.setdefault(name, []).append(finding)
    for name, findings in sorted(by_name.items()):
        for certain in (True, False):
            chosen = [f for f in findings if (f.status == "certain") is certain]
            if chosen:
                yield _hit(name, call, chosen, certain)
    certain_critical = any(f.status == "certain" for f in by_name.get("conduct.critical", ()))
    if call.band == "critical" and not certain_critical:
        yield Hit("conduct.critical", call, certain=True)


def _hit(name: str, call: CallEvidence, findings: Sequence[Finding], certain: bool) -> Hit:
    categories = tuple(sorted({f.category for f in findings}))
    return Hit(
        name=name,
        of=call,
        certain=certain,
        count=len(categories) if name in ("conduct.major", "conduct.minor") else 1,
        categories=categories,
        places=tuple(sorted({f.start for f in findings if f.start is not None})),
        heard_in=_heard_in(findings) if name.startswith("emotion.") else None,
        trend=_trend_of(findings) if name.startswith("emotion.") else None,
    )


def _heard_in(findings: Sequence[Finding]) -> HeardIn:
    """Where the state was heard, by what the findings say; those that do not say, by how they were found."""
    places = {f.attributes.get("from", "voice" if f.how == "cue" else "words") for f in findings}
    if "both" in places:
        return "both"
    if places == {"voice"}:
        return "voice"
    if "voice" in places:
        return "apart"
    return "disagree" if any(f.attributes.get("agree") == "no" for f in findings) else "words"


def _trend_of(findings: Sequence[Finding]) -> Trend | None:
    return next(
        (_TRENDS[f.attributes["trend"]] for f in findings if f.attributes.get("trend") in _TRENDS), None
    )


def _pressed_while_vulnerable(call: CallEvidence, past: _Past) -> Iterator[Hit]:
    """Pressing somebody whose special circumstance was stated, in the same call or in an earlier one."""
    past.circumstances += [f for f in call.findings if f.category == "vulnerable"]
    pressed = [f for f in call.findings if f.category == "vulnerable_ignored"]
    if past.circumstances and pressed:
        certain = all(any(f.status == "certain" for f in part) for part in (past.circumstances, pressed))
        yield _hit("vulnerable_pressed", call, pressed, certain)


def _course(call: CallEvidence, own: Sequence[Hit], past: _Past) -> Iterator[Hit]:
    if any(not hit.name.startswith("conduct.") for hit in own):
        if past.signalled:
            yield Hit("repeated_signals", call, certain=True)
        past.signalled = True
    categories = {f.category for f in call.findings if f.status == "certain"}
    if past.promised and "refusal" in categories:
        yield Hit("willingness_falling", call, certain=True)
    past.promised = past.promised or "promise_to_pay" in categories


def case_facts(evidence: Sequence[Evidence], weights: Weights) -> list[CaseFact]:
    """What the case system says, from the newest call of each case; facts without points are left out."""
    return facts_after(in_order(evidence), weights)


def facts_after(ordered: Sequence[Evidence], weights: Weights) -> list[CaseFact]:
    """`case_facts` of evidence that is in order already."""
    calls = [call for call in ordered if isinstance(call, CallEvidence)]
    newest = {call.record.case.id or "": call.record for call in calls}
    cases = [record.case for record in newest.values()]
    complaints = max((case.complaints_before for case in cases), default=0)
    overdue = max((case.days_overdue or 0 for case in cases), default=0)
    attempts = _attempts_before_last_call(calls)
    facts = [
        CaseFact(
            "complaint_history", _points(weights.case["complaint_history"], complaints), str(complaints)
        ),
        CaseFact("days_overdue", _points(weights.case["days_overdue"], overdue), str(overdue)),
        CaseFact("contact_density", _points(weights.case["contact_density"], attempts), str(attempts)),
        *_amount_facts([(case.amount_due, case.currency) for case in cases], weights),
    ]
    return [fact for fact in facts if fact.points > 0 or fact.name == "currency_unknown"]


def _amount_facts(amounts: Sequence[tuple[Decimal | None, str]], weights: Weights) -> Iterator[CaseFact]:
    total = 0.0
    shown = []
    for amount, currency in amounts:
        if amount is None:
            continue
        rate = weights.currencies.get(currency.upper())
        if rate is None:
            yield CaseFact("currency_unknown", 0, currency)
            continue
        total += float(amount) * rate
        shown.append(f"{amount:,.2f} {currency.upper()}")
    yield CaseFact("amount_due", _points(weights.case["amount_due"], total), " + ".join(shown))


def _attempts_before_last_call(ordered: Sequence[CallEvidence]) -> int:
    last = ordered[-1] if ordered else None
    if last is None or last.started_at is None:
        return 0
    since = last.started_at - DENSITY_WINDOW
    moments = (earlier.started_at for earlier in last.record.history)
    return sum(moment is not None and since <= moment < last.started_at for moment in moments)


def _points(steps: Sequence[Step], value: float) -> float:
    return max((step.points for step in steps if value >= step.from_), default=0.0)
