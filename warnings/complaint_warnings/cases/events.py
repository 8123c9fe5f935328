"""What happened, as the deciding functions need it, and the hashes that hold it fast."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import Row

from complaint_warnings.cases.models import CaseEventRow, CaseRow
from complaint_warnings.seals import values_hash

_EVENT: Final = (
    "case_id",
    "seq",
    "at",
    "actor",
    "action",
    "from_state",
    "to_state",
    "details",
    "entry_sha256",
)
_ENTRY: Final = tuple(column.key for column in CaseRow.__table__.columns)


class Event(Protocol):
    """One thing that happened to a case; `CaseEventRow` is one."""

    @property
    def seq(self) -> int:
        """Place in the case's history, from 1."""
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
        """The document of the action."""
        ...


def entry_hash(row: CaseRow | Row[Any]) -> str:
    """SHA-256 over every column of the case's row, mapped or plain."""
    return values_hash({name: getattr(row, name) for name in _ENTRY})


def event_hash(row: CaseEventRow | Row[Any]) -> str:
    """SHA-256 over the event and, by `entry_sha256`, over the row after it."""
    return values_hash({name: getattr(row, name) for name in _EVENT})
