"""Versions of packs: proposed by one person, decided by another (two-person rule)."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api import proposals as shown
from api.http.deps import Acting, PageAsked, Reader
from api.http.paging import cut
from api.http.problems import Problem
from api.http.routes.packs import PackId, RuleId, library_of
from api.rule_examples import VERSION
from api.rule_shapes import PackVersionOut
from api.rules import version_out
from qc.approval import service
from qc.approval.lookup import in_force
from qc.verdicts.service import restore
from store.database import reading, transaction

router = APIRouter(tags=["rules"])

Number = Annotated[int, Path(ge=1, lt=2**31, description="of a version on record")]
_CONFLICT: Final[dict[int | str, dict[str, Any]]] = {
    409: {"model": Problem, "description": "Conflict: decided already, the same person, or a number is taken"}
}


class ProposalPage(BaseModel):
    """Proposed versions, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [VERSION], "next": None}]})

    items: list[PackVersionOut]
    next: str | None


class Restored(BaseModel):
    """A rule that only advised."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rule": "house.scolds@1", "waits": True}]})

    rule: str
    waits: bool = Field(description="for another person, who does the same; false: it accuses again")


@router.get("/packs/{pack}/proposals", summary="Versions of a pack that people proposed")
def list_proposals(
    request: Request,
    session: Reader,
    page: PageAsked,
    pack: PackId,
    state: Annotated[shown.State | None, Query(description="only those that stand so")] = None,
) -> ProposalPage:
    """Who proposed and who decided, the newest first."""
    library_of(request).require(session, pack)
    rows = shown.proposals(session, pack, state=state, before=page.before, limit=page.limit + 1)
    return ProposalPage(items=rows[: page.limit], next=cut([row.number for row in rows], page.limit))


@router.post(
    "/packs/{pack}/proposals", summary="Propose a version of a pack", status_code=201, responses=_CONFLICT
)
def propose(
    request: Request, response: Response, caller: Acting, pack: PackId, wanted: shown.ProposalIn
) -> PackVersionOut:
    """What judges now with the changes, for another person to approve. It must have no problems, and its
    examples must come out as they say. The same again changes nothing. 提交规则包新版本。"""
    state = request.app.state
    with reading(state.sessions) as session:
        content = shown.prepared(session, library_of(request), pack, wanted)
    with transaction(state.sessions) as session:
        row = service.propose(session, state.clock, content, by=caller.id)
        response.headers["Location"] = f"/api/v1/packs/{pack}/proposals/{row.id}"
        return version_out(row, judging=in_force(session).get(pack) is row)


@router.get("/packs/{pack}/proposals/{proposal}", summary="One proposed version and what it changes")
def get_proposal(request: Request, session: Reader, pack: PackId, proposal: Number) -> shown.ProposalOut:
    """Against what judges now: rules, phrases, words, concepts, and the files line by line."""
    return shown.proposal(session, library_of(request), pack, proposal)


@router.post(
    "/packs/{pack}/proposals/{proposal}/approve", summary="Approve a proposed version", responses=_CONFLICT
)
def approve(request: Request, caller: Acting, pack: PackId, proposal: Number) -> PackVersionOut:
    """It judges from the next call on. Never one's own proposal. 批准（不得批准本人提交的版本）。"""
    state = request.app.state
    with transaction(state.sessions) as session:
        found = shown.find_proposal(session, pack, proposal)
        row = service.approve(session, state.clock, pack=pack, by=caller.id, version=found.content_hash)
        return version_out(row, judging=in_force(session).get(pack) is row)


@router.post(
    "/packs/{pack}/proposals/{proposal}/reject", summary="Reject a proposed version", responses=_CONFLICT
)
def reject(
    request: Request, caller: Acting, pack: PackId, proposal: Number, said: shown.DecisionIn
) -> PackVersionOut:
    """Or take one's own back. Its number is free again. 驳回。"""
    return _withdraw(request, caller.id, (pack, proposal), said, only_proposed=True)


@router.post(
    "/packs/{pack}/proposals/{proposal}/withdraw",
    summary="Stop a version that was approved",
    responses=_CONFLICT,
)
def withdraw(
    request: Request, caller: Acting, pack: PackId, proposal: Number, said: shown.DecisionIn
) -> PackVersionOut:
    """What was approved before it judges again. 停用已批准的版本。"""
    return _withdraw(request, caller.id, (pack, proposal), said, only_proposed=False)


@router.post(
    "/packs/{pack}/rules/{rule}/restore",
    summary="Let a rule accuse again that only advises",
    responses=_CONFLICT,
)
def restore_rule(request: Request, caller: Acting, session: Reader, pack: PackId, rule: RuleId) -> Restored:
    """Named with its version. Two persons ask, unless DITING_PACK_APPROVAL=none. 恢复仅供参考的规则。"""
    state = request.app.state
    library_of(request).require(session, pack)
    two = state.settings.pack_approval == "two_persons"
    with transaction(state.sessions) as writing:
        row = restore(writing, state.clock, rule=rule, by=caller.id, two_persons=two)
        return Restored(rule=rule, waits=row.restored_at is None)


def _withdraw(
    request: Request, by: str, place: tuple[str, int], said: shown.DecisionIn, *, only_proposed: bool
) -> PackVersionOut:
    state, (pack, number) = request.app.state, place
    with transaction(state.sessions) as session:
        found = shown.find_proposal(session, pack, number)
        if only_proposed and found.state != "proposed":
            raise service.not_proposed(found)
        row = service.withdraw(
            session, state.clock, pack=pack, by=by, version=found.content_hash, because=said.because
        )
        return version_out(row, judging=False)
