"""Looking at cases: lists, one case with its history, and what somebody may do with it now."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.decide import Possible, possible
from complaint_warnings.cases.door import history
from complaint_warnings.cases.fold import fold
from complaint_warnings.cases.guards import Step
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.cases.view import CaseView
from store.clock import Clock
from store.errors import NotFoundError
from store.people import Actor, PersonRow, actor_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are wanted; None where it does not matter. `before` is an id to continue after."""

    state: str | None = None
    level: str | None = None
    kind: str | None = None
    handler: str | None = None
    collector: str | None = None
    open_only: bool = False
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Loaded:
    """One case with everything that happened to it."""

    row: CaseRow
    view: CaseView
    events: tuple[CaseEventRow, ...]


def list_cases(session: Session, wanted: Wanted) -> list[CaseRow]:
    """The cases, newest first."""
    query: Select[Any] = select(CaseRow).order_by(CaseRow.id.desc()).limit(wanted.limit)
    equal = {
        CaseRow.state: wanted.state,
        CaseRow.level: wanted.level,
        CaseRow.kind: wanted.kind,
        CaseRow.handler_id: wanted.handler,
        CaseRow.collector_id: wanted.collector,
    }
    query = query.where(*(column == value for column, value in equal.items() if value is not None))
    if wanted.open_only:
        query = query.where(CaseRow.closed_at.is_(None))
    if wanted.before is not None:
        query = query.where(CaseRow.id < wanted.before)
    return list(session.scalars(query))


def find_case(session: Session, name: str) -> CaseRow:
    """The case by its id or its number.

    Raises:
        NotFoundError: `case.unknown`.
    """
    row = session.scalar(select(CaseRow).where(CaseRow.number == name.strip().upper()))
    if row is None and name.strip().isdecimal() and len(name) < 10:
        row = session.get(CaseRow, int(name))
    if row is None:
        raise NotFoundError(
            f"there is no case {name}", code="case.unknown", mend="`diting cases list` names all."
        )
    return row


def load_case(session: Session, case_id: int) -> Loaded:
    """The case with its history.

    Raises:
        NotFoundError: `case.unknown`.
    """
    row = session.get(CaseRow, case_id)
    if row is None:
        raise NotFoundError(
            f"there is no case {case_id}", code="case.unknown", mend="`diting cases list` names all."
        )
    events = tuple(history(session, case_id))
    return Loaded(row, fold(events), events)


def possible_now(session: Session, clock: Clock, loaded: Loaded, actor: Actor) -> list[Possible]:
    """What the actor could do with the case now, and what stands in the way of each."""
    members = session.scalars(
        select(PersonRow).where(PersonRow.id.in_(loaded.view.members), PersonRow.active.is_(True))
    )
    people = {row.id: actor_of(row) for row in members}
    return possible(Step(loaded.row.id, loaded.view, actor, clock.now(), None, people))
