"""A ticket as people are shown it, on the command line and over HTTP alike; personal data hidden, and of
each review only what the reader may see."""

from collections.abc import Mapping
from typing import Any

from api.clause import Clause
from api.masking import known_in_record, mask_text
from ingest.models import CallRow
from qc.findings import Finding, Score, band_to_tell
from qc.models import TicketRow
from qc.review.decide import Possible
from qc.review.feedback import Point, feedback
from qc.review.guards.base import Refusal
from qc.review.loading import Loaded
from qc.review.models import TicketEventRow
from qc.review.results import Result, results
from qc.review.rulebook import Rulebook
from qc.review.sight import is_collector, seen_by, seen_version, sees_only_own
from qc.review.types import Item
from qc.review.view import MissedFinding, Review, Said, TicketView
from store.people import Actor
from transcription.privacy.detect import Known

# Fields that hold what somebody said or wrote.
_TEXTS = frozenset({"comment", "reason", "reasons", "words", "heard", "why"})


def ticket_line(row: TicketRow, call: CallRow, actor: Actor | None = None) -> dict[str, Any]:
    """The ticket in a list. The collector concerned does not see who reviews."""
    hidden = actor is not None and actor.id == call.agent_id
    line = {
        "id": row.id,
        "call_id": call.id,
        "call": f"{call.source}/{call.external_id}",
        "priority": row.priority,
        "state": row.state,
        "reasons": list(row.reasons),
        "opened_at": row.created_at,
        "version": row.version,
        "collector_id": call.agent_id,
        "team": call.agent_team,
        "assigned_to": None if hidden else row.assigned_to,
        "second_reviewer": None if hidden else row.second_reviewer,
        "plan": row.plan,
        "shared_at": row.shared_at,
        "appeal_until": row.appeal_until,
        "final_at": row.final_at,
        "final_score": row.final_score,
        "final_band": row.final_band,
    }
    return _shown(line, call)


def ticket_document(loaded: Loaded, actor: Actor, book: Rulebook) -> dict[str, Any]:
    """The ticket with the machine's result, people's and the final one beside each other."""
    view = seen_by(loaded.view, actor)
    # A result is made of what the reader may not see yet while two review blindly, or before it is shared.
    unseen = loaded.view.shared_at is None and (
        loaded.view.blind or is_collector(loaded.view, actor) or sees_only_own(loaded.view, actor)
    )
    three = results(loaded.view, loaded.machine, loaded.findings, book)
    document = {
        "round": view.round,
        "blind": loaded.view.blind,
        "words": view.words,
        "scorecard": None if view.card is None else view.card.name,
        "machine": None if three.machine is None else _score(three.machine),
        "findings": [finding_line(number, finding) for number, finding in loaded.findings.items()],
        "reviews": [_review(view, each) for each in (view.first, view.second) if each is not None],
        "adjudicated": _verdicts(view.adjudicated, actor, loaded.view),
        "human": None if unseen else _result(three.human, actor, loaded.view),
        "appeal": _appeal(view),
        "final": _result(three.final, actor, loaded.view),
    }
    line = ticket_line(loaded.row, loaded.call, actor)
    line["version"] = seen_version(loaded.row.version, loaded.view, loaded.events, actor)
    return line | _shown(document, loaded.call)


def finding_line(number: int, finding: Finding) -> dict[str, Any]:
    """A finding of the machine, in short."""
    return {
        "id": number,
        "rule": finding.rule,
        "category": finding.category,
        "kind": finding.kind,
        "status": finding.status,
        "severity": finding.severity,
        "start": finding.start,
        "end": finding.end,
        "heard": finding.heard,
        "why": dict(finding.why),
    }


def event_document(event: TicketEventRow, actor: Actor, loaded: Loaded) -> dict[str, Any]:
    """One thing that happened; the collector concerned is not told who did it."""
    hidden = is_collector(loaded.view, actor) and event.actor != actor.id
    document = {
        "seq": event.seq,
        "at": event.at.isoformat(),
        "actor": None if hidden else event.actor,
        "action": event.action,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "details": event.details,
        "sha256": event.sha256,
    }
    return _shown(document, loaded.call)


def possible_document(one: Possible) -> dict[str, Any]:
    """What somebody could do, with the fields of its document and what stands in the way."""
    return {
        "action": one.line.action,
        "zh": one.line.zh,
        "en": one.line.en,
        "to_state": one.to_state,
        "document": one.line.document.model_json_schema(),
        "refusal": _refusal(one.refusal),
        "guards": [
            {"name": guard.name, "zh": guard.zh, "en": guard.en, "refusal": _refusal(refusal)}
            for guard, refusal in one.guards
        ],
    }


def _refusal(refusal: Refusal | None) -> dict[str, Any] | None:
    if refusal is None:
        return None
    said = {"code": refusal.code, "message": refusal.message, "mend": refusal.mend}
    return said | {"missing": list(refusal.missing)}


