"""Recordings uploaded in parts: the tus protocol 1.0, core, creation and termination."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.http.problems import Problem
from api.http.security import require_pusher
from ingest.sources.uploads import TooLargeError, Upload, Uploads
from store.errors import BadInputError
from store.settings import Settings

router = APIRouter(tags=["push"])
TUS: Final = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
Pusher = Annotated[str, Depends(require_pusher)]
Offset = Annotated[int, Header(alias="Upload-Offset", ge=0, description="where this part begins")]
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words}
    for status, words in {
        409: "Conflict: the upload has come to another place, or is being sent",
        413: "Content Too Large",
        507: "Insufficient Storage",
    }.items()
}
_NOTHING: dict[str, Any] = {"content": {"text/plain": {"example": ""}}}


def uploads_of(request: Request) -> Uploads:
    """The uploads of this machine."""
    settings: Settings = request.app.state.settings
    return Uploads(settings.data_dir / "uploads", settings.max_recording_bytes, request.app.state.clock)


@router.post(
    "/uploads",
    summary="Begin an upload in parts",
    response_class=Response,
    status_code=201,
    responses={
        201: {"content": {"text/plain": {"example": ""}}, "description": "`Location` is the upload"},
        **_REFUSALS,
    },
)
def begin(
    request: Request,
    caller: Pusher,
    length: Annotated[int, Header(alias="Upload-Length", ge=1, description="bytes of the whole recording")],
    metadata: Annotated[
        str, Header(alias="Upload-Metadata", max_length=4000, description="kept as it is")
    ] = "",
) -> Response:
    """The tus protocol, version 1.0.0: creation, and the core protocol at the address given back."""
    upload = uploads_of(request).create(caller, length, metadata)
    headers = TUS | {"Location": f"/api/v1/uploads/{upload.id}", "Upload-Offset": "0"}
    return Response(status_code=201, headers=headers, media_type="text/plain")


@router.head(
    "/uploads/{upload_id}",
    summary="How far an upload has come",
    response_class=Response,
    responses={200: _NOTHING},
)
def look(request: Request, caller: Pusher, upload_id: str) -> Response:
    """`Upload-Offset` bytes of `Upload-Length` have arrived."""
    upload = uploads_of(request).find(upload_id, caller)
    more = {"Upload-Metadata": upload.metadata} if upload.metadata else {}
    return Response(headers=TUS | _state(upload, upload.offset) | more)


@router.patch(
    "/uploads/{upload_id}",
    summary="Send a part of an upload",
    response_class=Response,
    status_code=204,
    responses={204: _NOTHING, **_REFUSALS},
)
async def append(request: Request, caller: Pusher, upload_id: str, offset: Offset) -> Response:
    """The part (`application/offset+octet-stream`) goes on where the upload has come to; what has arrived is
    kept, also when the connection breaks."""
    if request.headers.get("content-type") != "application/offset+octet-stream":
        raise BadInputError(
            "a part is application/offset+octet-stream",
            code="push.invalid",
            where="Content-Type",
            mend="Send it with that type.",
        )
    uploads = uploads_of(request)
    upload = await run_in_threadpool(uploads.find, upload_id, caller)
    with uploads.appending(upload, offset) as file:
        at = offset
        async for chunk in request.stream():
            if at + len(chunk) > upload.length:
                raise TooLargeError(
                    f"more arrives than the {upload.length} bytes that were announced",
                    code="upload.too_large",
                    where="the part",
                    mend="Begin another upload with the right Upload-Length.",
                )
            await run_in_threadpool(file.write, chunk)
            at += len(chunk)
    return Response(status_code=204, headers=TUS | _state(upload, at))


@router.delete(
    "/uploads/{upload_id}",
    summary="Give an upload up",
    response_class=Response,
    status_code=204,
    responses={204: _NOTHING},
)
def remove(request: Request, caller: Pusher, upload_id: str) -> Response:
    """What has arrived is removed."""
    uploads = uploads_of(request)
    uploads.remove(uploads.find(upload_id, caller).id)
    return Response(status_code=204, headers=TUS)


def _state(upload: Upload, offset: int) -> dict[str, str]:
    return {"Upload-Offset": str(offset), "Upload-Length": str(upload.length)}
