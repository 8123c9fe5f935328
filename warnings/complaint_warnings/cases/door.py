"""The one door to the cases: every action is decided, put on record and told here, and nowhere else."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases import documents as d
from complaint_warnings.cases.again import begins_again, wakes
from complaint_warnings.cases.decide import check_guards, prepare
from complaint_warnings.cases.events import entry_hash, event_hash
from complaint_warnings.cases.fold import after, begin, fold
from complaint_warnings.cases.guards import Step, Target
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.cases.view import CaseView, row_values
from complaint_warnings.turns import take_turn
from store import audit
from store.clock import Clock
from store.errors import BadInputError, IntegrityError, NotFoundError
from store.people import SYSTEM, Actor, PersonRow, actor_of


def act(
    session: Session,
    clock: Clock,
    *,
    case_id: int,
    action: str,
    actor: Actor,
    details: Mapping[str, Any],
    version: int | None = None,
) -> CaseRow:
    """Do one thing with a case: check it against the table, add the event, write the row after it, tell the
    followers; all in the caller's transaction. Of two at the same time the second sees what the first did.

    Keep to one debtor in a transaction: the audit log is locked from here to the commit.

    Args:
        session: the caller's open transaction.
        clock: tells when it happened.
        case_id: the case.
        action: of the table (`transitions.ACTIONS`).
        actor: who acts.
        details: the document of the action.
        version: the case's version that the actor saw; None where that does not matter.

    Raises:
        NotFoundError: `case.unknown`, `people.unknown`.
        BadInputError: `case.action`, `case.document`.
        ConflictError: `case.version`, `case.transition`, `case.closed`, `case.role`, and those of the guards.
        IntegrityError: `case.altered`, the stored row is not what was written.
    """
    row, view = lock_for(session, case_id, action=action, details=details)
    line, document = prepare(view, action=action, actor=actor, details=details, version=version)
    step = Step(
        case_id=case_id,
        view=view,
        actor=actor,
        now=clock.now(),
        document=document,
        people=_people(session, document, view),
        target=_target(session, document),
        other_open=_other_open(session, row),
    )
    check_guards(line, step)
    event = write(
        session, clock, row, view, action=action, actor=actor, document=document, to_state=line.target
    )
    now = after(view, event)
    if wakes(view, now):
        act(session, clock, case_id=case_id, action="resume", actor=SYSTEM, details={})
    if begins_again(view, now):
        because = {"because_of": event.seq, "action": action}
        act(session, clock, case_id=case_id, action="handle_again", actor=SYSTEM, details=because)
    if isinstance(document, d.Merge):
        from_ = _goes_on(row, view)
        act(session, clock, case_id=document.into, action="merged_from", actor=SYSTEM, details=from_)
    return row


def lock_for(
    session: Session, case_id: int, *, action: str, details: Mapping[str, Any]
) -> tuple[CaseRow, CaseView]:
    """The case, kept from others for an action on it, with all turns that the action needs; whoever looks at
    it before `act`, in the same transaction, takes it here.

    Raises:
        NotFoundError: `case.unknown`.
        IntegrityError: `case.altered`.
    """
    return lock_case(session, case_id, also=_debtor_of_target(session, action, details))


def lock_case(session: Session, case_id: int, *, also: str | None = None) -> tuple[CaseRow, CaseView]:
    """The case, kept from others until the transaction ends, and what its events tell.

    `also` is another debtor whose turn is needed; the turns are taken in one order everywhere.

    Raises:
        NotFoundError: `case.unknown`.
        IntegrityError: `case.altered`.
    """
    debtor = session.scalar(select(CaseRow.debtor_key).where(CaseRow.id == case_id))
    if debtor is None:
        raise NotFoundError(
            f"there is no case {case_id}", code="case.unknown", mend="`diting cases list` names all."
        )
    for key in sorted({debtor, also or debtor}):
        take_turn(session, key)
    row = session.scalars(
        select(CaseRow)
        .where(CaseRow.id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    events = history(session, case_id)
    if not events or events[-1].entry_sha256 != entry_hash(row):
        raise IntegrityError(
            f"the row of case {case_id} is not what its last event left",
            code="case.altered",
            mend="`diting verify` says what was altered; put the row back from a backup.",
        )
    return row, fold(events)


def history(session: Session, case_id: int) -> list[CaseEventRow]:
    """The events of a case, oldest first."""
    return list(
        session.scalars(
            select(CaseEventRow).where(CaseEventRow.case_id == case_id).order_by(CaseEventRow.seq)
        )
    )


def write(
    session: Session,
    clock: Clock,
    row: CaseRow,
    view: CaseView | None,
    *,
    action: str,
    actor: Actor,
    document: d.Document,
    to_state: str | None,
) -> CaseEventRow:
    """Add an event that was decided, write the row after it, chain both, and tell the followers. `view` is
    the case before it, None for its opening. Only the door and the opening may call this."""
    from complaint_warnings.cases.followers import FOLLOWERS  # noqa: PLC0415 - followers act through the door

    event = CaseEventRow(
        case_id=row.id,
        seq=1 if view is None else view.version + 1,
        at=clock.now().astimezone(UTC),
        actor=actor.id,
        action=action,
        from_state=None if view is None else view.state,
        to_state=to_state or row.state,
        details=document.model_dump(mode="json"),
    )
    now = begin(event) if view is None else after(view, event)
    for name, value in row_values(now).items():
        setattr(row, name, value)
    event.entry_sha256 = entry_hash(row)
    event.sha256 = event_hash(event)
    session.add(event)
    session.flush()
    audit.append(
        session,
        clock,
        actor=actor.id,
        action=f"case.{action}",
        subject=f"case:{row.id}",
        details={
            "seq": event.seq,
            "state": event.to_state,
            "event": event.sha256,
            "entry": event.entry_sha256,
        },
    )
    for follower in FOLLOWERS:
        follower(session, clock, row, event)
    return event


def _goes_on(row: CaseRow, view: CaseView) -> dict[str, Any]:
    """What a merged case takes with it: its level and triggers, its complaints, whom it was about, who
    reported it, and whether a head has yet to read it."""
    received = view.complaint.received
    unread = view.kind == "warning" and not view.review_stands
    return {
        "case": row.id,
        "number": row.number,
        "level": view.level,
        "flags": sorted(view.flags),
        "collector_id": view.collector_id,
        "concerned": sorted(view.concerned),
        "brought_by": sorted(view.brought_in - {SYSTEM.id}),
        "highest": view.highest,
        "reviewed": False if unread else None,
        "received": [one.model_dump(mode="json") for one in received],
        "arrived_at": min((one.arrived_at for one in received), default=None),
    }


def _debtor_of_target(session: Session, action: str, details: Mapping[str, Any]) -> str | None:
    into = details.get("into")
    if action != "merge" or not isinstance(into, int) or not 0 < into <= 2**31 - 1:
        return None
    return session.scalar(select(CaseRow.debtor_key).where(CaseRow.id == into))


def _people(session: Session, document: d.Document, view: CaseView) -> dict[str, Actor]:
    """The active persons whom the document and the team name.

    Raises:
        BadInputError: `case.document`, the document names somebody who is not there or not active.
    """
    named = set(document.people())
    wanted = named | view.members
    if not wanted:
        return {}
    rows = session.scalars(select(PersonRow).where(PersonRow.id.in_(wanted), PersonRow.active.is_(True)))
    found = {row.id: actor_of(row) for row in rows}
    missing = sorted(named - found.keys())
    if missing:
        raise BadInputError(
            f"there is no active person {', '.join(missing)}",
            code="case.document",
            mend="`diting people list` names all; `diting people add` adds one.",
        )
    return found


def _target(session: Session, document: d.Document) -> Target | None:
    if not isinstance(document, d.Merge):
        return None
    row = session.get(CaseRow, document.into, populate_existing=True)
    return None if row is None else Target(row.id, row.number, row.closed_at is None)


def _other_open(session: Session, row: CaseRow) -> str | None:
    return session.scalar(
        select(CaseRow.number).where(
            CaseRow.debtor_key == row.debtor_key, CaseRow.id != row.id, CaseRow.closed_at.is_(None)
        )
    )
