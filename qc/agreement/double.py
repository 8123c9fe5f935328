"""Blind double reviews: two people, the same findings, neither seeing the other's word."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from qc.agreement.kappa import LEAST, Kappa, Weighting, cross_table, kappa
from qc.models import FindingRow, InspectionRow, TicketRow
from qc.verdicts.models import FindingVerdictRow

By = Literal["all", "rule", "category", "pair"]
# In an order, so that `unsure` lies between the others for weighted kappa.
ANSWERS: Final = ("true", "unsure", "false")


@dataclass(frozen=True, slots=True)
class Double:
    """One finding that two people decided on."""

    rule: str
    category: str
    first: str
    second: str
    answers: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Agreed:
    """The agreement within one group: `name` is the rule, the category, or the pair (`a + b`)."""

    name: str
    kappa: Kappa


def doubles(session: Session) -> list[Double]:
    """The findings that both reviewers of a ticket decided on. Of each the first word counts: whatever is
    said later may know the other's."""
    query = (
        select(
            FindingRow.id,
            FindingRow.rule,
            FindingRow.category,
            TicketRow.assigned_to,
            TicketRow.second_reviewer,
            FindingVerdictRow.person,
            FindingVerdictRow.verdict,
        )
        .join(FindingVerdictRow, FindingVerdictRow.finding_id == FindingRow.id)
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .join(TicketRow, TicketRow.call_id == InspectionRow.call_id)
        .where(
            TicketRow.second_reviewer.is_not(None),
            FindingVerdictRow.number == 1,
            FindingVerdictRow.person.in_((TicketRow.assigned_to, TicketRow.second_reviewer)),
        )
        .order_by(FindingRow.id)
    )
    said: dict[tuple[int, str, str, str, str], dict[str, str]] = {}
    for *finding, person, verdict in session.execute(query):
        said.setdefault(tuple(finding), {})[person] = verdict  # type: ignore[arg-type]
    return [
        Double(rule.partition("@")[0], category, first, second, (words[first], words[second]))
        for (_, rule, category, first, second), words in said.items()
        if first in words and second in words
    ]


def agreement(
    found: Iterable[Double], by: By, *, weighting: Weighting = "none", least: int = LEAST
) -> list[Agreed]:
    """Kappa of the double reviews, in groups by name. A pair of people is one whoever was first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in found:
        groups.setdefault(_NAME[by](each), []).append(_in_order(each))
    return [
        Agreed(name, kappa(cross_table(pairs, ANSWERS), weighting=weighting, least=least))
        for name, pairs in sorted(groups.items())
    ]


def _in_order(each: Double) -> tuple[str, str]:
    """Both answers, always those of the same person first: else nobody's habits would show."""
    said, other = each.answers
    return (said, other) if each.first <= each.second else (other, said)


_NAME: Final[dict[By, Callable[[Double], str]]] = {
    "all": lambda _each: "all",
    "rule": lambda each: each.rule,
    "category": lambda each: each.category,
    "pair": lambda each: " + ".join(sorted((each.first, each.second))),
}
