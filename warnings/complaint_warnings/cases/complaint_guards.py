"""The guards of a complaint: what must have been done before it may be closed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from complaint_warnings.cases import complaint_documents as c
from complaint_warnings.cases.guards import Refusal, Step, guard
from complaint_warnings.cases.view import CaseView, Signed

# A mark up to this one is dissatisfaction; a second callback is owed.
DISSATISFIED_TO: Final = 2
# Who was not reached so often, at different times, has been tried.
ATTEMPTS: Final = 3
APART: Final = timedelta(hours=1)


def counted(view: CaseView, entered: Sequence[Signed]) -> list[Signed]:
    """What answers to the complaint as it is now: entered since the newest one or the reopening, and not
    about a time before it arrived."""
    arrived = view.complaint.received[-1].arrived_at if view.complaint.received else None
    return [
        one
        for one in entered
        if one.seq > view.complaint.since and not _before(getattr(one.document, "at", None), arrived)
    ]


def _before(at: datetime | None, arrived: datetime | None) -> bool:
    return at is not None and arrived is not None and at < arrived


@guard("须为已收到的投诉", "a complaint arrived")
def is_complaint(step: Step) -> Refusal | None:
    """These actions belong to complaints that arrived."""
    if step.view.kind == "complaint":
        return None
    return Refusal(
        code="case.not_complaint",
        message="no complaint has arrived in this case",
        mend="Enter the complaint with `diting complaints receive`; it joins the debtor's open case.",
    )


@guard("已收到投诉的不得直接驳回", "no complaint has arrived")
def no_complaint(step: Step) -> Refusal | None:
    """Who complained gets an answer, also where nothing of it is true."""
    if step.view.kind != "complaint":
        return None
    return Refusal(
        code="case.complaint_open",
        message="a complaint has arrived: the case is not dismissed",
        mend="Handle it to the end: classify, answer, call back and close.",
    )


@guard("时间不得晚于现在", "the time is not still to come")
def not_to_come(step: Step) -> Refusal | None:
    """What is written down has happened."""
    at = getattr(step.document, "at", None) or getattr(step.document, "arrived_at", None)
    if at is None or at <= step.now:
        return None
    return Refusal(
        code="case.document",
        message=f"{at.isoformat()} is still to come",
        mend="Give the time at which it happened, with its zone.",
        where="at",
    )


@guard("投诉须已分类", "the complaint is classified, since the newest one came or the case was reopened")
def classified(step: Step) -> Refusal | None:
    """What kind of matter it is must be said before it ends."""
    complaint = step.view.complaint
    known = complaint.classification is not None and complaint.classification.seq > complaint.since
    if step.view.kind != "complaint" or known:
        return None
    return Refusal(
        code="case.not_classified",
        message="the complaint has not been classified since it came",
        mend="Say with `classify`: a clear fact, a misunderstanding, or a disputed responsibility.",
    )


@guard("投诉须已书面或口头答复客户", "the customer has an answer to the newest complaint")
def answered(step: Step) -> Refusal | None:
    """A complaint ends with an answer to the customer, and to the authority or the creditor who asked. An
    answer from before the newest complaint, or before the reopening, is none to what came then."""
    if step.view.kind != "complaint":
        return None
    answers = counted(step.view, step.view.complaint.answers)
    given = {one.document.to for one in answers if isinstance(one.document, c.Answer)}
    missing = [who for who in _owed(step) if who not in given]
    if not missing:
        return None
    return Refusal(
        code="case.not_answered",
        message=f"no answer was given to the {' and the '.join(missing)} since the newest complaint",
        mend="Enter each with `answer`.",
    )


def _owed(step: Step) -> list[str]:
    channels = {one.channel for one in step.view.complaint.received}
    owed = ["customer"]
    if "creditor" in channels:
        owed.append("creditor")
    if any(one.source == "regulator" for one in step.view.complaint.received):
        owed.append("authority")
    return owed


@guard("须已回访满意度；不满意须二次回访或调解", "the customer was called back; twice if dissatisfied")
def called_back(step: Step) -> Refusal | None:
    """The customer was asked how satisfied they are; one who was not was called again, or mediation ended."""
    if step.view.kind != "complaint":
        return None
    callbacks = _after_the_answer(step.view)
    reached = [one for one in callbacks if _callback(one).reached]
    if not reached and _attempts(callbacks) < ATTEMPTS:
        return Refusal(
            code="case.not_called_back",
            message="the customer was not called back after the answer",
            mend=f"Enter the call (`callback`); {ATTEMPTS} attempts an hour apart reaching nobody will do.",
        )
    mark = _callback(reached[-1]).satisfaction if reached else None
    if mark is None or mark > DISSATISFIED_TO or _went_on(step, reached):
        return None
    return Refusal(
        code="case.dissatisfied",
        message=f"the customer gave {mark} of 5 and was not called a second time",
        mend="Call again within 24 hours (`callback`), or enter how mediation ended (`mediate`).",
    )


def _after_the_answer(view: CaseView) -> list[Signed]:
    """The callbacks that count: before there is an answer there is nothing to be satisfied with."""
    answers = [
        one.seq
        for one in counted(view, view.complaint.answers)
        if isinstance(one.document, c.Answer) and one.document.to == "customer"
    ]
    return [one for one in counted(view, view.complaint.callbacks) if answers and one.seq > answers[0]]


def _callback(entered: Signed) -> c.Callback:
    assert isinstance(entered.document, c.Callback), "the fold keeps only these"  # noqa: S101
    return entered.document


def _attempts(callbacks: Sequence[Signed]) -> int:
    """How many attempts were made at different times."""
    count, last = 0, None
    for at in sorted(_callback(one).at for one in callbacks):
        if last is None or at - last >= APART:
            count, last = count + 1, at
    return count


def _went_on(step: Step, reached: list[Signed]) -> bool:
    """Whether dissatisfaction was followed up: by a second call, or by a mediation that ended after it."""
    earlier = [_callback(one).satisfaction for one in reached[:-1]]
    called_twice = any(mark is not None and mark <= DISSATISFIED_TO for mark in earlier)
    ended = any(
        isinstance(one.document, c.Mediation)
        and one.document.stage in ("refused", "agreed", "failed")
        and one.seq > reached[-1].seq
        for one in step.view.complaint.mediation
    )
    return called_twice or ended


CLOSING: Final = (classified, answered, called_back)
