"""Who sees what of a review. Pure.

Two reviewers see nothing of each other until both are done, and nobody who may yet become the second one, or
the third person, reads what the first writes. The collector sees nothing of it before it is shared, and never
who judged.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from qc.review.fold import Event
from qc.review.types import REVIEWERS
from qc.review.view import TicketView
from store.people import Actor

_E = TypeVar("_E", bound=Event)
_OF_A_REVIEW: Final = frozenset({"decide", "add_missed", "rate", "complete"})
_FOR_THE_COLLECTOR: Final = frozenset({"share", "acknowledge", "appeal", "decide_appeal", "finalise"})


def is_collector(view: TicketView, actor: Actor) -> bool:
    """Whether the actor spoke in the call."""
    return actor.id == view.call.collector


def sees_only_own(view: TicketView, actor: Actor) -> bool:
    """Whether of all reviews the actor sees at most their own."""
    if view.shared_at is not None or not actor.has(*REVIEWERS):
        return False
    if view.blind:
        return True
    seated = actor.id in (view.reviewer, view.second_reviewer)
    return not seated and view.second_reviewer is None and not actor.has("qc_lead", "auditor")


def seen_by(view: TicketView, actor: Actor) -> TicketView:
    """The ticket as the actor may see it."""
    if is_collector(view, actor):
        return replace(view, reviews={}, adjudicated={}, reviewer=None, second_reviewer=None,
                       adjudicator=None, ruled_by=None)  # fmt: skip
    if not sees_only_own(view, actor):
        return view
    return replace(view, reviews={p: each for p, each in view.reviews.items() if p == actor.id})


def seen_events(view: TicketView, events: Sequence[_E], actor: Actor) -> list[_E]:
    """The events that the actor may see, in order."""
    if is_collector(view, actor):
        return [each for each in events if each.action in _FOR_THE_COLLECTOR]
    if not sees_only_own(view, actor):
        return list(events)
    return [each for each in events if each.actor == actor.id or each.action not in _OF_A_REVIEW]


def seen_version(version: int, view: TicketView, events: Sequence[Event], actor: Actor) -> int:
    """The version of the ticket as the actor sees it: what they may not see has not happened to them. So two
    blind reviewers do not get into each other's way, and neither counts what the other does.

    Args:
        version: of the ticket's row.
    """
    if is_collector(view, actor):
        return version
    return version - (len(events) - len(seen_events(view, events, actor)))
