"""Sources as people are shown them over HTTP: how each stands, and what it could not give. Secrets are never
part of it, and numbers in the names of files are partly masked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.masking import mask_text
from ingest.sources import items, overview
from ingest.sources.check import Checked, Tried
from ingest.sources.config import RestSource, Source, place_of
from ingest.sources.file import load_sources
from ingest.sources.models import SourceItemRow, SourceStateRow
from store import audit
from store.clock import Clock
from store.errors import DitingError, NotFoundError, SettingsError
from store.settings import Settings

PUSHED: Final = "push:"  # before the names of those who bring calls themselves
_PROBLEM: Final[dict[str, Any]] = {
    "code": "source.folder_missing", "message": "the folder is not there", "failures": 3
}  # fmt: skip
SOURCE: Final[dict[str, Any]] = {
    "source": "front",
    "kind": "sftp",
    "place": "sftp://diting@10.0.0.5:22/recordings",
    "metadata": "sidecar",
    "enabled": True,
    "listed": True,
    "scanned_at": "2026-03-13T14:41:00Z",
    "due_at": "2026-03-13T14:42:00Z",
    "being_read": False,
    "found": 12,
    "taken": 40817,
    "refused": 3,
    "dead": 1,
    "newest_at": "2026-03-13T14:38:10Z",
    "oldest_waiting": "2026-03-13T14:40:00Z",
    "problem": None,
}
DEAD: Final[dict[str, Any]] = {
    "id": 41,
    "key": "2026/03/13/138****8000-A2107.wav",
    "kind": "call",
    "state": "dead",
    "attempts": 8,
    "code": "source.no_record",
    "message": "no record has come for it",
    "modified_at": "2026-03-11T08:00:00Z",
    "ended_at": "2026-03-13T08:00:00Z",
}
TESTED: Final[dict[str, Any]] = {
    "source": "front",
    "problem": None,
    "kinds": {"call": 3},
    "others": 0,
    "more": False,
    "newest": [
        {
            "key": "A1.wav",
            "call": "front/A1",
            "started_at": "2026-03-13T22:41:00+08:00",
            "agent": "A2107",
            "duration_s": 79.6,
            "problem": None,
        }
    ],
}


class TroubleOut(BaseModel):
    """What is wrong."""

    code: str
    message: str
    failures: int | None = Field(None, description="so often in a row")


class SourceOut(BaseModel):
    """A source, and how it stands. Who pushes calls is a source, too: `push:` and the name."""

    model_config = ConfigDict(json_schema_extra={"examples": [SOURCE]})

    source: str
    kind: Literal["folder", "sftp", "s3", "rest", "push"] | None = Field(
        description="null where the sources file names it no more"
    )
    place: str | None
    metadata: str | None = Field(description="how the records of its calls are written")
    enabled: bool
    listed: bool = Field(description="the sources file names it")
    scanned_at: datetime | None
    due_at: datetime | None
    being_read: bool
    found: int = Field(description="wait to be taken")
    taken: int
    refused: int = Field(description="cannot be used as they are")
    dead: int = Field(description="given up")
    newest_at: datetime | None = Field(description="of what was taken")
    oldest_waiting: datetime | None
    problem: TroubleOut | None


class DeadOut(BaseModel):
    """One recording that was given up or refused."""

    model_config = ConfigDict(json_schema_extra={"examples": [DEAD]})

    id: int
    key: str = Field(description="its name in the source; numbers partly masked")
    kind: str
    state: Literal["dead", "refused"]
    attempts: int
    code: str | None
    message: str | None
    modified_at: datetime
    ended_at: datetime | None


class RetryIn(BaseModel):
    """What is to be tried again; without numbers all that was given up."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"items": [41]}]})

    items: list[Annotated[int, Field(ge=1, lt=2**31)]] = Field(default=[], max_length=1000)
    refused: bool = Field(False, description="also what was refused as it is")


class SourceTried(BaseModel):
    """What one of the newest things of the source would become."""

    key: str
    call: str | None
    started_at: str | None
    agent: str | None
    duration_s: float | None
    problem: TroubleOut | None


class TestedOut(BaseModel):
    """A source that was tried. Nothing was taken."""

    model_config = ConfigDict(json_schema_extra={"examples": [TESTED]})

    source: str
    problem: TroubleOut | None
    kinds: dict[str, int]
    others: int = Field(description="files of no concern")
    more: bool = Field(description="there is more than was looked at")
    newest: list[SourceTried]


@dataclass(frozen=True, slots=True)
class Known:
    """The sources of the sources file, or what is wrong with the file."""

    sources: Mapping[str, Source]
    problem: DitingError | None = None


