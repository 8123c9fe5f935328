"""`GET /events`: what changed, as it happens (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict

from api.changes import Change, Entry, entries_since, in_sight
from api.http.deps import Seen
from api.http.feed import Feed
from store.database import SessionFactory, reading

router = APIRouter(tags=["events"])

# Then the browser asks again, and who may see what is looked up anew.
LONGEST_S: Final = 300
# Who was away for longer reads everything anew.
_MISSED: Final = 5_000


class Changed(BaseModel):
    """Something that you may see changed: read it anew."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "ticket", "id": 5}]})

    kind: str
    id: int


@router.get(
    "/events",
    summary="What changes, as it happens",
    response_class=EventSourceResponse,
    responses={
        200: {
            "content": {
                "text/event-stream": {
                    "example": 'id: 812\nevent: changed\ndata: {"kind":"ticket","id":5}\n\n'
                }
            }
        }
    },
)
async def events(
    request: Request,
    sessions: Seen,
    last: Annotated[
        int | None, Header(alias="Last-Event-ID", ge=0, lt=2**31, description="`id` of the last event seen")
    ] = None,
    wait: Annotated[
        int, Query(ge=0, le=LONGEST_S, description="seconds to stay; 0: only what was missed")
    ] = LONGEST_S,
) -> AsyncIterator[ServerSentEvent]:
    """Events `changed` for calls, tickets, cases and coaching tasks in sight, with the `id` to go on from;
    `reset` where more was missed than is told: read everything anew. The connection ends by itself after five
    minutes, and browsers open it again."""
    feed: Feed = request.app.state.feed
    end = asyncio.get_running_loop().time() + wait
    async with feed.listen() as news:
        seen = 0
        if last is not None:
            missed, seen = await run_in_threadpool(_missed, request, sessions, last)
            for event in missed:
                yield event
        while (left := end - asyncio.get_running_loop().time()) > 0:
            try:
                entries, seq = await asyncio.wait_for(news.get(), left)
            except TimeoutError:
                return
            fresh = [entry for entry in entries if entry.seq > seen]
            for event in await run_in_threadpool(_told, sessions, fresh):
                yield event
            seen = max(seen, seq)


def _missed(request: Request, sessions: SessionFactory, last: int) -> tuple[list[ServerSentEvent], int]:
    """What came after the last event, and how far that goes."""
    told: list[ServerSentEvent] = []
    seq, begun = last, last
    while seq - begun < _MISSED:
        with reading(request.app.state.sessions) as session:
            entries, further = entries_since(session, seq)
        if further == seq:
            return told, seq
        told.extend(_told(sessions, entries))
        seq = further
    return [ServerSentEvent(event="reset", id=str(seq), data={})], seq


def _told(sessions: SessionFactory, entries: Sequence[Entry]) -> list[ServerSentEvent]:
    if not entries:
        return []
    with reading(sessions) as session:
        return [_event(change) for change in in_sight(session, entries)]


def _event(change: Change) -> ServerSentEvent:
    return ServerSentEvent(event="changed", id=str(change.seq), data=Changed(kind=change.kind, id=change.id))
