"""The case library 案例库: closed cases by type, cause and solution, searched by words.

Words are looked for anywhere in the text, so that Chinese words of two characters are found as they are; a
library holds thousands of cases, not millions, and one pass over their text is quick.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaint_warnings.learning.models import LessonRow
from complaint_warnings.learning.types import Cause
from ingest.metadata import Agent, CallRecord, Customer
from qc.adviser.redact import Redactor
from store import audit
from store.clock import Clock
from store.errors import ConflictError
from store.people import Actor

APPROVERS = ("control_lead", "department_head")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a closed case teaches, as its people wrote it; `names` are the people to be taken out of it."""

    case_id: int
    number: str
    type: str
    classification: str | None
    channel: str | None
    level: str
    causes: tuple[Cause, ...]
    claim: str
    cause: str
    solution: str
    result: str
    rating: int | None
    closed_at: datetime
    handler: str | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A search; fields that are None or empty do not narrow it. All `words` must occur."""

    words: tuple[str, ...] = ()
    type: str | None = None
    dimension: str | None = None
    cause: str | None = None
    classification: str | None = None
    channel: str | None = None
    limit: int = 50


def folded(text: str) -> str:
    """The text as it is searched: one width, no case."""
    return unicodedata.normalize("NFKC", text).casefold()


def without_people(text: str, names: Sequence[str]) -> str:
    """The text with marks such as 〔姓名〕 in place of names, numbers and addresses."""
    for name in names:
        record = CallRecord(
            external_id="lesson", source="library", customer=Customer(name=name), agent=Agent(name=name)
        )
        text = Redactor(record)(text)
    return text if names else Redactor(CallRecord(external_id="lesson", source="library"))(text)


def publish(session: Session, clock: Clock, lesson: Lesson, *, actor: Actor) -> LessonRow:
    """Put a closed case into the library. Publishing it again changes nothing.

    Raises:
        ConflictError: `library.role`, not one who may approve; `library.own_case`, who handled the case does
            not approve what is learnt from it.
    """
    if not actor.has(*APPROVERS):
        raise ConflictError(
            "only the head of complaint control or of the department approves a case for the library",
            code="library.role",
        )
    if actor.id == lesson.handler:
        raise ConflictError(
            "who handled the case does not approve what is learnt from it",
            code="library.own_case",
            mend="Another person approves it.",
        )
    known = session.scalar(select(LessonRow).where(LessonRow.case_id == lesson.case_id))
    if known is not None:
        return known
    row = _row(lesson, actor, clock)
    session.add(row)
    session.flush()
    audit.append(session, clock, actor=actor.id, action="library.published", subject=f"case:{lesson.case_id}")
    return row


def _row(lesson: Lesson, actor: Actor, clock: Clock) -> LessonRow:
    claim, cause, solution = (
        without_people(text, lesson.names) for text in (lesson.claim, lesson.cause, lesson.solution)
    )
    kinds = [one.kind for one in lesson.causes]
    return LessonRow(
        case_id=lesson.case_id,
        number=lesson.number,
        type=lesson.type,
        classification=lesson.classification,
        channel=lesson.channel,
        level=lesson.level,
        causes=[{"dimension": one.dimension, "kind": one.kind} for one in lesson.causes],
        claim=claim,
        cause=cause,
        solution=solution,
        result=lesson.result,
        rating=lesson.rating,
        search=folded("\n".join([lesson.type, *kinds, claim, cause, solution])),
        closed_at=lesson.closed_at,
        approved_by=actor.id,
        added_at=clock.now(),
    )


def search(session: Session, asked: Asked) -> list[LessonRow]:
    """The cases that hold every word, newest first."""
    query = select(LessonRow)
    for word in asked.words:
        query = query.where(LessonRow.search.contains(folded(word), autoescape=True))
    for column, value in (
        (LessonRow.type, asked.type),
        (LessonRow.classification, asked.classification),
        (LessonRow.channel, asked.channel),
    ):
        if value is not None:
            query = query.where(column == value)
    rows = session.scalars(query.order_by(LessonRow.closed_at.desc(), LessonRow.id.desc()))
    return _first(rows.all(), asked)


def _first(rows: Sequence[LessonRow], asked: Asked) -> list[LessonRow]:
    return [row for row in rows if _has_cause(row.causes, asked)][: asked.limit]


def _has_cause(causes: Sequence[dict[str, Any]], asked: Asked) -> bool:
    if asked.dimension is None and asked.cause is None:
        return True
    return any(
        asked.dimension in (None, one["dimension"]) and asked.cause in (None, one["kind"]) for one in causes
    )
