"""Back-tests of proposed versions: what would change, before anybody approves."""

from typing import Any, Final

from fastapi import APIRouter, Request

from api import backtests as shown
from api.http.deps import Acting, Reader
from api.http.problems import Problem
from api.http.routes.packs import PackId
from api.http.routes.proposals import Number
from api.proposals import find_proposal
from pipeline.backtest import jobs
from store.database import transaction
from store.errors import NotFoundError

router = APIRouter(tags=["rules"])

_CONFLICT: Final[dict[int | str, dict[str, Any]]] = {
    409: {"model": Problem, "description": "Conflict: there is nothing to compare with"}
}


@router.post(
    "/packs/{pack}/proposals/{proposal}/backtest",
    summary="Ask what a proposed version would change",
    status_code=202,
    responses=_CONFLICT,
)
def ask_backtest(
    request: Request, caller: Acting, pack: PackId, proposal: Number, wanted: shown.BacktestIn
) -> shown.BacktestOut:
    """Both versions judge the newest stored calls again, in the background; nothing that is stored changes.
    One that is under way is answered with. 回测。"""
    state = request.app.state
    with transaction(state.sessions) as writing:
        version = find_proposal(writing, pack, proposal)
        row = jobs.ask(writing, state.clock, version, calls=wanted.calls, by=caller.id)
        return shown.backtest_out(writing, row).model_copy(update={"report": None})


@router.get("/packs/{pack}/proposals/{proposal}/backtest", summary="What a proposed version would change")
def get_backtest(session: Reader, pack: PackId, proposal: Number) -> shown.BacktestOut:
    """The newest back-test of it: how far it has come, and what came of it."""
    version = find_proposal(session, pack, proposal)
    row = jobs.newest(session, version.id)
    if row is None:
        raise NotFoundError(
            f"nobody has asked for a back-test of {version.name}",
            code="backtest.none",
            mend="POST asks for one.",
        )
    return shown.backtest_out(session, row)