def feedback_document(loaded: Loaded, book: Rulebook) -> dict[str, Any]:
    """What the collector is told; `points` is empty before the result is shared."""
    view = loaded.view
    three = results(view, loaded.machine, loaded.findings, book)
    told = three.final or (three.human if view.shared_at else None)
    document = {
        "ticket": view.id,
        "state": view.state,
        "words": view.words,
        "score": None if told is None else _score(told.score),
        "appeal_until": None if view.appeal_until is None else view.appeal_until.isoformat(),
        "scorecard": _card_told(view),
        "points": [_point(each, loaded.call.id) for each in feedback(view, loaded.findings, book)],
        "appeal": _appeal(view, told_by=False),
    }
    return _shown(document, loaded.call)


def _card_told(view: TicketView) -> dict[str, Any] | None:
    """The scorecard in the collector's words: what it came to, and each item by its title."""
    review = view.first if view.shared_at else None
    made = None if review is None else view.rated(review)
    if made is None or review is None or review.card is None:
        return None
    card = view.cards[review.card]
    items = [
        {
            "title": {"zh": item.title.zh, "en": item.title.en},
            "rating": line.rating,
            "best": item.best,
            "failed": line.failed,
        }
        for item, line in zip(card.items, made.items, strict=True)
    ]
    title = {"zh": card.title.zh, "en": card.title.en}
    return {"title": title, "points": made.points, "passed": made.passed, "items": items}


def _point(point: Point, call_id: int) -> dict[str, Any]:
    clip = None
    if point.clip is not None:
        start, end = round(point.clip.start, 2), round(point.clip.end, 2)
        audio = f"/api/v1/calls/{call_id}/audio#t={start:g},{end:g}"
        clip = {"start": start, "end": end, "audio": audio}
    return _item(point.item) | {
        "category": point.category,
        "title": dict(point.title),
        "clip": clip,
        "heard": point.heard,
        "why": dict(point.why),
        "clauses": [clause_line(Clause.of(cited)) for cited in point.clauses],
        "better": dict(point.better),
    }


def clause_line(clause: Clause) -> dict[str, Any]:
    """A clause that something rests on."""
    return {
        "source": clause.source,
        "title": {"zh": clause.title.zh, "en": clause.title.en},
        "article": clause.article,
        "quote": clause.quote,
        "binding": None if clause.binding is None else {"zh": clause.binding.zh, "en": clause.binding.en},
    }


def _review(view: TicketView, review: Review) -> dict[str, Any]:
    return {
        "stage": "first" if review.reviewer == view.reviewer else "second",
        "reviewer": review.reviewer,
        "done": review.done,
        "decisions": [_item(item) | _said(said) for item, said in review.said.items()],
        "missed": [_missed(each) for each in review.missed],
        "card": None if review.card is None else f"{review.card[0]}@{review.card[1]}",
        "ratings": dict(review.ratings),
        "scorecard": _card_score(view, review),
    }


def _card_score(view: TicketView, review: Review) -> dict[str, Any] | None:
    made = view.rated(review)
    return (
        None if made is None else {"points": made.points, "passed": made.passed, "failed": list(made.failed)}
    )


def _missed(one: MissedFinding) -> dict[str, Any]:
    return {
        "missed": one.number,
        "category": one.category,
        "start": one.start,
        "end": one.end,
        "role": one.role,
        "comment": one.comment,
    }


def _appeal(view: TicketView, *, told_by: bool = True) -> dict[str, Any] | None:
    if not view.grounds:
        return None
    by = {"by": view.ruled_by} if told_by else {}
    return by | {
        "grounds": [_item(item) | {"reason": text} for item, text in view.grounds.items()],
        "rulings": [
            _item(item) | {"ruling": ruling, "reason": text} for item, (ruling, text) in view.rulings.items()
        ],
    }


def _result(result: Result | None, actor: Actor, view: TicketView) -> dict[str, Any] | None:
    if result is None:
        return None
    return _score(result.score) | {"verdicts": _verdicts(result.said, actor, view)}


def _verdicts(said: Mapping[Item, Said], actor: Actor, view: TicketView) -> list[dict[str, Any]]:
    hidden = is_collector(view, actor)
    lines = [_item(item) | _said(one) for item, one in sorted(said.items())]
    return [line | {"by": None, "comment": None} for line in lines] if hidden else lines


def _said(said: Said) -> dict[str, Any]:
    return {"verdict": said.verdict, "by": said.by, "comment": said.comment}


def _item(item: Item) -> dict[str, Any]:
    return {
        "finding": item.number if item.kind == "finding" else None,
        "missed": item.number if item.kind == "missed" else None,
    }


def _score(score: Score) -> dict[str, Any]:
    return {"score": score.total, "band": band_to_tell(score.band, judged=True), "veto": score.veto}


def _shown(document: dict[str, Any], call: CallRow) -> dict[str, Any]:
    """The document with personal data hidden in everything that somebody said or wrote."""
    shown: dict[str, Any] = _masked(document, "", known_in_record(call.record))
    return shown


def _masked(value: Any, name: str, known: Known) -> Any:
    if isinstance(value, Mapping):
        inner = name if name in _TEXTS else ""
        return {key: _masked(each, inner or key, known) for key, each in value.items()}
    if isinstance(value, list):
        return [_masked(each, name, known) for each in value]
    return mask_text(value, known) if isinstance(value, str) and name in _TEXTS else value
