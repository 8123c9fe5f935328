"""Rows as answers: masked, and in the shapes of `schemas`."""

from typing import Any

from api.http.schemas import (
    CallOut,
    FindingOut,
    IndicatorOut,
    Person,
    RoleDecisionOut,
    RolesOut,
    ScoreOut,
    SideOut,
    TicketOut,
    VersionOut,
    WarningOut,
)
from api.masking import PERSONAL_KINDS, hide_digits, mask_digits, mask_numbers
from api.stored import StoredCall
from api.stored_roles import StoredRoles, StoredVersion
from complaint_warnings.ledger.rows import mask_number, warning_view
from complaint_warnings.models import WarningRow
from ingest.models import CallRow
from qc.models import FindingRow, InspectionRow, TicketRow
from transcription.types import RoleDecision


def call_out(stored: StoredCall) -> CallOut:
    """One call in a list."""
    call, inspection = stored.call, stored.inspection
    return CallOut.model_validate(
        {
            "id": call.id,
            "source": call.source,
            "external_id": call.external_id,
            "state": stored.state,
            "reasons": stored.reasons,
            "started_at": call.started_at,
            "duration_s": call.recording.duration_s,
            "direction": call.direction,
            "agent": _person(call.record.get("agent"), "id", "name", "team"),
            "customer": _person(call.record.get("customer"), "id", "name", "number", "relation"),
            "client": (call.record.get("case") or {}).get("client"),
            "score": _score(inspection, unjudged=stored.unjudged),
            "findings": {item.category: item.count for item in stored.found},
            "unsure": sum(item.unsure for item in stored.found),
            "ticket": stored.ticket.priority if stored.ticket else None,
            "warning": stored.warning.level if stored.warning else None,
        }
    )


def _score(inspection: InspectionRow | None, *, unjudged: bool) -> ScoreOut | None:
    if inspection is None:
        return None
    return ScoreOut.model_validate({"total": inspection.score, "band": inspection.band, "at_most": unjudged})


def _person(given: dict[str, Any] | None, *fields: str) -> Person:
    values: dict[str, Any] = {name: (given or {}).get(name) for name in fields}
    if values.get("number"):
        values["number"] = mask_number(values["number"])
    return Person.model_validate(values)


def masked(value: Any) -> Any:
    """A result file with telephone numbers partly hidden, wherever they stand.

    Only text is touched: identifiers and hashes keep their form where they are named as such.
    """
    return _masked(value, "")


_IDENTIFIERS = frozenset(
    {"sha256", "id", "external_id", "rule", "source", "started_at", "at", "model", "diting"}
)


def _masked(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        if "approximate" in value and value["kind"] not in PERSONAL_KINDS:
            return value  # an amount or a date: a row of digits, but nobody's number
        shown = {key: _masked(item, key) for key, item in value.items()}
        if "words" in value and shown["text"] != value["text"]:
            # A number falls into several words: none of their digits may put it together again.
            shown["words"] = [[hide_digits(word[0]), *word[1:]] for word in value["words"]]
        return shown
    if isinstance(value, list):
        return [_masked(item, name) for item in value]
    if not isinstance(value, str) or name in _IDENTIFIERS:
        return value
    if name == "number":
        return mask_number(value)
    return mask_digits(value) if name == "matched" else mask_numbers(value)


def finding_out(row: FindingRow, call_id: int) -> FindingOut:
    """One finding."""
    return FindingOut.model_validate({**masked(row.document), "id": row.id, "call_id": call_id})


def ticket_out(row: TicketRow, call: CallRow) -> TicketOut:
    """One ticket."""
    return TicketOut.model_validate(
        {
            "id": row.id,
            "call_id": call.id,
            "call": f"{call.source}/{call.external_id}",
            "priority": row.priority,
            "state": row.state,
            "reasons": [mask_numbers(reason) for reason in row.reasons],
            "opened_at": row.created_at,
        }
    )


def warning_out(row: WarningRow, state: str | None) -> WarningOut:
    """One warning; `state` is that of its case."""
    line = warning_view(row, state=state, masked=True)
    return WarningOut(
        id=line.number,
        debtor=line.debtor,
        contact=line.contact,
        amount_owed=None if line.amount_owed is None else str(line.amount_owed),
        currency=line.currency,
        source=line.source,
        time=line.time,
        level=line.level,
        score=round(line.score, 1),
        state=line.state,
        model=line.model,
        advice={language: mask_numbers(text) for language, text in line.advice.items()},
        calls=list(line.calls),
        indicators=[
            IndicatorOut(
                name=item.name,
                points=round(item.points, 1),
                floor=item.floor,
                because={language: mask_numbers(text) for language, text in item.because.items()},
            )
            for item in line.indicators
        ],
    )


def roles_out(call: StoredCall, roles: StoredRoles) -> RolesOut:
    """Who is taken for the agent in a call, and all versions."""
    current = roles.current
    return RolesOut(
        call_id=call.call.id,
        state=call.state,
        version=current.version.number if current else None,
        roles=_decision(current.roles) if current else None,
        agent_side=current.agent_side if current else None,
        sides=[
            SideOut.model_validate({"side": side.side, "speaker": side.speaker, "begins": side.begins})
            for side in roles.sides
        ],
        versions=[_version(each) for each in roles.versions],
    )


def _version(stored: StoredVersion) -> VersionOut:
    version, decision = stored.version, stored.version.decision
    return VersionOut.model_validate(
        {
            "version": version.number,
            "replaced": version.replaced,
            "kind": decision.kind if decision else "heard",
            "engine": version.engine,
            "model": version.model,
            "made_at": version.created_at,
            "because": mask_numbers(decision.reason) if decision and decision.reason else None,
            "roles": _decision(stored.roles),
            "agent_side": stored.agent_side,
            "score": _score(stored.inspection, unjudged=stored.unjudged),
        }
    )


def _decision(roles: RoleDecision | None) -> RoleDecisionOut | None:
    return (
        None if roles is None else RoleDecisionOut(how=roles.how, trust=roles.trust, by=roles.by, at=roles.at)
    )
