"""How often people overturn what the machine found: by rule, by reviewer, by team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from qc.models import FindingRow, InspectionRow
from qc.verdicts.decision import OF_TICKET, Tally, Verdict, must_only_advise, outcome, wilson
from qc.verdicts.models import FindingVerdictRow
from qc.verdicts.service import Limits, place_of

By = Literal["rule", "category", "reviewer", "team"]
NOBODY: Final = "-"


@dataclass(frozen=True, slots=True)
class Word:
    """The newest word of one person on one finding; `place` tells findings apart across inspections."""

    place: tuple[object, ...]
    rule: str
    category: str
    team: str | None
    person: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Overturned:
    """How many findings of a group people decided, how many of them they overturned, and the interval (95
    %) of the share. `advises`: so often that a rule drops to advisory."""

    name: str
    tally: Tally
    share: float | None
    low: float
    high: float
    advises: bool


def words(session: Session, *, since: datetime | None = None) -> list[Word]:
    """What people said about certain findings, by call, rule and place: only those accuse somebody."""
    query = (
        select(
            InspectionRow.call_id,
            FindingRow.rule,
            FindingRow.category,
            FindingRow.document,
            CallRow.agent_team,
            FindingVerdictRow.person,
            FindingVerdictRow.verdict,
        )
        .join(FindingRow, FindingRow.id == FindingVerdictRow.finding_id)
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .join(CallRow, CallRow.id == InspectionRow.call_id)
        .where(FindingRow.status == "certain")
        .order_by(FindingVerdictRow.id)
    )
    if since is not None:
        query = query.where(FindingVerdictRow.decided_at >= since)
    newest: dict[tuple[object, str], Word] = {}
    for call, rule, category, document, team, person, verdict in session.execute(query):
        place = place_of(call, rule, document)
        newest[place, person] = Word(place, rule, category, team, person, verdict)
    return list(newest.values())


def overturned(found: Iterable[Word], by: By, limits: Limits) -> list[Overturned]:
    """The groups, those that are overturned most for sure first. By reviewer each person's own word counts,
    otherwise what people made of a finding together."""
    groups: dict[str, dict[object, dict[str, Verdict]]] = {}
    for word in found:
        if by == "reviewer" and word.person.startswith(OF_TICKET):
            continue
        findings = groups.setdefault(_name(word, by), {})
        findings.setdefault(word.place, {})[word.person] = word.verdict
    made = [
        _overturned(name, [outcome(said) for said in findings.values()], by, limits)
        for name, findings in groups.items()
    ]
    return sorted(made, key=lambda each: (-each.low, -each.tally.decided, each.name))


def _name(word: Word, by: By) -> str:
    if by == "rule":
        return word.rule
    if by == "category":
        return word.category
    return word.person if by == "reviewer" else word.team or NOBODY


def _overturned(name: str, outcomes: list[bool | None], by: By, limits: Limits) -> Overturned:
    decided = [each for each in outcomes if each is not None]
    tally = Tally(len(decided), decided.count(False))
    low, high = wilson(tally.overturned, tally.decided)
    share = tally.overturned / tally.decided if tally.decided else None
    advises = by == "rule" and must_only_advise(tally, share=limits.share, decisions=limits.decisions)
    return Overturned(name, tally, share, low, high, advises)
