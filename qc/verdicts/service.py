"""Verdicts of people on findings, and the rules that only advise because of them. No verb commits."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError
from sqlalchemy.orm import Session

from qc.approval.service import one_person, require_name
from qc.models import FindingRow, InspectionRow
from qc.verdicts.decision import Tally, Verdict, must_only_advise, outcome, tally
from qc.verdicts.models import FindingVerdictRow, RuleAdvisoryRow
from store import audit
from store.clock import Clock
from store.errors import BadInputError, ConflictError, NotFoundError

SYSTEM = "system"
LONGEST_COMMENT = 2000
Place = tuple[int, str, tuple[int, ...], Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """When a rule drops to advisory: more than `share` of its findings overturned for sure, of at least
    `decisions` decided."""

    share: float
    decisions: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What a verdict came to. `changed` is False when the person had said just this before; `dropped` is the
    rule that only advises from now on, if it came to that."""

    changed: bool
    rule: str
    tally: Tally
    dropped: bool


def decide(
    session: Session,
    clock: Clock,
    *,
    finding_id: int,
    verdict: Verdict,
    by: str,
    limits: Limits,
    comment: str | None = None,
    actor: str | None = None,
) -> Decided:
    """Note what a person says about a finding; earlier words of the same person stay on record. A rule that
    is overturned too often by it drops to advisory in the same transaction.

    Raises:
        NotFoundError: `finding.unknown`.
        BadInputError: `rules.no_name`, `finding.comment_too_long`.
        ConflictError: `finding.verdict_changed`, the same person decides twice at once.
    """
    by = require_name(by)
    if comment is not None and len(comment) > LONGEST_COMMENT:
        raise BadInputError(
            f"the comment is longer than {LONGEST_COMMENT} characters",
            code="finding.comment_too_long",
            mend="Shorten it.",
        )
    finding = session.get(FindingRow, finding_id)
    if finding is None:
        raise NotFoundError(
            f"there is no finding {finding_id}",
            code="finding.unknown",
            mend="`diting findings list` has them.",
        )
    row = _say(session, clock, finding_id, verdict, by, comment)
    if row is None:
        return Decided(False, finding.rule, rule_tally(session, finding.rule), False)
    now = rule_tally(session, finding.rule)
    dropped = _must_drop(session, finding.rule, now, limits) and _drop(session, clock, finding.rule, now)
    details = {"verdict": verdict, "rule": finding.rule, "number": row.number, "by": by}
    audit.append(
        session,
        clock,
        actor=actor or by,
        action="finding.decided",
        subject=f"finding:{finding_id}",
        details=details,
    )
    if dropped:
        _audit_rule(session, clock, "rule.dropped_to_advisory", finding.rule, SYSTEM, _figures(now))
    return Decided(True, finding.rule, now, dropped)


