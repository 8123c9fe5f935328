"""Why a deadline is when it is, in words."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from complaint_warnings.clocks.policy import Allowance, Words
from complaint_warnings.clocks.types import Deadline
from complaint_warnings.clocks.worktime import Pause

_SEPARATOR_ZH, _SEPARATOR_EN = "；", "; "
_REASONS = {
    "customer_absent": Words(zh="客户无法联系", en="the customer is away"),
    "awaiting_documents": Words(zh="等待材料", en="waiting for documents"),
    "awaiting_creditor": Words(zh="等待委托方", en="waiting for the creditor"),
    "authority": Words(zh="等待主管机关", en="waiting for an authority"),
    "other": Words(zh="其他原因", en="another reason"),
}


def explain(deadline: Deadline, zone: ZoneInfo) -> Words:
    """One sentence: the rule, from when it counts, what moved it, and what is not certain."""
    parts = [*_rule(deadline, zone), *_moved(deadline, zone), *_doubt(deadline)]
    return Words(
        zh=f"{deadline.title.zh}：{_SEPARATOR_ZH.join(part.zh for part in parts)}。",
        en=f"{deadline.title.en}: {_SEPARATOR_EN.join(part.en for part in parts)}.",
    )


def allowance(time: Allowance) -> Words:
    """How long, in words."""
    if time.hours is not None:
        return Words(zh=f"{time.hours:g}小时（昼夜连续计算）", en=f"{time.hours:g} hours, day and night")
    if time.working_hours is not None:
        return Words(zh=f"{time.working_hours:g}个工作小时", en=f"{time.working_hours:g} working hours")
    if time.working_days is not None:
        return Words(
            zh=f"{time.working_days}个工作日（收到当日不计）",
            en=f"{time.working_days} working days, the day of receipt not counted",
        )
    return Words(
        zh=f"{time.days}日（自然日，收到当日不计）",
        en=f"{time.days} days of the calendar, the day of receipt not counted",
    )


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment on the house's clock."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _rule(deadline: Deadline, zone: ZoneInfo) -> list[Words]:
    basis, since = deadline.basis, moment(deadline.counted_from, zone)
    cite = basis.cite or ""
    text = Words(zh=basis.text.zh + cite, en=f"{basis.text.en} ({cite})" if cite else basis.text.en)
    if deadline.time is None:
        return [text, Words(zh=f"自{since}起", en=f"from {since}")]
    long = allowance(deadline.time)
    return [text, Words(zh=f"自{since}起{long.zh}", en=f"{long.en}, from {since}")]


def _moved(deadline: Deadline, zone: ZoneInfo) -> list[Words]:
    parts = []
    if deadline.pauses:
        parts.append(_paused(deadline.pauses, zone))
    for step in deadline.extensions:
        parts.append(
            Words(zh=f"经{step.by}延期（{step.reason}）", en=f"extended by {step.by} ({step.reason})")
        )
    manual = deadline.manual
    if manual is not None and manual.due is not None:
        due, said = moment(manual.due, zone), f"{manual.by}"
        parts.append(
            Words(
                zh=f"{said}人工设定为{due}（{manual.reason}），以此为准",
                en=f"set by hand to {due} by {said} ({manual.reason}), which wins",
            )
        )
        if deadline.rule_due_at is not None and manual.due > deadline.rule_due_at:
            own = moment(deadline.rule_due_at, zone)
            parts.append(Words(zh=f"晚于规则期限{own}", en=f"this is later than the rule's own limit, {own}"))
    return parts


def _paused(pauses: Sequence[Pause], zone: ZoneInfo) -> Words:
    zh, en = [], []
    for pause in pauses:
        reason = _REASONS.get(pause.reason, _REASONS["other"])
        begins = moment(pause.begins, zone)
        zh_end, en_end = (moment(pause.ends, zone),) * 2 if pause.ends else ("今", "now")
        zh.append(f"{begins}至{zh_end}暂停（{reason.zh}）")
        en.append(f"paused from {begins} to {en_end} ({reason.en})")
    return Words(zh="，".join(zh), en=", ".join(en))


def _doubt(deadline: Deadline) -> list[Words]:
    if not deadline.provisional:
        return []
    return [
        Words(
            zh="暂定：所涉年份的放假安排尚未公布，暂按周末休息推算",
            en="provisional: the year's working days are not announced yet; only weekends are taken as off",
        )
    ]
