"""Items beside the calls, as the command line and the API take and show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.masking import mask_name, mask_number
from complaint_warnings.models import WarningCallRow
from complaint_warnings.scoring.weights import DEFAULT_WEIGHTS, Weights, load_weights
from complaint_warnings.sources import service
from complaint_warnings.sources.models import WarningItemRow
from complaint_warnings.sources.posts_file import Post, RefusedPost
from complaint_warnings.sources.service import Received
from store.clock import Clock
from store.database import SessionFactory, transaction
from store.errors import DitingError
from store.people import Actor
from store.settings import Settings

REPORT_EXAMPLE: dict[str, Any] = {
    "external_id": "R-12",
    "reporter": "li",
    "debtor": {"customer_id": "C1"},
    "name": "李建国",
    "doubts": ["method", "frequency"],
    "words": "客户说每天都打给他的同事，要投诉。",
    "level": "medium",
    "happened_at": "2026-03-05T11:30:00+08:00",
}
OPINION_EXAMPLE: dict[str, Any] = {
    "platform": "黑猫投诉",
    "link": "https://example.org/1",
    "posted_at": "2026-03-05T10:00:00+08:00",
    "author": "@cat",
    "text": "催收一天打了十个电话。",
}
ITEM_EXAMPLE: dict[str, Any] = {
    "id": 3,
    "reference": "report:R-12",
    "source": "report",
    "kind": "method",
    "state": "matched",
    "debtor_key": "customer:C1",
    "warning_id": 5,
    "happened_at": "2026-03-05T03:30:00Z",
    "received_at": "2026-03-05T03:40:00Z",
    "received_by": "li",
    "reporter": "li",
    "decided_by": None,
    "reason": None,
    "document": REPORT_EXAMPLE,
}


class ItemOut(BaseModel):
    """One report, hit of a monitor, or public post; telephone numbers partly masked."""

    model_config = ConfigDict(json_schema_extra={"examples": [ITEM_EXAMPLE]})

    id: int
    reference: str
    source: str
    kind: str
    state: str = Field(description="matched, unmatched or set_aside")
    debtor_key: str | None
    warning_id: int | None
    happened_at: datetime | None
    received_at: datetime
    received_by: str
    reporter: str | None
    decided_by: str | None
    reason: str | None
    document: dict[str, Any]


class ReceivedOut(BaseModel):
    """An item that was taken; `created` is false where it was known already."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"item": ITEM_EXAMPLE, "created": True}]})

    item: ItemOut
    created: bool


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line of a file that was not taken."""

    line: int
    field: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file of posts."""

    new: int
    known: int
    unmatched: int
    refused: tuple[RefusedLine, ...]


def weights_of(settings: Settings) -> Weights:
    """The weights that the settings name."""
    return load_weights(settings.weights_file or DEFAULT_WEIGHTS)


def item_out(row: WarningItemRow) -> ItemOut:
    """One item."""
    document = dict(row.document)
    for field in ("contact",):
        if document.get(field):
            document[field] = mask_number(str(document[field]))
    debtor = document.get("debtor")
    if isinstance(debtor, dict) and debtor.get("number"):
        debtor = debtor | {"number": mask_number(str(debtor["number"]))}
    if isinstance(debtor, dict) and debtor.get("name"):
        debtor = debtor | {"name": mask_name(str(debtor["name"]))}
    if isinstance(debtor, dict):
        document["debtor"] = debtor
    return ItemOut(
        id=row.id,
        reference=row.reference,
        source=row.source,
        kind=row.kind,
        state=row.state,
        debtor_key=_masked_key(row.debtor_key),
        warning_id=row.warning_id,
        happened_at=row.happened_at,
        received_at=row.received_at,
        received_by=row.received_by,
        reporter=row.reporter_id,
        decided_by=row.decided_by,
        reason=row.reason,
        document=document,
    )


def received_out(received: Received) -> ReceivedOut:
    """What became of an item."""
    return ReceivedOut(item=item_out(received.item), created=received.created)


def items(
    session: Session, *, source: str | None, state: str | None, before: int | None, limit: int
) -> list[WarningItemRow]:
    """Items, newest first."""
    query = select(WarningItemRow)
    for column, value in ((WarningItemRow.source, source), (WarningItemRow.state, state)):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(WarningItemRow.id < before)
    return list(session.scalars(query.order_by(WarningItemRow.id.desc()).limit(limit)))


def import_posts(
    sessions: SessionFactory,
    clock: Clock,
    lines: Iterable[Post | RefusedPost],
    *,
    actor: Actor,
    weights: Weights,
) -> Imported:
    """Take the usable lines, each in a transaction of its own; say of the others why not. The same file again
    writes nothing."""
    new = known = unmatched = 0
    refused: list[RefusedLine] = []
    for each in lines:
        if isinstance(each, RefusedPost):
            refused.append(RefusedLine(each.line, each.field, each.message, each.mend))
            continue
        try:
            with transaction(sessions) as session:
                taken = service.opinion(session, clock, each.opinion, actor=actor, weights=weights)
                new, known = new + taken.created, known + (not taken.created)
                unmatched += taken.item.state == "unmatched"
        except DitingError as error:
            if error.code == "item.role":
                raise
            refused.append(RefusedLine(each.line, error.where or "", error.message, error.mend or ""))
    return Imported(new, known, unmatched, tuple(refused))


def debtors_with_calls(session: Session) -> Iterator[str]:
    """Keys of all debtors whom the monitors can look at."""
    query = select(WarningCallRow.debtor_key).distinct().order_by(WarningCallRow.debtor_key)
    yield from session.scalars(query)


def _masked_key(key: str | None) -> str | None:
    if key is None or not key.startswith("number:"):
        return key
    return f"number:{mask_number(key.removeprefix('number:'))}"
