"""The verdicts and ratings of an event as rows of their own, for figures."""

from sqlalchemy.orm import Session

from qc.review import documents as d
from qc.review.fold import read
from qc.review.models import TicketDecisionRow, TicketEventRow, TicketRatingRow
from qc.review.types import Item, Stage, Verdict
from qc.review.view import TicketView, all_missed


def project(session: Session, view: TicketView, event: TicketEventRow) -> None:
    """Add the rows of one event; `view` is the ticket before it."""
    stage: Stage = "second" if event.actor == view.second_reviewer else "first"
    match event.action:
        case "decide":
            said = read(d.Decision, event)
            _decision(session, view, event, stage, said.item, said.verdict)
        case "add_missed":
            missed = read(d.Missed, event)
            item = Item("missed", event.seq)
            session.add(_row(view, event, stage, item, missed.category, "true"))
        case "adjudicate":
            for each in read(d.Adjudication, event).decisions:
                _decision(session, view, event, "adjudication", each.item, each.verdict)
        case "decide_appeal":
            for ruled in read(d.AppealDecision, event).rulings:
                verdict: Verdict = "true" if ruled.ruling == "upheld" else "false"
                _decision(session, view, event, "appeal", ruled.item, verdict)
        case "rate":
            session.add_all(_ratings(view, event, stage))
        case _:
            return
    session.flush()


def _decision(
    session: Session, view: TicketView, event: TicketEventRow, stage: Stage, item: Item, verdict: Verdict
) -> None:
    categories = {Item("finding", each.id): each.category for each in view.call.findings}
    categories |= {key: one.category for key, one in all_missed(view).items()}
    session.add(_row(view, event, stage, item, categories[item], verdict))


def _row(
    view: TicketView, event: TicketEventRow, stage: Stage, item: Item, category: str, verdict: Verdict
) -> TicketDecisionRow:
    return TicketDecisionRow(
        ticket_id=event.ticket_id,
        seq=event.seq,
        round=view.round,
        stage=stage,
        finding_id=item.number if item.kind == "finding" else None,
        missed=item.number if item.kind == "missed" else None,
        category=category,
        verdict=verdict,
        by=event.actor,
        at=event.at,
    )


def _ratings(view: TicketView, event: TicketEventRow, stage: Stage) -> list[TicketRatingRow]:
    rated = read(d.Rate, event)
    return [
        TicketRatingRow(
            ticket_id=event.ticket_id,
            seq=event.seq,
            round=view.round,
            stage=stage,
            card=rated.card,
            card_version=rated.version or 0,
            item=item,
            rating=None if isinstance(rating, str) else rating,
            by=event.actor,
            at=event.at,
        )
        for item, rating in rated.given.items()
    ]
