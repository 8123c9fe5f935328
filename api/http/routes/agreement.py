"""How far people agree: with each other, with an expert, and with the machine."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api import agreement as shown
from api.http.deps import Acting, Caller, PageAsked, Reader
from api.http.moments import Moment
from api.http.paging import cut
from api.http.problems import Problem
from qc.agreement import calibration
from qc.agreement.double import agreement, doubles
from qc.agreement.kappa import LEAST, Weighting
from qc.agreement.overturns import By, overturned, words
from qc.verdicts.service import Limits
from store.clock import Clock
from store.database import SessionFactory, transaction
from store.people import Actor

router = APIRouter(tags=["agreement"])

_LEADS: Final = ("qc_lead", "auditor")
CalibrationId = Annotated[int, Path(ge=1, lt=2**31)]
_REFUSALS: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Conflict: not asked, closed, or not closed yet"}
}


class AgreedList(BaseModel):
    """Kappa by group."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.AGREED]}]})

    items: list[shown.AgreedOut]


class OverturnedList(BaseModel):
    """Groups, those that are overturned most for sure first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.OVERTURNED]}]})

    items: list[shown.OverturnedOut]


class CalibrationPage(BaseModel):
    """Calibrations, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.CALIBRATION], "next": None}]})

    items: list[shown.CalibrationOut]
    next: str | None


class ComparedList(BaseModel):
    """Each reviewer against the expert."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [shown.COMPARED]}]})

    items: list[shown.ComparedOut]


class CalibrationIn(BaseModel):
    """A calibration to be opened."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"title": "三月校准", "expert": "lead-1", "reviewers": ["wang", "li"], "calls": [17, 20]}
            ]
        },
    )

    title: str = Field(min_length=1, max_length=200)
    expert: str = Field(max_length=100)
    reviewers: list[Annotated[str, Field(max_length=100)]] = Field(min_length=1, max_length=100)
    calls: list[Annotated[int, Field(ge=1, lt=2**31)]] = Field(min_length=1, max_length=500)


class AnswerIn(BaseModel):
    """What a person finds violated in a call; nothing: the call is clean."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"call_id": 17, "categories": ["threat"]}]}
    )

    call_id: int = Field(ge=1, lt=2**31)
    categories: list[Annotated[str, Field(max_length=60)]] = Field(default=[], max_length=60)


@router.get("/agreement", summary="Cohen's kappa of blind double reviews")
def double_reviews(
    session: Reader,
    by: Annotated[shown.By, Query(description="the groups")] = "category",
    weighting: Annotated[Weighting, Query(description="how much answers apart still agree")] = "none",
    least: Annotated[int, Query(ge=2, le=100_000, description="fewer pairs prove nothing")] = LEAST,
) -> AgreedList:
    """With its 95 % interval; `standing` says where there is none, and why."""
    made = agreement(doubles(session), by, weighting=weighting, least=least)
    return AgreedList(items=[shown.agreed_out(each) for each in made])


@router.get("/agreement/overturned", summary="How often people overturn what the machine found")
def overturns(
    request: Request,
    session: Reader,
    by: Annotated[By, Query(description="the groups")] = "rule",
    since: Annotated[Moment | None, Query(description="only decisions since then")] = None,
) -> OverturnedList:
    """Of certain findings, the share that people did not let stand, with Wilson's 95 % interval."""
    settings = request.app.state.settings
    limits = Limits(settings.advisory_share, settings.advisory_decisions)
    made = overturned(words(session, since=since), by, limits)
    return OverturnedList(items=[shown.overturned_out(each) for each in made])


@router.get("/calibrations", summary="Calibrations, newest first")
def calibrations(session: Reader, page: PageAsked) -> CalibrationPage:
    """Who is asked, and whether it is closed."""
    rows = calibration.calibrations(session, before=page.before, limit=page.limit + 1)
    items = [shown.calibration_out(row) for row in rows[: page.limit]]
    return CalibrationPage(items=items, next=cut([row.id for row in rows], page.limit))


@router.post("/calibrations", summary="Open a calibration", responses=_REFUSALS)
def open_calibration(request: Request, caller: Caller, wanted: CalibrationIn) -> shown.CalibrationDetail:
    """The expert and the reviewers are each asked for their answers on each call."""
    sessions, clock = _tools(request)
    with transaction(sessions) as session:
        row = calibration.open_calibration(
            session,
            clock,
            title=wanted.title,
            expert=wanted.expert,
            reviewers=wanted.reviewers,
            calls=wanted.calls,
            by=caller.id,
        )
        return shown.calibration_detail(row, calibration.calls_of(session, row.id), {})


@router.get("/calibrations/{calibration_id}", summary="One calibration, with the caller's answers")
def one_calibration(
    session: Reader, caller: Caller, calibration_id: CalibrationId
) -> shown.CalibrationDetail:
    """Nobody sees what others answered before it is closed."""
    row = calibration.find_calibration(session, calibration_id)
    mine = calibration.answers(session, calibration_id).get(caller.id, {})
    return shown.calibration_detail(row, calibration.calls_of(session, calibration_id), mine)


@router.post(
    "/calibrations/{calibration_id}/answers", summary="Answer on a call of a calibration", responses=_REFUSALS
)
def answer(
    request: Request, actor: Acting, calibration_id: CalibrationId, said: AnswerIn
) -> shown.CalibrationDetail:
    """A person may think again until it is closed."""
    sessions, clock = _tools(request)
    with transaction(sessions) as session:
        calibration.answer(
            session,
            clock,
            calibration_id,
            call_id=said.call_id,
            person=actor.id,
            categories=said.categories,
        )
        row = calibration.find_calibration(session, calibration_id)
        mine = calibration.answers(session, calibration_id).get(actor.id, {})
        return shown.calibration_detail(row, calibration.calls_of(session, calibration_id), mine)


@router.post("/calibrations/{calibration_id}/close", summary="Close a calibration", responses=_REFUSALS)
def close(request: Request, caller: Caller, calibration_id: CalibrationId) -> shown.CalibrationOut:
    """From now on the results are shown, and nobody changes an answer."""
    sessions, clock = _tools(request)
    with transaction(sessions) as session:
        return shown.calibration_out(calibration.close(session, clock, calibration_id, by=caller.id))


@router.get(
    "/calibrations/{calibration_id}/results", summary="Each reviewer against the expert", responses=_REFUSALS
)
def results(
    session: Reader,
    caller: Caller,
    calibration_id: CalibrationId,
    least: Annotated[int, Query(ge=2, le=100_000, description="fewer answers prove nothing")] = LEAST,
) -> ComparedList:
    """Of a closed calibration. Reviewers see their own line; who leads quality control sees all."""
    made = calibration.results(session, calibration_id, least=least)
    return ComparedList(items=[shown.compared_out(each) for each in made if _may_see(caller, each.person)])


def _may_see(caller: Actor, person: str) -> bool:
    return caller.id == person or caller.has(*_LEADS)


def _tools(request: Request) -> tuple[SessionFactory, Clock]:
    return request.app.state.sessions, request.app.state.clock
