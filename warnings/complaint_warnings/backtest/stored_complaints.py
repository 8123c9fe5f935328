"""Reads the complaints that this installation took in, for a back-test without a file."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.backtest.complaints_file import ArrivedComplaint, ComplaintsFile
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.complaints.models import ComplaintRow
from complaint_warnings.learning.service import goes_on_in


def stored_complaints(
    session: Session, since: datetime | None = None, until: datetime | None = None
) -> ComplaintsFile:
    """Every complaint on record that arrived from `since` on and before `until`, in order of arrival and
    numbered from 1. One whose case was merged belongs to the debtor of the case in which it went on; several
    of one debtor at the same moment count once."""
    query = (
        select(ComplaintRow.arrived_at, ComplaintRow.channel, CaseRow)
        .join(CaseRow, CaseRow.id == ComplaintRow.case_id)
        .order_by(ComplaintRow.arrived_at, ComplaintRow.id)
    )
    if since is not None:
        query = query.where(ComplaintRow.arrived_at >= since)
    if until is not None:
        query = query.where(ComplaintRow.arrived_at < until)
    taken: dict[tuple[str, datetime], ArrivedComplaint] = {}
    for number, (arrived_at, channel, case) in enumerate(session.execute(query), 1):
        debtor = goes_on_in(session, case).debtor_key
        taken.setdefault(
            (debtor, arrived_at), ArrivedComplaint("debtor", debtor, arrived_at, channel, number)
        )
    return ComplaintsFile(tuple(taken.values()), ())
