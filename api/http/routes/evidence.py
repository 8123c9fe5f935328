"""The evidence of one call, as an archive that anybody can check."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import evidence
from api.http.deps import Caller, Reader, put_on_record
from api.http.files import made
from api.http.problems import Forbidden
from api.http.routes.calls import find
from api.permissions import permits

router = APIRouter(tags=["calls"])


@router.get(
    "/calls/{call_id}/evidence",
    summary="The evidence of one call in one archive",
    response_class=Response,
    responses={
        200: {"description": "the archive", "content": {evidence.MEDIA_TYPE: {"example": "(bytes)"}}},
        409: {"description": "the call has not been inspected yet"},
    },
)
def call_evidence(
    request: Request,
    session: Reader,
    caller: Caller,
    call_id: int,
    original: Annotated[
        bool, Query(description="with the recording, names and numbers; needs a reason and the right to it")
    ] = False,
    reason: Annotated[str | None, Query(max_length=200, description="the matter it is for")] = None,
) -> Response:
    """Findings with their clips, transcript, rules as they were, decisions, versions, hashes, and the entries
    of the audit log with the proof that they are in it; `diting evidence verify` and the `verify.py` inside
    check it anywhere. That it was exported is put on record before it is sent."""
    if original and not permits(caller, "evidence.original"):
        raise Forbidden(
            f"{caller.id} may not export what is hidden from others",
            code="auth.role",
            mend="Without `original` personal data is hidden.",
        )
    row = find(session, call_id).call
    settings, clock = request.app.state.settings, request.app.state.clock
    wish = evidence.Wish(f"api:{caller.id}", original, reason)

    def write(path: Path) -> None:
        with path.open("wb") as file:
            built = evidence.build(session, settings, clock, row, wish, file)
        put_on_record(request, caller.id, evidence.ACTION, built.subject, built.details)

    return made(write, media_type=evidence.MEDIA_TYPE, name=evidence.name_of(row))
