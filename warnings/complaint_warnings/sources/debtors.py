"""Whose debt an item is about, by the ids that stored calls have. A name alone is never enough, and nothing
is guessed: several possible debtors are none."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.models import WarningDebtorRow
from complaint_warnings.sources.documents import Debtor
from ingest.metadata import CallRecord
from ingest.models import CallRow
from ingest.numbers import normalise_number
from ingest.record import Case, Customer
from store.errors import BadInputError, NotFoundError

_ENOUGH = 6  # so many different debtors tell that an id names nobody


@dataclass(frozen=True, slots=True)
class Candidates:
    """Debtors that the given ids name, and the key that the ids themselves make."""

    known: tuple[str, ...]
    own: str | None

    @property
    def certain(self) -> str | None:
        """The one debtor it must be, else None."""
        return self.known[0] if len(self.known) == 1 else None


def find_debtors(session: Session, debtor: Debtor) -> Candidates:
    """The debtors of stored calls to whom every given id belongs."""
    if not debtor.named:
        return Candidates((), None)
    own = _own_key(debtor)
    query = select(CallRow.debtor_key).distinct().limit(_ENOUGH)
    if debtor.customer_id:
        query = query.where(CallRow.customer_id == debtor.customer_id)
    if debtor.case_id:
        query = query.where(CallRow.case_id == debtor.case_id)
    if debtor.number:
        query = query.where(CallRow.customer_number == normalise_number(debtor.number))
    known = set(session.scalars(query))
    if not known and session.get(WarningDebtorRow, own) is not None:
        known = {own}
    return Candidates(tuple(sorted(known)), own)


def debtor_of_report(session: Session, debtor: Debtor, call: CallRow | None, where: str) -> str:
    """The debtor a report is about. Reporters know whom they speak of: an id that no call has is taken.

    Raises:
        BadInputError: `item.debtor_unclear`, several debtors have the id, or call and id disagree.
    """
    found = find_debtors(session, debtor)
    if call is not None:
        if debtor.named and call.debtor_key not in found.known:
            raise _unclear(where, "the call is about another debtor than the ids name")
        return call.debtor_key
    if len(found.known) > 1:
        raise _unclear(where, f"several debtors have this id: {', '.join(found.known)}")
    key = found.certain or found.own or ""
    if not key:
        raise _unclear(where, "the debtor is not named")
    return key


def call_of_report(session: Session, reference: str, where: str) -> CallRow:
    """The call that a report refers to.

    Raises:
        NotFoundError: `item.call_unknown`.
    """
    source, _, external_id = reference.partition("/")
    call = session.scalar(select(CallRow).where(CallRow.source == source, CallRow.external_id == external_id))
    if call is None:
        raise NotFoundError(
            f"there is no call {reference}",
            code="item.call_unknown",
            where=where,
            mend="Give SOURCE/EXTERNAL_ID of a registered call, or leave it out and name the debtor.",
        )
    return call


def _own_key(debtor: Debtor) -> str:
    number = normalise_number(debtor.number) if debtor.number else None
    return CallRecord(
        external_id="-",
        source="-",
        customer=Customer(id=debtor.customer_id, number=number),
        case=Case(id=debtor.case_id),
    ).debtor_key


def _unclear(where: str, message: str) -> BadInputError:
    return BadInputError(
        message, code="item.debtor_unclear", where=where, mend="Give the customer's id as the calls have it."
    )
