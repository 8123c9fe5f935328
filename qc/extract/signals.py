"""Disputes, requests, complaints and circumstances as typed facts: the packs' signals, with what the words
say more exactly."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from qc.extract.facts import (
    Certainty,
    ComplaintIntent,
    Dispute,
    Fact,
    Hardship,
    Refusal,
    StopRequest,
    Vulnerable,
)
from qc.extract.money import find_sums
from qc.extract.terms import find_days
from qc.findings import Finding

_CHANNELS: Mapping[str, re.Pattern[str]] = {
    "app": re.compile(r"app|客户端|手机银行|手机上|掌上|网银|portal|online|website"),
    "wechat": re.compile(r"微信|公众号|小程序"),
    "alipay": re.compile(r"支付宝"),
    "counter": re.compile(r"营业厅|柜台|网点|柜员|\bbranch\b|in person|at the (?:store|bank)"),
    "transfer": re.compile(r"转账|转过去|汇款|汇过去|打到|\bwire|\btransfer"),
    "direct_debit": re.compile(r"自动扣|代扣|扣走|扣款|auto-?pay|direct debit"),
    "cheque": re.compile(r"支票|\bche(?:ck|que)\b"),
    "card": re.compile(r"刷卡|\bdebit card|\bcredit card|by card|over the phone"),
    "cash": re.compile(r"现金|\bcash\b"),
}
_HARDSHIP: Mapping[str, re.Pattern[str]] = {
    "illness": re.compile(r"病|住院|手术|化疗|透析|医院|hospital|surgery|sick|cancer|medical"),
    "business": re.compile(r"生意|店|厂子|经营|倒闭|货款|工程|客户不|my (?:shop|store|business)|business"),
    "income": re.compile(
        r"失业|下岗|没工作|工作没|辞|裁|工资|收入|没钱|低保|开支|laid off|lost my job|"
        r"unemployed|no income|hours|work|paycheck"
    ),
}
_VULNERABLE: Mapping[str, re.Pattern[str]] = {
    "pregnancy": re.compile(r"怀孕|孕|早产|待产|坐月子|生孩子|pregnan|due (?:date|next)|miscarr"),
    "bereavement": re.compile(
r"去世|过世|没了|走了|丧|葬|头七|passed away|died|funeral|lost my (?:wife|"
r"husband|mom|mother|dad|father|son|daughter)"
),
    "minor": re.compile(r"未成年|小学|初中|高中|岁(?!数)|minor|years old"),
    "disability": re.compile(r"残疾|听不|助听|瘫|失明|轮椅|disab|hearing|wheelchair|blind"),
    "illness": re.compile(
r"病|癌|住院|手术|化疗|透析|抑郁|医院|瘤|心脏|hospital|cancer|surgery|chemo|"
r"dialysis|stroke|depress|icu"
),
}  # fmt: skip


def facts_of_findings(
    findings: Sequence[Finding], texts: Mapping[int, str], language: str, today: date | None, currency: str
) -> list[Fact]:
    """The facts behind the signals found, each kind once, in the order in which they were first heard.

    Args:
        findings: of the stable rules.
        texts: what was said, folded, by utterance id.
        language: `zh` or `en`.
        today: the day of the call.
        currency: of the debt.
    """
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.kind == "signal" and finding.utterances:
            said = " ".join(texts.get(each, "") for each in finding.utterances)
            groups.setdefault((finding.category, _detail(finding, said)), []).append(finding)
    facts = (
        _fact(category, detail, group, texts, language, today, currency)
        for (category, detail), group in groups.items()
    )
    return sorted((fact for fact in facts if fact is not None), key=lambda fact: (fact.utterances, fact.type))


def _detail(finding: Finding, said: str) -> str:
    """What tells two facts of one category apart."""
    if finding.category == "complaint_intent":
        return finding.attributes.get("channel", "")
    kinds = {"hardship": _HARDSHIP, "vulnerable": _VULNERABLE}.get(finding.category)
    if kinds is None:
        return ""
    return next((kind for kind, words in kinds.items() if words.search(said)), "other")


def _fact(
    category: str,
    detail: str,
    group: Sequence[Finding],
    texts: Mapping[int, str],
    language: str,
    today: date | None,
    currency: str,
) -> Fact | None:
    utterances = tuple(sorted({finding.utterances[0] for finding in group}))
    certainty: Certainty = "certain" if any(finding.status == "certain" for finding in group) else "unsure"
    if category.startswith("dispute."):
        said = " ".join(texts.get(at, "") for at in utterances)
        paid = category == "dispute.paid"
        return Dispute(
            utterances=utterances,
            certainty=certainty,
            kind=category.removeprefix("dispute."),  # type: ignore[arg-type]
            amount=_amount(texts, utterances, language, today),
            currency=currency,
            date_paid=_date_paid(texts, utterances, language, today) if paid else None,
            channel=next((name for name, words in _CHANNELS.items() if words.search(said)), None)
            if paid
            else None,
        )
    if category == "stop_request":
        return StopRequest(utterances=utterances, certainty=certainty)
    if category == "refusal":
        return Refusal(utterances=utterances, certainty=certainty)
    if category == "complaint_intent":
        return ComplaintIntent(utterances=utterances, certainty=certainty, channel=detail)
    kinds: dict[str, type[Hardship] | type[Vulnerable]] = {"hardship": Hardship, "vulnerable": Vulnerable}
    kind = kinds.get(category)
    if kind is not None:
        return kind(utterances=utterances, certainty=certainty, kind=detail)
    return None


def _around(utterances: Sequence[int]) -> list[int]:
    """The utterances themselves, then what the same speaker said next."""
    return [*utterances, *(at + 2 for at in utterances)]


def _amount(
    texts: Mapping[int, str], utterances: Sequence[int], language: str, today: date | None
) -> Decimal | None:
    for at in _around(utterances):
        days = find_days(texts.get(at, ""), language, today)
        exact = [found.low for found in find_sums(texts.get(at, ""), language, days) if found.low is not None]
        if exact:
            return exact[0]
    return None


def _date_paid(
    texts: Mapping[int, str], utterances: Sequence[int], language: str, today: date | None
) -> date | None:
    """The day of the payment that is claimed: never after the call. A bare day of the month (八号) was the
    last one."""
    if today is None:
        return None
    for at in _around(utterances):
        for day in find_days(texts.get(at, ""), language, today, back=True):
            if day.exact and day.last is not None and day.last <= today and not day.weak:
                return day.last
    return None
