"""Deletion on demand: a person orders it, a second one agrees where the policy wants that, and it is done at
once or by the next run. It is refused while anything must be kept, with what that is."""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.merged import take_turns
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.models import WarningDebtorRow
from ingest.facts.models import CaseFactRow
from ingest.models import CallRow
from pipeline.retention.decide import WHY, Why, call_kept, case_kept
from pipeline.retention.erase import Way, erase_case, erase_items, forget_debtor
from pipeline.retention.holds import holds_of, need_reason
from pipeline.retention.look import every_call, every_case
from pipeline.retention.models import DeletionOrderRow
from pipeline.retention.policy import Policy
from pipeline.retention.rows import added
from pipeline.retention.subject import facts_of
from pipeline.retention.work import delete_call
from store import audit
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.erasing import erasing
from store.errors import ConflictError, NotFoundError
from store.people import Actor
from store.recordings import RecordingStore
from transcription.search.index import forget_deleted

# `free`: what of a debtor may be deleted now, while the rest is kept.
Kind = Literal["call", "debtor", "free"]
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a debtor must be kept, each with its reason, and the calls that need not be."""

    found: bool
    kept: tuple[str, ...]
    free: tuple[str, ...]


def order(
    session: Session,
    clock: Clock,
    policy: Policy,
    *,
    kind: Kind,
    subject: str,
    actor: Actor,
    reason: str,
) -> DeletionOrderRow:
    """Order that a call (`subject`: its number) or everything about a debtor (their key) be deleted; of kind
    `free` everything about the debtor that need not be kept.

    Raises:
        ConflictError: `retention.role`; `retention.kept`, something must be kept.
        NotFoundError: `retention.nothing`, nothing is on record of it.
        BadInputError: `retention.reason`.
    """
    _allow(policy, actor)
    reason = need_reason(reason)
    refuse_kept(session, clock, policy, kind, subject)
    row = DeletionOrderRow(
        kind=kind,
        subject=subject,
        reason=reason,
        state="waiting" if policy.orders.two_persons else "ordered",
        ordered_by=actor.id,
        ordered_at=clock.now(),
        approved_by=None,
        approved_at=None,
        done_at=None,
        counts={},
    )
    session.add(row)
    session.flush()
    _audit(session, clock, row, "retention.ordered", actor.id)
    return row


def order_subject(
    session: Session, clock: Clock, policy: Policy, *, debtor_key: str, actor: Actor, reason: str
) -> tuple[DeletionOrderRow, Standing]:
    """Order that all data of a person be deleted that need not be kept; says what is kept, and why. Raises
    as `order` does; `retention.kept` where everything is."""
    stands = standing(session, clock, policy, debtor_key)
    kind: Kind = "free" if stands.kept else "debtor"
    row = order(session, clock, policy, kind=kind, subject=debtor_key, actor=actor, reason=reason)
    return row, stands


def approve(session: Session, clock: Clock, policy: Policy, number: int, *, actor: Actor) -> DeletionOrderRow:
    """The second person agrees.

    Raises:
        NotFoundError: `retention.no_order`.
        ConflictError: `retention.role`, `retention.second_person`, `retention.kept`.
    """
    _allow(policy, actor)
    row = session.get(DeletionOrderRow, number, with_for_update=True)
    if row is None:
        raise NotFoundError(
            f"there is no order {number}",
            code="retention.no_order",
            mend="`diting retention show` lists them.",
        )
    if row.state != "waiting":
        return row
    if row.ordered_by == actor.id:
        raise ConflictError(
            "who orders a deletion does not agree to it as well",
            code="retention.second_person",
            where=f"order {number}",
            mend="Another person of these roles approves it: " + ", ".join(policy.orders.roles) + ".",
        )
    refuse_kept(session, clock, policy, _kind(row), row.subject)
    row.state, row.approved_by, row.approved_at = "ordered", actor.id, clock.now()
    _audit(session, clock, row, "retention.approved", actor.id)
    return row


def carry_out(
    sessions: SessionFactory, clock: Clock, recordings: RecordingStore, policy: Policy, number: int
) -> DeletionOrderRow:
    """Do what was ordered, each call and case in a transaction of its own; begun again it goes on.

    Raises:
        ConflictError: `retention.kept`, something must be kept meanwhile; `retention.not_approved`.
    """
    with reading(sessions) as session:
        row = session.get_one(DeletionOrderRow, number)
        calls = [call.id for call in every_call(session, _of(_kind(row), row.subject))]
    if row.state == "waiting":
        raise ConflictError(
            "a second person has not agreed yet",
            code="retention.not_approved",
            where=f"order {number}",
            mend=f"`diting retention approve {number} --by PERSON`.",
        )
    if row.state == "done":
        return row
    way = Way(policy, row.approved_by or row.ordered_by, f"order {number}")
    for call_id in calls:
        counts, _ = delete_call(sessions, clock, recordings, call_id, way)
        _note(sessions, number, counts or {})
    with transaction(sessions) as session:
        if row.kind == "debtor" or (
            row.kind == "free" and not standing(session, clock, policy, row.subject).kept
        ):
            _erase_rest(session, clock, row, way)
        forget_deleted(session)
        refuse_kept(session, clock, policy, _kind(row), row.subject, gone=True)
        mine = session.get_one(DeletionOrderRow, number, with_for_update=True)
        mine.state, mine.done_at = "done", clock.now()
        mine.subject = f"sha256:{hashlib.sha256(row.subject.encode()).hexdigest()}"
        _audit(session, clock, mine, "retention.order_done", way.actor)
    return mine


def waiting_orders(session: Session) -> list[int]:
    """Orders that are agreed on and not done."""
    query = select(DeletionOrderRow.id).where(DeletionOrderRow.state == "ordered")
    return list(session.scalars(query.order_by(DeletionOrderRow.id)))


def refuse_kept(
    session: Session, clock: Clock, policy: Policy, kind: Kind, subject: str, *, gone: bool = False
) -> None:
    """Make sure that nothing of it must be kept.

    Raises:
        ConflictError: `retention.kept`, naming what and why.
        NotFoundError: `retention.nothing`, unless it is `gone`.
    """
    if kind == "call":
        now, found, kept, free = clock.now(), False, list[str](), 0
        for call in every_call(session, _of(kind, subject)):
            found = True
            why = call_kept(policy, call.facts, now, ordered=True)
            kept += [] if why is None else [_said(session, call.id, call.key, why)]
    else:
        stands = standing(session, clock, policy, subject)
        found, kept, free = stands.found, list(stands.kept), len(stands.free)
    if kind == "free" and (free or gone):
        return
    if kept:
        more = f" and {len(kept) - _SHOWN} more" if len(kept) > _SHOWN else ""
        raise ConflictError(
            "it must be kept: " + "; ".join(kept[:_SHOWN]) + more,
            code="retention.kept",
            where=f"{kind} {subject}",
            mend="Release the hold or close the case first; `diting retention show` says more.",
        )
    if not found and not gone:
        raise NotFoundError(
            "nothing is on record of it",
            code="retention.nothing",
            where=f"{kind} {subject}",
            mend="`diting retention prove` says whether it was deleted.",
        )


def standing(session: Session, clock: Clock, policy: Policy, debtor_key: str) -> Standing:
    """What would become of a debtor's data if its deletion were ordered now."""
    now = clock.now()
    kept: list[str] = []
    free: list[str] = []
    for call in every_call(session, CallRow.debtor_key == debtor_key):
        why = call_kept(policy, call.facts, now, ordered=True)
        if why is None:
            free.append(call.key)
        else:
            kept.append(_said(session, call.id, call.key, why))
    cases = list(every_case(session, CaseRow.debtor_key == debtor_key))
    for case in cases:
        held = "case" if case.facts.closed_at is None else case_kept(case.facts)
        if held not in (None, "calls"):
            kept.append(f"{case.number}: {WHY[held][1]}")
    facts = select(CaseFactRow.id).where(facts_of(debtor_key)).limit(1)
    known = session.get(WarningDebtorRow, debtor_key) is not None or session.scalar(facts) is not None
    return Standing(bool(free or kept or cases) or known, tuple(kept), tuple(free))


