"""Calls pushed by recorders: as a form, by address, or as an upload in parts."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException

from api.http.problems import Problem
from api.http.routes.uploads import uploads_of
from api.http.security import require_pusher
from ingest.intake import Intake, make_intake
from ingest.sources.names import LONGEST, base_name, check_key
from ingest.sources.push import Offer, Pushed, check_push_key, local, take_pushed
from ingest.sources.types import SourceError
from ingest.sources.uploads import TooLargeError
from ingest.sources.web import Reach, download
from ingest.strict_json import MAX_BYTES, parse_json
from pipeline import service
from pipeline.lanes import Order
from store.database import transaction
from store.errors import BadInputError
from store.recordings import file_sha256
from store.settings import Settings

router = APIRouter(tags=["push"])
Pusher = Annotated[str, Depends(require_pusher)]
Key = Annotated[
    str, Header(alias="Idempotency-Key", description="of this request; the same again changes nothing",
                examples=["7f4b9a10-4a51-4c43-9a52-1d3f0b6c2f10"]),
]  # fmt: skip
_RECORD: Final[dict[str, Any]] = {
    "external_id": "H001",
    "source": "central-recorder",
    "started_at": "2026-03-05T10:12:00+08:00",
}
_FORM: Final = {"type": "object", "required": ["recording"], "properties": {
    "recording": {"type": "string", "format": "binary"},
    "record": {"type": "string", "description": "call.json"},
}}  # fmt: skip
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words}
    for status, words in {
        409: "Conflict: the key or the call is known with another content",
        411: "Length Required",
        413: "Content Too Large",
        424: "Failed Dependency: the address does not give the recording now",
        503: "the recording cannot be kept now",
    }.items()
}


class PushedOut(BaseModel):
    """A call that is on record. `created`: it was not before; `repeated`: this very request came before."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"call_id": 17, "created": True, "repeated": False}]}
    )

    call_id: int
    created: bool
    repeated: bool


