"""The words of the notices, in Chinese and English. Of a debtor no more than a masked name is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

Language = Literal["zh", "en", "both"]

TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "self_harm": ("自伤风险，请立即处理", "Self-harm was spoken of: act at once"),
    "high_warning": ("高等级预警", "High warning"),
    "complaint_arrived": ("收到投诉", "A complaint arrived"),
    "reported": ("新预警待审核", "A new warning waits for review"),
    "sent_back": ("报备被退回", "The report was sent back"),
    "reported_again": ("补正后重新报备，待审核", "Reported again, waits for review"),
    "signed": ("已审核，待投诉防控处理", "Reviewed, waits for complaint control"),
    "assigned": ("已成立处理组", "The team was formed"),
    "relief_proposed": ("减免或补偿待第二人批准", "Relief waits for a second person"),
    "unsatisfied": ("客户不满意", "The customer is not satisfied"),
    "deadline_warned": ("期限将至", "A deadline is near"),
    "deadline_breached": ("期限已超", "A deadline has passed"),
    "escalated": ("案件升级至您", "A case was escalated to you"),
    "reopened": ("案件重开", "The case was reopened"),
    "closed": ("案件已结", "The case was closed"),
    "ticket_assigned": ("有通话待您质检", "A call waits for your review"),
    "ticket_shared": ("您的通话质检结果已反馈", "The review of your call was shared with you"),
    "ticket_appealed": ("质检结果被申诉", "A review was appealed"),
    "ticket_differs": ("双人质检有分歧，待第三人裁定", "Two reviews differ: a third person settles it"),
    "ticket_appeal_decided": ("您质检的通话申诉已裁决", "The appeal against your review was decided"),
    "coaching_set": ("新的辅导任务", "A coaching task was set"),
    "coaching_ended": ("辅导任务已结束", "A coaching task has ended"),
    "ticket_final": ("您的通话质检结果已定稿", "The review of your call is final"),
    "dead_letter": ("有通知无法送达", "A notice could not be delivered"),
    "digest": ("静默时段内的通知", "What happened in the quiet hours"),
    "test": ("测试通知", "A test"),
}
_LEVELS: Final = {"low": ("低", "low"), "medium": ("中", "medium"), "high": ("高", "high")}
_KINDS: Final = {
    "warning": ("预警", "warning"),
    "complaint": ("投诉", "complaint"),
    "ticket": ("质检工单", "QC ticket"),
    "coaching": ("辅导任务", "coaching task"),
}
_FIELDS: Final = {
    "number": ("案件", "Case"),
    "kind": ("类型", "Kind"),
    "level": ("等级", "Level"),
    "debtor": ("客户", "Customer"),
    "deadline": ("期限", "Deadline"),
    "at": ("时间", "Time"),
    "undelivered": ("未送达", "Not delivered"),
    "link": ("查看", "Open"),
}
# What a number is of, where it is of no case.
_NUMBERS: Final = {"ticket": ("工单", "Ticket"), "coaching": ("辅导任务", "Coaching task")}
_CJK: Final = ("㐀", "鿿")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a message: what it is, and its value."""

    name: str
    label: str
    value: str


def mask_name(name: str | None) -> str | None:
    """Enough to recognise whom one knows: the first character of a Chinese name, the initials of others."""
    if not name or not name.strip():
        return None
    clean = "".join(c for c in name if c.isalpha() or c.isspace()).strip()
    if not clean:
        return "*"
    if _CJK[0] <= clean[0] <= _CJK[1]:
        return clean[0] + "*" * min(2, max(1, len(clean) - 1))
    return " ".join(f"{part[0].upper()}." for part in clean.split()[:3])


def title(document: Mapping[str, Any], language: Language) -> str:
    """What a message is about, with the number of the case."""
    zh, en = TITLES[document["event"]]
    said = {"zh": zh, "en": en, "both": f"{zh} / {en}"}[language]
    number = document.get("number")
    return f"{said} {number}" if number else said


def facts(document: Mapping[str, Any], language: Language, zone: ZoneInfo) -> list[Fact]:
    """The lines of a message, without the link."""
    values: dict[str, str] = {}
    for name in ("number", "debtor"):
        if document.get(name):
            values[name] = str(document[name])
    if document.get("level"):
        values["level"] = _say(_LEVELS.get(document["level"], (document["level"],) * 2), language)
    if document.get("kind"):
        values["kind"] = _say(_KINDS.get(document["kind"], (document["kind"],) * 2), language)
    if document.get("deadline"):
        words = document["deadline"]
        values["deadline"] = _say((str(words.get("zh", "")), str(words.get("en", ""))), language)
    if document.get("undelivered"):
        values["undelivered"] = str(document["undelivered"])
    if document.get("at"):
        values["at"] = moment(document["at"], zone)
    labels = {name: label(name, language) for name in _FIELDS}
    if document.get("kind") in _NUMBERS:
        labels["number"] = _say(_NUMBERS[document["kind"]], language)
    return [Fact(name, labels[name], values[name]) for name in _FIELDS if name in values]


def label(name: str, language: Language) -> str:
    """What a line is called."""
    return _say(_FIELDS[name], language)


def moment(text: str, zone: ZoneInfo) -> str:
    """A moment on the house's clock, to the minute."""
    return datetime.fromisoformat(text).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def line(document: Mapping[str, Any], language: Language, zone: ZoneInfo) -> str:
    """A whole message on one line, for a digest."""
    parts = [title(document, language)]
    parts += [f.value for f in facts(document, language, zone) if f.name in ("level", "debtor", "at")]
    return " · ".join(parts)


def items(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The messages that a digest holds; none in any other."""
    found: Sequence[Mapping[str, Any]] = document.get("items") or ()
    return found


def _say(words: tuple[str, str], language: Language) -> str:
    zh, en = words
    if language == "both":
        return zh if zh == en else f"{zh} / {en}"
    return zh if language == "zh" else en
