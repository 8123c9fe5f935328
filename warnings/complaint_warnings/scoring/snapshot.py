"""Who the debtor is and what is owed, as the ledger shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from complaint_warnings.types import CallEvidence


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The debtor by the newest calls. `contact` is the debtor's own number, never a third party's;
    `amount_due` adds the debtor's cases that are in the currency of the newest one."""

    name: str | None
    contact: str | None
    amount_due: Decimal | None
    currency: str | None


def snapshot(ordered: Sequence[CallEvidence]) -> Snapshot:
    """The newest value of each field; `ordered` are the episode's calls, oldest first."""
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
