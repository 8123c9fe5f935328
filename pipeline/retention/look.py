"""What is known of calls and cases when it is decided whether they may be deleted."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.merged import goes_on_in
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.complaints.models import LegalHoldRow
from complaint_warnings.models import WarningCallRow, WarningRow
from ingest.models import CallRow
from pipeline.models import WorkRow
from pipeline.retention.decide import CallFacts, CaseFacts
from pipeline.retention.policy import OF_CALL, OfCall
from pipeline.states import FINAL_STATES
from qc.models import TicketRow
from qc.review.types import SETTLED
from store.tombstones import Kind, TombstoneRow

PAGE = 500
PART_KIND: dict[OfCall, Kind] = {
    "recordings": "recording",
    "transcripts": "transcript",
    "results": "results",
}
_MERGED = "merged"


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A call on record, with what decides about it."""

    id: int
    source: str
    external_id: str
    recording_sha256: str
    debtor_key: str
    facts: CallFacts

    @property
    def key(self) -> str:
        """`source/external_id`."""
        return f"{self.source}/{self.external_id}"


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A case on record, with what decides about it."""

    id: int
    number: str
    debtor_key: str
    warning_id: int | None
    facts: CaseFacts


def every_call(session: Session, *which: ColumnElement[bool]) -> Iterator[SeenCall]:
    """The calls by id, a page at a time: memory does not grow with their number."""
    going_on = _going_on(session)
    last = 0
    while rows := session.execute(
        _calls().where(CallRow.id > last, *which).order_by(CallRow.id).limit(PAGE)
    ).all():
        for row in rows:
            gone = {kind for kind, there in zip(OF_CALL, row[12:15], strict=True) if there}
            open_case = row.open_case or ("warning" if row.open_warning else going_on.get(row.debtor_key))
            facts = CallFacts(
                started_at=row.started_at,
                client=row.client,
                parts=frozenset(OF_CALL) - gone,
                held=row.held,
                open_case=open_case,
                open_ticket=row.ticket,
                done=row.state in FINAL_STATES and row.lease_owner is None,
            )
            yield SeenCall(row.id, row.source, row.external_id, row.recording_sha256, row.debtor_key, facts)
        last = rows[-1].id


def one_call(session: Session, call_id: int) -> SeenCall | None:
    """One call; None where it is not on record."""
    return next(every_call(session, CallRow.id == call_id), None)


def _calls() -> Select[*tuple[object, ...]]:
    gone = [
        exists()
        .where(TombstoneRow.kind == PART_KIND[part], TombstoneRow.number == CallRow.id)
        .label(f"gone_{part}")
        for part in OF_CALL
    ]
    # Of one debtor at most one case is open; the least word would be `complaint`.
    open_case = select(func.min(CaseRow.kind)).where(
        CaseRow.debtor_key == CallRow.debtor_key, CaseRow.closed_at.is_(None)
    )
    return select(
        CallRow.id,
        CallRow.source,
        CallRow.external_id,
        CallRow.recording_sha256,
        CallRow.debtor_key,
        CallRow.started_at,
        cast(CallRow.record["case"]["client"].as_string(), String).label("client"),
        exists().where(LegalHoldRow.call_id == CallRow.id, LegalHoldRow.released_at.is_(None)).label("held"),
        open_case.scalar_subquery().label("open_case"),
        exists()
        .where(WarningRow.debtor_key == CallRow.debtor_key, WarningRow.closed_at.is_(None))
        .label("open_warning"),
        exists().where(TicketRow.call_id == CallRow.id, TicketRow.state.not_in(SETTLED)).label("ticket"),
        WorkRow.state,
        *gone,
        WorkRow.lease_owner,
    ).outerjoin(WorkRow, WorkRow.call_id == CallRow.id)


def _going_on(session: Session) -> dict[str, str]:
    """Debtors whose case was merged into one that is still open, with its kind."""
    found = {}
    for case in session.scalars(select(CaseRow).where(CaseRow.result == _MERGED)):
        target = goes_on_in(session, case)
        if target.closed_at is None:
            found[case.debtor_key] = target.kind
    return found


def every_case(session: Session, *which: ColumnElement[bool]) -> Iterator[SeenCase]:
    """The cases by id, a page at a time."""
    going_on = _going_on(session)
    held = exists().where(LegalHoldRow.case_id == CaseRow.id, LegalHoldRow.released_at.is_(None))
    calls = exists().where(WarningCallRow.warning_id == CaseRow.warning_id)
    last = 0
    while rows := session.execute(
        select(CaseRow, held, calls).where(CaseRow.id > last, *which).order_by(CaseRow.id).limit(PAGE)
    ).all():
        for case, is_held, has_calls in rows:
            facts = CaseFacts(
                closed_at=case.closed_at,
                client=case.client,
                complaint=case.kind == "complaint",
                held=is_held,
                goes_on=case.result == _MERGED and case.debtor_key in going_on,
                calls=has_calls,
            )
            yield SeenCase(case.id, case.number, case.debtor_key, case.warning_id, facts)
        last = rows[-1][0].id


def one_case(session: Session, case_id: int) -> SeenCase | None:
    """One case; None where it is not on record."""
    return next(every_case(session, CaseRow.id == case_id), None)
