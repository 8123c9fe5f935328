"""Scorecards in a review: which one is meant, and what it comes to."""

from typing import Any

from sqlalchemy.orm import Session

from qc.review import documents as d
from qc.review.view import CardVersion, TicketView
from qc.sampling.scorecards import check_item, load_card
from store.errors import BadInputError
from store.people import Actor


def fitted(session: Session, view: TicketView, actor: Actor, document: d.Document) -> d.Document:
    """The document; a rating with the version of its card, and refused where the card has no such item.

    Raises:
        NotFoundError: `scorecard.unknown`.
        BadInputError: `scorecard.rating`, `scorecard.none`.
    """
    if not isinstance(document, d.Rate):
        return document
    mine = view.review_of(actor.id)
    begun = mine.card if mine is not None else None
    name, version = document.card or _usual_card(view, begun), document.version
    if version is None and begun is not None and begun[0] == name:
        version = begun[1]
    card, version = load_card(session, name, version)
    for item, rating in document.given.items():
        check_item(card, item, rating)
    return document.model_copy(update={"card": name, "version": version})


def _usual_card(view: TicketView, begun: CardVersion | None) -> str:
    """The name of the card that is meant where none is named.

    Raises:
        BadInputError: `scorecard.none`.
    """
    if begun is not None:
        return begun[0]
    if view.card is not None:
        return view.card.name
    raise BadInputError(
        "no plan says which scorecard this call is rated with",
        code="scorecard.none",
        where="card",
        mend="Name one; `diting scorecards list` has all.",
    )


def card_result(view: TicketView) -> dict[str, Any]:
    """What the reviewer's scorecard came to, where there is a whole one."""
    review = view.first
    made = None if review is None else view.rated(review)
    if made is None or review is None or review.card is None:
        return {}
    name, version = review.card
    result = {"points": made.points, "passed": made.passed, "failed": list(made.failed)}
    return {"scorecard": {"card": f"{name}@{version}", **result}}
