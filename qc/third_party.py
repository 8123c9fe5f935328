"""Whether somebody other than the debtor may be called: only when the debtor cannot be reached."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from ingest.metadata import CallRecord, EarlierCall, oldest_first
from qc.answers import NO, UNCLEAR_HISTORY, Answer
from qc.language.facts import Unreachable
from qc.parties import DEBTOR, is_known, person_of, relation_of

# Words of case systems for a number that does not lead to anybody any more.
_INVALID = frozenset([
    "invalid_number", "number_invalid", "not_in_service", "out_of_service", "disconnected", "空号",
    "停机", "已停机", "号码不存在", "销号",
])  # fmt: skip


def contacted_too_early(limit: Unreachable, record: CallRecord, today: date, zone: ZoneInfo) -> Answer:
    """Whether this call goes to a third party although the debtor does not count as unreachable.

    It is sure only where every earlier call says whom it went to. With no call to the debtor on record
    nobody is accused: other systems may have made them.
    """
    if relation_of(record) == DEBTOR or _said_unreachable(record):
        return NO
    dials = [call for call in oldest_first(record.history) if person_of(call, record) == DEBTOR
             and (call.direction or "").strip().lower() != "inbound"]  # fmt: skip
    if not dials or any(_invalid(call) for call in dials):
        return NO
    if any(call.started_at is None or call.connected is None for call in dials):
        return Answer(False, unclear=UNCLEAR_HISTORY)
    if _failed(dials, limit, today, zone):
        return NO
    known = is_known(relation_of(record)) and all(call.relation is not None for call in dials)
    failed = _failed_in_a_row(dials)
    measured = (
        f"此前连续{failed}次未能联系上债务人本人",
        f"{failed} calls to the debtor in a row had failed before",
    )
    return Answer(True, measured, sure=known and record.direction is not None)


def _failed(dials: list[EarlierCall], limit: Unreachable, today: date, zone: ZoneInfo) -> bool:
    """Whether the last calls to the debtor failed often enough; `dials` are complete and oldest first."""
    row = dials[len(dials) - _failed_in_a_row(dials) :]
    days = sorted({call.started_at.astimezone(zone).date() for call in row if call.started_at})
    # The row of dials must have been complete on an earlier day: "from the next day on".
    before = sum(1 for call in row if call.started_at and call.started_at.astimezone(zone).date() < today)
    return before >= limit.dials or _in_a_row(days) >= limit.days


def _failed_in_a_row(dials: list[EarlierCall]) -> int:
    row = 0
    for call in reversed(dials):
        if call.connected:
            break
        row += 1
    return row


def _in_a_row(days: list[date]) -> int:
    """How many consecutive days end with the last one."""
    row = 1 if days else 0
    for earlier, later in zip(reversed(days[:-1]), reversed(days[1:]), strict=True):
        if later - earlier != timedelta(days=1):
            break
        row += 1
    return row


def _invalid(call: EarlierCall) -> bool:
    return (call.outcome or "").strip().lower() in _INVALID


def _said_unreachable(record: CallRecord) -> bool:
    """The case says that the debtor cannot be reached, is dead, or cannot act for themselves."""
    extra = record.case.model_extra or {}
    return any(
        extra.get(name) is True for name in ("debtor_unreachable", "debtor_deceased", "debtor_incapable")
    )
