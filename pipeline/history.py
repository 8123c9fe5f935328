"""Earlier calls on a debt: what the metadata lists, and what this installation has itself on record."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from ingest.metadata import CallRecord, EarlierCall
from ingest.models import CallRow
from qc.models import FindingRow, InspectionRow

# Two systems note the start of the same call a moment apart: at dialling, or at answering.
_SAME_CALL: Final = timedelta(seconds=2)


def with_earlier_calls(record: CallRecord, registered: Iterable[EarlierCall]) -> CallRecord:
    """The record with the registered calls added to its history, oldest first, none of them twice. Calls
    that did not begin before this one are left out, so that the order of processing changes nothing."""
    started = record.started_at
    if started is None:
        return record
    known = list(record.history)
    for call in registered:
        if call.started_at < started and not any(_same(call, other) for other in known):
            known.append(call)
    history = tuple(sorted(known, key=lambda call: (call.started_at, call.number or "")))
    return record.model_copy(update={"history": history})


def registered_calls(session: Session, call_id: int, debtor_key: str, before: datetime) -> list[EarlierCall]:
    """The calls made to this debtor before `before` that are on record here. There is a recording of each,
    so each was connected."""
    rows = session.execute(
        select(CallRow.started_at, CallRow.customer_number, CallRow.agent_id)
        .where(
            CallRow.debtor_key == debtor_key,
            CallRow.id != call_id,
            CallRow.started_at < before,
            or_(CallRow.direction.is_(None), CallRow.direction != "inbound"),
        )
        .order_by(CallRow.started_at, CallRow.id)
    )
    return [
        EarlierCall(started_at=started_at, connected=True, number=number, agent=agent)
        for started_at, number, agent in rows
    ]


def stop_was_requested(session: Session, call_id: int, debtor_key: str, before: datetime) -> bool:
    """Whether the debtor asked in an earlier call, by whoever made it, not to be called again. What counts
    is the newest inspection of each call: an older one may have taken the agent for the debtor."""
    any_of_it = aliased(InspectionRow)
    newest = select(func.max(any_of_it.id)).where(any_of_it.call_id == CallRow.id).scalar_subquery()
    asked = (
        select(FindingRow.id)
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .join(CallRow, CallRow.id == InspectionRow.call_id)
        .where(
            CallRow.debtor_key == debtor_key,
            CallRow.id != call_id,
            CallRow.started_at < before,
            InspectionRow.id == newest,
            FindingRow.category == "stop_request",
            FindingRow.status == "certain",
        )
    )
    return session.scalar(asked.limit(1)) is not None


def with_stop_request(record: CallRecord) -> CallRecord:
    """The record, saying that the debtor has asked not to be called."""
    return record.model_copy(update={"case": record.case.model_copy(update={"stop_requested": True})})


def _same(one: EarlierCall, other: EarlierCall) -> bool:
    numbers_agree = one.number is None or other.number is None or one.number == other.number
    return numbers_agree and abs(one.started_at - other.started_at) <= _SAME_CALL
