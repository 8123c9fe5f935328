"""What a route's path points at, looked for among what the caller may see before anything else is done.

A row out of sight answers like one that is not there. Routes that only read find it out of reach once more,
by their own statement.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaint_warnings.cases.models import CaseRow
from complaint_warnings.complaints.models import ComplaintRow
from complaint_warnings.notices.models import NoticeRow
from complaint_warnings.sources.models import WarningItemRow
from ingest.models import CallRow
from qc.coaching.models import CoachingTaskRow
from qc.models import TicketRow
from store.errors import NotFoundError

_LARGEST = 2**31
# Routes read `+7` and `7.0` as 7: whatever they take for a number has to be looked for here.
_NUMBER: Final = TypeAdapter(int)


class Target(NamedTuple):
    """The column that a part of a path names, and how one says that there is no such row."""

    column: InstrumentedAttribute[Any]
    what: str
    code: str


# By the beginning of a path; the longest that fits counts.
TARGETS: Final[Mapping[str, Target]] = {
    "/calls/{call_id}": Target(CallRow.id, "call", "call.not_found"),
    "/cases/{case_id}": Target(CaseRow.id, "case", "case.unknown"),
    "/learning/library/{case_id}": Target(CaseRow.id, "case", "case.unknown"),
    "/tickets/{ticket_id}": Target(TicketRow.id, "ticket", "ticket.unknown"),
    "/coaching/{task_id}": Target(CoachingTaskRow.id, "coaching task", "coaching.unknown"),
    "/complaints/{number}": Target(ComplaintRow.number, "complaint", "complaint.unknown"),
    "/notices/{notice}": Target(NoticeRow.id, "notice", "notice.unknown"),
    "/items/{item_id}": Target(WarningItemRow.id, "item", "item.unknown"),
}
# Parts of paths that name no row somebody might not see.
FREE: Final = frozenset(
    {
        "country", "year", "month", "action", "name", "upload_id", "session_number", "key_number", "order",
        "calibration_id", "draw_id", "person", "team", "channel", "pack", "rule", "proposal",
        "path:path",  # of a page
        "number",  # a line of the ledger is looked up by its case
    }
)  # fmt: skip


def target_of(path: str) -> tuple[Target, str] | None:
    """What the path of a route points at, and the name of the part that says which one."""
    fitting = [each for each in TARGETS if path == each or path.startswith(f"{each}/")]
    if not fitting:
        return None
    longest = max(fitting, key=len)
    return TARGETS[longest], longest[longest.index("{") + 1 : -1]


def require_target(session: Session, path: str, values: Mapping[str, str]) -> None:
    """Refuse a path that points at a row the session does not find.

    Raises:
        NotFoundError: with the code of its kind.
    """
    found = target_of(path)
    if found is None:
        return
    (column, what, code), name = found
    wanted: str | int = values[name]
    if column.type.python_type is int:
        try:
            number = _NUMBER.validate_python(wanted)
        except ValidationError:
            return  # the route says what is wrong with it
        wanted = max(0, min(number, _LARGEST - 1))
    if session.scalar(select(column).where(column == wanted).limit(1)) is None:
        raise NotFoundError(f"there is no such {what}", code=code, where=f"{what} {values[name]}")
