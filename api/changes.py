"""What changed since one last looked: calls, tickets, cases and coaching tasks, by the audit log, as far as
one may see them.

Only that something changed is told, not by whom nor how: whoever may read it reads it anew.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import Session

from complaint_warnings.cases.models import CaseRow
from ingest.models import CallRow
from qc.coaching.models import CoachingTaskRow
from qc.models import TicketRow
from store.audit import AuditEntry

Kind = Literal["call", "ticket", "case", "coaching"]
# What one does in one's own review of a ticket.
_OF_REVIEW: Final = frozenset({"ticket.decide", "ticket.add_missed", "ticket.rate"})
# What the log names by its number.
_BY_NUMBER: Final[Mapping[str, Kind]] = {"ticket": "ticket", "case": "case", "coaching": "coaching"}
# So many entries are looked through at once.
AT_ONCE: Final = 500
# Who looked at what is nobody else's affair, and changes nothing.
_LOOKING: Final = ("recording.played", "report.read", "call.exported", "data.", "evidence.", "personal_data.")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the audit log that tells of a change: what it is about, as the log names it. `of_review`:
    somebody went on with their review of a ticket."""

    seq: int
    kind: Kind
    name: str
    of_review: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed; `seq` is where to go on from."""

    seq: int
    kind: Kind
    id: int


def newest(session: Session) -> int:
    """Where the audit log ends now."""
    return session.scalar(select(func.max(AuditEntry.seq))) or 0


def entries_since(session: Session, seq: int) -> tuple[list[Entry], int]:
    """Changes after an entry of the audit log, at most so many entries further; and how far that was."""
    query = select(AuditEntry.seq, AuditEntry.action, AuditEntry.subject).where(AuditEntry.seq > seq)
    rows = session.execute(query.order_by(AuditEntry.seq).limit(AT_ONCE)).all()
    found = [entry for row in rows if (entry := _entry(row.seq, row.action, row.subject))]
    return found, rows[-1].seq if rows else seq


def in_sight(session: Session, entries: Sequence[Entry]) -> list[Change]:
    """The changes that the session's sight lets through, each thing once, by its newest entry. How two who
    review a ticket get on is not told while they are at it: each of them would hear the other work."""
    secret = _reviewed_twice(session, [int(each.name) for each in entries if each.of_review])
    entries = [each for each in entries if not (each.of_review and int(each.name) in secret)]
    latest: dict[tuple[Kind, str], int] = {(each.kind, each.name): each.seq for each in entries}
    named: dict[Kind, set[str]] = {"call": set(), "ticket": set(), "case": set(), "coaching": set()}
    for kind, name in latest:
        named[kind].add(name)
    found = [Change(latest["call", name], "call", number) for name, number in _calls(session, named["call"])]
    for kind, column in (("ticket", TicketRow.id), ("case", CaseRow.id), ("coaching", CoachingTaskRow.id)):
        wanted = [int(name) for name in named[kind]]
        if wanted:
            numbers = session.scalars(select(column).where(column.in_(wanted)))
            found.extend(Change(latest[kind, str(number)], kind, number) for number in numbers)
    return sorted(found, key=lambda change: change.seq)


def _reviewed_twice(session: Session, tickets: Collection[int]) -> set[int]:
    """Those of the tickets that two people review now."""
    if not tickets:
        return set()
    at_it = and_(TicketRow.second_reviewer.is_not(None), TicketRow.state == "draft")
    return set(session.scalars(select(TicketRow.id).where(TicketRow.id.in_(tickets), at_it)))


def _calls(session: Session, names: Iterable[str]) -> list[tuple[str, int]]:
    wanted = [tuple(name.split("/", 1)) for name in names]
    if not wanted:
        return []
    rows = session.execute(
        select(CallRow.id, CallRow.source, CallRow.external_id).where(
            tuple_(CallRow.source, CallRow.external_id).in_(wanted)
        )
    )
    return [(f"{row.source}/{row.external_id}", row.id) for row in rows]


def _entry(seq: int, action: str, subject: str) -> Entry | None:
    kind, _, name = subject.partition(":")
    if action.startswith(_LOOKING):
        return None
    if kind == "call" and "/" in name:
        return Entry(seq, "call", name)
    known = _BY_NUMBER.get(kind)
    if known is None or not name.isdecimal():
        return None
    return Entry(seq, known, name, of_review=action in _OF_REVIEW)