def known_sources(settings: Settings) -> Known:
    """What the sources file names."""
    try:
        return Known(load_sources(settings).sources)
    except SettingsError as error:
        return Known({}, error)


def sources(session: Session, known: Known, now: datetime) -> list[SourceOut]:
    """All sources: those of the file, and those that something is on record of."""
    counts = overview.counts(session)
    states = {row.source: row for row in session.scalars(select(SourceStateRow))}
    oldest, newest = overview.oldest_waiting(session), overview.newest_taken(session)
    made = []
    for name in dict.fromkeys([*known.sources, *sorted({*counts, *states})]):
        source, state, count = known.sources.get(name), states.get(name), counts.get(name, {})
        made.append(
            SourceOut(
                source=name,
                **_described(name, source),
                scanned_at=state.scanned_at if state else None,
                due_at=state.due_at if state else None,
                being_read=bool(state and state.lease_until and state.lease_until > now),
                **{each: count.get(each, 0) for each in overview.STATES},
                newest_at=newest.get(name),
                oldest_waiting=oldest.get(name),
                problem=_standing(state),
            )
        )
    return made


def one_source(session: Session, known: Known, name: str, now: datetime) -> SourceOut:
    """One source.

    Raises:
        NotFoundError: `sources.unknown`.
    """
    found = next((each for each in sources(session, known, now) if each.source == name), None)
    if found is None:
        raise NotFoundError(
            "there is no such source",
            code="sources.unknown",
            where=name,
            mend="GET /api/v1/sources lists them.",
        )
    return found


def dead(session: Session, name: str, *, refused: bool, before: int | None, limit: int) -> list[DeadOut]:
    """What was given up, the newest first."""
    query = select(SourceItemRow).where(
        SourceItemRow.source == name, SourceItemRow.state.in_(_states(refused=refused))
    )
    if before is not None:
        query = query.where(SourceItemRow.id < before)
    rows = session.scalars(query.order_by(SourceItemRow.id.desc()).limit(limit))
    return [_dead(row) for row in rows]


def retry(session: Session, clock: Clock, name: str, wanted: RetryIn, *, by: str) -> int:
    """Let what was given up be tried again, on record; returns how much that is."""
    states = _states(refused=wanted.refused)
    count = items.retry(session, clock, name, numbers=wanted.items, states=states)
    if count:
        details = {"count": count, "items": wanted.items[:20], "refused": wanted.refused}
        audit.append(
            session, clock, actor=by, action="source.retried", subject=f"source:{name}", details=details
        )
    return count


def tested_out(name: str, checked: Checked) -> TestedOut:
    """A source that was tried."""
    return TestedOut(
        source=name,
        problem=trouble(checked.problem),
        kinds=checked.kinds,
        others=checked.others,
        more=checked.more,
        newest=[_tried(each) for each in checked.newest],
    )


def trouble(error: DitingError | None) -> TroubleOut | None:
    """What is wrong, if anything is."""
    return None if error is None else TroubleOut(code=error.code, message=mask_text(str(error)))


def _described(name: str, source: Source | None) -> dict[str, Any]:
    """What the sources file says of it."""
    if source is None:
        kind = "push" if name.startswith(PUSHED) else None
        told: dict[str, Any] = {"kind": kind, "place": None, "metadata": None, "enabled": kind is not None}
    else:
        metadata = "rest" if isinstance(source, RestSource) else source.metadata.format
        told = {
            "kind": source.kind, "place": place_of(source), "metadata": metadata, "enabled": source.enabled
        }  # fmt: skip
    return {**told, "listed": source is not None}


def _standing(state: SourceStateRow | None) -> TroubleOut | None:
    if state is None or state.code is None:
        return None
    return TroubleOut(code=state.code, message=mask_text(state.message or ""), failures=state.failures)


def _dead(row: SourceItemRow) -> DeadOut:
    return DeadOut(
        id=row.id,
        key=mask_text(row.key),
        kind=row.kind,
        state="dead" if row.state == "dead" else "refused",
        attempts=row.attempts,
        code=row.code,
        message=None if row.message is None else mask_text(row.message),
        modified_at=row.modified_at,
        ended_at=row.ended_at,
    )


def _states(*, refused: bool) -> tuple[str, ...]:
    return ("dead", "refused") if refused else ("dead",)


def _tried(each: Tried) -> SourceTried:
    call = each.call or {}
    began = call.get("started_at") or call.get("time_problem")
    agent = (call.get("agent") or {}).get("id")
    return SourceTried(
        key=mask_text(each.key),
        call=mask_text(f"{call['source']}/{call['external_id']}") if call else None,
        started_at=None if began is None else str(began),
        agent=None if agent is None else str(agent),
        duration_s=each.duration_s,
        problem=trouble(each.error),
    )
