"""What a call established, as the report shows it: one line for each fact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api import words
from api.words import Words

_TYPES = {
    "promise": Words("承诺还款", "Promise to pay"),
    "dispute": Words("异议", "Dispute"),
    "contact": Words("接听人", "Who answered"),
    "stop_request": Words("要求停止联系", "Asked for contact to stop"),
    "complaint_intent": Words("投诉意向", "Intends to complain"),
    "hardship": Words("经济困难", "Hardship"),
    "vulnerable": Words("特殊情况", "Special circumstances"),
    "refusal": Words("拒绝还款", "Refusal to pay"),
    "callback": Words("约定再联系", "Call back agreed"),
}
_SAID = {
    "all": Words("全部", "all of it"),
    "half": Words("一半", "half"),
    "minimum": Words("最低还款额", "the minimum"),
    "rest": Words("剩余部分", "the rest"),
    "if": Words("有条件", "on a condition"),
    "payday": Words("待发工资", "on pay day"),
    "income": Words("待款到账", "when money comes in"),
    "accepted": Words("待坐席同意", "if the agent accepts"),
    "debtor": Words("债务人本人", "the debtor"),
    "not_debtor": Words("非债务人", "not the debtor"),
    "relative": Words("亲属", "a relative"),
    "colleague": Words("同事或单位", "a colleague"),
    "wrong_number": Words("号码有误", "wrong number"),
    "other": Words("其他人", "somebody else"),
    "nobody": Words("无人说话", "nobody"),
    "identity": Words("否认本人或非本人办理", "not the debtor's"),
    "amount": Words("金额有误", "the amount"),
    "paid": Words("已还清", "already paid"),
    "fraud": Words("冒用或诈骗", "fraud"),
    "withdrawn": Words("后来收回", "taken back"),
}
_EVERY = {"month": Words("每月", "a month"), "week": Words("每周", "a week")}
_RECORD = Words("据通话记录", "as the record says")


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact: what it is, what was said of it in both languages, how sure it is, and where it was said."""

    what: Words
    said: tuple[Words, ...]
    certainty: Words
    utterances: tuple[int, ...]


def fact_lines(facts: Sequence[Mapping[str, Any]]) -> tuple[FactLine, ...]:
    """The facts of a result, ready to show."""
    return tuple(
        FactLine(
            _TYPES.get(fact["type"], Words(fact["type"], fact["type"])),
            tuple(_values(fact)),
            words.named(words.CERTAINTY, fact["certainty"]),
            tuple(fact["utterances"]),
        )
        for fact in facts
    )


def _values(fact: Mapping[str, Any]) -> Sequence[Words]:
    found = [_money(fact), *(_known(fact.get(name)) for name in ("share", "person", "condition"))]
    found += [_kind(fact), _days(fact), _plan(fact.get("instalments"))]
    found += [_same(fact.get(name)) for name in ("time", "channel", "relation")]
    found.append(_same(fact.get("date_paid")))
    if fact.get("withdrawn"):
        found.append(_SAID["withdrawn"])
    if fact.get("how") == "record":
        found.append(_RECORD)
    return [each for each in found if each is not None]


def _same(value: str | None) -> Words | None:
    """The same in both languages. Values that Diting wrote itself hold nothing to mask."""
    return None if value is None else Words(value, value)


def _known(value: str | None) -> Words | None:
    return None if value is None else _SAID.get(value, Words(value, value))


def _kind(fact: Mapping[str, Any]) -> Words | None:
    """The kind of a dispute has words of its own; others are shown by their category's."""
    kind = fact.get("kind")
    return _known(kind) if fact["type"] == "dispute" else _same(kind)


def _money(fact: Mapping[str, Any]) -> Words | None:
    amount, upper = fact.get("amount"), fact.get("amount_to")
    if amount is None:
        return None
    return _same(f"{amount}–{upper} {fact['currency']}" if upper else f"{amount} {fact['currency']}")


def _days(fact: Mapping[str, Any]) -> Words | None:
    first, last = fact.get("date_from"), fact.get("date")
    if last is None:
        words_of_time = fact.get("when")
        return None if words_of_time is None else _same(words_of_time)
    return _same(last if first == last else f"{first} – {last}")


def _plan(plan: Mapping[str, Any] | None) -> Words | None:
    if plan is None:
        return None
    count, amount, every = plan["count"], plan["amount"], plan["every"]
    zh = [f"分 {count} 期" if count else "", _EVERY[every].zh if every else "", amount or ""]
    en = [f"{count} payments" if count else "", amount or "", _EVERY[every].en if every else ""]
    return Words(" ".join(filter(None, zh)) or "分期", " ".join(filter(None, en)) or "instalments")
