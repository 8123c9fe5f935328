"""Blind double reviews: two people, the same findings, neither seeing the other's word."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

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
    one, two = aliased(FindingVerdictRow), aliased(FindingVerdictRow)
    query = (
        select(FindingRow.rule, FindingRow.category, one.person, two.person, one.verdict, two.verdict)
        .select_from(FindingRow)
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .join(TicketRow, TicketRow.call_id == InspectionRow.call_id)
        .join(
            one,
            and_(one.finding_id == FindingRow.id, one.number == 1, one.person == TicketRow.assigned_to),
        )
        .join(
            two,
            and_(two.finding_id == FindingRow.id, two.number == 1, two.person == TicketRow.second_reviewer),
        )
        .order_by(FindingRow.id)
    )
    return [
        Double(rule.partition("@")[0], category, first, second, (said, other))
        for rule, category, first, second, said, other in session.execute(query)
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
