"""Facts of the debt and the length of the call: numbers held against limits, words against lists.

What the record does not say holds, unsurely: a person decides.
"""

from collections.abc import Iterable
from decimal import Decimal

from qc.answers import Answer
from qc.call import Call
from qc.language.client import client_names
from qc.language.condition import Fact
from qc.language.timing import Limits

_UNKNOWN = Answer(True, ("记录未说明", "the record does not say"), sure=False)


def case_answer(fact: Fact, call: Call) -> Answer | None:
    """Whether the fact holds of this call; None where it is not one of these facts."""
    case = call.record.case
    if fact.duration is not None:
        return _duration(fact.duration, call)
    numbers = (
        (fact.days_overdue, case.days_overdue, ("逾期天数", "days overdue")),
        (fact.amount_due, case.amount_due, ("欠款金额", "amount due")),
        (fact.complaints_before, case.complaints_before, ("此前投诉", "earlier complaints")),
    )
    for limits, value, name in numbers:
        if limits is not None:
            return _compared(limits, value, name)
    if fact.product_in is not None or fact.product_not_in is not None:
        names = [case.product] if case.product else []
        return _listed(fact.product_in, fact.product_not_in, names, ("产品", "product"))
    if fact.client_in is not None or fact.client_not_in is not None:
        names = [*([case.client] if case.client else []), *client_names(case.client, call.language)]
        return _listed(fact.client_in, fact.client_not_in, names, ("委托方", "creditor"))
    return None


def _duration(limits: Limits, call: Call) -> Answer:
    """The length that the record gives (`duration_s`), else that up to the last word: the call was at least
    so long, so that only a lower limit is surely kept."""
    given = (call.record.model_extra or {}).get("duration_s")
    recorded = isinstance(given, int | float) and not isinstance(given, bool)
    last = max((said.end for said in call.utterances), default=0.0)
    seconds = float(given) if isinstance(given, int | float) and recorded else last
    return Answer(
        _within(limits, seconds),
        (f"通话 {seconds:.0f} 秒", f"the call took {seconds:.0f} s"),
        sure=recorded or limits.at_most is None,
    )


def _compared(limits: Limits, value: int | Decimal | None, name: tuple[str, str]) -> Answer:
    if value is None:
        return _UNKNOWN
    return Answer(_within(limits, float(value)), (f"{name[0]}：{value}", f"{name[1]}: {value}"))


def _within(limits: Limits, value: float) -> bool:
    above = limits.at_least is None or value >= limits.at_least
    return above and (limits.at_most is None or value <= limits.at_most)


def _listed(
    wanted: list[str] | None, unwanted: list[str] | None, names: list[str], what: tuple[str, str]
) -> Answer:
    if not names:
        return _UNKNOWN
    known = _folded(names)
    holds = not known.isdisjoint(_folded(wanted)) if wanted else known.isdisjoint(_folded(unwanted or []))
    return Answer(holds, (f"{what[0]}：{names[0]}", f"{what[1]}: {names[0]}"))


def _folded(words: Iterable[str]) -> set[str]:
    return {word.strip().casefold() for word in words}
