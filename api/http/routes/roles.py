"""The roles of a call: who is taken for the agent, all versions, and a person's word on it."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from sqlalchemy.orm import Session

from api.http.deps import Actor, Reader
from api.http.present import roles_out
from api.http.problems import BadRequest, Problem
from api.http.routes.calls import find
from api.http.schemas import RolesOut, RolesWanted
from api.stored_roles import stored_roles
from pipeline.roles import set_roles, swap_roles
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.errors import DitingError

router = APIRouter(tags=["calls"])

_VERSION = re.compile(r'"?([1-9][0-9]{0,8})"?')
_REFUSALS: dict[int | str, dict[str, Any]] = {
    409: {
        "model": Problem,
        "description": "Conflict: the call is worked on, has failed, or has no transcript",
    },
    412: {"model": Problem, "description": "Precondition Failed: another version is current by now"},
    428: {"model": Problem, "description": "Precondition Required: name the version to be swapped"},
}


class VersionNeeded(DitingError):  # noqa: N818 - named as HTTP names it
    """A request that would undo itself when it is sent twice."""

    http_status = 428


@router.get("/calls/{call_id}/roles", summary="Who is taken for the agent, and all versions")
def roles(session: Reader, response: Response, call_id: int) -> RolesOut:
    """The versions of the transcript with the score of each. The `ETag` names the current one."""
    return _answer(session, response, call_id)


@router.post(
    "/calls/{call_id}/roles",
    summary="Swap the roles, or say which side is the agent",
    status_code=202,
    responses={
        200: {"model": RolesOut, "description": "it was decided so already: nothing changed"},
        **_REFUSALS,
    },
)
def decide(
    request: Request,
    response: Response,
    actor: Actor,
    call_id: int,
    wanted: RolesWanted,
    if_match: Annotated[
        str | None, Header(description="the `ETag` of the version that was seen", examples=['"1"'])
    ] = None,
) -> RolesOut:
    """Makes a new version of the transcript, puts the call on its way through the rules again (202), and
    writes to the audit log who decided. `agent_side` states the wanted result and may be repeated. `swap`
    needs `If-Match`, so that a request sent twice does not swap back."""
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    expected = _version(if_match)
    by = f"api:{actor}"
    with reading(sessions) as session:
        find(session, call_id)
    with transaction(sessions) as session:
        if wanted.agent_side is not None:
            decided = set_roles(
                session,
                clock,
                call_id=call_id,
                side=wanted.agent_side,
                by=by,
                reason=wanted.because,
                expected=expected,
            )
        else:
            _require_version(expected, call_id)
            decided = swap_roles(
                session, clock, call_id=call_id, by=by, reason=wanted.because, expected=expected
            )
    response.status_code = 202 if decided.changed else 200
    with reading(sessions) as session:
        return _answer(session, response, call_id)


def _answer(session: Session, response: Response, call_id: int) -> RolesOut:
    answer = roles_out(find(session, call_id), stored_roles(session, call_id))
    if answer.version is not None:
        response.headers["ETag"] = f'"{answer.version}"'
    return answer


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    named = _VERSION.fullmatch(if_match.strip())
    if named is None:
        raise BadRequest(
            "If-Match does not name a version",
            code="request.if_match",
            where="header if-match",
            mend='Send the ETag of GET /api/v1/calls/{call_id}/roles, for instance "1".',
        )
    return int(named.group(1))


def _require_version(expected: int | None, call_id: int) -> None:
    if expected is None:
        raise VersionNeeded(
            "swapping needs the version that was seen: sent twice, it would swap back",
            code="roles.version_needed",
            where=f"call {call_id}",
            mend="Send If-Match, or say the wanted result with `agent_side`.",
        )
