"""Whom the evidence of a warning is about, and whether it speaks of self-harm."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases.types import SELF_HARM
from complaint_warnings.types import CallEvidence, Evidence
from store.people import PersonRow

_COLLECTOR = "collector"


def speaks_of_self_harm(evidence: Evidence) -> bool:
    """Whether this very call or item does."""
    if isinstance(evidence, CallEvidence):
        return any(finding.category == SELF_HARM for finding in evidence.findings)
    return not {SELF_HARM, f"report.{SELF_HARM}"}.isdisjoint(evidence.indicators)


def collectors_in(
    session: Session, episode: Sequence[Evidence], *, handling: Collection[str] = ()
) -> tuple[str, ...]:
    """The collectors of all calls and items of a warning.

    Not so who handles the case (`handling`) or does not collect by the house's list of people: they talk to
    the customer about the matter. But for them, too, a call in which a rule was violated counts.
    """
    named = {who for each in episode if (who := _who(each))}
    at_fault = {who for each in episode if (who := _who(each)) and _violated(each)}
    rows = session.scalars(select(PersonRow).where(PersonRow.id.in_(sorted(named))))
    excused = {row.id for row in rows if _COLLECTOR not in row.roles} | set(handling)
    return tuple(sorted(named - (excused - at_fault)))


def _who(evidence: Evidence) -> str | None:
    return evidence.record.agent.id if isinstance(evidence, CallEvidence) else evidence.collector_id


def _violated(evidence: Evidence) -> bool:
    return isinstance(evidence, CallEvidence) and any(f.kind == "violation" for f in evidence.findings)