def _said(session: Session, call_id: int, key: str, why: Why) -> str:
    by = [one.case or f"{one.set_by} ({one.reason})" for one in holds_of(session, call_id)]
    more = f" by {', '.join(by)}" if why == "hold" and by else ""
    return f"call {key}: {WHY[why][1]}{more}"


def _erase_rest(session: Session, clock: Clock, row: DeletionOrderRow, way: Way) -> None:
    """Cases, items and facts of a debtor whose calls are gone."""
    take_turns(session, row.subject)
    counts: dict[str, int] = {}
    for case in list(every_case(session, CaseRow.debtor_key == row.subject)):
        counts = added(counts, erase_case(session, clock, case.id, way) or {})
    clause = way.order or ""
    counts = added(counts, erase_items(session, clock, row.subject, way, clause))
    with erasing(session):
        facts = session.scalars(select(CaseFactRow).where(facts_of(row.subject))).all()
        for fact in facts:
            session.delete(fact)
    counts = added(counts, {"case_fact": len(facts)} if facts else {})
    forget_debtor(session, row.subject)
    mine = session.get_one(DeletionOrderRow, row.id)
    mine.counts = added(mine.counts, counts)


def _of(kind: Kind, subject: str) -> ColumnElement[bool]:
    return CallRow.id == int(subject) if kind == "call" else CallRow.debtor_key == subject


def _note(sessions: SessionFactory, number: int, counts: dict[str, int]) -> None:
    with transaction(sessions) as session:
        row = session.get_one(DeletionOrderRow, number, with_for_update=True)
        row.counts = added(row.counts, counts)


def _kind(row: DeletionOrderRow) -> Kind:
    return cast("Kind", row.kind)


def _allow(policy: Policy, actor: Actor) -> None:
    if not actor.has(*policy.orders.roles):
        raise ConflictError(
            f"{actor.id} may not order deletions",
            code="retention.role",
            mend=f"It takes one of the roles {', '.join(policy.orders.roles)}.",
        )


def _audit(session: Session, clock: Clock, row: DeletionOrderRow, action: str, actor: str) -> None:
    details = {"kind": row.kind, "counts": row.counts}
    audit.append(session, clock, actor=actor, action=action, subject=f"order:{row.id}", details=details)
