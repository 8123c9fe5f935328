"""How a case begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.cases import system_documents as s
from complaint_warnings.cases.door import write
from complaint_warnings.cases.models import CaseRow
from complaint_warnings.cases.types import Complexity, Kind
from complaint_warnings.models import WarningRow
from complaint_warnings.turns import take_turn
from complaint_warnings.types import Level
from store.clock import Clock
from store.errors import ConflictError
from store.people import Actor
from store.settings import get_settings

_LETTER: Final[Mapping[Kind, str]] = {"warning": "W", "complaint": "C"}


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known when a case is opened; see `CaseRow` for the fields of the ledger.

    `flags` are names of triggers that were met (`self_harm`); `concerned` all collectors whom it is about;
    `brought_by` who reported it beside the opener; `details` whatever the opener wants kept with the first
    event.
    """

    kind: Kind
    debtor_key: str
    level: Level
    source: str
    advice: Mapping[str, Any]
    warning: WarningRow | None = None
    first_seen_at: datetime | None = None
    debtor_name: str | None = None
    contact: str | None = None
    amount_due: str | None = None
    currency: str | None = None
    client: str | None = None
    collector_id: str | None = None
    team: str | None = None
    complexity: Complexity = "general"
    flags: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()
    brought_by: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


def open_case(session: Session, clock: Clock, *, opening: Opening, actor: Actor) -> CaseRow:
    """Enter a case into the ledger; its reporter is the actor.

    Raises:
        ConflictError: `case.other_open`, the debtor has an open case.
    """
    take_turn(session, opening.debtor_key)
    open_already = find_open(session, opening.debtor_key)
    if open_already is not None:
        raise ConflictError(
            f"the debtor has an open case, {open_already.number}",
            code="case.other_open",
            mend=f"Add to {open_already.number} instead.",
        )
    row = _place(session, clock, opening, actor)
    year = row.opened_at.astimezone(ZoneInfo(get_settings().timezone)).year
    number = f"{_LETTER[opening.kind]}-{year}-{row.id:06d}"
    write(
        session, clock, row, None, action="opened", actor=actor, document=_document(opening, number),
        to_state="reported",
    )  # fmt: skip
    return row


def find_open(session: Session, debtor_key: str) -> CaseRow | None:
    """The debtor's open case, if any."""
    return session.scalar(
        select(CaseRow)
        .where(CaseRow.debtor_key == debtor_key, CaseRow.closed_at.is_(None))
        .execution_options(populate_existing=True)
    )


def _place(session: Session, clock: Clock, opening: Opening, actor: Actor) -> CaseRow:
    """A row with an id, from which the number is made: unique without asking anybody else."""
    now = clock.now().astimezone(UTC)
    row = CaseRow(
        number=f"?{uuid4().hex}",
        kind=opening.kind,
        debtor_key=opening.debtor_key,
        warning_id=None,
        state="reported",
        level=opening.level,
        source=opening.source,
        complexity=opening.complexity,
        opened_at=now,
        updated_at=now,
        advice=dict(opening.advice),
        reporter_id=actor.id,
    )
    session.add(row)
    session.flush()
    return row


def _document(opening: Opening, number: str) -> s.Opened:
    return s.Opened(
        number=number,
        kind=opening.kind,
        debtor_key=opening.debtor_key,
        warning_id=opening.warning.id if opening.warning else None,
        level=opening.level,
        source=opening.source,
        complexity=opening.complexity,
        first_seen_at=opening.first_seen_at,
        debtor_name=opening.debtor_name,
        contact=opening.contact,
        amount_due=opening.amount_due,
        currency=opening.currency,
        client=opening.client,
        collector_id=opening.collector_id,
        team=opening.team,
        advice=dict(opening.advice),
        flags=opening.flags,
        concerned=opening.concerned,
        brought_by=opening.brought_by,
        details=dict(opening.details),
    )
