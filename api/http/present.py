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
    VersionOut,
    WarningOut,
)
from api.masking import mask_name, mask_number, mask_text, masked_finding
from api.stored import StoredCall
from api.stored_roles import StoredRoles, StoredVersion
from complaint_warnings.ledger.rows import warning_view
from complaint_warnings.models import WarningRow
from qc.models import FindingRow, InspectionRow
from transcription.privacy.detect import NOTHING, Known
from transcription.types import RoleDecision


def call_out(stored: StoredCall, *, full: bool = False) -> CallOut:
    """One call in a list; `full` with the customer's name and number."""
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
            "customer": _outsider(call.record.get("customer"), full=full),
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
    return Person.model_validate({name: (given or {}).get(name) for name in fields})


def _outsider(given: dict[str, Any] | None, *, full: bool) -> Person:
    person = _person(given, "id", "name", "number", "relation")
    if full:
        return person
    return person.model_copy(
        update={
            "name": person.name and mask_name(person.name),
            "number": person.number and mask_number(person.number),
        }
    )


def finding_out(row: FindingRow, call_id: int, known: Known | None = NOTHING) -> FindingOut:
    """One finding; `known` is what its call makes known of people (`api.heard.known_in_calls`), None shows it
    in full."""
    shown = row.document if known is None else masked_finding(row.document, known)
    return FindingOut.model_validate({**shown, "id": row.id, "call_id": call_id})


def warning_out(row: WarningRow, state: str | None, *, hidden: bool = True) -> WarningOut:
    """One warning; `state` is that of its case. `hidden` is the debtor's name and number."""
    line = warning_view(row, state=state, masked=hidden)
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
        advice={language: mask_text(text) for language, text in line.advice.items()},
        calls=list(line.calls),
        indicators=[
            IndicatorOut(
                name=item.name,
                points=round(item.points, 1),
                floor=item.floor,
                because={language: mask_text(text) for language, text in item.because.items()},
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
            "because": mask_text(decision.reason) if decision and decision.reason else None,
            "roles": _decision(stored.roles),
            "agent_side": stored.agent_side,
            "score": _score(stored.inspection, unjudged=stored.unjudged),
        }
    )


def _decision(roles: RoleDecision | None) -> RoleDecisionOut | None:
    return (
        None if roles is None else RoleDecisionOut(how=roles.how, trust=roles.trust, by=roles.by, at=roles.at)
    )
