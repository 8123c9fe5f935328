"""Inspections as JSON-ready values and back, without loss."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from qc.extract.facts import from_document as fact_from_document
from qc.extract.facts import to_document as fact_to_document
from qc.findings import (
    Advice,
    Deduction,
    Finding,
    Inspection,
    Score,
    SecondHearing,
    StateOfCall,
    TicketProposal,
)

_FIELDS = tuple(each.name for each in fields(Finding))


def finding_to_document(finding: Finding) -> dict[str, Any]:
    """The finding as a dict that `json.dumps` takes."""
    # Field by field: `asdict` copies every string, and findings are written by the hundred thousand.
    document = {name: getattr(finding, name) for name in _FIELDS}
    document["utterances"], document["cite"] = list(finding.utterances), list(finding.cite)
    document["span"] = None if finding.span is None else list(finding.span)
    document["why"], document["attributes"] = dict(finding.why), dict(finding.attributes)
    document["advice"] = None if finding.advice is None else asdict(finding.advice)
    if finding.second_hearing is not None:
        document["second_hearing"] = asdict(finding.second_hearing) | {
            "heard_again": list(finding.second_hearing.heard_again)
        }
    return document


def finding_from_document(document: Mapping[str, Any]) -> Finding:
    """Rebuild what `finding_to_document` wrote.

    Raises:
        KeyError, TypeError: the document was not written by `finding_to_document`.
    """
    span = document["span"]
    again = document.get("second_hearing")  # findings stored before there was one have none
    return Finding(
        **{
            **document,
            "utterances": tuple(document["utterances"]),
            "span": None if span is None else (span[0], span[1]),
            "cite": tuple(document["cite"]),
            "advice": Advice(**document["advice"]) if document.get("advice") else None,
            "second_hearing": None
            if again is None
            else SecondHearing(**{**again, "heard_again": tuple(again["heard_again"])}),
        }
    )


def to_document(inspection: Inspection) -> dict[str, Any]:
    """All of an inspection but its packs and its findings, which are kept beside it."""
    ticket = inspection.ticket
    return {
        "score": asdict(inspection.score)
        | {"deductions": [asdict(taken) for taken in inspection.score.deductions]},
        "ticket": None if ticket is None else {"priority": ticket.priority, "reasons": list(ticket.reasons)},
        "unjudged": [list(reason) for reason in inspection.unjudged],
        "states": [asdict(state) for state in inspection.states],
        "facts": [fact_to_document(fact) for fact in inspection.facts],
        "shadow": [finding_to_document(finding) for finding in inspection.shadow],
    }


def from_document(
    document: Mapping[str, Any], findings: tuple[Finding, ...], packs: tuple[str, ...], pack_hash: str
) -> Inspection:
    """Rebuild what `to_document` wrote.

    Raises:
        KeyError, TypeError, ValueError: the document was not written by `to_document`.
    """
    score, ticket = document["score"], document["ticket"]
    deductions = tuple(Deduction(**taken) for taken in score["deductions"])
    return Inspection(
        findings=findings,
        score=Score(**{**score, "deductions": deductions}),
        ticket=None if ticket is None else TicketProposal(ticket["priority"], tuple(ticket["reasons"])),
        packs=packs,
        pack_hash=pack_hash,
        unjudged=tuple((code, sentence) for code, sentence in document["unjudged"]),
        # Inspections stored before there were states have none.
        states=tuple(StateOfCall(**state) for state in document.get("states", ())),
        # Nor have those stored before facts were kept any.
        facts=tuple(fact_from_document(fact) for fact in document.get("facts", ())),
        shadow=tuple(finding_from_document(finding) for finding in document["shadow"]),
    )
