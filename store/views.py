"""The view log 查看日志: who saw, heard or took away what, when, masked or not, and why.

Every row has its entry in the audit log, which proves that none is missing. A player asks for a recording in
many parts: they are one row, with what of it was asked for.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple
from uuid import uuid4

from sqlalchemy import JSON, String, Text, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import audit
from store.clock import Clock
from store.database import Base

What = Literal["listen", "unmask", "export"]
# Parts of a recording asked for within this time are one listening.
LISTENING: Final = timedelta(minutes=30)
# How long a reason to see everything holds.
UNMASKED: Final = timedelta(minutes=30)
_CLOSE_S: Final = 1.0


class ViewRow(Base):
    """One listening, one unmasking, or one export.

    `subject` is what was seen (`call:source/id`, `case:12`), `call_id` the call's number where it is one;
    they stay when the call is deleted. `heard` are stretches in seconds. `until` is when an unmasking ends.
    `export_id` stands on what was exported.
    """

    __tablename__ = "view_log"
    __table_args__ = (UniqueConstraint("actor", "subject", "masked", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(String(200), index=True)
    what: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(400), index=True)
    call_id: Mapped[int | None] = mapped_column(index=True)
    masked: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    began_at: Mapped[datetime]
    last_at: Mapped[datetime]
    until: Mapped[datetime | None]
    heard: Mapped[list[list[float]] | None] = mapped_column(JSON(none_as_null=True))
    export_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    slot: Mapped[int | None]


class Subject(NamedTuple):
    """What is seen: its name in the logs, and the number of the call if it is one."""

    name: str
    call_id: int | None = None


class Viewing(NamedTuple):
    """Who sees what, masked or not, and why if they were asked."""

    actor: str
    subject: Subject
    masked: bool
    reason: str | None = None

    def row(self, what: What, now: datetime) -> ViewRow:
        """The beginning of an entry."""
        return ViewRow(
            actor=self.actor,
            what=what,
            subject=self.subject.name,
            call_id=self.subject.call_id,
            masked=self.masked,
            reason=self.reason,
            began_at=now,
            last_at=now,
        )


def listened(
    session: Session, clock: Clock, viewing: Viewing, *, part: tuple[float, float], sha256: str
) -> ViewRow:
    """Put on record that part of a recording (from, to; seconds) was handed out."""
    now = clock.now()
    slot = int(now.timestamp() // LISTENING.total_seconds())
    same = select(ViewRow).where(
        ViewRow.actor == viewing.actor,
        ViewRow.subject == viewing.subject.name,
        ViewRow.masked == viewing.masked,
        ViewRow.slot == slot,
    )
    row = session.scalar(same.with_for_update())
    if row is None:
        row = viewing.row("listen", now)
        row.slot, row.heard = slot, [list(part)]
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # somebody began it at the same moment
            row = session.scalars(same.with_for_update()).one()
        else:
            _append(session, clock, row, "recording.played", {"sha256": sha256})
            return row
    row.heard = _joined([*(row.heard or []), list(part)])
    row.last_at = now
    return row


def unmasked(session: Session, clock: Clock, *, actor: str, subject: Subject, reason: str) -> ViewRow:
    """Put on record why somebody sees personal data in full, from now until `ViewRow.until`."""
    now = clock.now()
    row = Viewing(actor, subject, masked=False, reason=reason).row("unmask", now)
    row.until = now + UNMASKED
    session.add(row)
    session.flush()
    _append(session, clock, row, "personal_data.unmasked", {"until": (now + UNMASKED).isoformat()})
    return row


def exported(
    session: Session,
    clock: Clock,
    viewing: Viewing,
    *,
    export_id: str,
    details: Mapping[str, Any],
    action: str = "data.exported",
) -> ViewRow:
    """Put on record that something was taken away, under the id that stands on it."""
    row = viewing.row("export", clock.now())
    row.export_id = export_id
    session.add(row)
    session.flush()
    _append(session, clock, row, action, {"export": export_id, **details})
    return row


def new_export_id() -> str:
    """An id to stand on an export, by which the log tells who took it."""
    return f"EX-{uuid4().hex[:20]}"


def unmasking(session: Session, *, actor: str, call_id: int, now: datetime) -> ViewRow | None:
    """The reason that lets the actor see this call in full now, if any."""
    given = select(ViewRow).where(
        ViewRow.actor == actor, ViewRow.call_id == call_id, ViewRow.what == "unmask", ViewRow.until > now
    )
    return session.scalars(given.order_by(ViewRow.id.desc()).limit(1)).one_or_none()


def _append(session: Session, clock: Clock, row: ViewRow, action: str, details: Mapping[str, Any]) -> None:
    seen = {"view": row.id, "masked": row.masked, "reason": row.reason}
    audit.append(
        session, clock, actor=row.actor, action=action, subject=row.subject, details={**details, **seen}
    )


def _joined(parts: list[list[float]]) -> list[list[float]]:
    """Stretches in order; those that touch are one."""
    joined: list[list[float]] = []
    for start, end in sorted(parts):
        if joined and start <= joined[-1][1] + _CLOSE_S:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return joined
