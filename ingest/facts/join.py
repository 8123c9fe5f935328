"""A call's record with what the case system says beside it. Pure.

The record is believed where it says something itself. A fact counts from when it became so: an agreement made
after a call excuses nothing, and the overdue days of next week are not those of the call.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from ingest.facts.types import LASTING, Fact, ids_of
from ingest.metadata import parse_call_record
from ingest.record import CallRecord
from ingest.times import official_zone

# What a record holds where nobody said anything.
_UNSAID: Final[Mapping[str, object]] = {"complaints_before": 0, "relation": "debtor"}


def with_facts(record: CallRecord, facts: Iterable[Fact]) -> CallRecord:
    """The record with the facts that are about it.

    Args:
        record: of the call, as its recorder sent it.
        facts: any; those about other calls are left out.
    """
    fitting = sorted((fact for fact in facts if fact.about.fits(record)), key=lambda f: (f.as_of, f.where))
    if not fitting:
        return record
    document = record.to_document()
    _fill(document, "case", _unambiguous(record, [f for f in fitting if f.kind == "case"]), record.started_at)
    debtors = [_of_number(f, record) for f in fitting if f.kind == "debtor"]
    _fill(document, "customer", debtors, record.started_at)
    _add_agreed_times(document, [f for f in fitting if f.kind == "agreed_time"], record)
    _add_note(document, record, [f for f in fitting if f.kind == "note" and f.about.call is not None])
    return parse_call_record(document, f"call {record.key}")


def _unambiguous(record: CallRecord, facts: Sequence[Fact]) -> Sequence[Fact]:
    """Facts about cases. Where the call does not say which case it is about, and there are several, none."""
    if record.case.id is None and len({fact.about.case for fact in facts}) > 1:
        return ()
    return facts


def _of_number(fact: Fact, record: CallRecord) -> Fact:
    """A fact about a debtor. Whose number it is, is said of the number in the row and of no other."""
    if fact.about.number in (None, record.customer.number) or "relation" not in fact.data:
        return fact
    return replace(fact, data={name: value for name, value in fact.data.items() if name != "relation"})


def _fill(document: dict[str, Any], part: str, facts: Sequence[Fact], began: datetime | None) -> None:
    """Fill in what the record does not say: of what changes, what was so when the call began."""
    target = dict(document.get(part) or {})
    said = {name for name, value in target.items() if value is not None and value != _UNSAID.get(name)}
    if "amount_due" not in said:
        said.discard("currency")
    for fact in facts:  # oldest first: the newest that counts is written last
        in_force = began is not None and fact.as_of <= began
        for name, value in fact.data.items():
            if name not in said and (in_force or name in LASTING):
                target[name] = value
    document[part] = target


def _add_agreed_times(document: dict[str, Any], facts: Sequence[Fact], record: CallRecord) -> None:
    if record.started_at is None:
        return
    zone = official_zone(record.customer.timezone)
    day = record.started_at.astimezone(zone).date()
    windows = [
        {name: value for name, value in fact.data.items() if not name.startswith("valid_")}
        for fact in facts
        if fact.as_of <= record.started_at and _is_valid(fact.data, day)
    ]
    case = document.setdefault("case", {})
    case["agreed_times"] = [*case.get("agreed_times", []), *windows]


def _is_valid(data: Mapping[str, Any], day: date) -> bool:
    first, last = data.get("valid_from"), data.get("valid_to")
    return (first is None or date.fromisoformat(first) <= day) and (
        last is None or day <= date.fromisoformat(last)
    )


def _add_note(document: dict[str, Any], record: CallRecord, facts: Sequence[Fact]) -> None:
    """The collector's note, where the recorder sent none: all texts, the last outcome."""
    if record.note is not None or not facts:
        return
    outcomes = [fact.data["outcome"] for fact in facts if fact.data.get("outcome")]
    texts = [fact.data["text"] for fact in facts if fact.data.get("text")]
    note = {"outcome": outcomes[-1] if outcomes else None, "text": "\n".join(texts)}
    document["note"] = note if outcomes or texts else None


@dataclass(frozen=True, slots=True)
class Joined:
    """A record with its facts. `facts_hash` tells what it was joined with; blank where nothing changed it."""

    record: CallRecord
    facts_hash: str = ""


def join(record: CallRecord, facts: Iterable[Fact]) -> Joined:
    """The record with the facts that are about it, and a hash of both that no further fact brings back."""
    listed = [fact for fact in facts if fact.about.fits(record)]
    made = with_facts(record, listed)
    if made == record:
        return Joined(record)
    parts = [made.content_sha256(), *sorted(fact.content_sha256 for fact in listed)]
    return Joined(made, hashlib.sha256("\n".join(parts).encode()).hexdigest())


class FactIndex:
    """Facts about many calls, found by the ids of each."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by_id: dict[tuple[str, str], list[Fact]] = {}
        for fact in facts:
            for key in fact.about.ids:
                self._by_id.setdefault(key, []).append(fact)

    def join(self, record: CallRecord) -> Joined:
        """The record with the facts that are about it."""
        found = {id(fact): fact for key in ids_of(record) for fact in self._by_id.get(key, ())}
        return join(record, found.values())
