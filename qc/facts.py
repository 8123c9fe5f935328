"""Facts of the call record: hours, frequency, the note, who ended the call. Pure functions.

`None` means that the record does not say: nobody is accused, and the caller learns that it could not judge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ingest.metadata import CallRecord, EarlierCall
from qc.language.condition import Fact, Frequency, Hours, NoteTest


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the fact holds, and in words (Chinese, English) how it was measured. `sure` is False where
    part was assumed."""

    holds: bool
    measured: tuple[str, str] = ("", "")
    sure: bool = True


NO = Answer(False)
# The words of case systems are open. These say that the number is the debtor's own …
_OWN = frozenset(
    [
        "debtor",
        "self",
        "customer",
        "client",
        "consumer",
        "cardholder",
        "borrower",
        "holder",
        "owner",
        "本人",
        "债务人",
        "借款人",
        "持卡人",
        "机主",
        "客户",
        "客户本人",
        "主借人",
    ]
)
# … and these that it is surely somebody else's. Any other word leaves doubt.
_OTHERS = frozenset(
    [
        "relative",
        "family",
        "spouse",
        "parent",
        "father",
        "mother",
        "sibling",
        "child",
        "colleague",
        "friend",
        "contact",
        "emergency_contact",
        "third_party",
        "employer",
        "neighbour",
        "neighbor",
        "landlord",
        "亲属",
        "亲戚",
        "家属",
        "配偶",
        "父母",
        "父亲",
        "母亲",
        "子女",
        "兄弟姐妹",
        "同事",
        "朋友",
        "联系人",
        "紧急联系人",
        "第三人",
        "第三方",
        "单位",
        "邻居",
        "房东",
    ]
)
_Days = Sequence[tuple[date, EarlierCall]]


def local_time(record: CallRecord, zone: ZoneInfo | None) -> datetime | None:
    """The start of the call on the customer's official clock; None where time or zone is unknown."""
    if record.started_at is None or zone is None:
        return None
    return record.started_at.astimezone(zone)


def relation_of(record: CallRecord) -> str:
    """Whose number was called; every word for the debtor's own is `debtor`."""
    word = record.customer.relation.strip().lower()
    return "debtor" if word in _OWN else word


def needs_time(fact: Fact) -> bool:
    """Whether the fact cannot be judged without the time of the call."""
    return fact.hours is not None or fact.frequency is not None


def answer(fact: Fact, record: CallRecord, zone: ZoneInfo | None) -> Answer | None:
    """Whether `fact` is true of this call; None where the record cannot say."""
    if fact.hours is not None:
        return _outside_hours(fact.hours, record, local_time(record, zone))
    if fact.frequency is not None:
        return _too_often(fact.frequency, record, zone)
    if fact.note is not None:
        return _note(fact.note, record)
    relation = relation_of(record)
    related = (f"接听人与债务人关系：{relation}", f"relation of the number's owner: {relation}")
    known = relation == "debtor" or relation in _OTHERS
    ended = (f"挂断方：{record.ended_by}", f"ended by the {record.ended_by}")
    stopped = ("此前已要求停止联系", "asked earlier for contact to stop")
    way = (f"呼叫方向：{record.direction}", f"direction: {record.direction}")
    tests = (
        (fact.ended_by, record.ended_by == fact.ended_by, ended, True),
        (fact.direction, record.direction == fact.direction, way, True),
        (fact.relation_in, relation in (fact.relation_in or ()), related, known),
        (fact.relation_not_in, relation not in (fact.relation_not_in or ()), related, known),
        (fact.earlier_stop_request, _stop_requested(record) is fact.earlier_stop_request, stopped, True),
    )
    return next(Answer(holds, said, sure) for wanted, holds, said, sure in tests if wanted is not None)


def _outside_hours(hours: Hours, record: CallRecord, local: datetime | None) -> Answer | None:
    if record.direction == "inbound":
        return NO
    if local is None:
        return None
    clock = local.time()
    measured = (f"当地时间{clock:%H:%M}", f"{clock:%H:%M} local time ({local.tzinfo})")
    if _covers(hours.from_, hours.to, clock):
        return Answer(False, measured)
    agreed = any(
        window.proof.strip() and _covers(window.from_, window.to, clock)
        for window in record.case.agreed_times
    )
    return Answer(not agreed, measured, sure=record.direction is not None)


def _covers(start: time, end: time, clock: time) -> bool:
    """Both ends count as inside; a window may run over midnight."""
    return start <= clock <= end if start <= end else clock >= start or clock <= end


def _too_often(limit: Frequency, record: CallRecord, zone: ZoneInfo | None) -> Answer | None:
    if record.direction == "inbound":
        return NO
    local = local_time(record, zone)
    if local is None or zone is None:
        return None
    today = local.date()
    # A call that the case system lists twice was made once.
    earlier = {(call.started_at, call.number): call for call in record.history}.values()
    days = [(call.started_at.astimezone(zone).date(), call) for call in earlier]
    judged = _on_one_day(limit, record, today, days) or _over_days(limit, today, days)
    return replace(judged, sure=record.direction is not None)


def _on_one_day(limit: Frequency, record: CallRecord, today: date, days: _Days) -> Answer | None:
    same_day = [call for day, call in days if day == today]
    if limit.connected_per_day is not None:
        count = sum(call.connected for call in same_day) + 1
        measured = (f"当日接通{count}次", f"{count} connected calls on {today}")
        return Answer(count > limit.connected_per_day, measured)
    if limit.attempts_per_day_number is not None:
        number = record.customer.number
        if number is None:
            return NO
        count = sum(call.number == number and not call.connected for call in same_day) + 1
        measured = (f"当日对同一号码拨打{count}次", f"{count} attempts to one number on {today}")
        return Answer(count > limit.attempts_per_day_number, measured)
    return None


def _over_days(limit: Frequency, today: date, days: _Days) -> Answer:
    if limit.attempts_in_days is not None:
        span = limit.attempts_in_days
        count = sum(_within(day, today, span.days) for day, _ in days) + 1
        return Answer(
            count > span.attempts, (f"{span.days}日内{count}次", f"{count} calls in {span.days} days")
        )
    rest = limit.rest_after_talk_days or 0
    talked = [day for day, call in days if call.connected and _within(day, today, rest)]
    if not talked:
        return NO
    return Answer(True, (f"{max(talked)}曾通话", f"last conversation on {max(talked)}"))


def _within(day: date, today: date, days: int) -> bool:
    """Whether `day` is among the `days` consecutive days that end today (the day itself is the first)."""
    return timedelta(0) <= today - day < timedelta(days=days)


def _note(wanted: str | NoteTest, record: CallRecord) -> Answer:
    if wanted == "missing":
        return Answer(record.note_given and record.note is None, ("未填写记录", "no note was written"))
    if isinstance(wanted, str):
        return Answer(record.note is not None, ("已填写记录", "a note was written"))
    outcome = record.note.outcome if record.note else None
    if outcome is None:
        return NO
    holds = (wanted.outcome_in is None or outcome in wanted.outcome_in) and (
        wanted.outcome_not_in is None or outcome not in wanted.outcome_not_in
    )
    return Answer(holds, (f"记录结果：{outcome}", f"outcome in the note: {outcome}"))


def _stop_requested(record: CallRecord) -> bool:
    """`stop_requested` on the case, or `stop_request` on an earlier call: fields beyond the common format."""
    extra = record.case.model_extra or {}
    return bool(extra.get("stop_requested")) or any(
        (call.model_extra or {}).get("stop_request") for call in record.history
    )
