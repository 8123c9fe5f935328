"""What is left of what was deleted: hashes, the date, the clause of the policy, and counts; no words.

Each is on record in the audit log as well, in the same transaction.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Boolean, Integer, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import audit
from store.clock import Clock
from store.database import Base
from store.errors import ConflictError

Kind = Literal["recording", "transcript", "results", "call", "case", "warning", "item"]
ACTION: Final = "retention.deleted"
_CLAUSE: Final = 200


class TombstoneRow(Base):
    """One thing that was deleted: `kind` and `number` (the id it had; numbers are not given out again).

    `key_sha256` is the hash of a call's `source/external_id`, `recording_sha256` that of its recording, by
    which what is offered again is known. `clause` names the policy or the order. `counts` are rows by table.
    `waits` while the bytes of the recording are still to be removed from the store.
    """

    __tablename__ = "tombstone"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    key_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    recording_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    clause: Mapped[str] = mapped_column(String(_CLAUSE))
    deleted_by: Mapped[str] = mapped_column(String(200))
    deleted_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]]
    waits: Mapped[bool] = mapped_column(Boolean, default=False, index=True)
    bytes_gone_at: Mapped[datetime | None]


def key_hash(source: str, external_id: str) -> str:
    """What a call is known by after it was deleted."""
    return hashlib.sha256(f"{source}/{external_id}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted, by which clause, by whom; the fields are those of `TombstoneRow`."""

    kind: Kind
    number: int
    clause: str
    actor: str
    counts: Mapping[str, int]
    key_sha256: str | None = None
    recording_sha256: str | None = None
    waits: bool = False


def bury(session: Session, clock: Clock, deleted: Deleted) -> TombstoneRow:
    """Put on record, here and in the audit log, that something was deleted."""
    row = TombstoneRow(
        kind=deleted.kind,
        number=deleted.number,
        key_sha256=deleted.key_sha256,
        recording_sha256=deleted.recording_sha256,
        clause=deleted.clause[:_CLAUSE],
        deleted_by=deleted.actor,
        deleted_at=clock.now(),
        counts=dict(deleted.counts),
        waits=deleted.waits,
        bytes_gone_at=None,
    )
    session.add(row)
    session.flush()
    subject, details = subject_of(row), content_of(row)
    audit.append(session, clock, actor=deleted.actor, action=ACTION, subject=subject, details=details)
    return row


def subject_of(row: TombstoneRow) -> str:
    """What the audit log calls it."""
    return f"tombstone:{row.id}"


def content_of(row: TombstoneRow) -> dict[str, Any]:
    """What the audit log holds of it."""
    return {
        "kind": row.kind,
        "number": row.number,
        "key_sha256": row.key_sha256,
        "recording_sha256": row.recording_sha256,
        "clause": row.clause,
        "counts": row.counts,
    }


def buried(session: Session, kind: Kind) -> set[int]:
    """The ids of all things of this kind that were deleted."""
    return set(session.scalars(select(TombstoneRow.number).where(TombstoneRow.kind == kind)))


def refuse_deleted(session: Session, *, source: str, external_id: str, sha256: str) -> None:
    """Make sure that neither this call nor its recording was deleted. Ask after looking for the call itself:
    whoever deletes it meanwhile is seen either there or here.

    Raises:
        ConflictError: `recording.deleted`.
    """
    rows = find_deleted(session, keys=[key_hash(source, external_id)], hashes=[sha256])
    for row in rows:
        raise deleted_error(row, f"call {source}/{external_id}")


def find_deleted(session: Session, *, keys: Collection[str], hashes: Collection[str]) -> list[TombstoneRow]:
    """The deleted calls among these, by the hash of their key or of their recording."""
    same = or_(TombstoneRow.key_sha256.in_(keys), TombstoneRow.recording_sha256.in_(hashes))
    query = select(TombstoneRow).where(TombstoneRow.kind == "call", same).order_by(TombstoneRow.id)
    return list(session.scalars(query))


def deleted_error(row: TombstoneRow, where: str) -> ConflictError:
    """Why a call that was deleted is not taken again."""
    return ConflictError(
        f"this call was deleted at {row.deleted_at.isoformat(timespec='seconds')} by {row.clause}",
        code="recording.deleted",
        where=where,
        mend="It is not taken again; docs/retention.md says why.",
    )


def problems(session: Session) -> Iterator[str]:
    """One sentence for every tombstone that the audit log does not know so, and every one that is missing."""
    entries = select(audit.AuditEntry.subject, audit.AuditEntry.details).where(
        audit.AuditEntry.action == ACTION
    )
    told: dict[str, dict[str, Any]] = {row.subject: row.details for row in session.execute(entries)}
    for row in session.scalars(select(TombstoneRow).order_by(TombstoneRow.id)):
        if told.pop(subject_of(row), None) != content_of(row):
            yield f"tombstone {row.id} is not what the audit log says [retention.unproven]"
    for subject in sorted(told):
        yield f"{subject.replace(':', ' ')} is missing [retention.unproven]"
