"""The acceptance receipt 受理回执: what was taken in, its number, and by when an answer comes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from complaint_warnings.complaints.types import Channel
from complaint_warnings.types import Language

CHANNEL_WORDS: dict[Channel, tuple[str, str]] = {
    "company_line": ("公司热线", "company line"),
    "counter": ("现场", "at the counter"),
    "letter": ("信函", "letter"),
    "email": ("电子邮件", "e-mail"),
    "creditor": ("委托方转办", "the creditor"),
    "platform": ("投诉平台", "complaint platform"),
    "lawyer": ("律师", "lawyer"),
    "consumer_hotline": ("消费者热线 12315", "consumer hotline 12315"),
    "government_hotline": ("政务热线 12345", "government hotline 12345"),
    "telecom_regulator": ("电信主管部门 12381", "telecom authority 12381"),
    "regulator": ("金融监管部门 12378", "financial regulator 12378"),
    "media": ("媒体", "media"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit told to the complainant; `words` is {zh, en}, `due` aware. `provisional`: days off of the
    year are not published yet, so the date may still move."""

    words: dict[str, str]
    due: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the receipt says. `addressed_to` is the complainant as they named themselves."""

    number: str
    channel: Channel
    arrived_at: datetime
    received_at: datetime
    addressed_to: str | None
    claim: str
    wanted: str
    limits: tuple[Limit, ...]


def receipt_text(receipt: Receipt, language: Language, zone: ZoneInfo) -> str:
    """The receipt as plain text, ready to be read out, printed or sent."""
    return _chinese(receipt, zone) if language == "zh" else _english(receipt, zone)


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


def _chinese(receipt: Receipt, zone: ZoneInfo) -> str:
    lines = [
        "投诉受理回执",
        f"受理编号：{receipt.number}",
        f"致：{receipt.addressed_to or '投诉人'}",
        f"渠道：{CHANNEL_WORDS[receipt.channel][0]}",
        f"收到时间：{_moment(receipt.arrived_at, zone)}",
        f"受理时间：{_moment(receipt.received_at, zone)}",
        f"您反映的问题：{receipt.claim}",
        f"您的诉求：{receipt.wanted}",
        *_limits(receipt.limits, "zh", zone),
        "查询进度请提供受理编号。处理期间与您有关的通话录音将予以保全。",
    ]
    return "\n".join(lines)


def _english(receipt: Receipt, zone: ZoneInfo) -> str:
    lines = [
        "Acknowledgement of your complaint",
        f"Number: {receipt.number}",
        f"To: {receipt.addressed_to or 'the complainant'}",
        f"By: {CHANNEL_WORDS[receipt.channel][1]}",
        f"Arrived: {_moment(receipt.arrived_at, zone)}",
        f"Accepted: {_moment(receipt.received_at, zone)}",
        f"Your complaint: {receipt.claim}",
        f"What you ask for: {receipt.wanted}",
        *_limits(receipt.limits, "en", zone),
        "Give the number when you ask how it stands. Recordings of calls with you are kept meanwhile.",
    ]
    return "\n".join(lines)


def _limits(limits: Sequence[Limit], language: Language, zone: ZoneInfo) -> list[str]:
    may_move = {"zh": "（放假安排公布后可能调整）", "en": " (may move when days off are published)"}
    colon = {"zh": "：", "en": ": "}[language]
    return [
        f"{limit.words[language]}{colon}{_moment(limit.due, zone)}{may_move[language] * limit.provisional}"
        for limit in sorted(limits, key=lambda one: one.due)
    ]
