"""How much of what the sources hold is in which state."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.sources.models import SourceItemRow as Item

STATES = ("found", "taken", "refused", "dead")


def counts(session: Session, name: str | None = None) -> dict[str, dict[str, int]]:
    """How many calls are in each state, by source."""
    query = select(Item.source, Item.state, func.count()).where(Item.kind.in_(("call", "orphan")))
    if name is not None:
        query = query.where(Item.source == name)
    found: dict[str, dict[str, int]] = {}
    for source, state, count in session.execute(query.group_by(Item.source, Item.state)):
        found.setdefault(source, {})[state] = count
    return found


def oldest_waiting(session: Session) -> dict[str, datetime]:
    """Since when the oldest thing that waits has been known, by source."""
    query = select(Item.source, func.min(Item.found_at)).where(Item.kind == "call", Item.state == "found")
    return {source: moment for source, moment in session.execute(query.group_by(Item.source))}  # noqa: C416


def newest_taken(session: Session) -> dict[str, datetime]:
    """When the newest thing that was taken was written, by source."""
    query = select(Item.source, func.max(Item.modified_at)).where(Item.kind == "call", Item.state == "taken")
    return {source: moment for source, moment in session.execute(query.group_by(Item.source))}  # noqa: C416
