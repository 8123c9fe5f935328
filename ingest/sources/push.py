"""Calls that are pushed: each request has a key of its own, and the same request again changes nothing."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError as DatabaseIntegrityError
from sqlalchemy.orm import Session

from ingest.audio import probe
from ingest.intake import Intake
from ingest.metadata import fit_channels, parse_call_record, record_without_metadata
from ingest.service import keep, record_refusal, register_call, resolve_refusals
from ingest.sources.models import SourceItemRow
from store.database import reading, transaction
from store.errors import BadInputError, ConflictError, DitingError, IntegrityError
from store.logging import bound

_LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class Pushed:
    """A call that is on record. `created`: it was not before; `repeated`: this very request came before."""

    call_id: int
    created: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What was pushed.

    Attributes:
        caller: who pushes.
        key: of the request (`Idempotency-Key`).
        document: what `call.json` would hold; None: nothing is known of the call.
        content: what names the recording: its hash, its address, or its upload.
        bring: gives the recording as a local file, while it is needed.
    """

    caller: str
    key: str
    document: Any
    content: str
    bring: Callable[[], AbstractContextManager[Path]]

    @property
    def source(self) -> str:
        """Under which the request is kept."""
        name = f"push:{self.caller}"
        return name if len(name) <= 60 else f"push:{hashlib.sha256(name.encode()).hexdigest()[:40]}"

    @property
    def version(self) -> str:
        """Changes with what is pushed."""
        text = json.dumps([self.document, self.content], sort_keys=True, default=str)
        return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def check_push_key(key: str) -> None:
    """Make sure that a key can be kept.

    Raises:
        BadInputError: `push.key`.
    """
    if not key or len(key) > _LONGEST_KEY or not all("!" <= character <= "~" for character in key):
        raise BadInputError(
            "this is no key of a request",
            code="push.key",
            where="Idempotency-Key",
            mend="Send one for each call, such as a UUID: up to 200 letters, digits and signs.",
        )


def take_pushed(intake: Intake, offer: Offer) -> Pushed:
    """Take in what was pushed.

    Raises:
        BadInputError: it cannot be used; that is put on record.
        ConflictError: `push.key_reused`, `ingest.conflict`, `ingest.duplicate_recording`.
        DitingError: the recording cannot be fetched or kept now.
    """
    check_push_key(offer.key)
    with reading(intake.factory) as session:
        before = _before(session, offer)
    if before is not None:
        return before
    try:
        with offer.bring() as path:
            return _take(intake, offer, path)
    except (BadInputError, ConflictError, IntegrityError) as error:
        if error.code != "push.key_reused":
            _refuse(intake, offer, error)
        raise


def _take(intake: Intake, offer: Offer, path: Path) -> Pushed:
    info = probe(path, intake.limits)
    if offer.document is None:
        record = record_without_metadata(path, info.sha256)
    else:
        record = parse_call_record(offer.document, "record", now=intake.clock.now())
    record = fit_channels(record, path, info.source_channels, mixed=info.mixed)
    keep(intake.recordings, path, info)
    with bound(call=record.key), transaction(intake.factory) as session:
        before = _before(session, offer)  # the same request may have come twice at once
        if before is not None:
            return before
        resolve_refusals(session, intake.clock, name=_name(offer))
        done = register_call(
            session, intake.clock, intake.recordings, recording=path, record=record, info=info,
            actor=intake.actor,
        )  # fmt: skip
        try:
            with session.begin_nested():
                session.add(_row(intake, offer, done.call_id, info.bytes))
        except DatabaseIntegrityError:
            again = _before(session, offer)
            if again is None:
                raise
            return again
    return Pushed(done.call_id, done.created, repeated=False)


def _before(session: Session, offer: Offer) -> Pushed | None:
    """What became of this request before, if it came before.

    Raises:
        ConflictError: `push.key_reused`.
    """
    query = select(SourceItemRow).where(SourceItemRow.source == offer.source, SourceItemRow.key == offer.key)
    row = session.scalar(query)
    if row is None or row.call_id is None:
        return None
    if row.version != offer.version:
        raise ConflictError(
            "another call was pushed with this key",
            code="push.key_reused",
            where="Idempotency-Key",
            mend="Send a new key for every call, and the same one only to repeat a request.",
        )
    return Pushed(row.call_id, created=False, repeated=True)


def _row(intake: Intake, offer: Offer, call_id: int, size: int) -> SourceItemRow:
    now = intake.clock.now()
    return SourceItemRow(
        source=offer.source, key=offer.key, version=offer.version, kind="call", state="taken", bytes=size,
        modified_at=now, found_at=now, next_at=now, ended_at=now, attempts=1, call_id=call_id,
    )  # fmt: skip


def _refuse(intake: Intake, offer: Offer, error: DitingError) -> None:
    with transaction(intake.factory) as session:
        record_refusal(session, intake.clock, name=_name(offer), error=error, actor=intake.actor)


def _name(offer: Offer) -> str:
    return f"{offer.source}:{offer.key}"


def local(path: Path) -> Callable[[], AbstractContextManager[Path]]:
    """Brings a file that is here already."""

    @contextmanager
    def bring() -> Iterator[Path]:
        yield path

    return bring
