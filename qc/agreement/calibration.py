"""Calibration sessions on record. No verb commits."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError
from sqlalchemy.orm import Session

from ingest.models import CallRow
from qc.agreement.expert import Answers, Compared, compare
from qc.agreement.kappa import LEAST
from qc.agreement.models import CalibrationAnswerRow, CalibrationCallRow, CalibrationRow
from qc.taxonomy import CATEGORIES
from store import audit
from store.clock import Clock
from store.errors import BadInputError, ConflictError, NotFoundError
from store.people import find_actor

MOST_CALLS = 500


def open_calibration(
    session: Session,
    clock: Clock,
    *,
    title: str,
    expert: str,
    reviewers: Sequence[str],
    calls: Sequence[int],
    by: str,
) -> CalibrationRow:
    """Begin a session: the expert and the reviewers are each asked for their answers on each call.

    Raises:
        BadInputError: `calibration.calls`, `calibration.people`.
        NotFoundError: `people.unknown`, `call.not_found`.
        ConflictError: `people.inactive`.
    """
    wanted, people = sorted(set(calls)), sorted(set(reviewers))
    if not wanted or len(wanted) > MOST_CALLS or not title.strip():
        raise BadInputError(
            f"a session has a title and 1 to {MOST_CALLS} calls", code="calibration.calls", mend="Name some."
        )
    if not people or expert in people:
        raise BadInputError(
            "a session has reviewers, and the expert is none of them",
            code="calibration.people",
            mend="Name at least one reviewer beside the expert.",
        )
    for person in (expert, *people):
        find_actor(session, person)
    there = set(session.scalars(select(CallRow.id).where(CallRow.id.in_(wanted))))
    for call in wanted:
        if call not in there:
            raise NotFoundError(f"there is no call {call}", code="call.not_found")
    row = CalibrationRow(
        title=title.strip(), expert=expert, reviewers=people, opened_by=by, opened_at=clock.now()
    )
    session.add(row)
    session.flush()
    session.add_all(CalibrationCallRow(calibration_id=row.id, call_id=call) for call in wanted)
    details = {"expert": expert, "reviewers": people, "calls": wanted}
    _audit(session, clock, by, "calibration.opened", row.id, details)
    return row


def find_calibration(session: Session, calibration_id: int, *, lock: bool = False) -> CalibrationRow:
    """One session.

    Raises:
        NotFoundError: `calibration.unknown`.
    """
    row = session.get(CalibrationRow, calibration_id, with_for_update=lock)
    if row is None:
        raise NotFoundError(
            f"there is no calibration {calibration_id}",
            code="calibration.unknown",
            mend="`diting agreement calibrations` lists them.",
        )
    return row


def calls_of(session: Session, calibration_id: int) -> list[int]:
    """The calls of a session that are still there."""
    query = select(CalibrationCallRow.call_id).where(CalibrationCallRow.calibration_id == calibration_id)
    return list(session.scalars(query.order_by(CalibrationCallRow.call_id)))


def answer(
    session: Session,
    clock: Clock,
    calibration_id: int,
    *,
    call_id: int,
    person: str,
    categories: Collection[str],
) -> bool:
    """Note what a person finds violated in a call; whether that is new. They may think again until the
    session is closed.

    Raises:
        NotFoundError: `calibration.unknown`, `calibration.call`.
        BadInputError: `calibration.category`.
        ConflictError: `calibration.closed`, `calibration.not_asked`, `calibration.twice`.
    """
    row = find_calibration(session, calibration_id, lock=True)
    if row.closed_at is not None:
        raise ConflictError(f"the calibration {calibration_id} is closed", code="calibration.closed")
    if person != row.expert and person not in row.reviewers:
        raise ConflictError(
            f"{person} is not asked in this calibration",
            code="calibration.not_asked",
            mend="Its expert and its reviewers answer.",
        )
    if call_id not in calls_of(session, calibration_id):
        raise NotFoundError(f"call {call_id} is not in calibration {calibration_id}", code="calibration.call")
    said = sorted(set(categories))
    for each in said:
        if each not in CATEGORIES or CATEGORIES[each].kind != "violation":
            raise BadInputError(
                f"{each} is no category of violations",
                code="calibration.category",
                mend="docs/rules.md lists the categories.",
            )
    return _say(session, clock, row.id, call_id, person, said)


def _say(
    session: Session, clock: Clock, calibration_id: int, call_id: int, person: str, said: list[str]
) -> bool:
    query = select(CalibrationAnswerRow).where(
        CalibrationAnswerRow.calibration_id == calibration_id,
        CalibrationAnswerRow.call_id == call_id,
        CalibrationAnswerRow.person == person,
    )
    last = session.scalar(query.order_by(CalibrationAnswerRow.number.desc()).limit(1))
    if last is not None and last.categories == said:
        return False
    try:
        with session.begin_nested():
            session.add(
                CalibrationAnswerRow(
                    calibration_id=calibration_id, call_id=call_id, person=person,
                    number=1 if last is None else last.number + 1, categories=said,
                    answered_at=clock.now(),
                )
            )  # fmt: skip
    except DatabaseIntegrityError:
        raise ConflictError(
            f"{person} answered on call {call_id} a moment ago", code="calibration.twice", mend="Look again."
        ) from None
    _audit(session, clock, person, "calibration.answered", calibration_id, {"call": call_id})
    return True


def close(session: Session, clock: Clock, calibration_id: int, *, by: str) -> CalibrationRow:
    """End a session: from now on everybody asked sees all answers. Closing again changes nothing.

    Raises:
        NotFoundError: `calibration.unknown`.
        ConflictError: `calibration.unanswered`, the expert has not answered on every call.
    """
    row = find_calibration(session, calibration_id, lock=True)
    if row.closed_at is not None:
        return row
    open_ = (
        set(calls_of(session, calibration_id)) - answers(session, calibration_id).get(row.expert, {}).keys()
    )
    if open_:
        raise ConflictError(
            f"the expert {row.expert} has not answered on {len(open_)} calls",
            code="calibration.unanswered",
            where=f"call {min(open_)}",
            mend="Close it when the expert has.",
        )
    row.closed_by, row.closed_at = by, clock.now()
    session.flush()
    _audit(session, clock, by, "calibration.closed", calibration_id, {})
    return row


def answers(session: Session, calibration_id: int) -> dict[str, dict[int, frozenset[str]]]:
    """The last answers of each person, by call."""
    newest = (
        select(func.max(CalibrationAnswerRow.id))
        .where(CalibrationAnswerRow.calibration_id == calibration_id)
        .group_by(CalibrationAnswerRow.call_id, CalibrationAnswerRow.person)
    )
    found: dict[str, dict[int, frozenset[str]]] = {}
    for row in session.scalars(select(CalibrationAnswerRow).where(CalibrationAnswerRow.id.in_(newest))):
        found.setdefault(row.person, {})[row.call_id] = frozenset(row.categories)
    return found


def results(session: Session, calibration_id: int, *, least: int = LEAST) -> list[Compared]:
    """Each reviewer against the expert, over the calls that both answered.

    Raises:
        NotFoundError: `calibration.unknown`.
        ConflictError: `calibration.open`: answers are shown when nobody can change theirs any more.
    """
    row = find_calibration(session, calibration_id)
    if row.closed_at is None:
        raise ConflictError(
            f"the calibration {calibration_id} is not closed",
            code="calibration.open",
            mend="Close it first: nobody sees the answers of others before.",
        )
    said = answers(session, calibration_id)
    expert: Answers = said.get(row.expert, {})
    return [compare(person, said.get(person, {}), expert, least=least) for person in row.reviewers]


def calibrations(session: Session, *, before: int | None = None, limit: int = 50) -> list[CalibrationRow]:
    """Sessions, the newest first."""
    query = select(CalibrationRow).order_by(CalibrationRow.id.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(CalibrationRow.id < before)))


def _audit(
    session: Session, clock: Clock, by: str, action: str, calibration_id: int, details: Mapping[str, object]
) -> None:
    subject = f"calibration:{calibration_id}"
    audit.append(session, clock, actor=by, action=action, subject=subject, details=details)
