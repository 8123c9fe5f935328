"""What was held back in the quiet hours goes out together: one message for each person and channel."""

import hashlib
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from complaint_warnings.notices.channel_policy import Channel
from complaint_warnings.notices.claims import lock_channel
from complaint_warnings.notices.models import NoticeRow
from complaint_warnings.notices.outbox import House
from complaint_warnings.notices.quiet import quiet_until

# So many fit into the smallest message that a channel takes (WeCom: 4096 bytes).
ITEMS_MAX: Final = 15


def hold_back(session: Session, house: House, name: str, channel: Channel) -> None:
    """Hold back what came into the quiet hours by waiting for another attempt; a test is not."""
    until = quiet_until(house.now, channel.quiet, house.zone)
    if until is None:
        return
    lock_channel(session, name)
    session.execute(
        update(NoticeRow)
        .where(
            NoticeRow.channel == name,
            NoticeRow.state == "waiting",
            ~NoticeRow.urgent,
            ~NoticeRow.held,
            NoticeRow.kind != "test",
            NoticeRow.due_at <= house.now,
            NoticeRow.lease_token.is_(None),
        )
        .values(held=True, due_at=until)
    )


def gather(session: Session, house: House, name: str, channel: Channel) -> int:
    """Free what was held back and may go now; several for one recipient become digests. Returns how many
    digests. A crash before the commit leaves everything held; afterwards there is nothing left to gather."""
    if quiet_until(house.now, channel.quiet, house.zone) is not None:
        return 0
    lock_channel(session, name)
    rows = session.scalars(
        select(NoticeRow)
        .where(
            NoticeRow.channel == name,
            NoticeRow.state == "waiting",
            NoticeRow.held,
            NoticeRow.due_at <= house.now,
        )
        .order_by(NoticeRow.id)
        .with_for_update()
    )
    by_recipient: dict[str, list[NoticeRow]] = {}
    for row in rows:
        row.held = False
        if row.kind != "digest":
            by_recipient.setdefault(row.recipient, []).append(row)
    count = 0
    for recipient, held in by_recipient.items():
        for start in range(0, len(held), ITEMS_MAX):
            part = held[start : start + ITEMS_MAX]
            if len(part) > 1:
                _put_together(session, house, name, recipient, part)
                count += 1
    return count


def _put_together(
    session: Session, house: House, name: str, recipient: str, rows: Sequence[NoticeRow]
) -> None:
    digest = NoticeRow(
        message_id=f"msg_{uuid4().hex}",
        dedupe_key=hashlib.sha256("\x1f".join(row.message_id for row in rows).encode()).hexdigest(),
        kind="digest",
        topic="",
        channel=name,
        recipient=recipient,
        urgent=False,
        held=False,
        state="waiting",
        due_at=house.now,
        attempts=0,
        created_at=house.now,
        policy=house.policy.name,
        document={
            "event": "digest",
            "at": house.now.isoformat(),
            "items": [{**row.document, "message": row.message_id} for row in rows],
        },
    )
    session.add(digest)
    session.flush()
    for row in rows:
        row.state, row.digest_id = "gathered", digest.id
