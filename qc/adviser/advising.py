"""From an inspection to the same inspection with advice. It moves no status, no point and no ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qc.adviser.question import Question
from qc.findings import Advice, Inspection


def unanswered(asked: Sequence[Question], known: Mapping[str, Advice], model: str) -> tuple[Question, ...]:
    """The questions that nobody has answered yet."""
    return tuple(question for question in asked if question.key(model) not in known)


def with_advice(
    inspection: Inspection, asked: Sequence[Question], answers: Mapping[str, Advice], model: str
) -> Inspection:
    """The inspection with each answer beside its finding; everything else stays as the rules decided it."""
    findings = list(inspection.findings)
    for question in asked:
        advice = answers.get(question.key(model))
        if advice is not None:
            findings[question.finding] = replace(findings[question.finding], advice=advice)
    return replace(inspection, findings=tuple(findings))
