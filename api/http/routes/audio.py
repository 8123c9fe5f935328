"""Recordings: with a tone over personal data, or the original for a reason; and their waveforms."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from sqlalchemy.orm import Session

from api.heard import tones_of_call
from api.http.deps import Caller, InFull, Reader
from api.http.playback import Playback, part_of
from api.http.problems import Forbidden
from api.http.routes.calls import find
from api.http.schemas_voice import PeaksOut
from api.waveforms import Waveforms
from ingest.models import CallRow
from ingest.peaks import Rate, shown
from store.clock import Clock
from store.database import SessionFactory, transaction
from store.views import Subject, Viewing, ViewRow, listened

router = APIRouter(tags=["calls"])


@router.get(
    "/calls/{call_id}/audio",
    summary="The recording of one call",
    response_class=Response,
    responses={
        200: {"description": "the whole recording", "content": {"audio/ogg": {"example": "(bytes)"}}},
        206: {"description": "the part asked for", "content": {"audio/ogg": {"example": "(bytes)"}}},
        409: {"description": "there is no transcript yet that tells what has to be hidden"},
        416: {"description": "the part asked for lies outside the recording"},
    },
)
def audio(
    request: Request,
    session: Reader,
    caller: Caller,
    in_full: InFull,
    call_id: int,
    original: Annotated[
        bool, Query(description="without tones; only after `POST /calls/{call_id}/unmask`")
    ] = False,
    range_: Annotated[
        str | None, Header(alias="Range", description="the part wanted", examples=["bytes=0-65535"])
    ] = None,
) -> Response:
    """The recording in Ogg Opus, with a tone over names, numbers and addresses. `original` is the recording
    as it came, or in Ogg Opus when browsers cannot play its format. Who listened goes into the view log."""
    row = find(session, call_id).call
    playback: Playback = request.app.state.playback
    if not original:
        tones = tones_of_call(session, row)
        response = playback.respond_masked(row.recording_sha256, tones, range_)
        _on_record(request, row, caller.id, response, None)
        return response
    if in_full is None:
        raise Forbidden(
            "the original recording needs a reason",
            code="privacy.no_reason",
            where=f"call {call_id}",
            mend="POST /api/v1/calls/{call_id}/unmask with the reason; it holds for half an hour.",
        )
    response = playback.respond(row.recording_sha256, range_)
    _on_record(request, row, caller.id, response, in_full)
    return response


@router.get(
    "/calls/{call_id}/peaks",
    summary="The waveform of one call",
    responses={409: {"description": "there is no transcript yet that tells what has to be hidden"}},
)
def peaks(
    request: Request,
    session: Reader,
    call_id: int,
    per_second: Annotated[Rate, Query(description="peaks per second")] = Rate.R20,
) -> PeaksOut:
    """How loud each channel is from moment to moment, computed once per recording. Where the player has a
    tone over personal data it is flat."""
    row = find(session, call_id).call
    tones = tones_of_call(session, row)
    waveforms: Waveforms = request.app.state.waveforms
    return PeaksOut(
        call_id=call_id,
        per_second=per_second,
        duration_s=row.recording.duration_s,
        channels=shown(waveforms.read(row.recording_sha256), per_second, tones),
        masked=[[round(at, 3) for at in tone] for tone in tones],
    )


def _on_record(
    request: Request, call: CallRow, caller: str, response: Response, in_full: ViewRow | None
) -> None:
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    with transaction(sessions) as session:
        view = listened(
            session,
            clock,
            Viewing(
                f"api:{caller}",
                Subject(f"call:{call.source}/{call.external_id}", call.id),
                masked=in_full is None,
                reason=in_full.reason if in_full else None,
            ),
            part=part_of(response, _length(session, call)),
            sha256=call.recording_sha256,
        )
        response.headers["X-Diting-View"] = str(view.id)


def _length(session: Session, call: CallRow) -> float:
    return session.get_one(CallRow, call.id).recording.duration_s
