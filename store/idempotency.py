"""Requests that are carried out once, however often they are sent: what the header `Idempotency-Key` names.

A claim is made before the request runs. The transaction that changes something marks the claim as carried
out in the same commit, so that after a crash at any point a repeated request either runs or is refused, and
never runs twice. The answer is kept afterwards, for whoever asks again.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Index, String, Text, delete, event, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.clock import Clock
from store.database import Base, SessionFactory, in_transaction, transaction
from store.errors import ConflictError

KEPT_FOR: Final = timedelta(hours=24)
# A request that was not carried out for so long never will be: its process is gone.
GIVEN_UP_AFTER: Final = timedelta(minutes=2)


class IdempotencyRow(Base):
    """One key of one caller. `claim` is the run that holds it; `status` is None until it has an answer."""

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("ix_idempotency_key_expires_at", "expires_at"),)

    caller: Mapped[str] = mapped_column(String(100), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    claim: Mapped[str] = mapped_column(String(32))
    request_sha256: Mapped[str] = mapped_column(String(64))
    carried_out: Mapped[bool] = mapped_column(default=False)
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answer: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a request."""

    caller: str
    key: str
    claim: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered; `headers` are those worth repeating."""

    status: int
    headers: dict[str, str]
    body: str


_running: ContextVar[Claim | None] = ContextVar("running", default=None)


def take(
    sessions: SessionFactory, clock: Clock, *, caller: str, key: str, request_sha256: str
) -> Claim | Answer:
    """Claim a key, or give the answer that it already has.

    Raises:
        ConflictError: `idempotency.other_request`, the key was used for something else.
        ConflictError: `idempotency.running`, `idempotency.carried_out`.
    """
    claim = Claim(caller, key, uuid.uuid4().hex)
    now = clock.now()
    row = IdempotencyRow(
        caller=caller,
        key=key,
        claim=claim.claim,
        request_sha256=request_sha256,
        started_at=now,
        expires_at=now + KEPT_FOR,
    )
    try:
        with transaction(sessions) as session:
            session.add(row)
    except IntegrityError:
        with transaction(sessions) as session:
            return _again(session, now, claim, request_sha256)
    return claim


def _again(session: Session, now: datetime, claim: Claim, request_sha256: str) -> Claim | Answer:
    row = session.get(IdempotencyRow, (claim.caller, claim.key), with_for_update=True)
    if row is None:  # given back between the two looks
        raise _busy()
    expired = row.expires_at <= now
    if not expired and row.request_sha256 != request_sha256:
        raise ConflictError(
            "the key was used for another request",
            code="idempotency.other_request",
            where="header Idempotency-Key",
            mend="Make a new key for each new request.",
        )
    if not expired and row.status is not None:
        return Answer(row.status, row.headers, row.answer or "")
    if not expired and row.carried_out:
        raise ConflictError(
            "the request was carried out, but its answer is not there",
            code="idempotency.carried_out",
            where="header Idempotency-Key",
            mend="Look at what it made; it is not carried out again.",
        )
    if not expired and now - row.started_at < GIVEN_UP_AFTER:
        raise _busy()
    row.claim, row.request_sha256, row.started_at = claim.claim, request_sha256, now
    row.expires_at, row.carried_out, row.status, row.answer = now + KEPT_FOR, False, None, None
    return claim


def _busy() -> ConflictError:
    return ConflictError(
        "the same request is being carried out",
        code="idempotency.running",
        where="header Idempotency-Key",
        mend="Ask again in a moment.",
    )


@contextmanager
def carrying_out(claim: Claim) -> Iterator[None]:
    """Every transaction inside marks the claim as carried out, in the same commit."""
    before = _running.set(claim)
    try:
        yield
    finally:
        _running.reset(before)


@event.listens_for(Session, "before_commit")
def _mark(session: Session) -> None:
    claim = _running.get()
    if claim is None or session.in_nested_transaction() or "carried_out" in in_transaction(session):
        return
    in_transaction(session)["carried_out"] = True
    marked: Any = session.execute(update(IdempotencyRow).where(_is(claim)).values(carried_out=True))
    if marked.rowcount != 1:
        raise _busy()  # another run took over, as this one seemed to be gone


def keep_answer(sessions: SessionFactory, claim: Claim, answer: Answer) -> None:
    """Keep what a request was answered."""
    kept = {"status": answer.status, "headers": answer.headers, "answer": answer.body, "carried_out": True}
    with transaction(sessions) as session:
        session.execute(update(IdempotencyRow).where(_is(claim)).values(kept))


def give_back(sessions: SessionFactory, claim: Claim) -> None:
    """Let the key be used again, unless something was carried out."""
    with transaction(sessions) as session:
        session.execute(delete(IdempotencyRow).where(_is(claim), IdempotencyRow.carried_out.is_(False)))


def prune(sessions: SessionFactory, clock: Clock) -> int:
    """Forget keys that ran out. Returns how many."""
    with transaction(sessions) as session:
        gone: Any = session.execute(delete(IdempotencyRow).where(IdempotencyRow.expires_at <= clock.now()))
    return int(gone.rowcount)


def _is(claim: Claim) -> Any:
    return (
        (IdempotencyRow.caller == claim.caller)
        & (IdempotencyRow.key == claim.key)
        & (IdempotencyRow.claim == claim.claim)
    )
