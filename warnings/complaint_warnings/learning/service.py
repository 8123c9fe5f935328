"""The verbs of learning: the stories of all cases, and what is drawn from them. They never commit."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from complaint_warnings.cases.door import history
from complaint_warnings.cases.fold import fold
from complaint_warnings.cases.merged import goes_on_in as goes_on_in  # noqa: PLC0414 - others ask for it here
from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.clocks.models import DeadlineRow
from complaint_warnings.complaints.models import ComplaintRow
from complaint_warnings.learning.conversion import Heard
from complaint_warnings.learning.groups import Grievance
from complaint_warnings.learning.library import publish as put_into_library
from complaint_warnings.learning.models import LessonRow
from complaint_warnings.learning.stories import Limits, lesson_of, story_of
from complaint_warnings.learning.types import CaseStory
from complaint_warnings.models import WarningRow
from ingest.models import CallRow
from qc.models import InspectionRow
from store.clock import Clock
from store.errors import ConflictError, NotFoundError
from store.people import Actor, PersonRow

_BATCH = 1000
_MERGED = "merged"
_GOES_ON_HERE = or_(CaseRow.result.is_(None), CaseRow.result != _MERGED)


def stories(session: Session, *, since: datetime | None = None) -> Iterator[CaseStory]:
    """The stories of all cases, or of those that were not closed before `since`; a batch at a time. A case
    that was merged has its story in the one in which it went on."""
    query = select(CaseRow.id).where(_GOES_ON_HERE).order_by(CaseRow.id)
    if since is not None:
        query = query.where(or_(CaseRow.closed_at.is_(None), CaseRow.closed_at >= since))
    ids = list(session.scalars(query))
    for start in range(0, len(ids), _BATCH):
        yield from _stories_of(session, ids[start : start + _BATCH])


def _stories_of(session: Session, ids: Sequence[int]) -> Iterator[CaseStory]:
    low, high = ids[0], ids[-1]
    wanted = set(ids)
    warned = _warned(session, low, high)
    limits = _limits(session, low, high)
    events = session.scalars(
        select(CaseEventRow)
        .where(CaseEventRow.case_id.between(low, high))
        .order_by(CaseEventRow.case_id, CaseEventRow.seq)
    )
    for case_id, own in groupby(events, key=attrgetter("case_id")):
        if case_id in wanted:
            yield story_of(
                list(own),
                warned_at=warned.get(case_id),
                limits=limits.get(case_id, Limits()),
            )


def _warned(session: Session, low: int, high: int) -> dict[int, datetime]:
    rows = session.execute(
        select(CaseRow.id, WarningRow.opened_at)
        .join(WarningRow, WarningRow.id == CaseRow.warning_id)
        .where(CaseRow.id.between(low, high))
    )
    return {row.id: row.opened_at for row in rows}


def _limits(session: Session, low: int, high: int) -> dict[int, Limits]:
    """The first run of each clock of a case; of the limits for the result the earlier one counts."""
    runs: dict[int, dict[str, DeadlineRow]] = defaultdict(dict)
    for row in session.scalars(
        select(DeadlineRow).where(DeadlineRow.case_id.between(low, high), DeadlineRow.number == 1)
    ):
        runs[row.case_id][row.clock] = row
    found = {}
    for case_id, own in runs.items():
        answer = own.get("first_answer")
        results = [own[name] for name in ("settle", "regulator") if name in own]
        dues = [row.due_at for row in results if row.due_at is not None]
        met = [row.met_at for row in results if row.met_at is not None]
        found[case_id] = Limits(
            answered_at=answer.met_at if answer else None,
            answer_due=answer.due_at if answer else None,
            settled_at=min(met, default=None),
            settle_due=min(dues, default=None),
        )
    return found


def heard_of(session: Session) -> Callable[[CaseStory], Heard]:
    """What was heard of a debtor before the complaint: the calls on record, and those that were judged."""

    def heard(story: CaseStory) -> Heard:
        before = (CallRow.debtor_key == story.debtor_key) & (CallRow.started_at < story.complained_at)
        judged = (
            select(InspectionRow.call_id)
            .join(CallRow, CallRow.id == InspectionRow.call_id)
            .where(before, InspectionRow.band.is_not(None))
            .distinct()
        )
        calls = session.scalar(select(func.count()).select_from(CallRow).where(before))
        whole = session.scalar(select(func.count()).select_from(judged.subquery()))
        return Heard(calls or 0, whole or 0)

    return heard


def grievances(session: Session, since: datetime) -> list[Grievance]:
    """The complaints that arrived since, as groups are looked for among them. A complaint whose case was
    merged belongs to the debtor of the case in which it went on."""
    rows = session.execute(
        select(ComplaintRow, CaseRow)
        .join(CaseRow, CaseRow.id == ComplaintRow.case_id)
        .where(ComplaintRow.arrived_at >= since)
        .order_by(ComplaintRow.id)
    ).all()
    return [_grievance(complaint, goes_on_in(session, case)) for complaint, case in rows]


def _grievance(complaint: ComplaintRow, case: CaseRow) -> Grievance:
    return Grievance(
        number=complaint.number,
        debtor_key=case.debtor_key,
        at=complaint.arrived_at,
        client=complaint.document["client"] or case.client,
        collector=complaint.document["collector_id"] or case.collector_id,
        text=complaint.document["claim"],
        open=case.closed_at is None,
    )


def publish(session: Session, clock: Clock, case_id: int, *, actor: Actor) -> LessonRow:
    """Put what a closed case teaches into the library; the people in it are taken out.

    Raises:
        NotFoundError: `case.unknown`.
        ConflictError: `library.open`, the case is open or was not handled to the end; `library.role`;
            `library.own_case`.
    """
    case = session.get(CaseRow, case_id)
    if case is None:
        raise NotFoundError(f"there is no case {case_id}", code="case.unknown")
    rows = list(session.scalars(select(ComplaintRow).where(ComplaintRow.case_id == case_id)))
    lesson = lesson_of(
        fold(history(session, case_id)),
        case_id,
        claims=tuple(row.document["claim"] for row in rows),
        names=_names(session, case, rows),
    )
    if lesson is None:
        raise ConflictError(
            f"{case.number} was not closed after an evaluation",
            code="library.open",
            mend="The library takes cases that were handled to the end.",
        )
    return put_into_library(session, clock, lesson, actor=actor)


def _names(session: Session, case: CaseRow, complaints: Sequence[ComplaintRow]) -> tuple[str, ...]:
    """Everybody whom the case may name: the debtor, the complainants, the house's people, the collector."""
    told = [case.debtor_name]
    for row in complaints:
        told += [row.document["complainant_name"], row.document["debtor"]["name"]]
    people = session.scalars(select(PersonRow.name))
    calls = session.scalars(select(CallRow.record).where(CallRow.debtor_key == case.debtor_key))
    collectors = [(record.get("agent") or {}).get("name") for record in calls]
    return tuple(dict.fromkeys(name for name in (*told, *people, *collectors) if name))
