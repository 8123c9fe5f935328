"""Tables of the notices: what is to be told to whom, every attempt at it, and how the channels stand."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Base


class NoticeRow(Base):
    """One message to one recipient by one channel, written in the transaction of what it tells of.

    `message_id` never changes, however often it is sent: receivers tell repetitions by it. `dedupe_key` is
    the hash of what is told to whom; the database refuses the second one. `recipient` is a person's id,
    empty for everybody who reads the channel; addresses are looked up when it is sent. `state` is
    `waiting`, `sent`, `gathered` (it went with the digest `digest_id`) or `dead`. `due_at` is the moment of
    the next attempt; `held` means that it waits for the end of quiet hours. While a sender has it, nobody
    else takes it before `lease_until`. `document` is the message; it holds no more of a person than a
    masked name. `reason` is why the last attempt failed.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_channel_state_due_at", "channel", "state", "due_at"),
        Index("ix_notice_case_id_kind_created_at", "case_id", "kind", "created_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(60), unique=True)
    dedupe_key: Mapped[str] = mapped_column(String(64), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("complaint_case.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_event.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    topic: Mapped[str] = mapped_column(String(100))
    channel: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(100))
    urgent: Mapped[bool]
    held: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20), index=True)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    policy: Mapped[str] = mapped_column(String(60))
    document: Mapped[dict[str, Any]]
    reason: Mapped[str | None] = mapped_column(String(400))
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), index=True)


class NoticeDeliveryRow(Base):
    """One attempt to deliver a notice, written before it begins: `under_way` that never ends means that
    nobody knows whether it arrived (`lost` once somebody else took over). `status` is what the other side
    answered with."""

    __tablename__ = "notice_delivery"
    __table_args__ = (Index("ix_notice_delivery_channel_began_at", "channel", "began_at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    channel: Mapped[str] = mapped_column(String(40))
    attempt: Mapped[int]
    token: Mapped[str] = mapped_column(String(40))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(20))
    status: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(400))


class NoticeChannelRow(Base):
    """How a channel stands, and the lock on which its senders queue: `failures` in a row, and until when it
    is left alone."""

    __tablename__ = "notice_channel"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
