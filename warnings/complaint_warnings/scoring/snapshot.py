"""Who the debtor is and what is owed, as the ledger shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from complaint_warnings.types import CallEvidence, Evidence


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The debtor by the newest calls, and by the newest items where no call says it. `contact` is the
    debtor's own number, never a third party's; `amount_due` adds the debtor's cases that are in the
    currency of the newest one."""

    name: str | None
    contact: str | None
    amount_due: Decimal | None
    currency: str | None


def snapshot(ordered: Sequence[Evidence]) -> Snapshot:
    """The newest value of each field; `ordered` are the episode's calls and items, oldest first."""
    called = _of_calls([each for each in ordered if isinstance(each, CallEvidence)])
    name, contact, amount, currency = called.name, called.contact, called.amount_due, called.currency
    for item in reversed(ordered):
        if isinstance(item, CallEvidence):
            continue
        name, contact = name or item.name, contact or item.contact
        if amount is None and item.amount_due is not None:
            amount, currency = item.amount_due, item.currency
    return Snapshot(name, contact, amount, currency)


def _of_calls(ordered: Sequence[CallEvidence]) -> Snapshot:
    name = contact = currency = None
    amounts: dict[str, tuple[Decimal, str]] = {}
    for call in ordered:
        customer, case = call.record.customer, call.record.case
        name = customer.name or name
        if customer.relation == "debtor":
            contact = customer.number or contact
        if case.amount_due is not None:
            amounts[case.id or ""] = (case.amount_due, case.currency)
            currency = case.currency
    same = [amount for amount, unit in amounts.values() if unit == currency]
    return Snapshot(name, contact, sum(same, Decimal(0)) if same else None, currency)
