"""Findings that people look at, with what was said about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from qc.models import FindingRow, InspectionRow
from qc.verdicts.models import FindingVerdictRow


@dataclass(frozen=True, slots=True)
class Listed:
    """One finding of a call, and the newest verdict of each person on it, in the order given."""

    finding: FindingRow
    call_id: int
    verdicts: tuple[FindingVerdictRow, ...]


def list_findings(
    session: Session,
    *,
    call_id: int | None = None,
    rule: str | None = None,
    category: str | None = None,
    status: str | None = None,
    undecided: bool = False,
    limit: int = 50,
) -> list[Listed]:
    """Findings of the newest inspection of each call, the newest first.

    Args:
        call_id: only of this call.
        rule: only of this rule, `id` or `id@version`.
        category: only of this category.
        status: only `certain` or only `unsure` ones.
        undecided: only those that nobody has said anything about.
        limit: so many at most.
    """
    query = (
        select(FindingRow, InspectionRow.call_id)
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .where(InspectionRow.newest)
    )
    if call_id is not None:
        query = query.where(InspectionRow.call_id == call_id)
    if rule is not None:
        named = FindingRow.rule == rule if "@" in rule else FindingRow.rule.startswith(f"{rule}@")
        query = query.where(named)
    if category is not None:
        query = query.where(FindingRow.category == category)
    if status is not None:
        query = query.where(FindingRow.status == status)
    if undecided:
        query = query.where(FindingRow.id.not_in(select(FindingVerdictRow.finding_id)))
    rows = session.execute(query.order_by(FindingRow.id.desc()).limit(limit)).all()
    said = current_verdicts(session, [finding.id for finding, _ in rows])
    return [Listed(finding, call, said.get(finding.id, ())) for finding, call in rows]


def current_verdicts(session: Session, findings: Sequence[int]) -> dict[int, tuple[FindingVerdictRow, ...]]:
    """The newest verdict of each person on these findings, by finding."""
    query = select(FindingVerdictRow).where(FindingVerdictRow.finding_id.in_(findings))
    newest: dict[int, dict[str, FindingVerdictRow]] = {}
    for row in session.scalars(query.order_by(FindingVerdictRow.id)):
        newest.setdefault(row.finding_id, {})[row.person] = row
    return {finding: tuple(people.values()) for finding, people in newest.items()}
