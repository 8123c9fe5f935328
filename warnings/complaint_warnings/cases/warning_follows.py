"""The warning follows its case: closed with it, open again with it."""

from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.models import WarningRow
from complaint_warnings.seals import put_on_record
from store.clock import Clock


def follow_case(session: Session, clock: Clock, case: CaseRow, event: CaseEventRow) -> None:
    """Close the warning with its case, and open it again with it."""
    if case.warning_id is None or event.from_state is None:
        return
    closes, opens = event.to_state == "closed", event.from_state == "closed"
    if closes == opens:
        return
    warning = session.get_one(WarningRow, case.warning_id, populate_existing=True)
    warning.closed_at, warning.updated_at = case.closed_at, event.at
    action = "warning.closed" if closes else "warning.reopened"
    put_on_record(session, clock, warning, action, {"case": case.id, "event": event.seq}, event.actor)
