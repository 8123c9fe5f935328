"""A case as its events tell it. Pure: the same events give the same view, wherever they are read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaint_warnings.cases import complaint_documents as c
from complaint_warnings.cases import documents as d
from complaint_warnings.cases.types import SELF_HARM
from complaint_warnings.types import Level


@dataclass(frozen=True, slots=True)
class Signed:
    """A document with who wrote it and when; `seq` is the event's place in the case's history."""

    by: str
    at: datetime
    document: d.Document
    seq: int = 0


@dataclass(frozen=True, slots=True)
class ReliefState:
    """A proposed relief and the second person's word on it. `round` is the one in which it was proposed."""

    number: int
    relief: d.Relief
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    approved: bool | None = None
    round: int = 1


@dataclass(frozen=True, slots=True)
class Held:
    """A pause; `until` is None while it lasts."""

    reason: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ComplaintPart:
    """What belongs to a complaint that arrived; empty while the case is only a warning. What was entered
    before `since` (the event of the newest complaint, or of a reopening after it) answers to nothing now."""

    received: tuple[c.ComplaintReceived, ...] = ()
    classification: Signed | None = None
    evidence: Signed | None = None
    callbacks: tuple[Signed, ...] = ()
    mediation: tuple[Signed, ...] = ()
    answers: tuple[Signed, ...] = ()
    since: int = 0

    @property
    def marks(self) -> tuple[int, ...]:
        """The customer's marks, in order."""
        documents = [one.document for one in self.callbacks]
        return tuple(
            one.satisfaction
            for one in documents
            if isinstance(one, c.Callback) and one.satisfaction is not None
        )


@dataclass(frozen=True, slots=True)
class CaseView:
    """Where a case stands. Tuples are in the order in which things happened.

    `round` counts reopenings: team, cause, plan, tracking, evaluation and sign-offs are those of the present
    round; contacts, reliefs and pauses are all there ever were.

    `concerned` are all collectors whom the matter is about; `collector_id` is the one shown. `brought_in` are
    all who reported any of it. `highest` is the highest level of this round. `matter` is the event that last
    brought something that asks for handling anew: what was concluded before it is no longer a conclusion.
    """

    number: str
    kind: str
    state: str
    version: int
    level: Level
    source: str
    complexity: str
    debtor_key: str
    warning_id: int | None
    reporter_id: str
    opened_at: datetime
    updated_at: datetime
    first_seen_at: datetime | None
    advice: dict[str, Any]
    debtor_name: str | None = None
    contact: str | None = None
    amount_due: str | None = None
    currency: str | None = None
    client: str | None = None
    collector_id: str | None = None
    team_name: str | None = None
    closed_at: datetime | None = None
    flags: frozenset[str] = frozenset()
    review: Signed | None = None
    team: d.Team | None = None
    cause: Signed | None = None
    plan: d.Plan | None = None
    plan_version: int = 0
    measures_done: frozenset[int] = frozenset()
    contacts: tuple[Signed, ...] = ()
    reliefs: tuple[ReliefState, ...] = ()
    result: d.Result | None = None
    ended_as: str | None = None
    tracking: tuple[Signed, ...] = ()
    evaluation: Signed | None = None
    sign_offs: tuple[Signed, ...] = ()
    holds: tuple[Held, ...] = ()
    deadlines: tuple[Signed, ...] = ()
    escalated_to: tuple[str, ...] = ()
    merged_into: int | None = None
    calls: tuple[int, ...] = ()
    complaint: ComplaintPart = ComplaintPart()
    round: int = 1
    concerned: frozenset[str] = frozenset()
    brought_in: frozenset[str] = frozenset()
    highest: Level = "low"
    matter: int = 1

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.closed_at is None

    @property
    def held(self) -> bool:
        """Whether the case rests."""
        return bool(self.holds) and self.holds[-1].until is None

    @property
    def self_harm(self) -> bool:
        """Whether self-harm was ever spoken of."""
        return SELF_HARM in self.flags

    @property
    def members(self) -> frozenset[str]:
        """Ids of the team."""
        return frozenset(member.person for member in self.team.members) if self.team else frozenset()

    @property
    def tracking_ended(self) -> bool:
        """Whether the newest look at the case, after all there is to look at, was declared the last."""
        last = self.tracking[-1] if self.tracking else None
        if last is None or last.seq <= self.matter:
            return False
        return isinstance(last.document, d.Track) and last.document.ended

    @property
    def evaluated(self) -> bool:
        """Whether there is an evaluation of the matter as it is now."""
        return self.evaluation is not None and self.evaluation.seq > self.matter

    @property
    def spoken(self) -> bool:
        """Whether the customer was talked to, or tried, about the matter as it is now."""
        return any(one.seq > self.matter for one in self.contacts)

    @property
    def review_stands(self) -> bool:
        """Whether the report is signed, by somebody who brought nothing of it in and whom it is not about."""
        return self.review is not None and self.review.by not in self.brought_in | self.concerned


def row_values(view: CaseView) -> dict[str, Any]:
    """What the case's row says, by column; all columns but the id."""
    return {
        "number": view.number,
        "kind": view.kind,
        "debtor_key": view.debtor_key,
        "warning_id": view.warning_id,
        "state": view.state,
        "version": view.version,
        "level": view.level,
        "source": view.source,
        "complexity": view.complexity,
        "first_seen_at": view.first_seen_at,
        "opened_at": view.opened_at,
        "updated_at": view.updated_at,
        "closed_at": view.closed_at,
        "debtor_name": view.debtor_name,
        "contact": view.contact,
        "amount_due": view.amount_due,
        "currency": view.currency,
        "client": view.client,
        "collector_id": view.collector_id,
        "team": view.team_name,
        "advice": view.advice,
        "reporter_id": view.reporter_id,
        "reviewer_id": view.review.by if view.review else None,
        "handler_id": view.team.handler if view.team else None,
        "result": view.ended_as or (view.result.outcome if view.result else None),
    }
