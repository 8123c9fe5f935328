"""The page by which somebody sets up the second factor that their roles take, right after signing in."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from api.http.html import form_of, shown_page
from api.http.routes.sign_in_pages import page_asked
from api.http.security import browser_session, require_own_page, session_secret
from api.http.signing_in import secret_key
from api.words import Words
from store.database import transaction
from store.errors import BadInputError
from store.identity import second_factor, sessions
from store.identity.second_factor import Enrolment

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_PLACE: Final = "/sign-in/second-factor"
_WRONG: Final = Words(
    "验证码不正确，请填写最新的验证码，并检查手机时间。",
    "The code is not right: take the newest, and check the clock of the telephone.",
)


@dataclass(frozen=True, slots=True)
class _Step:
    """How far somebody has come."""

    enrolment: Enrolment | None = None
    codes: tuple[str, ...] = ()
    wrong: bool = False


@router.get(_PLACE)
def form(request: Request, wanted: Annotated[str, Query(alias="next")] = "") -> Response:
    """Asks whether one is ready; whoever need not be here is sent on."""
    opened = browser_session(request)
    if opened is None:
        return RedirectResponse("/sign-in", 303)
    if not opened.enrols:
        return RedirectResponse(page_asked(wanted), 303)
    return _page(request, _Step(), page_asked(wanted))


@router.post(_PLACE)
async def take(request: Request) -> Response:
    """Shows the secret as a QR code; with a code of it, turns the second factor on."""
    given = await form_of(request)
    require_own_page(request, given.get("csrf", ""))
    wanted = page_asked(given.get("next", ""))
    step = await run_in_threadpool(_go_on, request, given.get("code", ""))
    return RedirectResponse("/sign-in", 303) if step is None else _page(request, step, wanted)


def _go_on(request: Request, code: str) -> _Step | None:
    """The next step; None for whoever has no business here."""
    state, key, opened = request.app.state, secret_key(request), browser_session(request)
    if opened is None or not opened.enrols:
        return None
    person = opened.actor.id
    try:
        with transaction(state.sessions) as session:
            begun = second_factor.begun(session, person, key)
            if begun is None or not code:
                return _Step(begun or second_factor.begin(session, state.clock, person, key))
            codes = second_factor.confirm(session, state.clock, person, code, key)
            sessions.enrolled(session, person)
            return _Step(codes=tuple(codes))
    except BadInputError:
        return _Step(begun, wrong=True)


def _page(request: Request, step: _Step, wanted: str) -> HTMLResponse:
    secret = session_secret(request)
    return shown_page(
        "second_factor.html",
        "form-action 'self'",
        422 if step.wrong else 200,
        enrolment=step.enrolment,
        qr=Markup(step.enrolment.qr) if step.enrolment else None,  # noqa: S704 - a picture that we drew
        codes=step.codes,
        wrong=_WRONG if step.wrong else None,
        csrf=sessions.csrf_of(secret) if secret else "",
        wanted=wanted,
    )
