"""The audit log: who did what to what, append-only, every entry chained to the one before by its hash.

Whoever alters, removes or reorders an entry breaks the chain at that place; `verify` finds it. The head
row holds the last link, so that entries cut off the end are missed too.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Integer, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.append_only import protect
from store.clock import Clock
from store.database import Base

GENESIS = "0" * 64
_HEAD_ID = 1
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
) -> AuditEntry:
    """Add one entry; it stands when the caller's transaction commits.

    Writers queue on the head until the commit, so call it as the last step of a transaction.

    Args:
        session: the caller's open transaction.
        clock: tells the time of the entry.
        actor: who acted (`system`, `cli`, a user's id).
        action: what was done (`call.registered`).
        subject: what it was done to (`call:central-recorder/H001`).
        details: values that JSON can hold.
    """
    entry = _linked(_head(session), clock, actor, action, subject, details or {})
    session.add(entry)
    session.flush()
    return entry


def _head(session: Session) -> AuditHead:
    """The head row, kept from other writers until the commit."""
    return session.scalars(
        select(AuditHead)
        .where(AuditHead.id == _HEAD_ID)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _linked(
    head: AuditHead, clock: Clock, actor: str, action: str, subject: str, details: Mapping[str, Any]
) -> AuditEntry:
    """The next entry; the head names it from now on."""
    entry = AuditEntry(
        seq=head.seq + 1,
        at=clock.now(),
        actor=actor,
        action=action,
        subject=subject,
        details=json.loads(_canonical(details)),
        previous_hash=head.hash,
    )
    entry.hash = entry_hash(entry)
    head.seq, head.hash = entry.seq, entry.hash
    return entry


def append_many(
    session: Session, clock: Clock, *, actor: str, entries: Sequence[tuple[str, str, Mapping[str, Any]]]
) -> None:
    """Add many entries, given as `(action, subject, details)`, in their order; like `append` for each, but
    without a statement for each."""
    if not entries:
        return
    head = _head(session)
    rows = []
    for action, subject, details in entries:
        entry = _linked(head, clock, actor, action, subject, details)
        rows.append({name: getattr(entry, name) for name in _COLUMNS})
    session.execute(insert(AuditEntry), rows)
    session.flush()


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


def verify(session: Session) -> list[Break]:
    """Walk the whole chain. Returns every break in order; an empty list means that the log is whole."""
    breaks: list[Break] = []
    seq, last_hash = 0, GENESIS
    for entry in session.scalars(
        select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500)
    ):
        if entry.seq != seq + 1:
            breaks.append(Break(seq + 1, "missing", f"entries {seq + 1} to {entry.seq - 1} are missing"))
        elif entry.previous_hash != last_hash:
            breaks.append(Break(entry.seq, "relinked", f"entry {entry.seq} does not follow entry {seq}"))
        if entry.hash != entry_hash(entry):
            breaks.append(Break(entry.seq, "altered", f"entry {entry.seq} is not what was written"))
        seq, last_hash = entry.seq, entry.hash
    head = session.get(AuditHead, _HEAD_ID, populate_existing=True)
    if head is None or (head.seq, head.hash) != (seq, last_hash):
        expected = "no entry" if head is None else f"entry {head.seq}"
        breaks.append(Break(seq, "head", f"the log ends at entry {seq}, its head names {expected}"))
    return breaks
