"""Writing notices: one row for each place that is to be told, never the same one twice."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.notices.models import NoticeRow
from complaint_warnings.notices.policy import Policy
from complaint_warnings.notices.quiet import quiet_until
from complaint_warnings.notices.targets import Someone, targets
from complaint_warnings.notices.types import URGENT, Target
from store.people import PersonRow

# Stands for the channel of a notice that no route could bring to anybody.
NOWHERE = "-"


@dataclass(frozen=True, slots=True)
class Draft:
    """One thing to tell, before it is known to whom. `source` is what it tells of: the same source is never
    told twice to the same place."""

    kind: str
    topic: str
    source: str
    document: Mapping[str, Any]
    case_id: int | None = None
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What every notice is written by."""

    policy: Policy
    zone: ZoneInfo
    now: datetime


def people_of(session: Session) -> dict[str, Someone]:
    """All persons, by id."""
    rows = session.scalars(select(PersonRow))
    return {
        row.id: Someone(row.id, frozenset(row.roles), row.team, row.reports_to, row.active) for row in rows
    }


def places(
    policy: Policy, kind: str, concerned: Any, people: Mapping[str, Someone]
) -> tuple[Target, ...] | None:
    """Where notices of a kind go, each place once; None where no route speaks of the kind."""
    routes = [route for route in policy.routes if kind in route.kinds]
    if not routes:
        return None
    found: dict[Target, None] = {}
    for route in routes:
        via = policy.via if route.via is None else route.via
        found.update(dict.fromkeys(targets(route.to, via, concerned, people)))
    return tuple(found)


def write(session: Session, house: House, draft: Draft, where: Iterable[Target]) -> list[NoticeRow]:
    """Put a notice for each place into the outbox. Nothing is written for a place that was told of the same
    source before, or the same of the same case within the policy's `same_minutes`."""
    rows = []
    for target in where:
        if _said_before(session, house, draft, target):
            continue
        rows.append(_row(house, draft, target))
    session.add_all(rows)
    session.flush()
    return rows


def write_dead(session: Session, house: House, draft: Draft, reason: str) -> NoticeRow:
    """A notice that reaches nobody: a dead letter at once, so that somebody sees it."""
    row = _row(house, draft, Target(NOWHERE, ""))
    row.state, row.reason = "dead", reason
    session.add(row)
    session.flush()
    return row


def _said_before(session: Session, house: House, draft: Draft, target: Target) -> bool:
    known = session.scalar(select(NoticeRow.id).where(NoticeRow.dedupe_key == _key(draft, target)))
    if known is not None or draft.case_id is None:
        return known is not None
    since = house.now - timedelta(minutes=house.policy.same_minutes)
    same = select(NoticeRow.id).where(
        NoticeRow.case_id == draft.case_id,
        NoticeRow.kind == draft.kind,
        NoticeRow.topic == draft.topic,
        NoticeRow.channel == target.channel,
        NoticeRow.recipient == target.recipient,
        NoticeRow.created_at > since,
    )
    return session.scalar(same.limit(1)) is not None


def _row(house: House, draft: Draft, target: Target) -> NoticeRow:
    urgent = draft.kind in URGENT
    channel = house.policy.channels.get(target.channel)
    free = urgent or draft.kind == "test" or channel is None
    quiet = None if free or channel is None else quiet_until(house.now, channel.quiet, house.zone)
    return NoticeRow(
        message_id=f"msg_{uuid4().hex}",
        dedupe_key=_key(draft, target),
        case_id=draft.case_id,
        event_id=draft.event_id,
        kind=draft.kind,
        topic=draft.topic,
        channel=target.channel,
        recipient=target.recipient,
        urgent=urgent,
        held=quiet is not None,
        state="waiting",
        due_at=quiet or house.now,
        attempts=0,
        created_at=house.now,
        policy=house.policy.name,
        document=dict(draft.document),
    )


def _key(draft: Draft, target: Target) -> str:
    told = "\x1f".join((draft.source, draft.kind, draft.topic, target.channel, target.recipient))
    return hashlib.sha256(told.encode()).hexdigest()
