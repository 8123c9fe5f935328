"""The vocabulary of findings: what an agent did (violations) and what a customer said or showed (signals)."""

from dataclasses import dataclass

from qc.findings import Kind, Severity

DEDUCT_BY_SEVERITY: dict[Severity, int] = {"critical": 40, "major": 15, "minor": 5, "info": 0}
CAP_BY_SEVERITY: dict[Severity, int] = {"critical": 100, "major": 30, "minor": 10, "info": 0}


@dataclass(frozen=True, slots=True)
class Category:
    """One category. `severity` is the default of its rules; `deduct` points for one finding,
    `cap` the most that all findings of the category may take from one call."""

    id: str
    zh: str
    en: str
    kind: Kind
    severity: Severity

    @property
    def deduct(self) -> int:
        """Points one finding takes by default; signals take none."""
        return DEDUCT_BY_SEVERITY[self.severity] if self.kind == "violation" else 0

    @property
    def cap(self) -> int:
        """The most that this category may take from one call."""
        return CAP_BY_SEVERITY[self.severity] if self.kind == "violation" else 0


_VIOLATIONS: tuple[tuple[str, str, str, Severity], ...] = (
    ("abuse", "辱骂侮辱", "abuse and insult", "critical"),
    ("threat", "恐吓威胁", "threat", "critical"),
    ("impersonation", "冒充身份", "impersonation", "critical"),
    ("false_legal", "虚构夸大法律后果", "false legal consequences", "critical"),
    ("third_party_disclosure", "向第三方泄露债务", "disclosure of the debt to a third party", "critical"),
    ("third_party_pressure", "施压第三方", "pressure through third parties", "major"),
    ("improper_payment", "违规收款", "improper payment channel", "critical"),
    ("private_channel", "私人渠道联系", "private contact channel", "major"),
    ("new_loan_pressure", "诱导借新还旧", "pressure to borrow", "major"),
    ("false_promise", "虚假承诺", "false promise", "major"),
    ("dismissive", "服务态度差、挑衅投诉", "dismissive or provoking manner", "major"),
    ("no_identity", "未表明身份", "no statement of identity", "minor"),
    ("no_closing", "缺少结束语", "no closing words", "minor"),
    ("dispute_ignored", "异议后继续催收", "collection continued after a dispute", "major"),
    ("stop_request_ignored", "拒绝联系后继续", "contact continued after a stop request", "major"),
    ("vulnerable_ignored", "特殊情况仍施压", "pressure despite special circumstances", "major"),
    ("off_hours", "非规定时段催收", "call outside the permitted hours", "major"),
    ("over_frequency", "频次超限", "too many calls", "major"),
    ("unlogged_call", "未如实记录", "call not truthfully recorded", "major"),
    ("raised_voice", "情绪失控、音量异常", "raised voice", "major"),
    ("interruption", "抢话插话", "interruption", "minor"),
    ("dead_air", "长时间静默", "dead air", "minor"),
)
_SIGNALS: tuple[tuple[str, str, str], ...] = (
    ("dispute.identity", "否认本人/非本人办理", "denies being the debtor"),
    ("dispute.amount", "金额异议", "disputes the amount"),
    ("dispute.paid", "称已还清", "says it is paid"),
    ("dispute.fraud", "疑似冒用/诈骗", "suspects fraud"),
    ("complaint_intent", "投诉意向", "intends to complain"),
    ("stop_request", "要求停止联系", "asks for contact to stop"),
    ("hardship", "经济困难", "hardship"),
    ("vulnerable", "特殊情况", "special circumstances"),
    ("self_harm", "自伤轻生", "self-harm"),
    ("promise_to_pay", "承诺还款", "promise to pay"),
    ("refusal", "拒绝还款", "refusal to pay"),
    ("not_debtor", "非债务人接听", "not the debtor"),
    ("frequency_complaint", "反映频繁致电", "complains of too many calls"),
    ("negative_emotion", "负面情绪", "negative emotion"),
)

CATEGORIES: dict[str, Category] = {
    **{key: Category(key, zh, en, "violation", severity) for key, zh, en, severity in _VIOLATIONS},
    **{key: Category(key, zh, en, "signal", "info") for key, zh, en in _SIGNALS},
}
COMPLAINT_CHANNELS = frozenset(
    ("regulator", "telecom_regulator", "consumer_hotline", "media", "police", "lawyer", "company", "platform")
)
EMOTION_STATES = frozenset(("angry", "anxious", "dissatisfied", "questioning"))


def matching_categories(pattern: str) -> tuple[str, ...]:
    """The category ids that `pattern` names: an id, or a prefix ending in `.*`. Empty when none does."""
    if pattern.endswith(".*"):
        return tuple(key for key in CATEGORIES if key.startswith(pattern[:-1]))
    return (pattern,) if pattern in CATEGORIES else ()
