"""From the events of a case to the story that the figures count. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from complaint_warnings.cases import complaint_documents as c
from complaint_warnings.cases import documents as d
from complaint_warnings.cases.events import Event
from complaint_warnings.cases.fold import fold
from complaint_warnings.cases.view import CaseView
from complaint_warnings.learning.library import Lesson
from complaint_warnings.learning.types import CaseStory, Cause

UNNAMED = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a case that are the customer's business, as its deadlines have them."""

    answered_at: datetime | None = None
    answer_due: datetime | None = None
    settled_at: datetime | None = None
    settle_due: datetime | None = None


def story_of(events: Sequence[Event], *, warned_at: datetime | None, limits: Limits) -> CaseStory:
    """The story of one case.

    Args:
        events: of the case, oldest first.
        warned_at: when its warning was opened.
        limits: of the first complaint.
    """
    view = fold(events)
    received = view.complaint.received
    judged = view.evaluation.document if view.evaluation else None
    return CaseStory(
        number=view.number,
        debtor_key=view.debtor_key,
        opened_at=view.opened_at,
        level=view.level,
        source=view.source,
        closed_at=view.closed_at,
        arrivals=tuple(sorted(one.arrived_at for one in received)),
        warned_at=warned_at,
        answered_at=limits.answered_at,
        answer_due=limits.answer_due,
        settled_at=limits.settled_at,
        settle_due=limits.settle_due,
        channel=received[0].channel if received else None,
        client=view.client,
        collector=view.collector_id,
        team=view.team_name,
        result=view.ended_as or (view.result.outcome if view.result else None),
        causes=causes_of(view),
        ratings=ratings_of(view),
        asked=_asked(view),
        reopened=view.round > 1,
        at_once=judged.one_time if isinstance(judged, d.Evaluation) else None,
        ended_as=view.ended_as,
    )


def causes_of(view: CaseView) -> tuple[Cause, ...]:
    """What the evaluation attributes the matter to; before it, what the analysis of the cause says."""
    found = view.cause.document if view.cause else None
    analysed = found if isinstance(found, d.Cause) else None
    judged = view.evaluation.document if view.evaluation else None
    attributed = judged.attribution if isinstance(judged, d.Evaluation) else ()
    dimensions = attributed or (analysed.dimensions if analysed else ())
    kind = (analysed.kind if analysed else None) or UNNAMED
    return tuple(Cause(dimension, kind) for dimension in dict.fromkeys(dimensions))


def ratings_of(view: CaseView) -> tuple[int, ...]:
    """The customer's marks in order; where no callback has one, the mark of the evaluation."""
    judged = view.evaluation.document if view.evaluation else None
    noted = judged.satisfaction if isinstance(judged, d.Evaluation) else None
    return view.complaint.marks or ((noted,) if noted is not None else ())


def lesson_of(
    view: CaseView, case_id: int, *, claims: tuple[str, ...], names: tuple[str, ...]
) -> Lesson | None:
    """What a closed case teaches; None while it is open or nothing was concluded."""
    cause = view.cause.document if view.cause else None
    judged = view.evaluation.document if view.evaluation else None
    if view.closed_at is None or view.result is None or not isinstance(judged, d.Evaluation):
        return None
    classified = view.complaint.classification.document if view.complaint.classification else None
    causes = causes_of(view)
    marks = ratings_of(view)
    return Lesson(
        case_id=case_id,
        number=view.number,
        type=causes[0].kind if causes else UNNAMED,
        classification=classified.classification if isinstance(classified, c.Classification) else None,
        channel=view.complaint.received[0].channel if view.complaint.received else None,
        level=view.level,
        causes=causes,
        claim="\n".join(claims) or (view.advice or {}).get("zh", ""),
        cause=cause.cause if isinstance(cause, d.Cause) else "",
        solution="\n".join([*_measures(view), view.result.words, judged.lessons]),
        result=view.result.outcome,
        rating=marks[-1] if marks else None,
        closed_at=view.closed_at,
        handler=view.team.handler if view.team else None,
        names=names,
    )


def _measures(view: CaseView) -> list[str]:
    return [view.plan.goal, *(measure.what for measure in view.plan.measures)] if view.plan else []


def _asked(view: CaseView) -> bool:
    documents = [one.document for one in view.complaint.callbacks]
    return any(isinstance(one, c.Callback) and one.reached for one in documents)
