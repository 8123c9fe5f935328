"""The events of a case as the clocks need them: each with what the case is after it."""

from collections.abc import Sequence
from typing import Any

from complaint_warnings.cases.events import Event
from complaint_warnings.cases.fold import after, begin
from complaint_warnings.cases.view import CaseView
from complaint_warnings.clocks.deadlines import OPENED
from complaint_warnings.clocks.types import Happening


def happenings(events: Sequence[Event]) -> list[Happening]:
    """The events, oldest first, which begin with the opening of the case."""
    found: list[Happening] = []
    view: CaseView | None = None
    for event in events:
        view = begin(event) if view is None else after(view, event)
        found.append(
            Happening(
                seq=event.seq,
                at=event.at,
                action=event.action,
                actor=event.actor,
                state=view.state,
                kind=view.kind,
                level=view.level,
                source=view.source,
                complexity=view.complexity,
                details=_details(event),
            )
        )
    return found


def _details(event: Event) -> dict[str, Any]:
    """The document; what the opener of a case wanted kept stands beside it."""
    document = dict(event.details)
    own = document.get("details") if event.action == OPENED else None
    return {**own, **document} if isinstance(own, dict) else document
