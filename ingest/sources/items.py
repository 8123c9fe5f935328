"""The verbs on what the sources hold. They work in the caller's transaction and never commit."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ingest.service import record_refusal
from ingest.sources.config import FolderSource, RestSource, Source
from ingest.sources.models import SourceItemRow
from ingest.sources.names import LONGEST, shown
from ingest.sources.sorting import Kind, is_too_old, name_of, names_of_beside, ref_of, sort_out
from ingest.sources.types import Entry
from store.clock import Clock
from store.errors import DitingError

Item = SourceItemRow


@dataclass(frozen=True, slots=True)
class Noted:
    """What a listing told: so many things were new, changed, known, and so many too old or of no concern."""

    new: int = 0
    changed: int = 0
    known: int = 0
    passed: int = 0

    def __add__(self, other: "Noted") -> "Noted":
        """Both together."""
        return Noted(
            self.new + other.new,
            self.changed + other.changed,
            self.known + other.known,
            self.passed + other.passed,
        )


def note(
    session: Session,
    clock: Clock,
    name: str,
    source: Source,
    entries: Sequence[Entry],
    origin: str | None = None,
) -> Noted:
    """Put a batch of what a source holds on record, comparing by keys what is there already.

    Args:
        session: the caller's open transaction.
        clock: tells the time.
        name: of the source.
        source: how it is read.
        entries: a batch of at most `BATCH`.
        origin: the file of records that they stand in, if any.
    """
    sorted_out = {_key(each): (each, sort_out(each, source)) for each in entries}
    calls = {key: (each, kind) for key, (each, kind) in sorted_out.items() if kind not in (None, "beside")}
    beside = {key: each for key, (each, kind) in sorted_out.items() if kind == "beside"}
    fresh = {key: pair for key, pair in calls.items() if not is_too_old(pair[0], source)}
    passed = len(entries) - len(fresh) - len(beside)
    known = _known(session, name, list(fresh))
    now = clock.now()
    rows = [
        _new_row(name, key, each, kind, now=now, next_at=_settled_at(each, source, now), origin=origin)
        for key, (each, kind) in fresh.items()
        if key not in known and kind is not None and kind != "beside"
    ]
    new = _insert(session, rows)
    for entry, _kind in fresh.values():
        if entry.problem is not None and known.get(_key(entry), ("", None))[0] != entry.version:
            record_refusal(session, clock, name=f"{name}:{_key(entry)}", error=entry.problem)
    other = [
        key
        for key, (version, code) in known.items()
        if version != fresh[key][0].version or code == "source.gone"
    ]
    rows_by_key = _rows(session, name, other)
    changed = sum(
        _compare(session, row, fresh[key][0], _settled_at(fresh[key][0], source, now))
        for key, row in rows_by_key.items()
    )
    _note_beside(session, name, beside, now=now, waits=_waits(source))
    return Noted(new, changed, len(known) - changed, passed)


def _key(entry: Entry) -> str:
    """The key as it is kept: names that no database holds are told apart by their hash."""
    text = shown(entry.key)
    if text == entry.key:
        return text
    digest = hashlib.sha256(entry.key.encode(errors="surrogateescape")).hexdigest()[:16]
    return f"{text[: LONGEST - 20]} #{digest}"


def _known(session: Session, name: str, keys: list[str]) -> dict[str, tuple[str, str | None]]:
    """Version and code of those that are on record, by key: as little as tells whether they changed."""
    if not keys:
        return {}
    query = select(Item.key, Item.version, Item.code).where(Item.source == name, Item.key.in_(keys))
    return {key: (version, code) for key, version, code in session.execute(query)}


def _rows(session: Session, name: str, keys: list[str]) -> dict[str, Item]:
    if not keys:
        return {}
    query = select(Item).where(Item.source == name, Item.key.in_(keys))
    return {row.key: row for row in session.scalars(query)}


def _new_row(
    name: str, key: str, entry: Entry, kind: Kind, *, now: datetime, next_at: datetime, origin: str | None
) -> dict[str, Any]:
    problem = entry.problem
    return {
        "source": name,
        "key": key,
        "version": entry.version,
        "kind": kind,
        "state": "found" if problem is None else "refused",
        "name": name_of(entry, kind) if key == entry.key else None,
        "ref": ref_of(entry, kind) if key == entry.key else None,
        "origin": origin,
        "recording": entry.recording,
        "document": entry.document,
        "bytes": entry.size,
        "modified_at": entry.modified_at or now,
        "found_at": now,
        "next_at": next_at,
        "ended_at": None if problem is None else now,
        "attempts": 0,
        "code": None if problem is None else problem.code,
        "message": None if problem is None else str(problem),
    }


def _insert(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    if not rows:
        return 0
    kind = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # Many rows of one statement: a statement with all values in it would be compiled anew each time.
    session.connection().execute(kind(Item).on_conflict_do_nothing(), [dict(row) for row in rows])
    return len(rows)


def _compare(session: Session, row: Item, entry: Entry, next_at: datetime) -> bool:
    """Take up again what has changed. Of a call that was taken, a record that changed later is only noted:
    what is on record is never overwritten."""
    back = row.code == "source.gone"
    if row.version == entry.version and not back:
        return False
    if row.state == "taken" and entry.document is not None:
        row.version, row.code = entry.version, "source.changed_after"
        row.message = "the record was changed after the call was taken; what is on record was kept"
        return True
    problem = entry.problem
    row.version, row.bytes, row.attempts = entry.version, entry.size, 0
    row.modified_at = entry.modified_at or row.modified_at
    row.document, row.recording = entry.document, entry.recording
    row.state = "found" if problem is None else "refused"
    row.code, row.message = (None, None) if problem is None else (problem.code, str(problem))
    row.next_at, row.found_at = next_at, next_at
    session.flush()
    return True


def _note_beside(
    session: Session, name: str, beside: Mapping[str, Entry], *, now: datetime, waits: timedelta
) -> None:
    """A call.json that came or changed lets its recording be tried again; one without a recording is put on
    record, to be told of when it has waited long enough."""
    if not beside:
        return
    versions = {names_of_beside(key): (key, each) for key, each in beside.items()}
    wanted = [*versions, *(f"{each}.mono" for each in versions)]
    found = session.scalars(
        select(Item).where(Item.source == name, Item.name.in_(wanted), Item.kind == "call")
    ).all()
    for row in found:
        _, entry = versions.get(row.name or "") or versions[(row.name or "").removesuffix(".mono")]
        if row.record_version == entry.version:
            continue
        row.record_version = entry.version
        if row.state == "found":
            row.next_at = min(row.next_at, now) if row.code else row.next_at
        elif row.state != "taken":
            _again(row, now)
    session.flush()
    have = {(row.name or "").removesuffix(".mono") for row in found}
    alone = [(key, each) for stem, (key, each) in versions.items() if stem not in have]
    rows = [
        _new_row(name, key, each, "call", now=now, next_at=now + waits, origin=None)
        | {"kind": "orphan", "name": names_of_beside(key)}
        for key, each in alone
    ]
    _insert(session, rows)


def due(
    session: Session,
    name: str,
    kind: str,
    now: datetime,
    *,
    limit: int,
    window: ColumnElement[bool] | None = None,
) -> list[Item]:
    """What waits to be done now, the newest first."""
    query = select(Item).where(
        Item.source == name, Item.kind == kind, Item.state == "found", Item.next_at <= now
    )
    if window is not None:
        query = query.where(window)
    return list(session.scalars(query.order_by(Item.modified_at.desc(), Item.id).limit(limit)))


def candidates(session: Session, name: str, *, file_name: str | None, ids: Sequence[str]) -> list[Item]:
    """The recordings that a record may mean, by their name or by an id in it."""
    held = Item.name == file_name if file_name else Item.ref.in_(ids)
    query = select(Item).where(Item.source == name, Item.kind == "file", held)
    return list(session.scalars(query.order_by(Item.id).limit(50)))


def by_ids(session: Session, ids: Sequence[int]) -> list[Item]:
    """These rows, as they stand now."""
    return list(session.scalars(select(Item).where(Item.id.in_(ids))))


def ended(
    row: Item, clock: Clock, state: str, error: DitingError | None = None, call_id: int | None = None
) -> None:
    """Nothing more is to be done about it, for now."""
    row.state, row.ended_at = state, clock.now()
    row.code, row.message = (None, None) if error is None else (error.code, str(error))
    row.call_id = call_id if call_id is not None else row.call_id


def put_off(row: Item, next_at: datetime, error: DitingError | None) -> None:
    """It is tried again then."""
    row.next_at = next_at
    row.code, row.message = (None, None) if error is None else (error.code, str(error))


def retry(
    session: Session,
    clock: Clock,
    name: str,
    *,
    keys: Iterable[str] = (),
    numbers: Iterable[int] = (),
    states: Sequence[str] = ("dead",),
) -> int:
    """Let what ended in one of the states be tried again, with all its attempts: all of it, or what is named
    by key or number; returns how much that is."""
    query = select(Item).where(Item.source == name, Item.state.in_(states)).with_for_update()
    wanted, numbered = list(keys), list(numbers)
    if wanted or numbered:
        query = query.where(or_(Item.key.in_(wanted), Item.id.in_(numbered)))
    rows = session.scalars(query).all()
    for row in rows:
        _again(row, clock.now())
    session.flush()
    return len(rows)


def _again(row: Item, now: datetime) -> None:
    row.state, row.attempts, row.next_at, row.found_at = "found", 0, now, now
    row.ended_at = row.code = row.message = None


def forget_orphans(session: Session, name: str) -> None:
    """Drop the notes on records whose recording has come."""
    there = select(Item.name).where(Item.source == name, Item.kind == "call", Item.name.is_not(None))
    session.execute(
        delete(Item).where(
            Item.source == name,
            Item.kind == "orphan",
            or_(Item.name.in_(there), (Item.name + ".mono").in_(there)),
        )
    )


def _settled_at(entry: Entry, source: Source, now: datetime) -> datetime:
    """When it may be taken, if it does not change until then. By the clock of this machine what was written
    long ago is settled; the clocks of others may be wrong, so there it is looked at twice."""
    if isinstance(source, RestSource) or entry.document is not None:
        return now
    settle = timedelta(seconds=source.settle_seconds)
    written = entry.modified_at
    if isinstance(source, FolderSource) and written is not None and written <= now - settle:
        return now
    return now + settle


def _waits(source: Source) -> timedelta:
    return timedelta(hours=0 if isinstance(source, RestSource) else source.metadata.wait_hours)
