"""Attributes of a finding that are read from the words: the amount and the date of a promise."""

from collections.abc import Sequence

from qc.call import Call
from qc.extract.facts import Promise
from qc.extract.money import find_sums
from qc.extract.terms import find_days

# A promise is often completed by the question before it or the confirmation after.
_NEIGHBOURS = (0, -1, 1, -2, 2)


def extract(names: Sequence[str], call: Call, at: int) -> dict[str, str]:
    """`amount` (two decimals) and `date` (ISO) of the promise made in utterance `at`; failing that, what is
    said there or close to it."""
    promise = next((each for each in call.promises if call.utterances[at].id in each.utterances), None)
    readers = {"amount": _amount, "date": _date}
    found: dict[str, str] = {}
    for name in names:
        value = _of_promise(promise, name) if promise is not None else None
        for step in () if promise is not None else _NEIGHBOURS:
            value = readers[name](call, at + step) if 0 <= at + step < len(call.texts) else None
            if value is not None:
                break
        if value is not None:
            found[name] = value
    return found


def _of_promise(promise: Promise, name: str) -> str | None:
    if name == "date":
        return promise.date.isoformat() if promise.date is not None else None
    amount = promise.amount
    if amount is None and promise.instalments is not None:
        amount = promise.instalments.amount
    return str(amount) if amount is not None else None


def _amount(call: Call, at: int) -> str | None:
    text = call.folded(at)
    days = find_days(text, call.language, call.today)
    sums = [each.low for each in find_sums(text, call.language, days) if each.low is not None and each.unit]
    return str(sums[0]) if sums else None


def _date(call: Call, at: int) -> str | None:
    days = find_days(call.folded(at), call.language, call.today)
    return next((day.last.isoformat() for day in days if day.last and not day.past and not day.weak), None)
