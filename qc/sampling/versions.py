"""Versions of plans and scorecards on record: the newest of a name counts, none is ever changed."""

import hashlib
import json
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError
from sqlalchemy.orm import Session

from qc.sampling.models import SamplingPlanRow, ScorecardRow
from store import audit
from store.clock import Clock
from store.errors import ConflictError

Row = TypeVar("Row", SamplingPlanRow, ScorecardRow)


def newest(session: Session, table: type[Row], name: str, *, lock: bool = False) -> Row | None:
    """The newest version of a name; with `lock` nobody else works on it until the end of the transaction."""
    query = select(table).where(table.name == name).order_by(table.version.desc()).limit(1)
    return session.scalar(query.with_for_update() if lock else query)


def list_newest(session: Session, table: type[Row]) -> list[Row]:
    """The newest version of each name, by name."""
    ids = select(func.max(table.id)).group_by(table.name)
    return list(session.scalars(select(table).where(table.id.in_(ids)).order_by(table.name)))


def add_version(
    session: Session, clock: Clock, table: type[Row], name: str, document: dict[str, Any], *, by: str
) -> tuple[Row, bool]:
    """Put the next version of a name on record; the row, and whether it is new: the same content as the
    newest version is not put on record again.

    Raises:
        ConflictError: `version.changed`, somebody else added a version at the same moment.
    """
    digest = hashlib.sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    known = newest(session, table, name, lock=True)
    if known is not None and known.sha256 == digest:
        return known, False
    row = table(
        name=name,
        version=1 if known is None else known.version + 1,
        document=document,
        sha256=digest,
        added_by=by,
        added_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except DatabaseIntegrityError:
        raise ConflictError(
            f"somebody else added a version of {name} a moment ago",
            code="version.changed",
            mend="Look at it, and add yours again if it is still wanted.",
        ) from None
    kind = table.__tablename__
    details = {"version": row.version, "sha256": digest}
    audit.append(session, clock, actor=by, action=f"{kind}.added", subject=f"{kind}:{name}", details=details)
    return row, True
