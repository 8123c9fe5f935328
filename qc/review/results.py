"""The machine's result, people's, and the final one, kept apart. Pure: nothing here changes a finding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from qc.findings import Finding, Score
from qc.review.rulebook import UNKNOWN, Rulebook
from qc.review.types import Item
from qc.review.view import MissedFinding, Said, TicketView, all_missed, final, human
from qc.scoring import score
from qc.taxonomy import CATEGORIES

BY_PEOPLE = "people.missed@1"


@dataclass(frozen=True, slots=True)
class Result:
    """What one of the three says: its score, and its verdicts where it is people's."""

    score: Score
    said: Mapping[Item, Said]


@dataclass(frozen=True, slots=True)
class Results:
    """The three beside each other; None for what is not there yet."""

    machine: Score | None
    human: Result | None
    final: Result | None


def results(
    view: TicketView, machine: Score | None, findings: Mapping[int, Finding], book: Rulebook = UNKNOWN
) -> Results:
    """All three.

    Args:
        view: the ticket.
        machine: the score of the inspection that the ticket is about; None where the call was not inspected.
        findings: its findings by row id.
        book: of the rules that judged the call.
    """
    said = human(view)
    missed = all_missed(view)
    people = Result(rescored(findings, missed, said, book), said) if said or view.shared_at else None
    last = final(view)
    end = Result(rescored(findings, missed, last, book), last) if view.state == "final" else None
    return Results(machine, people, end)


def rescored(
    findings: Mapping[int, Finding],
    missed: Mapping[Item, MissedFinding],
    said: Mapping[Item, Said],
    book: Rulebook = UNKNOWN,
) -> Score:
    """The score by verdicts: what is true counts in full, what is false not at all, what is unsure deducts
    nothing. What nobody decided on stays as the machine left it."""
    counted = [
        changed
        for number, finding in sorted(findings.items())
        if (changed := _by_verdict(finding, said.get(Item("finding", number)))) is not None
    ]
    found = [
        changed
        for item, one in sorted(missed.items())
        if item in said and (changed := _by_verdict(as_finding(one), said[item])) is not None
    ]
    return score([*counted, *found], _vetoes([*counted, *found], book), book.caps)


def as_finding(one: MissedFinding) -> Finding:
    """A missed finding as one of the category's defaults."""
    category = CATEGORIES[one.category]
    words = {"zh": f"人工补充：{category.zh}", "en": f"Added by a person: {category.en}"}
    return Finding(
        rule=BY_PEOPLE, pack="", category=one.category, kind=category.kind, speaker=one.role, utterances=(),
        span=None, start=one.start, end=one.end, heard="", matched="", how="fact", confidence=1.0,
        status="certain", severity=category.severity, points=category.deduct, why=words,
    )  # fmt: skip


def _by_verdict(finding: Finding, said: Said | None) -> Finding | None:
    if said is None:
        return finding
    if said.verdict == "false":
        return None
    return replace(finding, status="certain" if said.verdict == "true" else "unsure")


def _vetoes(findings: Iterable[Finding], book: Rulebook) -> frozenset[str]:
    """The rules that set the score to 0. What people add does so where the category is critical, and so does
    every critical finding where the rules are not on record."""
    critical = {
        each.rule
        for each in findings
        if each.severity == "critical" and (each.rule == BY_PEOPLE or not book.known)
    }
    return book.vetoes | critical
