"""The evidence of one call, as an archive that anybody can check."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api import evidence
from api.http.deps import Caller, Reader
from api.http.files import made
from api.http.routes.calls import find
from store.database import reading, transaction

router = APIRouter(tags=["calls"])
_ARCHIVE = {"description": "the archive", "content": {evidence.MEDIA_TYPE: {"example": "(bytes)"}}}
_NOT_YET = {"description": "the call has not been inspected yet"}


class OriginalAsked(BaseModel):
    """Why somebody needs what is hidden from others."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "法院调取 2026-114"}]}
    )

    reason: Annotated[str, Field(min_length=1, max_length=200, description="the matter it is for")]


@router.get(
    "/calls/{call_id}/evidence",
    summary="The evidence of one call in one archive",
    response_class=Response,
    responses={200: _ARCHIVE, 409: _NOT_YET},
)
def call_evidence(request: Request, session: Reader, caller: Caller, call_id: int) -> Response:
    """Findings with their clips, transcript, rules as they were, decisions, versions, hashes, and the entries
    of the audit log with the proof that they are in it; `diting evidence verify` and the `verify.py` inside
    check it anywhere. Personal data is hidden, in the sound as well. The export is put on record first."""
    return _export(request, session, call_id, evidence.Wish(f"api:{caller.id}"))


@router.post(
    "/calls/{call_id}/evidence",
    summary="The same with the recording, names and numbers; needs a reason",
    response_class=Response,
    responses={200: _ARCHIVE, 409: _NOT_YET},
)
def original_evidence(
    request: Request, session: Reader, caller: Caller, call_id: int, asked: OriginalAsked
) -> Response:
    """The evidence with what is otherwise hidden. The reason is put on record with the export."""
    wish = evidence.Wish(f"api:{caller.id}", original=True, reason=asked.reason)
    return _export(request, session, call_id, wish)


def _export(request: Request, session: Session, call_id: int, wish: evidence.Wish) -> Response:
    row = find(session, call_id).call
    settings, clock = request.app.state.settings, request.app.state.clock

    def write(path: Path) -> None:
        # The call is in sight; evidence that left out what hangs on it would prove nothing.
        with reading(request.app.state.sessions) as whole, path.open("wb") as file:
            built = evidence.build(whole, settings, clock, row, wish, file)
        with transaction(request.app.state.sessions) as writing:
            evidence.put_on_record(writing, clock, built)

    return made(write, media_type=evidence.MEDIA_TYPE, name=evidence.name_of(row))
