"""A case as people are shown it, on the command line and over HTTP alike; telephone numbers partly masked."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from api.masking import mask_digits, mask_name, mask_text
from complaint_warnings.cases.decide import Possible
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.cases.service import Loaded
from complaint_warnings.cases.view import CaseView
from complaint_warnings.clocks.models import DeadlineRow
from complaint_warnings.ledger.rows import mask_number
from transcription.privacy.detect import Known, known_of

_HASHES = frozenset({"sha256", "entry_sha256", "event", "entry"})
# Staff, ids and times: none of it is about the debtor.
_NAMED_ELSEWHERE = frozenset(
    {
        "by",
        "id",
        "person",
        "members",
        "lead",
        "actor",
        "at",
        "due",
        "due_at",
        "call",
        "calls",
        "number",
        "client",
        "team",
    }
)
# What is known of the handling beyond the line of the ledger.
_HANDLING = (
    "flags", "review", "team", "cause", "plan", "plan_version", "measures_done", "contacts", "reliefs",
    "result", "tracking", "evaluation", "sign_offs", "holds", "deadlines", "escalated_to", "merged_into",
    "calls", "round", "complaint",
)  # fmt: skip


def case_line(row: CaseRow, *, hidden: bool = True) -> dict[str, Any]:
    """The line of the ledger; `hidden` are the name and the number of the debtor."""
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "version": row.version,
        "level": row.level,
        "source": row.source,
        "complexity": row.complexity,
        "warning_id": row.warning_id,
        "first_seen_at": _plain(row.first_seen_at),
        "opened_at": _plain(row.opened_at),
        "updated_at": _plain(row.updated_at),
        "closed_at": _plain(row.closed_at),
        "debtor_name": mask_name(row.debtor_name) if hidden and row.debtor_name else row.debtor_name,
        "contact": mask_number(row.contact) if hidden and row.contact else row.contact,
        "amount_due": row.amount_due,
        "currency": row.currency,
        "client": row.client,
        "collector_id": row.collector_id,
        "team": row.team,
        "advice": row.advice,
        "reporter_id": row.reporter_id,
        "reviewer_id": row.reviewer_id,
        "handler_id": row.handler_id,
        "result": row.result,
    }


def case_document(loaded: Loaded, *, hidden: bool = True) -> dict[str, Any]:
    """The line of the ledger, and the handling as its events tell it."""
    told = handling(loaded.view)
    if hidden:
        told = without_names(told, loaded.row)
    return {**case_line(loaded.row, hidden=hidden), "handling": told}


def without_names(value: Any, row: CaseRow) -> Any:
    """What is told of a case, the debtor's name and personal data in what people wrote hidden."""
    return _without(value, known_of([row.debtor_name], [row.contact]), "")


def _without(value: Any, known: Known, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(each, known, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, known, name) for each in value]
    if not isinstance(value, str) or name in _HASHES or name in _NAMED_ELSEWHERE:
        return value
    return mask_name(value) if name == "debtor_name" else mask_text(value, known)


def handling(view: CaseView) -> dict[str, Any]:
    """What is known beyond the line: review, team, plan, contacts, tracking, evaluation and so on."""
    return {name: _plain(getattr(view, name)) for name in _HANDLING}


def event_document(event: CaseEventRow, row: CaseRow | None = None) -> dict[str, Any]:
    """One thing that happened; with the case's row the debtor's name is hidden."""
    details = _plain(event.details)
    return {
        "seq": event.seq,
        "at": _plain(event.at),
        "actor": event.actor,
        "action": event.action,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "details": details if row is None else without_names(details, row),
        "sha256": event.sha256,
    }


def possible_document(one: Possible) -> dict[str, Any]:
    """What somebody could do, with the fields of its document and what stands in the way."""
    return {
        "action": one.line.action,
        "zh": one.line.zh,
        "en": one.line.en,
        "to_state": one.to_state,
        "document": one.line.document.model_json_schema(),
        "refusal": None
        if one.refusal is None
        else {"code": one.refusal.code, "message": one.refusal.message, "mend": one.refusal.mend},
    }


def clock_document(row: DeadlineRow) -> dict[str, Any]:
    """One of the case's clocks."""
    return {
        "clock": row.clock,
        "number": row.number,
        "title": row.title,
        "starts_at": _plain(row.starts_at),
        "due_at": _plain(row.due_at),
        "met_at": _plain(row.met_at),
        "ended_at": _plain(row.ended_at),
        "breached_at": _plain(row.breached_at),
        "by_hand": row.by_hand,
        "why": row.why,
    }


def _plain(value: Any) -> Any:
    """The value as JSON can hold it, long numbers partly masked."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    elif is_dataclass(value):  # its documents are no dataclasses: asdict would leave them as they are
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return {name: each if name in _HASHES else _plain(each) for name, each in value.items()}
    if isinstance(value, frozenset | list | tuple):
        return [_plain(each) for each in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, datetime):
        return value.isoformat()
    return mask_digits(value) if isinstance(value, str) else value
