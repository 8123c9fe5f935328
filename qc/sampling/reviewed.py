"""What people made of calls: the last word on each, where there is one."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from qc.models import FindingRow, InspectionRow, TicketRow
from qc.verdicts.decision import outcome
from qc.verdicts.lookup import current_verdicts

FINAL = "final"


def confirmed_categories(session: Session, calls: Iterable[int]) -> dict[int, frozenset[str]]:
    """The categories in which people let a violation stand, of the calls whose review is final; other calls
    are not in it. A finding that people did not agree on does not stand."""
    wanted = list(calls)
    final = set(
        session.scalars(
            select(TicketRow.call_id).where(TicketRow.call_id.in_(wanted), TicketRow.state == FINAL)
        )
    )
    rows = session.execute(
        select(InspectionRow.call_id, FindingRow.id, FindingRow.category)
        .join(FindingRow, FindingRow.inspection_id == InspectionRow.id)
        .where(InspectionRow.call_id.in_(final), InspectionRow.newest, FindingRow.kind == "violation")
    ).all()
    said = current_verdicts(session, [finding for _, finding, _ in rows])
    standing: dict[int, set[str]] = {call: set() for call in final}
    for call, finding, category in rows:
        if outcome({each.person: each.verdict for each in said.get(finding, ())}):  # type: ignore[misc]
            standing[call].add(category)
    return {call: frozenset(categories) for call, categories in standing.items()}
