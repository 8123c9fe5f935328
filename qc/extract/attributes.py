"""Attributes of a finding that are read from the words: the amount and the date of a promise."""

from collections.abc import Sequence

from qc.call import Call
from qc.extract.amounts import find_amounts
from qc.extract.dates import find_dates
from qc.facts import local_time

_NEIGHBOURS = (
    0,
    -1,
    1,
    -2,
    2,
)  # a promise is often completed by the question before it or the confirmation after


def extract(names: Sequence[str], call: Call, at: int) -> dict[str, str]:
    """`amount` (two decimals) and `date` (ISO) said in utterance `at`, or failing that close to it."""
    readers = {"amount": _amount, "date": _date}
    found: dict[str, str] = {}
    for name in names:
        for step in _NEIGHBOURS:
            value = readers[name](call, at + step) if 0 <= at + step < len(call.texts) else None
            if value is not None:
                found[name] = value
                break
    return found


def _amount(call: Call, at: int) -> str | None:
    amounts = find_amounts(call.texts[at].text, call.language)
    return str(amounts[0]) if amounts else None


def _date(call: Call, at: int) -> str | None:
    local = local_time(call.record, call.zone)
    if local is None:
        return None
    dates = [
        day for day in find_dates(call.texts[at].text, local.date(), call.language) if day >= local.date()
    ]
    return dates[0].isoformat() if dates else None
