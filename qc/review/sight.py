"""Who sees what of a review. Pure. Two reviewers see nothing of each other until both are done; the collector
sees nothing of it before it is shared, and never who judged."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from qc.review.fold import Event
from qc.review.view import TicketView
from store.people import Actor

_E = TypeVar("_E", bound=Event)
_OF_A_REVIEW: Final = frozenset({"decide", "add_missed", "rate", "complete"})
_FOR_THE_COLLECTOR: Final = frozenset({"share", "acknowledge", "appeal", "decide_appeal", "finalise"})


def is_collector(view: TicketView, actor: Actor) -> bool:
    """Whether the actor spoke in the call."""
    return actor.id == view.call.collector


def _sees_only_own(view: TicketView, actor: Actor) -> bool:
    return view.blind and actor.id in (view.reviewer, view.second_reviewer)


def seen_by(view: TicketView, actor: Actor) -> TicketView:
    """The ticket as the actor may see it."""
    if is_collector(view, actor):
        return replace(view, reviews={}, adjudicated={}, reviewer=None, second_reviewer=None,
                       adjudicator=None, ruled_by=None)  # fmt: skip
    if not _sees_only_own(view, actor):
        return view
    return replace(view, reviews={p: each for p, each in view.reviews.items() if p == actor.id})


def seen_events(view: TicketView, events: Sequence[_E], actor: Actor) -> list[_E]:
    """The events that the actor may see, in order."""
    if is_collector(view, actor):
        return [each for each in events if each.action in _FOR_THE_COLLECTOR]
    if not _sees_only_own(view, actor):
        return list(events)
    return [each for each in events if each.actor == actor.id or each.action not in _OF_A_REVIEW]
