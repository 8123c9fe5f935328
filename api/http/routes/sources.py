"""What warns beside the calls: reports of the house's people, public posts, hits of monitors."""

import io
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, ConfigDict

from api.http.deps import Acting, PageAsked, Reader
from api.http.described import Described
from api.http.paging import cut
from api.http.problems import Problem
from api.sources import (
    ITEM_EXAMPLE,
    OPINION_EXAMPLE,
    REPORT_EXAMPLE,
    ItemOut,
    ReceivedOut,
    import_posts,
    item_out,
    items,
    received_out,
    weights_of,
)
from complaint_warnings.sources import service
from complaint_warnings.sources.documents import Debtor, Opinion, Report, parse
from complaint_warnings.sources.posts_file import read_posts
from store.database import transaction

router = APIRouter(tags=["sources"])
_REFUSALS: dict[int | str, dict[str, Any]] = {
    409: {
        "model": Problem,
        "description": "Conflict: known with another content, decided already, or not allowed",
    }
}
_CSV_EXAMPLE = (
    "platform,link,posted_at,author,text\n微博,https://example.org/2,2026-03-05T10:00:00+08:00,@a,……\n"
)


class ItemPage(BaseModel):
    """Items, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ITEM_EXAMPLE], "next": None}]})

    items: list[ItemOut]
    next: str | None


_REFUSED: dict[str, Any] = {
    "line": 3,
    "field": "posted_at",
    "message": "the time has no zone",
    "mend": "Write it as 2026-03-05T10:00:00+08:00.",
}


class RefusedOut(BaseModel):
    """A line that was not taken."""

    line: int
    field: str
    message: str
    mend: str


class ImportedOut(BaseModel):
    """What became of a file of posts."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"new": 7, "known": 1, "unmatched": 2, "refused": [_REFUSED]}]}
    )

    new: int
    known: int
    unmatched: int
    refused: list[RefusedOut]


class MatchIn(BaseModel):
    """Whom an item is about, by the ids that the calls have."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"customer_id": "C1"}]})

    customer_id: str | None = None
    case_id: str | None = None
    number: str | None = None


class AsideIn(BaseModel):
    """Why an item concerns nobody here."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "同名公司"}]})

    reason: str


@router.post("/reports", summary="Report what a customer doubts", status_code=201, responses=_REFUSALS)
def report(
    request: Request,
    actor: Acting,
    document: Annotated[dict[str, Any], Described(Report, "reporter"), Body(examples=[REPORT_EXAMPLE])],
) -> ReceivedOut:
    """It counts for the debtor's open warning, or opens one. The reporter is who calls, unless `reporter`
    names another and `oral` is true. The same again writes nothing."""
    wanted = parse(Report, {"reporter": actor.id, **document}, "report")
    state = request.app.state
    with transaction(state.sessions) as session:
        done = service.report(session, state.clock, wanted, actor=actor, weights=weights_of(state.settings))
        return received_out(done)


@router.post("/opinions", summary="Take a public post", status_code=201, responses=_REFUSALS)
def opinion(
    request: Request,
    actor: Acting,
    document: Annotated[dict[str, Any], Described(Opinion), Body(examples=[OPINION_EXAMPLE])],
) -> ReceivedOut:
    """Where its ids name exactly one debtor it counts for them; else it waits for a person to match it."""
    wanted = parse(Opinion, document, "post")
    state = request.app.state
    with transaction(state.sessions) as session:
        done = service.opinion(session, state.clock, wanted, actor=actor, weights=weights_of(state.settings))
        return received_out(done)


@router.post("/opinions/import", summary="Take public posts from CSV")
def opinions(
    request: Request,
    actor: Acting,
    text: Annotated[str, Body(media_type="text/csv", examples=[_CSV_EXAMPLE], max_length=20_000_000)],
) -> ImportedOut:
    """Bad lines are refused by themselves, the others taken. The same file again writes nothing."""
    state = request.app.state
    lines = read_posts(io.StringIO(text, newline=""), "body")
    done = import_posts(state.sessions, state.clock, lines, actor=actor, weights=weights_of(state.settings))
    refused = [
        RefusedOut(line=each.line, field=each.field, message=each.message, mend=each.mend)
        for each in done.refused
    ]
    return ImportedOut(new=done.new, known=done.known, unmatched=done.unmatched, refused=refused)


@router.get("/items", summary="Reports, hits of monitors and public posts, newest first")
def listed(
    session: Reader,
    page: PageAsked,
    state: Annotated[Literal["matched", "unmatched", "set_aside"] | None, Query()] = None,
    source: Annotated[Literal["report", "monitor", "opinion"] | None, Query()] = None,
) -> ItemPage:
    """`state=unmatched` is what waits for a person."""
    rows = items(session, source=source, state=state, before=page.before, limit=page.limit + 1)
    following = cut([row.id for row in rows], page.limit)
    return ItemPage(items=[item_out(row) for row in rows[: page.limit]], next=following)


@router.post("/items/{item_id}/match", summary="Say whom an item is about", responses=_REFUSALS)
def match(request: Request, actor: Acting, item_id: int, debtor: MatchIn) -> ReceivedOut:
    """From then on it counts for that debtor."""
    wanted = parse(Debtor, debtor.model_dump(), "debtor")
    state = request.app.state
    with transaction(state.sessions) as session:
        done = service.match(
            session, state.clock, item_id, wanted, actor=actor, weights=weights_of(state.settings)
        )
        return received_out(done)


@router.post("/items/{item_id}/set-aside", summary="Say that an item concerns nobody", responses=_REFUSALS)
def aside(request: Request, actor: Acting, item_id: int, why: AsideIn) -> ItemOut:
    """It stays in the list, with the reason."""
    state = request.app.state
    with transaction(state.sessions) as session:
        row = service.set_aside(session, state.clock, item_id, actor=actor, reason=why.reason)
        return item_out(row)
