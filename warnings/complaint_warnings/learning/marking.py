"""Puts a group of complaints on record with each of its complaints: an item of the monitor `group`, which
makes the debtor's warning high."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.learning.groups import Grievance, Group, GroupPolicy, groups
from complaint_warnings.learning.service import grievances
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.sources.models import WarningItemRow
from complaint_warnings.sources.service import NewItem, Received, receive
from complaint_warnings.types import ItemEvidence
from store.clock import Clock
from store.people import SYSTEM

_WORDS = {
    "collector": {"zh": "针对同一催收员", "en": "of the same collector"},
    "wording": {"zh": "内容措辞相近", "en": "in nearly the same words"},
}


def unmarked(session: Session, clock: Clock, policy: GroupPolicy) -> list[tuple[Group, Grievance]]:
    """The open complaints of the last two windows that belong to a group and do not say so yet."""
    rows = grievances(session, clock.now() - 2 * policy.window)
    by_number = {row.number: row for row in rows}
    found = groups(rows, policy)
    members = [(group, by_number[number]) for group in found for number in group.numbers]
    members = [(group, member) for group, member in members if member.open]
    names = [_name(member) for _, member in members]
    known = set(
        session.scalars(
            select(WarningItemRow.external_id).where(
                WarningItemRow.source == "monitor", WarningItemRow.external_id.in_(names)
            )
        )
    )
    return [(group, member) for group, member in members if _name(member) not in known]


def mark(session: Session, clock: Clock, group: Group, member: Grievance, *, weights: Weights) -> Received:
    """Let the group count for the debtor of one of its complaints. Marking it again writes nothing."""
    evidence = ItemEvidence(
        item=f"monitor:{_name(member)}",
        at=member.at,
        indicators=("group_complaint",),
        why_zh=f"{group.debtors} 户向同一委托方投诉，{_because(group, 'zh')}",
        why_en=f"{group.debtors} debtors of one creditor complain, {_because(group, 'en')}",
        client=member.client,
        collector_id=member.collector,
    )
    document = {"complaint": member.number, "client": member.client}
    item = NewItem("monitor", _name(member), "group", document, evidence, member.debtor_key)
    return receive(session, clock, item, actor=SYSTEM.id, weights=weights)


def _name(member: Grievance) -> str:
    return f"group:{member.number}"


def _because(group: Group, language: str) -> str:
    joint = {"zh": "、", "en": " and "}[language]
    return joint.join(_WORDS[reason][language] for reason in group.because)
