"""From events to the view, one by one. Pure."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from qc.review import documents as d
from qc.review.view import MissedFinding, Review, Said, TicketView

_D = TypeVar("_D", bound=d.Document)


class Event(Protocol):
    """One thing that happened to a ticket; `TicketEventRow` is one."""

    @property
    def seq(self) -> int:
        """Place in the ticket's history, from 1."""
        ...

    @property
    def at(self) -> datetime:
        """When it was entered, aware."""
        ...

    @property
    def actor(self) -> str:
        """Who did it."""
        ...

    @property
    def action(self) -> str:
        """What was done."""
        ...

    @property
    def to_state(self) -> str:
        """The state after it."""
        ...

    @property
    def details(self) -> Mapping[str, Any]:
        """The document of the action; beside it what the door worked out (`appeal_until`, `result`)."""
        ...


def fold(view: TicketView, events: Iterable[Event]) -> TicketView:
    """The ticket after its events; `view` is what is known of it without them."""
    for event in events:
        view = after(view, event)
    return view


def after(view: TicketView, event: Event) -> TicketView:
    """The ticket after one more event."""
    changed = _AFTER.get(event.action, _nothing)(view, event)
    return replace(changed, state=event.to_state, version=view.version + 1)


def _nothing(view: TicketView, _event: Event) -> TicketView:
    return view


def _anew(view: TicketView) -> TicketView:
    """The ticket before anybody reviewed it."""
    return TicketView(
        id=view.id,
        state=view.state,
        version=view.version,
        call=view.call,
        plan=view.plan,
        round=view.round,
        card=view.card,
        card_version=view.card_version,
    )


def _assign(view: TicketView, event: Event) -> TicketView:
    document = read(d.Assign, event)
    second = document.second_reviewer or view.second_reviewer
    return replace(view, reviewer=document.reviewer, second_reviewer=second, adjudicated={}, adjudicator=None)


def _take(view: TicketView, event: Event) -> TicketView:
    if view.reviewer is not None or event.actor == view.second_reviewer:
        return view
    return replace(view, reviewer=event.actor)


def _give_back(view: TicketView, _event: Event) -> TicketView:
    return replace(_anew(view), second_reviewer=view.second_reviewer)


def _second(view: TicketView, event: Event) -> TicketView:
    return replace(view, second_reviewer=read(d.Second, event).reviewer)


def _own(view: TicketView, event: Event, change: Callable[[Review], Review]) -> TicketView:
    """The view with the actor's own review changed, whoever has the seats meanwhile."""
    mine = view.reviews.get(event.actor) or Review(event.actor)
    return replace(view, reviews={**view.reviews, event.actor: change(mine)})


def _decide(view: TicketView, event: Event) -> TicketView:
    document = read(d.Decision, event)
    said = Said(document.verdict, event.actor, document.comment)
    return _own(view, event, lambda mine: replace(mine, said={**mine.said, document.item: said}))


def _add_missed(view: TicketView, event: Event) -> TicketView:
    document = read(d.Missed, event)
    one = MissedFinding(number=event.seq, by=event.actor, **document.model_dump())
    return _own(view, event, lambda mine: replace(mine, missed=(*mine.missed, one)))


def _rate(view: TicketView, event: Event) -> TicketView:
    document = read(d.Rate, event)
    card = (document.card or "", document.version or 0)

    def change(mine: Review) -> Review:
        before = mine.ratings if mine.card == card else {}
        return replace(mine, ratings={**before, **document.given}, card=card)

    return _own(view, event, change)


def _complete(view: TicketView, event: Event) -> TicketView:
    return _own(view, event, lambda mine: replace(mine, done=True))


def _adjudicate(view: TicketView, event: Event) -> TicketView:
    document = read(d.Adjudication, event)
    said = {each.item: Said(each.verdict, event.actor, each.comment) for each in document.decisions}
    return replace(view, adjudicated=said, adjudicator=event.actor)


def _share(view: TicketView, event: Event) -> TicketView:
    until = datetime.fromisoformat(event.details["appeal_until"])
    return replace(
        view,
        reviews={person: replace(each, done=True) for person, each in view.reviews.items()},
        shared_at=event.at,
        appeal_until=until,
        words=event.details.get("words"),
    )


def _acknowledge(view: TicketView, event: Event) -> TicketView:
    return replace(view, acknowledged_at=event.at)


def _appeal(view: TicketView, event: Event) -> TicketView:
    document = read(d.Appeal, event)
    return replace(view, grounds={each.item: each.reason for each in document.grounds})


def _decide_appeal(view: TicketView, event: Event) -> TicketView:
    document = read(d.AppealDecision, event)
    rulings = {each.item: (each.ruling, each.reason) for each in document.rulings}
    return replace(view, rulings=rulings, ruled_by=event.actor, final_at=event.at)


def _finalise(view: TicketView, event: Event) -> TicketView:
    return replace(view, final_at=event.at)


def _reopen(view: TicketView, event: Event) -> TicketView:
    other = read(d.Reopen, event).reviewer
    return replace(_anew(view), reviewer=other or view.reviewer, round=view.round + 1)


def read(kind: type[_D], event: Event) -> _D:
    """The document of an event, without what the door added. By way of JSON: the documents are strict."""
    return kind.model_validate_json(
        json.dumps({name: value for name, value in event.details.items() if name not in ADDED})
    )


# What the door adds to an event beside its document.
ADDED: Final = frozenset({"appeal_until", "result", "scorecard"})
_AFTER: Final[Mapping[str, Callable[[TicketView, Event], TicketView]]] = {
    "assign": _assign,
    "take": _take,
    "give_back": _give_back,
    "ask_second": _second,
    "decide": _decide,
    "add_missed": _add_missed,
    "rate": _rate,
    "complete": _complete,
    "adjudicate": _adjudicate,
    "share": _share,
    "acknowledge": _acknowledge,
    "appeal": _appeal,
    "decide_appeal": _decide_appeal,
    "finalise": _finalise,
    "reopen": _reopen,
}
