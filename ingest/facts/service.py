"""The verbs of facts: keep them, find those about a call. They work in the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ingest.facts.join import Joined, join
from ingest.facts.models import CaseFactRow
from ingest.facts.types import About, Fact, Kind, ids_of
from ingest.metadata import CallRecord
from store.clock import Clock

_STATES = ("case", "debtor")
_KINDS: dict[str, Kind] = {"case": "case", "debtor": "debtor", "agreed_time": "agreed_time", "note": "note"}
_COLUMNS = {
    "call": CaseFactRow.call_key,
    "case": CaseFactRow.case_id,
    "customer": CaseFactRow.customer_id,
    "number": CaseFactRow.number,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """How many facts were new, and how many were on record already."""

    new: int
    known: int


def keep(session: Session, clock: Clock, facts: Sequence[Fact], *, actor: str) -> Kept:
    """Put facts on record. Facts that are on record already, and cases and debtors of which the list says
    what was said last, change nothing."""
    hashes = [fact.content_sha256 for fact in facts]
    known = set(
        session.scalars(select(CaseFactRow.content_sha256).where(CaseFactRow.content_sha256.in_(hashes)))
    )
    last = _said_last(session, [fact for fact in facts if fact.kind in _STATES])
    now, new = clock.now(), 0
    for fact, sha256 in zip(facts, hashes, strict=True):
        key = (fact.kind, fact.about.subject)
        if sha256 in known or (fact.kind in _STATES and not fact.dated and last.get(key) == fact.data):
            continue
        known.add(sha256)
        if fact.kind in _STATES:
            last[key] = fact.data
        new += 1
        session.add(
            CaseFactRow(
                kind=fact.kind,
                subject=fact.about.subject,
                call_key=fact.about.call,
                case_id=fact.about.case,
                customer_id=fact.about.customer,
                number=fact.about.number,
                agent_id=fact.agent,
                data=fact.data,
                as_of=fact.as_of,
                dated=fact.dated,
                content_sha256=sha256,
                place=fact.where[-400:],
                imported_at=now,
                imported_by=actor,
                next_at=now,
            )
        )
    session.flush()
    return Kept(new, len(facts) - new)


def facts_about(session: Session, record: CallRecord) -> list[Fact]:
    """The facts about a call, oldest first."""
    return facts_about_all(session, [record])


def facts_about_all(session: Session, records: Iterable[CallRecord]) -> list[Fact]:
    """The facts about any of these calls; `with_facts` chooses those of each."""
    ids = {each for record in records for each in ids_of(record)}
    wanted: list[ColumnElement[bool]] = []
    for name, column in _COLUMNS.items():
        values = sorted(value for of, value in ids if of == name)
        if values:
            wanted.append(column.in_(values))
    if not wanted:
        return []
    rows = session.scalars(
        select(CaseFactRow).where(or_(*wanted)).order_by(CaseFactRow.as_of, CaseFactRow.id)
    )
    return [as_fact(row) for row in rows]


def joined(session: Session, record: CallRecord) -> Joined:
    """The record of a call with the facts about it."""
    return join(record, facts_about(session, record))


def as_fact(row: CaseFactRow) -> Fact:
    """A row as it is judged by."""
    about = About(row.call_key, row.case_id, row.customer_id, row.number)
    return Fact(_KINDS[row.kind], about, row.data, row.as_of, row.dated, row.agent_id, row.place)


def _said_last(session: Session, facts: Sequence[Fact]) -> dict[tuple[str, str], dict[str, object]]:
    """What is on record of cases and debtors, by kind and subject."""
    subjects = sorted({fact.about.subject for fact in facts})
    if not subjects:
        return {}
    rows = session.execute(
        select(CaseFactRow.kind, CaseFactRow.subject, CaseFactRow.data)
        .where(CaseFactRow.subject.in_(subjects), CaseFactRow.kind.in_(_STATES))
        .order_by(CaseFactRow.as_of, CaseFactRow.id)
    )
    return {(row.kind, row.subject): row.data for row in rows}
