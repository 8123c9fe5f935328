"""Whether a person should look at a call, how soon, and why. Pure proposal; `qc.service` opens the ticket."""

from collections.abc import Sequence

from qc.findings import Finding, Priority, TicketProposal
from qc.taxonomy import CATEGORIES

NOT_CONNECTED = "call.not_connected"  # nobody was reached: worth a look, but none that hurries
_RANK: dict[Priority, int] = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
_BY_SEVERITY: dict[str, Priority] = {"critical": "urgent", "major": "high", "minor": "normal", "info": "low"}
_HURRIED: dict[Priority, Priority] = {"low": "normal", "normal": "high"}
_EMOTION = "negative_emotion"
_UPSET = {
    "both": (
        "优先级提高一级：客户情绪激动，言辞与声音一致",
        "One step more pressing: the customer is upset, in words and in voice",
    ),
    "rising": (
        "优先级提高一级：客户声音在通话中越来越激动",
        "One step more pressing: the customer's voice got more and more stirred up",
    ),
}
_UNSURE: dict[str, Priority] = {"critical": "high", "major": "normal", "minor": "low", "info": "low"}


def propose(
    findings: Sequence[Finding], unjudged: Sequence[tuple[str, str]], language: str
) -> TicketProposal | None:
    """A ticket for any violation, anything unsure, any talk of self-harm, and what could not be judged.

    How a customer feels makes no ticket by itself. Where words and voice agree that the customer is angry or
    anxious, or the voice tells that it got worse in the course of the call, another reason hurries more.

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
    first = reasons[ordered[0]]
    upset = _upset(findings, language)
    if upset is None or first not in _HURRIED or not _needed_anyway(findings, unjudged):
        return TicketProposal(first, tuple(ordered))
    return TicketProposal(_HURRIED[first], (*ordered, upset))


def _needed_anyway(findings: Sequence[Finding], unjudged: Sequence[tuple[str, str]]) -> bool:
    """Whether somebody has to look at the call for more than how the customer feels."""
    return bool(unjudged) or any(
        finding.category != _EMOTION and _priority(finding) is not None for finding in findings
    )


def _upset(findings: Sequence[Finding], language: str) -> str | None:
    """Why a call hurries more: how the customer feels, where words and voice leave no doubt of it."""
    said = [
        finding
        for finding in findings
        if finding.category == _EMOTION
        and finding.status == "certain"
        and finding.attributes.get("state") in ("angry", "anxious")
    ]
    if any(finding.attributes.get("from") == "both" for finding in said):
        return _UPSET["both"][language == "en"]
    if any(finding.attributes.get("trend") == "rising" for finding in said):
        return _UPSET["rising"][language == "en"]
    return None


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
