"""Where the matter of a case goes on that was merged, or whose debtor has another case by now."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.cases.opening import find_open
from complaint_warnings.turns import take_turn

_MERGED = "merged"


def goes_on_in(session: Session, case: CaseRow) -> CaseRow:
    """The case in which a merged case went on; the case itself where it was not merged."""
    while case.result == _MERGED:
        merge = session.scalars(
            select(CaseEventRow)
            .where(CaseEventRow.case_id == case.id, CaseEventRow.action == "merge")
            .order_by(CaseEventRow.seq.desc())
        ).first()
        if merge is None:
            return case
        case = session.get_one(CaseRow, merge.details["into"])
    return case


def present_case(session: Session, case: CaseRow) -> CaseRow:
    """The case in which what is heard now is handled: where a merged one went on, and of a closed one the
    other that its debtor has open. Closed itself where nobody handles the matter any more."""
    last = goes_on_in(session, case)
    if last.closed_at is None:
        return last
    return find_open(session, last.debtor_key) or last


def take_turns(session: Session, debtor_key: str) -> None:
    """Lock the debtor, and those in whose cases the debtor's matters go on, in one order everywhere."""
    for key in sorted(concerned(session, {debtor_key})):
        take_turn(session, key)


def concerned(session: Session, debtor_keys: Collection[str]) -> set[str]:
    """Debtors, and those in whose cases their matters go on."""
    merged = session.scalars(
        select(CaseRow).where(CaseRow.debtor_key.in_(debtor_keys), CaseRow.result == _MERGED)
    ).all()
    return {*debtor_keys, *(goes_on_in(session, case).debtor_key for case in merged)}
