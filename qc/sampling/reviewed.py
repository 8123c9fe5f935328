"""What people made of calls in the end: the violations that stand, the machine's and those it missed."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from qc.models import FindingRow, InspectionRow, TicketRow
from qc.review.loading import load_view
from qc.review.models import TicketDecisionRow
from qc.review.view import against, all_missed
from qc.taxonomy import CATEGORIES
from qc.verdicts.decision import outcome
from qc.verdicts.lookup import current_verdicts

FINAL = "final"


def confirmed_categories(session: Session, calls: Iterable[int]) -> dict[int, frozenset[str]]:
    """The categories of violations that stand, of the calls whose review is final; other calls are not in
    it. A finding that people did not agree on does not stand; what people added and kept does."""
    query = select(TicketRow.call_id, TicketRow.id).where(
        TicketRow.call_id.in_(list(calls)), TicketRow.state == FINAL
    )
    tickets = {row.call_id: row.id for row in session.execute(query)}
    standing: dict[int, set[str]] = {call: set() for call in tickets}
    for call, category in _confirmed(session, tickets):
        standing[call].add(category)
    for call, category in _added(session, tickets):
        standing[call].add(category)
    return {call: frozenset(categories) for call, categories in standing.items()}


def _confirmed(session: Session, tickets: Mapping[int, int]) -> list[tuple[int, str]]:
    """The machine's findings that people let stand: call and category."""
    rows = session.execute(
        select(InspectionRow.call_id, FindingRow.id, FindingRow.category)
        .join(FindingRow, FindingRow.inspection_id == InspectionRow.id)
        .join(TicketRow, TicketRow.inspection_id == InspectionRow.id)
        .where(TicketRow.id.in_(tickets.values()), FindingRow.kind == "violation")
    ).all()
    said = current_verdicts(session, [finding for _, finding, _ in rows])
    return [
        (call, category)
        for call, finding, category in rows
        if outcome({each.person: each.verdict for each in said.get(finding, ())})  # type: ignore[misc]
    ]


def _added(session: Session, tickets: Mapping[int, int]) -> list[tuple[int, str]]:
    """What people added because the machine had missed it, and what stands of it."""
    query = select(TicketDecisionRow.ticket_id).where(
        TicketDecisionRow.ticket_id.in_(tickets.values()), TicketDecisionRow.missed.is_not(None)
    )
    call_of = {ticket: call for call, ticket in tickets.items()}
    found = []
    for ticket in sorted(set(session.scalars(query))):
        _, view, _ = load_view(session, ticket)
        missed = all_missed(view)
        kept = [missed[item].category for item in against(view) if item in missed]
        found += [(call_of[ticket], each) for each in kept if CATEGORIES[each].kind == "violation"]
    return found