class PushIn(BaseModel):
    """A call whose recording is at an address, or was uploaded in parts."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"record": _RECORD, "url": "https://recorder.example/H001.wav"}]},
    )

    record: dict[str, Any] | None = None
    url: str | None = None
    upload: str | None = None


@router.post(
    "/calls",
    summary="Push a call",
    status_code=201,
    responses={200: {"model": PushedOut, "description": "it is on record already"}, **_REFUSALS},
    openapi_extra={"requestBody": {"required": True, "content": {
        "multipart/form-data": {"schema": _FORM},
        "application/json": {"schema": PushIn.model_json_schema()},
    }}},
)  # fmt: skip
async def push(request: Request, response: Response, caller: Pusher, key: Key) -> PushedOut:
    """A recording with its `call.json`: as a form with the parts `recording` and `record`, or as JSON with
    `record` and the `url` of the recording (https; see DITING_PUSH_HOSTS) or the id of an `upload`."""
    check_push_key(key)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    intake = make_intake(
        request.app.state.settings, request.app.state.sessions, request.app.state.clock, f"api:{caller}"
    )
    folder = Path(tempfile.mkdtemp(prefix="diting-push-"))
    try:
        if kind == "multipart/form-data":
            offer = await _form_offer(request, caller, key, folder, intake.limits.max_bytes)
        elif kind == "application/json":
            offer = await _json_offer(request, caller, key, folder, intake)
        else:
            raise _bad("this is neither a form nor JSON", "Content-Type")
        done = await run_in_threadpool(_take, intake, offer, Order.of(request.app.state.settings))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not done.created:
        response.status_code = 200
    return PushedOut(call_id=done.call_id, created=done.created, repeated=done.repeated)


def _take(intake: Intake, offer: Offer, order: Order) -> Pushed:
    done = take_pushed(intake, offer)
    if done.created:
        with transaction(intake.factory) as session:
            service.receive(session, intake.clock, [done.call_id], order)
    return done


async def _form_offer(request: Request, caller: str, key: str, folder: Path, most: int) -> Offer:
    _require_length(request, most + MAX_BYTES + 64 * 1024)
    try:
        form = await request.form(max_files=2, max_fields=4, max_part_size=MAX_BYTES)
    except MultiPartException as error:
        raise _bad(f"the form cannot be read ({error.message})", "the form") from error
    try:
        recording = form.get("recording")
        if not isinstance(recording, UploadFile) or set(form) - {"recording", "record"}:
            raise _bad("the form has the parts recording (a file) and record, and no others", "the form")
        path = folder / _file_name(recording.filename)
        await run_in_threadpool(_save, recording, path, most)
        document = await _record(form)
    finally:
        await form.close()
    sha256 = await run_in_threadpool(file_sha256, path)
    return Offer(caller, key, document, sha256, local(path))


async def _record(form: FormData) -> Any:
    part = form.get("record")
    if part is None:
        return None
    if isinstance(part, UploadFile):
        content = await part.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise TooLargeError(
                f"the record is larger than {MAX_BYTES} bytes", code="push.too_large", where="record"
            )
        try:
            part = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise _bad("the record is not UTF-8 text", "record") from error
    return parse_json(part, "record")


def _save(recording: UploadFile, path: Path, most: int) -> None:
    left = most
    with path.open("xb") as file:
        while chunk := recording.file.read(1024 * 1024):
            left -= len(chunk)
            if left < 0:
                raise TooLargeError(
                    f"the recording is larger than {most} bytes", code="push.too_large", where="recording",
                    mend="Split it, or raise DITING_MAX_RECORDING_BYTES.",
                )  # fmt: skip
            file.write(chunk)


async def _json_offer(request: Request, caller: str, key: str, folder: Path, intake: Intake) -> Offer:
    _require_length(request, MAX_BYTES + 64 * 1024)
    try:
        text = (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad("the body is not UTF-8 text", "the body") from error
    try:
        wanted = PushIn.model_validate(parse_json(text, "the body"))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _bad(first["msg"], ".".join(map(str, first["loc"])) or "the body") from None
    if (wanted.url is None) == (wanted.upload is None):
        raise _bad("give url or upload, one of them", "the body")
    if wanted.upload is not None:
        return Offer(
            caller, key, wanted.record, f"upload:{wanted.upload}", _uploaded(request, caller, wanted.upload)
        )
    settings: Settings = request.app.state.settings
    url = wanted.url or ""

    @contextmanager
    def fetched() -> Iterator[Path]:
        path = folder / "recording"
        reach = Reach(
            http=frozenset(host.lower() for host in settings.push_hosts),
            networks=settings.push_networks,
            setting="DITING_PUSH_HOSTS and DITING_PUSH_NETWORKS",
        )
        try:
            download(url, path, reach, intake.limits.max_bytes)
        except SourceError as error:
            error.http_status = 424  # it is not this service that fails
            raise
        yield path

    return Offer(caller, key, wanted.record, f"url:{url}", fetched)


def _uploaded(request: Request, caller: str, upload_id: str) -> Any:
    uploads = uploads_of(request)

    @contextmanager
    def whole() -> Iterator[Path]:
        yield uploads.whole(uploads.find(upload_id, caller))
        uploads.remove(upload_id)

    return whole


def _require_length(request: Request, most: int) -> None:
    """A body whose length is announced cannot fill the disk: the server takes no more than that."""
    text = request.headers.get("content-length", "")
    if not (text.isascii() and text.isdecimal()):
        error = _bad("the length of the body is not announced", "Content-Length")
        error.http_status = 411
        raise error
    if int(text[:20]) > most:
        raise TooLargeError(
            f"the body is larger than {most} bytes", code="push.too_large", where="Content-Length",
            mend="Split the recording, or raise DITING_MAX_RECORDING_BYTES.",
        )  # fmt: skip


def _file_name(given: str | None) -> str:
    """The recording's name as it was sent, if it can be used."""
    name = base_name(given or "")
    try:
        check_key(name)
    except BadInputError:
        return "recording"
    return name[:LONGEST]


def _bad(message: str, where: str) -> BadInputError:
    return BadInputError(
        message, code="push.invalid", where=where, mend="See POST /api/v1/calls in /api/v1/openapi.json."
    )
