"""The audit log: who did what to what, append-only, every entry chained to the one before by its hash.

Whoever alters, removes or reorders an entry breaks the chain at that place; `verify` finds it. The head
row holds the last link, so that entries cut off the end are missed too. It is the one lock that every writer
of the installation takes, so it is taken last and for as short a time as can be.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Integer, String, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.append_only import protect
from store.clock import Clock
from store.database import Base, in_transaction

GENESIS = "0" * 64
_HEAD_ID = 1
_WAITING = "audit"
_COLUMNS = ("seq", "at", "actor", "action", "subject", "details", "previous_hash", "hash")


class AuditEntry(Base):
    """One thing that happened. Rows are written once and never changed."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(100), index=True)
    subject: Mapped[str] = mapped_column(String(400), index=True)
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The single row that names the last entry; writers queue on its lock."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain does not hold; `seq` is the entry concerned."""

    seq: int
    kind: Literal["altered", "missing", "relinked", "head"]
    message: str


def install(connection: Connection) -> None:
    """Put the head row in place and make the log append-only; run once, by the initial migration."""
    connection.execute(insert(AuditHead).values(id=_HEAD_ID, seq=0, hash=GENESIS))
    protect(connection, AuditEntry.__tablename__)


def append(
    session: Session,
    clock: Clock,
    *,
    actor: str,
    action: str,
    subject: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry; it stands when the caller's transaction commits.

    All writers of the whole installation queue on the head, so entries are linked and written as the last
    thing before the commit, however early in the transaction they are added (inside a savepoint, at once).

    Args:
        session: the caller's open transaction.
        clock: tells the time of the entry.
        actor: who acted (`system`, `cli`, a user's id).
        action: what was done (`call.registered`).
        subject: what it was done to (`call:central-recorder/H001`).
        details: values that JSON can hold.
    """
    append_many(session, clock, actor=actor, entries=[(action, subject, details or {})])


def append_many(
    session: Session, clock: Clock, *, actor: str, entries: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> None:
    """Add many entries, given as `(action, subject, details)`, in their order; like `append` for each."""
    session.flush()  # what the entries tell of fails here, if it does, not at the commit
    now = clock.now()
    added = [
        _Told(now, actor, action, subject, json.loads(_canonical(details)))
        for action, subject, details in entries
    ]
    if session.in_nested_transaction():  # a savepoint that is rolled back takes its entries with it
        _write(session, added)
    else:
        in_transaction(session).setdefault(_WAITING, []).extend(added)


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry that has no place in the chain yet."""

    at: datetime
    actor: str
    action: str
    subject: str
    details: dict[str, Any]


@event.listens_for(Session, "before_commit")
def _write_waiting(session: Session) -> None:
    if session.in_nested_transaction():
        return
    told = in_transaction(session).pop(_WAITING, ())
    if told:
        session.flush()  # nothing else is to be written while everybody waits for the head
        _write(session, told)


def _write(session: Session, told: Sequence[_Told]) -> None:
    if not told:
        return
    last, last_hash = session.execute(
        select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == _HEAD_ID).with_for_update()
    ).one()
    rows = []
    for seq, each in enumerate(told, last + 1):
        entry = AuditEntry(
            seq=seq,
            at=each.at,
            actor=each.actor,
            action=each.action,
            subject=each.subject,
            details=each.details,
            previous_hash=last_hash,
        )
        entry.hash = last_hash = entry_hash(entry)
        rows.append({name: getattr(entry, name) for name in _COLUMNS})
    session.execute(insert(AuditEntry), rows)
    head = update(AuditHead).where(AuditHead.id == _HEAD_ID).values(seq=last + len(told), hash=last_hash)
    session.execute(head.execution_options(synchronize_session=False))


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry's content and the hash of the entry before it."""
    content = {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
        "previous_hash": entry.previous_hash,
    }
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Part:
    """What was found in one part of the chain.

    `last` is the last entry that was checked, 0 where there is none; `more` tells whether entries follow it.
    """

    checked: int
    last: int
    more: bool
    breaks: list[Break]


def verify(session: Session) -> list[Break]:
    """Walk the whole chain. Returns every break in order; an empty list means that the log is whole."""
    return verify_part(session).breaks


def verify_part(session: Session, *, after: int = 0, limit: int | None = None) -> Part:
    """Walk the chain from the entry that follows `after`, at most `limit` entries of it; the part that comes
    to the end looks at the head, too. Parts that begin where the one before ended make the whole check."""
    breaks: list[Break] = []
    before = session.execute(
        select(AuditEntry.seq, AuditEntry.hash)
        .where(AuditEntry.seq <= after)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).one_or_none()
    seq, last_hash = (0, GENESIS) if before is None else (before.seq, before.hash)
    checked = 0
    entries = select(AuditEntry).where(AuditEntry.seq > seq).order_by(AuditEntry.seq).limit(limit)
    for entry in session.scalars(entries.execution_options(yield_per=500)):
        if entry.seq != seq + 1:
            breaks.append(Break(seq + 1, "missing", f"entries {seq + 1} to {entry.seq - 1} are missing"))
        elif entry.previous_hash != last_hash:
            breaks.append(Break(entry.seq, "relinked", f"entry {entry.seq} does not follow entry {seq}"))
        if entry.hash != entry_hash(entry):
            breaks.append(Break(entry.seq, "altered", f"entry {entry.seq} is not what was written"))
        seq, last_hash = entry.seq, entry.hash
        checked += 1
    more = session.scalar(select(AuditEntry.seq).where(AuditEntry.seq > seq).limit(1)) is not None
    if not more:
        head = session.get(AuditHead, _HEAD_ID, populate_existing=True)
        if head is None or (head.seq, head.hash) != (seq, last_hash):
            expected = "no entry" if head is None else f"entry {head.seq}"
            breaks.append(Break(seq, "head", f"the log ends at entry {seq}, its head names {expected}"))
    return Part(checked, seq, more, breaks)
