"""The one door to the tickets: every action of a person, and of the beat, is decided, put on record and told
here, and nowhere else."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from qc.assigning.choose import Seat, WithinTeam
from qc.assigning.service import give, vacate
from qc.assigning.waiting import holder
from qc.models import TicketRow
from qc.review import documents as d
from qc.review.decide import check_guards, line_of, read_document, require_role
from qc.review.fold import after
from qc.review.guards.base import Step
from qc.review.loading import Loaded, load, load_view
from qc.review.models import TicketEventRow
from qc.review.projection import project
from qc.review.rating import card_result, fitted
from qc.review.results import rescored
from qc.review.rulebook import UNKNOWN, rulebook
from qc.review.sight import is_collector, seen_version, sees_only_own
from qc.review.transitions import Transition
from qc.review.view import TicketView, all_missed, final, human
from qc.verdicts.decision import OF_TICKET
from qc.verdicts.service import Limits
from qc.verdicts.service import decide as say
from store import audit
from store.clock import Clock
from store.errors import ConflictError
from store.people import Actor, PersonRow, actor_of
from store.settings import Settings

# Told of an event in its transaction, with the ticket as it is then.
Follower = Callable[[Session, Clock, TicketRow, TicketView, TicketEventRow], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """By which the house reviews: how long a collector may appeal, when a rule drops to advisory, and who of
    the collector's own team may review."""

    appeal_window: timedelta
    limits: Limits
    within_team: WithinTeam = "no_superiors"
    followers: tuple[Follower, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The terms of an installation."""
        return cls(
            timedelta(hours=settings.appeal_hours),
            Limits(settings.advisory_share, settings.advisory_decisions),
            settings.review_within_team,
        )


def act(
    session: Session,
    clock: Clock,
    terms: Terms,
    *,
    ticket_id: int,
    action: str,
    actor: Actor,
    details: Mapping[str, Any],
    version: int | None = None,
) -> Loaded:
    """Do one thing with a ticket: check it against the table, add the event, write the row after it, tell the
    followers; all in the caller's transaction. Of two at the same time the second sees what the first did.

    Args:
        session: the caller's open transaction.
        clock: tells when it happened.
        terms: of the house.
        ticket_id: the ticket.
        action: of the table (`transitions.ACTIONS`).
        actor: who acts.
        details: the document of the action.
        version: the ticket's version that the actor saw; None where that does not matter.

    Raises:
        NotFoundError: `ticket.unknown`, `scorecard.unknown`.
        BadInputError: `ticket.action`, `ticket.document`, `scorecard.rating`, `scorecard.none`, and those of
            the guards about a field.
        ConflictError: `ticket.version`, `ticket.transition`, `ticket.role`, and those of the guards.
    """
    row, view, events = load_view(session, ticket_id, lock=True)
    _check_version(row, view, events, actor, version)
    line = line_of(view, action)
    require_role(view, line, actor)
    document = fitted(session, view, actor, read_document(line, details))
    now = clock.now().astimezone(UTC)
    check_guards(line, Step(view, actor, now, document, _people(session, document)))
    event = _event(row, view, len(events) + 1, now, actor, line, document)
    event.details |= _worked_out(session, row, view, event, terms)
    event.sha256 = event_hash(event)
    became = after(view, event)
    session.add(event)
    _write_row(row, became, event)
    session.flush()
    _give_seats(session, clock, terms, row, became, event)
    project(session, view, event)
    _audit(session, clock, event)
    if became.state == "final":
        _teach_rules(session, clock, terms, became, actor)
    for follower in terms.followers:
        follower(session, clock, row, became, event)
    return load(session, ticket_id)


def event_hash(event: TicketEventRow) -> str:
    """SHA-256 over the event."""
    content = {
        "ticket_id": event.ticket_id,
        "seq": event.seq,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "action": event.action,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "details": event.details,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _check_version(
    row: TicketRow, view: TicketView, events: list[TicketEventRow], actor: Actor, version: int | None
) -> None:
    """Refuse a step that was thought out on another state of the ticket.

    Raises:
        ConflictError: `ticket.version`.
    """
    now = seen_version(row.version, view, events, actor)
    if version is None or version == now:
        return
    who = who_changed(view, events, actor)
    raise ConflictError(
        f"ticket {row.id} changed meanwhile ({who}): it is {row.state}, version {now}, not {version}",
        code="ticket.version",
        mend=f"Look at it again and repeat the step with version {now} if it is still right.",
    )


def who_changed(view: TicketView, events: Sequence[TicketEventRow], actor: Actor) -> str:
    """Who did the last thing to a ticket, and what, as far as the actor may know."""
    if not events:
        return "the machine"
    last = events[-1]
    if last.actor != actor.id and (sees_only_own(view, actor) or is_collector(view, actor)):
        return "somebody else"
    return f"{last.actor} did {last.action} at {last.at.isoformat(timespec='seconds')}"


def _people(session: Session, document: d.Document) -> dict[str, Actor]:
    """The active persons whom the document names."""
    named = document.people()
    if not named:
        return {}
    rows = session.scalars(select(PersonRow).where(PersonRow.id.in_(named), PersonRow.active.is_(True)))
    return {row.id: actor_of(row) for row in rows}


def _event(
    row: TicketRow,
    view: TicketView,
    seq: int,
    now: datetime,
    actor: Actor,
    line: Transition,
    document: d.Document,
) -> TicketEventRow:
    return TicketEventRow(
        ticket_id=row.id,
        seq=seq,
        at=now,
        actor=actor.id,
        action=line.action,
        from_state=view.state,
        to_state=line.target or view.state,
        details=document.model_dump(mode="json"),
    )


def _worked_out(
    session: Session, row: TicketRow, view: TicketView, event: TicketEventRow, terms: Terms
) -> dict[str, Any]:
    """What the door adds to an event: until when one may appeal, and what it all came to."""
    if event.to_state not in ("shared", "final") or event.to_state == view.state:
        return {}
    added: dict[str, Any] = {}
    if event.to_state == "shared":
        added["appeal_until"] = (event.at + terms.appeal_window).isoformat()
        added |= card_result(view)
        became = after(view, _with(event, added))
        said = human(became)
    else:
        became = after(view, event)
        said = final(became)
    loaded = load(session, row.id)
    book = UNKNOWN if loaded.pack_hash is None else rulebook(session, loaded.pack_hash)
    total = rescored(loaded.findings, all_missed(became), said, book)
    judged = loaded.machine is not None
    return added | {"result": {"score": total.total, "band": total.band} if judged else None}


def _with(event: TicketEventRow, added: dict[str, Any]) -> TicketEventRow:
    event.details = {**event.details, **added}
    return event


def _give_seats(
    session: Session, clock: Clock, terms: Terms, row: TicketRow, now: TicketView, event: TicketEventRow
) -> None:
    """Give the seats that the event gives, or take them; the assignment refuses who may not judge the
    collector.

    Raises:
        ConflictError: `reviewer.barred`.
    """
    version = row.version
    seats: tuple[tuple[Seat, str | None], ...] = (("first", now.reviewer), ("second", now.second_reviewer))
    # Whoever loses a seat loses it first: the other one may go to them.
    for seat, person in sorted(seats, key=lambda each: each[1] or ""):
        if holder(row, seat) == person:
            continue
        if person is None:
            vacate(session, clock, row, seat=seat, by=event.actor)
        else:
            give(session, clock, row.id, person, seat=seat, within_team=terms.within_team, by=event.actor)
    row.version = version
    session.flush()


def _write_row(row: TicketRow, view: TicketView, event: TicketEventRow) -> None:
    row.state = view.state
    row.version += 1
    row.shared_at, row.appeal_until, row.final_at = view.shared_at, view.appeal_until, view.final_at
    result = event.details.get("result") if view.state == "final" else None
    row.final_score = result["score"] if result else None
    row.final_band = result["band"] if result else None
    row.updated_at = event.at


def _audit(session: Session, clock: Clock, event: TicketEventRow) -> None:
    audit.append(
        session,
        clock,
        actor=event.actor,
        action=f"ticket.{event.action}",
        subject=f"ticket:{event.ticket_id}",
        details={"seq": event.seq, "state": event.to_state, "event": event.sha256},
    )


def _teach_rules(session: Session, clock: Clock, terms: Terms, view: TicketView, actor: Actor) -> None:
    """The final verdicts count for the rules, one for each finding, however many people had a say. After a
    reopening the new one takes the place of the old. What each reviewer said goes on record before it, in
    their own names: it is outweighed, and tells how they judge."""
    given = [(each.reviewer, each.said) for each in (view.first, view.second) if each is not None]
    for by, said in (*given, (f"{OF_TICKET}{view.id}", final(view))):
        for item, one in sorted(said.items()):
            if item.kind == "finding":
                say(
                    session, clock, finding_id=item.number, verdict=one.verdict, by=by,
                    limits=terms.limits, actor=actor.id,
                )  # fmt: skip
