"""Who sends what: a sender takes the next notice of a channel for a while, sends it outside of any
transaction, and writes down how it ended. Of two senders only one ever has a notice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from complaint_warnings.notices.channel_policy import Channel
from complaint_warnings.notices.models import NoticeChannelRow, NoticeDeliveryRow, NoticeRow
from complaint_warnings.notices.outbox import House
from complaint_warnings.notices.patience import Health, after, wait_s
from complaint_warnings.notices.quiet import quiet_until
from complaint_warnings.notices.types import Letter, Result

# A lease outlasts the longest attempt by this: a sender that has not said anything by then is gone.
LEASE_MARGIN_S: Final = 60.0
# After so many failures of an urgent notice others are told, while it is tried on.
URGENT_ALARM: Final = 3
_MINUTE: Final = timedelta(seconds=60)
_MAX_REASON: Final = 400


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing may be sent by the channel now."""

    why: str


def lock_channel(session: Session, name: str) -> NoticeChannelRow:
    """The channel's row, kept from other senders until the transaction ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(NoticeChannelRow).values(name=name, failures=0).on_conflict_do_nothing())
    return session.scalars(
        select(NoticeChannelRow)
        .where(NoticeChannelRow.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def claim(
    session: Session, house: House, name: str, channel: Channel, *, only: int | None = None
) -> Letter | Later | None:
    """Take the next notice of a channel: urgent ones first, then in the order of their writing, of a case and
    recipient never one before an earlier one. None when there is none; Later when the channel rests or has
    sent all that it may in a minute. `only`: this notice or none."""
    health = lock_channel(session, name)
    if health.rests_until is not None and house.now < health.rests_until:
        return Later("rests")
    row = _next(session, house.now, name, silent=_silent(house, channel), only=only)
    if row is None:
        return None
    if _sent_lately(session, name, house.now) >= channel.per_minute:
        return Later("full")
    lease = timedelta(seconds=channel.total_seconds + LEASE_MARGIN_S)
    if health.failures >= house.policy.circuit.failures:
        health.rests_until = house.now + lease  # one tries; the others wait for how it goes
    _end_lost(session, row, house.now)
    row.attempts += 1
    row.lease_token, row.lease_until = uuid4().hex, house.now + lease
    session.add(
        NoticeDeliveryRow(
            notice_id=row.id,
            channel=name,
            attempt=row.attempts,
            token=row.lease_token,
            began_at=house.now,
            outcome="under_way",
        )
    )
    session.flush()
    return _letter(row, row.lease_token)


def finish(session: Session, house: House, name: str, letter: Letter, result: Result) -> NoticeRow | None:
    """Write down how an attempt ended. Returns the notice where somebody should know of it: it is a dead
    letter now, it is urgent and has failed several times, or its channel has just begun to rest.

    A sender that overran its lease changes only its own attempt: somebody else has the notice.
    """
    channel = lock_channel(session, name)
    health = after(Health(channel.failures, channel.rests_until), result, house.now, house.policy.circuit)
    failures, channel.failures, channel.rests_until = channel.failures, health.failures, health.rests_until
    channel.updated_at = house.now
    session.execute(
        update(NoticeDeliveryRow)
        .where(NoticeDeliveryRow.token == letter.token)
        .values(
            ended_at=house.now,
            outcome=result.outcome,
            status=result.status,
            reason=result.reason[:_MAX_REASON] or None,
        )
    )
    row = session.scalars(
        select(NoticeRow)
        .where(NoticeRow.id == letter.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if row.lease_token != letter.token or row.state != "waiting":
        return None
    row.lease_token = row.lease_until = None
    row.reason = result.reason[:_MAX_REASON] or None
    limit = house.policy.circuit.failures
    return _decide(
        house, row, result, broken=health.failures >= limit, breaks=health.failures == limit > failures
    )


def _decide(house: House, row: NoticeRow, result: Result, *, broken: bool, breaks: bool) -> NoticeRow | None:
    if result.outcome == "sent":
        row.state, row.sent_at, row.held = "sent", house.now, False
        return None
    retry = house.policy.retry
    patient = broken and house.now - row.created_at < timedelta(hours=retry.hours)
    spent = row.attempts >= retry.attempts_of(urgent=row.urgent)
    if result.outcome == "refused" or (spent and not patient):
        row.state = "dead"
        return row
    wait = wait_s(row.message_id, row.attempts, retry, urgent=row.urgent)
    row.due_at = house.now + timedelta(seconds=max(wait, min(result.wait_s or 0.0, retry.longest_seconds)))
    return row if breaks or (row.urgent and row.attempts == URGENT_ALARM) else None


def _next(session: Session, now: datetime, name: str, *, silent: bool, only: int | None) -> NoticeRow | None:
    """The notice that is to be sent now. While the channel is silent only urgent ones are, and tests."""
    earlier = aliased(NoticeRow)
    in_order = ~(
        select(earlier.id)
        .where(
            earlier.channel == name,
            earlier.state == "waiting",
            earlier.recipient == NoticeRow.recipient,
            earlier.case_id == NoticeRow.case_id,
            earlier.id < NoticeRow.id,
        )
        .exists()
    )
    query = select(NoticeRow).where(
        NoticeRow.channel == name,
        NoticeRow.state == "waiting",
        NoticeRow.due_at <= now,
        or_(NoticeRow.lease_until.is_(None), NoticeRow.lease_until <= now),
        or_(NoticeRow.urgent, and_(~NoticeRow.held, in_order)),
    )
    if only is not None:
        query = query.where(NoticeRow.id == only)
    if silent:
        query = query.where(or_(NoticeRow.urgent, NoticeRow.kind == "test"))
    query = query.order_by(NoticeRow.urgent.desc(), NoticeRow.id).limit(1)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _silent(house: House, channel: Channel) -> bool:
    return quiet_until(house.now, channel.quiet, house.zone) is not None


def _sent_lately(session: Session, name: str, now: datetime) -> int:
    query = select(func.count()).select_from(NoticeDeliveryRow)
    count = session.scalar(
        query.where(NoticeDeliveryRow.channel == name, NoticeDeliveryRow.began_at > now - _MINUTE)
    )
    return count or 0


def _end_lost(session: Session, row: NoticeRow, now: datetime) -> None:
    """The attempt of a sender that vanished: nobody knows whether it arrived."""
    if row.lease_token is None:
        return
    session.execute(
        update(NoticeDeliveryRow)
        .where(NoticeDeliveryRow.token == row.lease_token, NoticeDeliveryRow.outcome == "under_way")
        .values(outcome="lost", ended_at=now)
    )


def _letter(row: NoticeRow, token: str) -> Letter:
    return Letter(
        id=row.id,
        message_id=row.message_id,
        kind=row.kind,
        recipient=row.recipient,
        document=row.document,
        created_at=row.created_at,
        attempt=row.attempts,
        token=token,
        urgent=row.urgent,
        case_id=row.case_id,
    )