def _say(
    session: Session, clock: Clock, finding_id: int, verdict: Verdict, by: str, comment: str | None
) -> FindingVerdictRow | None:
    """The next verdict of a person on a finding; None when it is what they said last.

    Raises:
        ConflictError: `finding.verdict_changed`.
    """
    last = session.scalar(
        select(FindingVerdictRow)
        .where(FindingVerdictRow.finding_id == finding_id, FindingVerdictRow.person == by)
        .order_by(FindingVerdictRow.number.desc())
        .limit(1)
    )
    if last is not None and (last.verdict, last.comment) == (verdict, comment):
        return None
    row = FindingVerdictRow(
        finding_id=finding_id,
        person=by,
        number=1 if last is None else last.number + 1,
        verdict=verdict,
        comment=comment,
        decided_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except DatabaseIntegrityError:
        raise ConflictError(
            f"{by} decided on finding {finding_id} a moment ago",
            code="finding.verdict_changed",
            mend="Look at it again.",
        ) from None
    return row


def rule_tally(session: Session, rule: str) -> Tally:
    """What people made of the certain findings of a rule (`id@version`), since it last came back."""
    since = session.scalar(
        select(func.max(RuleAdvisoryRow.decided_until)).where(RuleAdvisoryRow.rule == rule)
    )
    query = _verdicts().where(FindingRow.rule == rule, FindingVerdictRow.id > (since or 0))
    return tally(outcomes(session, query).values())


def outcomes(session: Session, query: Select[Any] | None = None) -> dict[Place, bool | None]:
    """What people make of findings, by call, rule, utterances and place: the same finding in two inspections
    of a call is one. Only certain findings can be overturned: an unsure one accuses nobody."""
    said: dict[Place, dict[str, Verdict]] = {}
    rows = session.execute(_verdicts() if query is None else query)
    for call_id, rule, document, person, verdict in rows:
        said.setdefault(place_of(call_id, rule, document), {})[person] = verdict
    return {place: outcome(verdicts) for place, verdicts in said.items()}


def place_of(call_id: int, rule: str, document: dict[str, Any]) -> Place:
    """What tells one finding of a call from another, whichever inspection it is in."""
    span = document["span"]
    return call_id, rule, tuple(document["utterances"]), None if span is None else tuple(span)


def advisory_rules(session: Session) -> frozenset[str]:
    """The rules (`id@version`) that only advise now."""
    return frozenset(row.rule for row in advisory(session))


def advisory(session: Session) -> list[RuleAdvisoryRow]:
    """The rules that only advise now, with since when and why."""
    query = select(RuleAdvisoryRow).where(RuleAdvisoryRow.restored_at.is_(None))
    return list(session.scalars(query.order_by(RuleAdvisoryRow.id)))


def restore(
    session: Session, clock: Clock, *, rule: str, by: str, two_persons: bool, actor: str | None = None
) -> RuleAdvisoryRow:
    """Let a rule accuse again: one person proposes it, another one does it. What was decided until then does
    not count against it any more. A new version of the rule begins without all that.

    Returns:
        its row; `restored_at` is None when it waits for the second person.

    Raises:
        NotFoundError: `rules.not_advisory`.
        BadInputError: `rules.no_name`.
        ConflictError: `rules.same_person`.
    """
    by = require_name(by)
    query = select(RuleAdvisoryRow).where(RuleAdvisoryRow.rule == rule, RuleAdvisoryRow.restored_at.is_(None))
    row = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFoundError(
            f"the rule {rule!r} does not only advise",
            code="rules.not_advisory",
            mend="Name it with its version; `diting rules versions` lists those that do.",
        )
    if two_persons and row.restore_proposed_by is None:
        row.restore_proposed_by, row.restore_proposed_at = by, clock.now()
        session.flush()
        _audit_rule(session, clock, "rule.restore_proposed", rule, actor or by, {"by": by})
        return row
    if two_persons and one_person(session, row.restore_proposed_by or "", by):
        raise ConflictError(
            f"{row.restore_proposed_by} proposed to take {rule} back and cannot approve it",
            code="rules.same_person",
            mend="Another person has to look at it and approve it.",
        )
    row.restored_by, row.restored_at = by, clock.now()
    row.decided_until = session.scalar(select(func.max(FindingVerdictRow.id))) or 0
    session.flush()
    _audit_rule(session, clock, "rule.restored", rule, actor or by, {"by": by})
    return row


def _verdicts() -> Select[Any]:
    """The verdicts on certain findings, in the order in which they were given."""
    return (
        select(
            InspectionRow.call_id,
            FindingRow.rule,
            FindingRow.document,
            FindingVerdictRow.person,
            FindingVerdictRow.verdict,
        )
        .join(FindingRow, FindingRow.id == FindingVerdictRow.finding_id)
        .join(InspectionRow, InspectionRow.id == FindingRow.inspection_id)
        .where(FindingRow.status == "certain")
        .order_by(FindingVerdictRow.id)
    )


def _must_drop(session: Session, rule: str, now: Tally, limits: Limits) -> bool:
    if not must_only_advise(now, share=limits.share, decisions=limits.decisions):
        return False
    return rule not in advisory_rules(session)


def _drop(session: Session, clock: Clock, rule: str, now: Tally) -> bool:
    """Note that the rule only advises; False when somebody else did so at this moment."""
    try:
        with session.begin_nested():
            session.add(RuleAdvisoryRow(rule=rule, dropped_at=clock.now(), evidence=_figures(now)))
    except DatabaseIntegrityError:
        return False
    return True


def _figures(now: Tally) -> dict[str, Any]:
    return {"decided": now.decided, "overturned": now.overturned, "least_share": round(now.least_share, 4)}


def _audit_rule(
    session: Session, clock: Clock, action: str, rule: str, actor: str, details: dict[str, Any]
) -> None:
    audit.append(session, clock, actor=actor, action=action, subject=f"rule:{rule}", details=details)
