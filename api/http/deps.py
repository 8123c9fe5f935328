"""What the routes are given: a session that only reads, the caller, and the way to put on record."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.http.paging import Page, page
from api.http.problems import Forbidden
from api.http.security import require_acting, require_actor, require_reader
from api.http.targets import require_target, target_of
from api.permissions import ENROLMENT, PERMISSIONS, PUBLIC, permission_of, permits
from api.scope import seeing
from api.sight import Sight, sight_of, teams_below
from store import audit, people
from store.clock import Clock
from store.database import SessionFactory, reading, transaction
from store.views import ViewRow, unmasking


def sight_asked(request: Request, caller: Annotated[people.Actor, Depends(require_actor)]) -> Sight:
    """What the caller of a request may see; looked up once."""
    if not hasattr(request.state, "sight"):
        sessions: SessionFactory = request.app.state.sessions
        below: frozenset[str] = frozenset()
        if caller.has("supervisor", "department_head") and not caller.is_house:
            with reading(sessions) as session:
                rows = people.list_people(session)
                below = teams_below(
                    caller.id, {row.id: row.reports_to for row in rows}, {row.id: row.team for row in rows}
                )
        request.state.sight = sight_of(caller, below)
    sight: Sight = request.state.sight
    return sight


def admit(
    request: Request,
    caller: Annotated[people.Actor, Depends(require_actor)],
    sight: Annotated[Sight, Depends(sight_asked)],
) -> None:
    """Let in who may take this route, to what they may see; a route that no table names is closed.

    Raises:
        Unauthorized: `auth.required` or `auth.wrong`.
        Forbidden: `auth.role`; `auth.second_factor`.
        NotFoundError: what the path names is not there, or out of sight.
    """
    path = request.scope["route"].path
    wanted = permission_of(request.method, path)
    if wanted is None or not permits(caller, wanted):
        raise _forbidden(caller, wanted)
    _require_second_factor(request, wanted)
    if not sight.unbounded and target_of(path) is not None:
        with reading(seeing(request.app.state.sessions, sight)) as session:
            require_target(session, path, request.path_params)


def _require_second_factor(request: Request, wanted: str) -> None:
    """Who has to set up a second factor does nothing else first.

    Raises:
        Forbidden: `auth.second_factor`.
    """
    named = f"{request.method} {request.scope['route'].path}"
    if getattr(request.state, "enrols", False) and wanted != PUBLIC and named not in ENROLMENT:
        raise Forbidden(
            "your roles take a second factor, and you have none",
            code="auth.second_factor",
            mend="Set it up at /sign-in/second-factor, or by POST and PUT /api/v1/me/second-factor.",
        )


def _forbidden(caller: people.Actor, wanted: str | None) -> Forbidden:
    listed = PERMISSIONS.get(wanted or "")
    return Forbidden(
        f"{caller.id} may not {listed.what.en}" if listed else "nobody may do this",
        code="auth.role",
        mend=f"It takes one of the roles {', '.join(sorted(listed.roles))}." if listed else None,
    )


def seen(request: Request, sight: Annotated[Sight, Depends(sight_asked)]) -> SessionFactory:
    """Sessions that find only what the caller may see."""
    return seeing(request.app.state.sessions, sight)


def reader(sessions: Annotated[SessionFactory, Depends(seen)]) -> Iterator[Session]:
    """A look at what the caller may see, for one request."""
    with reading(sessions) as session:
        yield session


def put_on_record(request: Request, actor: str, action: str, subject: str, details: dict[str, Any]) -> None:
    """Writes to the audit log who saw or heard what, before it is handed out."""
    sessions: SessionFactory = request.app.state.sessions
    clock: Clock = request.app.state.clock
    with transaction(sessions) as session:
        audit.append(session, clock, actor=f"api:{actor}", action=action, subject=subject, details=details)


def in_full(
    request: Request,
    session: Annotated[Session, Depends(reader)],
    caller: Annotated[people.Actor, Depends(require_actor)],
    call_id: int,
) -> ViewRow | None:
    """Why the caller sees this call with personal data in full now, if they do."""
    clock: Clock = request.app.state.clock
    if not 0 < call_id < 2**31:
        return None
    return unmasking(session, actor=f"api:{caller.id}", call_id=call_id, now=clock.now())


def hides_debtors(caller: Annotated[people.Actor, Depends(require_actor)]) -> bool:
    """Whether the names and numbers of debtors are hidden from the caller in cases and the ledger; they are
    from whoever is nobody in particular."""
    return caller.is_house or not permits(caller, "cases.debtor")


Reader = Annotated[Session, Depends(reader)]
SightAsked = Annotated[Sight, Depends(sight_asked)]
Hidden = Annotated[bool, Depends(hides_debtors)]
# For what is read while it is sent.
Seen = Annotated[SessionFactory, Depends(seen)]
InFull = Annotated[ViewRow | None, Depends(in_full)]
Actor = Annotated[str, Depends(require_reader)]
# Who asks, with their roles.
Caller = Annotated[people.Actor, Depends(require_actor)]
# The person who acts, by their own token.
Acting = Annotated[people.Actor, Depends(require_acting)]
PageAsked = Annotated[Page, Depends(page)]
