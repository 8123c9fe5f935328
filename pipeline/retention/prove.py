"""Proof that a call is gone: every table that the database really has is searched, and the recording store.

Rows that hang on the call are found by the foreign keys; beside that, every column of text is searched for
its key, its external id and the hash of its recording.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from ingest.models import CallRow
from pipeline.retention.places import TABLES
from pipeline.retention.rows import hanging
from store.errors import NotFoundError
from store.recordings import RecordingStore
from store.tombstones import TombstoneRow, key_hash

_MOST: Final = 1000
_NO_DATA: Final = ("alembic_version", "sqlite_sequence")


@dataclass(frozen=True, slots=True)
class Hit:
    """Rows that speak of the call. `left`: they are part of it, or nobody said what the table holds;
    `mention`: they name it, and are kept for what they are part of."""

    table: str
    column: str
    rows: int
    kind: Literal["left", "mention"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What is there of a call. `deleted_at` and `clause` are of its tombstone; None where it has none."""

    call: str
    tombstones: tuple[TombstoneRow, ...]
    hits: tuple[Hit, ...]
    bytes_there: bool
    refused_again: bool

    @property
    def gone(self) -> bool:
        """Whether it was deleted and nothing of it is left."""
        left = any(hit.kind == "left" for hit in self.hits) or self.bytes_there
        return not left and any(row.kind == "call" for row in self.tombstones)


@dataclass(frozen=True, slots=True)
class _Known:
    number: int | None
    source: str | None
    external_id: str | None
    sha256: str | None


def prove(session: Session, recordings: RecordingStore, name: str) -> Proof:
    """Search for all that is left of a call, by its number, or by `source/external_id`.

    Raises:
        NotFoundError: `retention.nothing`, it was never here, or the name is another one.
    """
    known, tombstones = _find(session, name)
    there = known.sha256 is not None and recordings.exists(known.sha256)
    refused = known.sha256 is not None and recordings.erased(known.sha256) is not None
    hits = tuple(_search(session, known))
    return Proof(name, tombstones, hits, there, refused)


def _find(session: Session, name: str) -> tuple[_Known, tuple[TombstoneRow, ...]]:
    source, slash, external_id = name.partition("/")
    number = int(name) if name.isdecimal() and len(name) < 10 else None
    call = (CallRow.source == source) & (CallRow.external_id == external_id)
    row = session.scalar(select(CallRow).where(or_(call, CallRow.id == number)))
    same = [TombstoneRow.number == (row.id if row is not None else number)]
    if slash:
        dead_number = select(TombstoneRow.number).where(
            TombstoneRow.key_sha256 == key_hash(source, external_id)
        )
        same.append(TombstoneRow.number.in_(dead_number))
    whole = or_(*same)
    of_call = TombstoneRow.kind.in_(("call", "recording", "transcript", "results"))
    tombstones = tuple(session.scalars(select(TombstoneRow).where(of_call, whole).order_by(TombstoneRow.id)))
    if row is None and not tombstones:
        raise NotFoundError(
            "no call of that name was ever deleted here, and none is on record",
            code="retention.nothing",
            where=name,
            mend="Give its number, or SOURCE/EXTERNAL_ID.",
        )
    if row is not None:
        return _Known(row.id, row.source, row.external_id, row.recording_sha256), tombstones
    dead = tombstones[-1]
    sha256 = next((one.recording_sha256 for one in tombstones if one.recording_sha256), None)
    if not slash:
        return _Known(dead.number, None, None, sha256), tombstones
    return _Known(dead.number, source, external_id, sha256), tombstones


def _search(session: Session, known: _Known) -> Iterator[Hit]:
    yield from _hanging(session, known)
    metadata = MetaData()
    metadata.reflect(session.connection())
    for table in metadata.sorted_tables:
        if table.name not in _NO_DATA:
            for column in table.columns:
                yield from _in_column(session, known, table, column)


def _hanging(session: Session, known: _Known) -> Iterator[Hit]:
    """Rows of the call by the foreign keys."""
    for name, where in hanging("call", CallRow.id == known.number).items():
        table = CallRow.metadata.tables[name]
        count = session.scalar(select(func.count()).select_from(table).where(where)) or 0
        if count:
            yield Hit(name, "", count, "left")


def _in_column(session: Session, known: _Known, table: Table, column: Column[Any]) -> Iterator[Hit]:
    """Rows whose text names the call, or whose `call_id` is its number."""
    if isinstance(column.type, Integer):
        if column.name == "call_id" and table.name not in CallRow.metadata.tables:
            count = session.scalar(select(func.count()).select_from(table).where(column == known.number))
            if count:
                yield Hit(table.name, column.name, count, "left")
        return
    if not isinstance(column.type, String | JSON):
        return
    needles = _needles(known)
    text = cast(column, Text)
    parts = [text.contains(part, autoescape=True) for needle in needles for part in _spelt(needle)]
    if not parts:
        return
    rows = session.scalars(select(text).where(or_(*parts)).limit(_MOST))
    whole = re.compile("|".join(rf"(?<!\w){re.escape(part)}(?!\w)" for n in needles for part in _spelt(n)))
    count = sum(1 for value in rows if whole.search(value))
    if count:
        place = TABLES.get(table.name)
        yield Hit(table.name, column.name, count, "mention" if place and place.mentions else "left")


def _needles(known: _Known) -> list[str]:
    key = f"{known.source}/{known.external_id}" if known.source else None
    return [one for one in (key, known.external_id, known.sha256) if one]


def _spelt(needle: str) -> set[str]:
    """As it stands in text, and in JSON."""
    return {needle, json.dumps(needle)[1:-1]}
