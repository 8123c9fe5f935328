"""What people do with the notices: look at them, send dead letters again, try a channel."""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.notices.models import NoticeDeliveryRow, NoticeRow
from complaint_warnings.notices.outbox import NOWHERE, Draft, House, write
from complaint_warnings.notices.types import EVERYBODY_THERE, Target
from store import audit
from store.clock import Clock
from store.errors import BadInputError, ConflictError, NotFoundError
from store.people import Actor

MAY_RESEND: Final = ("admin", "control_lead", "department_head", "complaint_officer")


def find_notice(session: Session, notice: int) -> NoticeRow:
    """The notice of that number.

    Raises:
        NotFoundError: `notice.unknown`.
    """
    row = session.get(NoticeRow, notice, populate_existing=True)
    if row is None:
        raise NotFoundError(
            f"there is no notice {notice}", code="notice.unknown", mend="`diting notices list` names all."
        )
    return row


def list_notices(
    session: Session,
    *,
    state: str | None = None,
    kind: str | None = None,
    channel: str | None = None,
    case_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[NoticeRow]:
    """Notices, the newest first; `before` is the number to go on from."""
    query = select(NoticeRow)
    narrowed = {
        NoticeRow.state: state,
        NoticeRow.kind: kind,
        NoticeRow.channel: channel,
        NoticeRow.case_id: case_id,
    }
    for column, value in narrowed.items():
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(NoticeRow.id < before)
    return list(session.scalars(query.order_by(NoticeRow.id.desc()).limit(limit)))


def deliveries(session: Session, notice: int) -> list[NoticeDeliveryRow]:
    """The attempts at a notice, oldest first; of a gathered one those at its digest."""
    row = find_notice(session, notice)
    query = select(NoticeDeliveryRow).where(NoticeDeliveryRow.notice_id == (row.digest_id or row.id))
    return list(session.scalars(query.order_by(NoticeDeliveryRow.id)))


def resend(session: Session, clock: Clock, notices: Sequence[int], *, by: str) -> list[NoticeRow]:
    """Put dead letters back on their way, with the ids they had: who did get them can tell. Quiet hours hold.

    Raises:
        NotFoundError: `notice.unknown`.
        ConflictError: `notice.not_dead`, one of them is no dead letter; `notice.no_way`, no route leads it
            anywhere.
    """
    rows = []
    for notice in notices:
        row = session.get(NoticeRow, notice, populate_existing=True, with_for_update=True)
        row = row or find_notice(session, notice)
        _require_dead(row)
        row.state, row.attempts, row.due_at, row.held = "waiting", 0, clock.now(), False
        row.lease_token = row.lease_until = None
        rows.append(row)
    session.flush()
    for row in rows:
        details = {"message": row.message_id, "kind": row.kind, "channel": row.channel}
        audit.append(
            session, clock, actor=by, action="notice.resent", subject=f"notice:{row.id}", details=details
        )
    return rows


def require_may_resend(actor: Actor) -> None:
    """Refuse an actor who may not send again.

    Raises:
        ConflictError: `notice.role`.
    """
    if not actor.has(*MAY_RESEND):
        raise ConflictError(
            f"{actor.id} may not send notices again",
            code="notice.role",
            mend=f"It takes one of the roles {', '.join(MAY_RESEND)}.",
        )


def dead_of(session: Session, channel: str) -> list[int]:
    """The numbers of a channel's dead letters, oldest first."""
    query = select(NoticeRow.id).where(NoticeRow.channel == channel, NoticeRow.state == "dead")
    return list(session.scalars(query.order_by(NoticeRow.id)))


def write_test(session: Session, house: House, channel: str, recipient: str = EVERYBODY_THERE) -> NoticeRow:
    """Put a test message for a channel into the outbox; it is sent in quiet hours too.

    Raises:
        BadInputError: `notices.no_channel`.
    """
    names = ", ".join(house.policy.channels) or "none; name a file in DITING_NOTICES_FILE"
    if channel not in house.policy.channels:
        raise BadInputError(
            f"there is no channel {channel}",
            code="notices.no_channel",
            mend=f"Channels: {names}.",
        )
    document = {"event": "test", "at": house.now.isoformat()}
    draft = Draft(kind="test", topic="", source=f"test:{uuid4().hex}", document=document)
    return write(session, house, draft, [Target(channel, recipient)])[0]


def _require_dead(row: NoticeRow) -> None:
    if row.state != "dead":
        raise ConflictError(
            f"notice {row.id} is {row.state}, no dead letter",
            code="notice.not_dead",
            mend="Only dead letters are sent again; `diting notices list --state dead` names them.",
        )
    if row.channel == NOWHERE:
        raise ConflictError(
            f"notice {row.id} has no channel: the routes of {row.kind} reached nobody",
            code="notice.no_way",
            mend="Mend the routes or add the person; what happens from then on is told.",
        )
