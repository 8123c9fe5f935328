"""The contacts with a debtor, from stored calls and from what their records tell of earlier ones. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from complaint_warnings.types import CallEvidence
from ingest.metadata import EarlierCall
from ingest.times import DEFAULT_ZONE

# What a conversation came to. `unknown` is neither: it proves nothing.
Ending = Literal["promise", "refusal", "broken_off", "unknown"]
_REFUSED = frozenset({"refused", "refusal", "hung_up", "no_agreement", "拒绝", "拒绝还款", "挂断"})
_PROMISED = frozenset({"promise", "promised", "ptp", "paid", "承诺", "承诺还款", "已还款"})


@dataclass(frozen=True, slots=True)
class Contact:
    """One attempt of the house to reach the debtor. `connected` is None where that is not known; `amount_due`
    what was owed then, `call` the reference of a stored call."""

    at: datetime
    connected: bool | None
    ending: Ending = "unknown"
    call: str | None = None
    case: str = ""
    amount_due: Decimal | None = None


def contacts_of(evidence: Sequence[CallEvidence]) -> list[Contact]:
    """Every contact once, in order of time; those of unknown time cannot be placed and are left out.

    Calls that the customer made, and calls to other people than the debtor, are no contacts of the debtor.
    """
    known: dict[datetime, Contact] = {}
    for call in evidence:
        for earlier in call.record.history:
            if earlier.started_at is not None and _to_debtor(earlier):
                known.setdefault(earlier.started_at, _earlier(earlier, earlier.started_at))
    for call in evidence:  # a stored call says more than what another record tells of it
        if call.started_at is None:
            continue
        known.pop(call.started_at, None)
        if call.record.direction != "inbound" and call.record.customer.relation == "debtor":
            known[call.started_at] = _stored(call, call.started_at)
    return [known[at] for at in sorted(known)]


def zone_of(evidence: Sequence[CallEvidence]) -> ZoneInfo:
    """The debtor's time zone by the newest call that says it."""
    zones = [call.record.customer.timezone for call in evidence if call.record.customer.timezone]
    return ZoneInfo(zones[-1] if zones else DEFAULT_ZONE)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment where the debtor lives."""
    return moment.astimezone(zone).date()


def _to_debtor(earlier: EarlierCall) -> bool:
    return earlier.direction != "inbound" and earlier.relation in (None, "", "debtor")


def _earlier(earlier: EarlierCall, at: datetime) -> Contact:
    outcome = (earlier.outcome or "").strip().casefold()
    ending: Ending = "promise" if outcome in _PROMISED else "refusal" if outcome in _REFUSED else "unknown"
    return Contact(at, earlier.connected, ending if earlier.connected else "unknown")


def _stored(call: CallEvidence, at: datetime) -> Contact:
    said = {finding.category for finding in call.findings if finding.status == "certain"}
    ending: Ending = "unknown"
    if "promise_to_pay" in said:
        ending = "promise"
    elif "refusal" in said:
        ending = "refusal"
    elif call.record.ended_by == "customer":
        ending = "broken_off"
    case = call.record.case
    return Contact(at, True, ending, call.call, case.id or "", case.amount_due)
