"""Call records that a switch posts when a call ends (mod_json_cdr, mod_xml_cdr), for a source."""

import base64
import binascii
from collections.abc import Iterator
from io import BytesIO
from typing import Annotated, Final
from urllib.parse import unquote_to_bytes

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict

from api.http.security import require_switch
from ingest.formats.documents import MOST_BYTES
from ingest.formats.registry import FORMATS
from ingest.formats.types import Unreadable
from ingest.sources import items
from ingest.sources.config import FileSource, RestSource, format_options
from ingest.sources.file import load_sources
from ingest.sources.records import entry_of, recording_of
from ingest.sources.types import Entry
from store.clock import Clock
from store.database import SessionFactory, transaction
from store.errors import BadInputError, NotFoundError
from store.settings import Settings

router = APIRouter(tags=["push"])
Switch = Annotated[str, Depends(require_switch)]
_ORIGIN: Final = "http"
_BODY: Final = {
    "required": True,
    "content": {
        "application/json": {"schema": {"type": "object"}},
        "text/xml": {"schema": {"type": "string"}},
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "required": ["cdr"], "properties": {"cdr": {"type": "string"}}}
        },
    },
}


class RecordsOut(BaseModel):
    """What became of the record: `new` to the source, or `known`; neither where nobody answered, as there is
    no recording then."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"new": 1, "known": 0}]})

    new: int
    known: int


@router.post("/sources/{name}/records", summary="Post a call record", openapi_extra={"requestBody": _BODY})
async def post_record(name: str, request: Request, caller: Switch) -> RecordsOut:
    """One record in the format of the source (`metadata.format`), as the body or as field `cdr` of a form. It
    is joined with its recording when the source has it. The same record again changes nothing."""
    del caller  # who may push may post
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > 2 * MOST_BYTES:  # a form may take up to twice the room
            raise _bad("format.too_long", "the record is larger than any that can be right")
    record = _unwrapped(bytes(content), request.headers.get("content-type", "").lower())
    state = request.app.state
    return await run_in_threadpool(_take, state.settings, state.sessions, state.clock, name, record)


def _take(settings: Settings, sessions: SessionFactory, clock: Clock, name: str, record: bytes) -> RecordsOut:
    source = load_sources(settings).sources.get(name)
    if source is None or isinstance(source, RestSource) or source.metadata.format not in FORMATS:
        raise NotFoundError(
            "there is no source that takes call records",
            code="source.takes_no_records",
            where=name,
            mend="Name a source whose metadata.format is a format of call records.",
        )
    entries = list(_entries(name, source, record))
    if not entries:
        return RecordsOut(new=0, known=0)
    with transaction(sessions) as session:
        noted = items.note(session, clock, name, source, entries, _ORIGIN)
    return RecordsOut(new=noted.new, known=noted.known)


def _entries(name: str, source: FileSource, record: bytes) -> Iterator[Entry]:
    """The record as a thing of the source. One that cannot be used is refused: the switch keeps it.

    Raises:
        BadInputError: it cannot be used.
    """
    form = FORMATS[source.metadata.format]
    for each in form.read(BytesIO(record), _ORIGIN, format_options(name, source)):
        if isinstance(each, Unreadable):
            raise each.error
        if each.inline is not None:
            raise _bad("format.unsupported", "post calls with their recordings to /api/v1/calls")
        recording = recording_of(each)
        if recording is not None:
            yield entry_of(each, recording)


def _unwrapped(content: bytes, kind: str) -> bytes:
    """The record without the form that FreeSWITCH puts it into (its setting `encode`)."""
    if not content.startswith(b"cdr="):
        return content
    inner = content.removeprefix(b"cdr=")
    if "base64" in kind:
        try:
            return base64.b64decode(unquote_to_bytes(inner), validate=True)
        except (binascii.Error, ValueError):
            raise _bad("format.unreadable", "the form is not base64") from None
    if "plaintext" in kind:
        return inner
    return unquote_to_bytes(inner.partition(b"&")[0].replace(b"+", b" "))


def _bad(code: str, message: str) -> BadInputError:
    return BadInputError(message, code=code, where="the request", mend="See docs/formats.md.")
