"""Which version of a rule judges a call: of those in force on its day, the newest."""

from collections.abc import Iterable
from datetime import date

from qc.compile import CompiledRule
from qc.language.schema import Status


def in_force(rules: Iterable[CompiledRule], day: date | None, status: Status) -> list[CompiledRule]:
    """The rules of `status` that judge a call of `day`, in their order.

    Of several versions of one rule the newest that is in force judges. On an unknown day, those that have
    not been withdrawn are in force.
    """
    judging = [rule for rule in rules if rule.rule.status == status and rule.in_force(day)]
    newest: dict[str, int] = {}
    for rule in judging:
        newest[rule.rule.id] = max(rule.rule.version, newest.get(rule.rule.id, 0))
    return [rule for rule in judging if rule.rule.version == newest[rule.rule.id]]
