"""The verbs of the items. They take an open session and never commit."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final, Literal

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from complaint_warnings.cases.merged import take_turns
from complaint_warnings.models import WarningRow
from complaint_warnings.scoring.document import item_to_document
from complaint_warnings.scoring.weights import Weights
from complaint_warnings.seals import put_on_record
from complaint_warnings.service import apply_item
from complaint_warnings.sources.debtors import call_of_report, debtor_of_report, find_debtors
from complaint_warnings.sources.documents import Debtor, Opinion, Report
from complaint_warnings.sources.evidence import opinion_evidence, report_evidence
from complaint_warnings.sources.models import WarningItemRow
from complaint_warnings.sources.types import ItemSource
from complaint_warnings.types import ItemEvidence
from ingest.metadata import Agent
from store.clock import Clock
from store.errors import BadInputError, ConflictError, NotFoundError
from store.people import Actor, find_actor

MAY_REPORT: Final = (
    "collector", "customer_service", "supervisor", "department_head", "complaint_officer", "control_lead",
    "legal", "qc_reviewer", "qc_lead", "admin", "integration",
)  # fmt: skip
MAY_DECIDE: Final = (
    "customer_service", "supervisor", "department_head", "complaint_officer", "control_lead", "admin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an item: its row, whether it is new, and the warning it counts for."""

    item: WarningItemRow
    created: bool
    warning: WarningRow | None


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as it is to be kept; see `WarningItemRow`."""

    source: ItemSource
    external_id: str
    kind: str
    document: Mapping[str, Any]
    evidence: ItemEvidence
    debtor_key: str | None
    reporter: str | None = None


def report(session: Session, clock: Clock, document: Report, *, actor: Actor, weights: Weights) -> Received:
    """Take a report of the house's people. The reporter of the case it may open is the one who noticed.

    Raises:
        BadInputError: `item.not_oral`, `item.debtor_unclear`.
        NotFoundError: `item.call_unknown`, `people.unknown`.
        ConflictError: `item.role`, `item.changed`, `people.inactive`.
    """
    require(actor, MAY_REPORT, "report")
    reporter = find_actor(session, document.reporter)
    if reporter.id != actor.id and not document.oral and not actor.has("integration"):
        raise BadInputError(
            f"{actor.id} enters a report of {reporter.id}",
            code="item.not_oral",
            where="reporter",
            mend="Mark it as oral (`oral: true`, --oral), or let the reporter enter it.",
        )
    plain = document.model_dump(mode="json")
    external_id = document.external_id or _made_id("R", plain)
    where = f"report {external_id}"
    call = call_of_report(session, document.call, where) if document.call else None
    key = debtor_of_report(session, document.debtor, call, where)
    collector = Agent(id=call.agent_id, team=call.agent_team) if call else None
    evidence = report_evidence(document, f"report:{external_id}", collector)
    item = NewItem("report", external_id, document.doubts[0], plain, evidence, key, reporter.id)
    return receive(session, clock, item, actor=actor.id, weights=weights)


def opinion(session: Session, clock: Clock, document: Opinion, *, actor: Actor, weights: Weights) -> Received:
    """Take a public post. Where its ids name exactly one debtor of stored calls it counts for them; else it
    stays unmatched until a person names the debtor.

    Raises:
        ConflictError: `item.role`, `item.changed`.
    """
    require(actor, MAY_REPORT, "enter posts")
    plain = document.model_dump(mode="json")
    place = {name: plain[name] for name in (("platform", "link") if document.link else plain)}
    external_id = document.external_id or _made_id("P", place)
    key = find_debtors(session, document.debtor).certain
    evidence = opinion_evidence(document, f"opinion:{external_id}")
    kind = evidence.indicators[0].removeprefix("opinion.")
    item = NewItem("opinion", external_id, kind, plain, evidence, key)
    return receive(session, clock, item, actor=actor.id, weights=weights)


def receive(session: Session, clock: Clock, item: NewItem, *, actor: str, weights: Weights) -> Received:
    """Keep an item and let it count. The same again writes nothing.

    Raises:
        ConflictError: `item.changed`, its source sent another content under the same id before.
    """
    if item.debtor_key is not None:
        take_turns(session, item.debtor_key)
    row, created = _keep(session, clock, item, actor)
    if not created:
        warning = session.get(WarningRow, row.warning_id) if row.warning_id is not None else None
        return Received(row, False, warning)
    details = {"state": row.state, "kind": row.kind}
    put_on_record(session, clock, row, "item.received", details, actor)
    return Received(
        row, True, apply_item(session, clock, item=row, weights=weights, actor=item.reporter or actor)
    )


def match(
    session: Session, clock: Clock, item_id: int, debtor: Debtor, *, actor: Actor, weights: Weights
) -> Received:
    """Say whom an unmatched item is about; from then on it counts for them.

    Raises:
        NotFoundError: `item.unknown`, `item.debtor_unknown`.
        BadInputError: `item.debtor_unclear`.
        ConflictError: `item.role`, `item.decided`.
    """
    require(actor, MAY_DECIDE, "match items")
    found = find_debtors(session, debtor)
    if len(found.known) > 1:
        raise BadInputError(
            f"several debtors have this id: {', '.join(found.known)}",
            code="item.debtor_unclear",
            mend="Give the customer's id as the calls have it.",
        )
    if found.certain is None:
        raise NotFoundError(
            "no stored call is about this debtor",
            code="item.debtor_unknown",
            mend="Check the id; a debtor without calls can be reported by `diting warnings report`.",
        )
    take_turns(session, found.certain)
    row = _undecided(session, item_id)
    row.debtor_key = found.certain
    _decide(session, clock, row, "matched", actor, None)
    warning = apply_item(session, clock, item=row, weights=weights, actor=actor.id)
    return Received(row, False, warning)


def set_aside(session: Session, clock: Clock, item_id: int, *, actor: Actor, reason: str) -> WarningItemRow:
    """Say that an unmatched item concerns no debtor of the house. It stays in sight, with the reason.

    Raises:
        NotFoundError: `item.unknown`.
        BadInputError: `item.reason`.
        ConflictError: `item.role`, `item.decided`.
    """
    require(actor, MAY_DECIDE, "set items aside")
    if not reason.strip():
        raise BadInputError("the reason is missing", code="item.reason", where="reason", mend="Say why.")
    row = _undecided(session, item_id)
    _decide(session, clock, row, "set_aside", actor, reason.strip()[:400])
    return row


def require(actor: Actor, roles: tuple[str, ...], what: str) -> None:
    """Refuse who has none of the roles.

    Raises:
        ConflictError: `item.role`.
    """
    if not actor.has(*roles):
        raise ConflictError(
            f"{actor.id} may not {what}", code="item.role", mend=f"It takes one of: {', '.join(roles)}."
        )


def _keep(session: Session, clock: Clock, item: NewItem, actor: str) -> tuple[WarningItemRow, bool]:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    digest = _digest(item.document)
    written = session.execute(
        insert(WarningItemRow)
        .values(
            source=item.source,
            external_id=item.external_id,
            kind=item.kind,
            state="unmatched" if item.debtor_key is None else "matched",
            debtor_key=item.debtor_key,
            happened_at=item.evidence.at.astimezone(UTC) if item.evidence.at else None,
            received_at=clock.now(),
            received_by=actor,
            reporter_id=item.reporter,
            document=dict(item.document),
            content_sha256=digest,
            evidence=item_to_document(item.evidence),
        )
        .on_conflict_do_nothing(index_elements=["source", "external_id"])
        .returning(WarningItemRow.id)
    ).scalar_one_or_none()
    row = session.scalars(
        select(WarningItemRow)
        .where(WarningItemRow.source == item.source, WarningItemRow.external_id == item.external_id)
        .execution_options(populate_existing=True)
    ).one()
    if row.content_sha256 != digest:
        raise ConflictError(
            f"{row.reference} was received before with another content",
            code="item.changed",
            where=row.reference,
            mend="Nothing is overwritten: send it under another id, or match the item that is there.",
        )
    return row, written is not None


def _undecided(session: Session, item_id: int) -> WarningItemRow:
    row = session.get(WarningItemRow, item_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError(f"there is no item {item_id}", code="item.unknown")
    if row.state != "unmatched":
        raise ConflictError(
            f"{row.reference} is {row.state} already"
            + (f", decided by {row.decided_by}" if row.decided_by else ""),
            code="item.decided",
            mend="Reload the list; only unmatched items can be decided.",
        )
    return row


def _decide(
    session: Session,
    clock: Clock,
    row: WarningItemRow,
    state: Literal["matched", "set_aside"],
    actor: Actor,
    reason: str | None,
) -> None:
    row.state, row.decided_by, row.decided_at, row.reason = state, actor.id, clock.now(), reason
    put_on_record(session, clock, row, f"item.{state}", {}, actor.id)


def _made_id(letter: str, values: Mapping[str, Any]) -> str:
    """An id from the content, where the source gives none: the same content is the same item."""
    return f"{letter}-{_digest(values)[:16]}"


def _digest(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
