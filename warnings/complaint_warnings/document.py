"""Evidence as JSON and back. Only findings that bear on the score are kept."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from complaint_warnings.indicators import bears_on_score
from complaint_warnings.types import CallEvidence
from ingest.metadata import CallRecord
from qc.findings import Finding


def evidence_to_document(evidence: CallEvidence) -> dict[str, Any]:
    """The evidence as values that JSON can hold."""
    return {
        "call": evidence.call,
        "started_at": evidence.started_at.isoformat() if evidence.started_at else None,
        "band": evidence.band,
        "language": evidence.language,
        "record": evidence.record.model_dump(mode="json"),
        "findings": [_finding_document(f) for f in evidence.findings if bears_on_score(f)],
    }


def evidence_from_document(document: dict[str, Any]) -> CallEvidence:
    """The evidence back from `evidence_to_document`."""
    started = document["started_at"]
    return CallEvidence(
        call=document["call"],
        started_at=datetime.fromisoformat(started) if started else None,
        record=CallRecord.model_validate(document["record"]),
        findings=tuple(_finding(item) for item in document["findings"]),
        band=document["band"],
        language=document["language"],
    )


def _finding_document(finding: Finding) -> dict[str, Any]:
    return {
        **asdict(finding),
        "utterances": list(finding.utterances),
        "span": list(finding.span) if finding.span else None,
        "cite": list(finding.cite),
    }


def _finding(item: dict[str, Any]) -> Finding:
    span = item["span"]
    return Finding(
        **{
            **item,
            "utterances": tuple(item["utterances"]),
            "span": (span[0], span[1]) if span else None,
            "cite": tuple(item["cite"]),
        }
    )
