"""Cases: list, one case, its history, what the caller may do, and doing it."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from sqlalchemy.orm import Session

from api.cases import case_document, case_line, clock_document, event_document, possible_document
from api.http import schemas_cases as schemas
from api.http.deps import Acting, Hidden, PageAsked, Reader
from api.http.etags import require_match, tag
from api.http.paging import cut
from api.http.problems import Problem
from complaint_warnings.cases.door import act as act_on
from complaint_warnings.cases.door import history as events_of
from complaint_warnings.cases.door import lock_for
from complaint_warnings.cases.service import Wanted, list_cases, load_case, possible_now
from complaint_warnings.cases.types import Kind, State
from complaint_warnings.clocks.service import deadlines_of
from complaint_warnings.types import Level
from store.clock import Clock
from store.database import SessionFactory, transaction

router = APIRouter(tags=["cases"])

CaseId = Annotated[int, Path(ge=1, lt=2**31)]
_REFUSALS: dict[int | str, dict[str, Any]] = {
    403: {"model": Problem, "description": "Forbidden: acting takes a person's own token"},
    409: {"model": Problem, "description": "Conflict: not allowed now, or the case changed meanwhile"},
    412: {"model": Problem, "description": "Precondition Failed: the case changed meanwhile (`If-Match`)"},
}


def _listed(example: Any) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {"application/json": {"example": example}}}}


@router.get(
    "/cases", summary="Cases, newest first", responses=_listed({"items": [schemas.CASE], "next": None})
)
def cases(
    session: Reader,
    hidden: Hidden,
    page: PageAsked,
    state: Annotated[State | None, Query(description="where the handling stands")] = None,
    level: Annotated[Level | None, Query(description="how likely a complaint is")] = None,
    kind: Annotated[Kind | None, Query(description="warnings or complaints")] = None,
    handler: Annotated[str | None, Query(max_length=100, description="who handles it")] = None,
    open: Annotated[bool, Query(description="only those that are not closed")] = False,
) -> schemas.CasePage:
    """The lines of the ledger."""
    wanted = Wanted(
        state=state, level=level, kind=kind, handler=handler, open_only=open, before=page.before,
        limit=page.limit + 1,
    )  # fmt: skip
    rows = list_cases(session, wanted)
    items = [schemas.CaseOut(**case_line(row, hidden=hidden)) for row in rows[: page.limit]]
    return schemas.CasePage(items=items, next=cut([row.id for row in rows], page.limit))


@router.get("/cases/{case_id}", summary="One case with its handling and its clocks")
def case(session: Reader, hidden: Hidden, case_id: CaseId, response: Response) -> schemas.CaseDetail:
    """Where it stands by its events: review, team, plan, contacts, reliefs, tracking, evaluation. Actions
    take its `ETag` as `If-Match`."""
    return _detail(session, case_id, response, hidden=hidden)


@router.get(
    "/cases/{case_id}/history",
    summary="Everything that happened to a case",
    responses=_listed([schemas.EVENT]),
)
def history(session: Reader, hidden: Hidden, case_id: CaseId) -> list[schemas.EventOut]:
    """The events, oldest first. Nothing of it can be changed; the audit chain holds the hash of each."""
    found = load_case(session, case_id)
    row = found.row if hidden else None
    return [schemas.EventOut(**event_document(event, row)) for event in found.events]


@router.get(
    "/cases/{case_id}/actions",
    summary="What the caller may do with a case now",
    responses=_listed([schemas.ACTION]) | {403: _REFUSALS[403]},
)
def actions(request: Request, session: Reader, actor: Acting, case_id: CaseId) -> list[schemas.ActionOut]:
    """By the caller's roles and the present state, each with its document and what stands in the way."""
    found = possible_now(session, request.app.state.clock, load_case(session, case_id), actor)
    return [schemas.ActionOut(**possible_document(each)) for each in found]


@router.post("/cases/{case_id}/actions/{action}", summary="Do something with a case", responses=_REFUSALS)
def act(
    request: Request,
    actor: Acting,
    hidden: Hidden,
    case_id: CaseId,
    action: Annotated[str, Path(max_length=40, description="of docs/cases.md, such as form_team")],
    wanted: schemas.Act,
    response: Response,
    if_match: Annotated[
        str | None,
        Header(description="the `ETag` of the case that was seen; like `version`", examples=['"3"']),
    ] = None,
) -> schemas.CaseDetail:
    """Checked against the table of transitions; a refusal says why, where the case stands and what helps."""
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    with transaction(sessions) as session:
        if if_match is not None:
            _, view = lock_for(session, case_id, action=action, details=wanted.document)
            by = events_of(session, case_id)[-1].actor
            require_match(request, view.version, changed_by=by, required=False)
        act_on(
            session,
            clock,
            case_id=case_id,
            action=action,
            actor=actor,
            details=wanted.document,
            version=wanted.version,
        )
        return _detail(session, case_id, response, hidden=hidden)


def _detail(session: Session, case_id: int, response: Response, *, hidden: bool) -> schemas.CaseDetail:
    """The case as the caller may see it, with its version as `ETag`."""
    loaded = load_case(session, case_id)
    clocks = [clock_document(each) for each in deadlines_of(session, case_id)]
    detail = schemas.CaseDetail(**case_document(loaded, hidden=hidden), clocks=clocks)
    response.headers["ETag"] = tag(detail.version, detail.model_dump_json())
    return detail
