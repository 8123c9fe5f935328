"""Whether a person should look at a call, how soon, and why. Pure proposal; `qc.service` opens the ticket."""

from collections.abc import Sequence

from qc.findings import Finding, Priority, TicketProposal
from qc.taxonomy import CATEGORIES

NOT_CONNECTED = "call.not_connected"  # nobody was reached: worth a look, but none that hurries
_RANK: dict[Priority, int] = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
_BY_SEVERITY: dict[str, Priority] = {"critical": "urgent", "major": "high", "minor": "normal", "info": "low"}
_UNSURE: dict[str, Priority] = {"critical": "high", "major": "normal", "minor": "low", "info": "low"}


def propose(
    findings: Sequence[Finding], unjudged: Sequence[tuple[str, str]], language: str
) -> TicketProposal | None:
    """A ticket for any violation, anything unsure, any talk of self-harm, and what could not be judged.

    Returns:
        None when nothing needs a person. Reasons are sentences, in English for English calls and in
        Chinese otherwise, the most pressing first.
    """
    reasons: dict[str, Priority] = {}
    for finding in findings:
        priority = _priority(finding)
        if priority is not None:
            sentence = _sentence(finding, language)
            reasons[sentence] = min(priority, reasons.get(sentence, priority), key=_RANK.__getitem__)
    for code, sentence in unjudged:
        priority = "low" if code == NOT_CONNECTED else "normal"
        reasons.setdefault(_unjudged(sentence, language), priority)
    if not reasons:
        return None
    ordered = sorted(reasons, key=lambda sentence: _RANK[reasons[sentence]])
    return TicketProposal(reasons[ordered[0]], tuple(ordered))


def _priority(finding: Finding) -> Priority | None:
    if finding.category == "self_harm":
        return "urgent"
    if finding.status == "unsure":
        return _UNSURE[finding.severity]
    return _BY_SEVERITY[finding.severity] if finding.kind == "violation" else None


def _sentence(finding: Finding, language: str) -> str:
    category = CATEGORIES[finding.category]
    if language == "en":
        doubt = ", to be confirmed" if finding.status == "unsure" else ""
        return f"{category.en[0].upper()}{category.en[1:]}{doubt}: {finding.why['en']}"
    doubt = "（待人工确认）" if finding.status == "unsure" else ""
    return f"{category.zh}{doubt}：{finding.why['zh']}"


def _unjudged(sentence: str, language: str) -> str:
    return f"Not judged: {sentence}" if language == "en" else f"未能判定：{sentence}"
