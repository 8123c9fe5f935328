"""The pages by which people sign in and out, and make the first administrator."""

import re
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.http.html import form_of, shown_page
from api.http.problems import Unauthorized
from api.http.security import browser_session, cookie_name, require_own_origin, require_own_page
from api.http.signing_in import LockedOut, open_browser, sign_in
from api.words import Words
from store.database import reading, transaction
from store.errors import DitingError
from store.identity.sessions import end_session, session_of
from store.identity.signing_in import needs_setup, set_up

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_WRONG = Words("工号、密码或验证码不正确。", "Account, password and code do not fit.")
_LOCKED = Words("失败次数过多，请稍后再试。", "Too many failures. Try again later.")
_OWN_FORMS = "form-action 'self'"
_PAGE: Final = re.compile(r"/(?:plain|app)(?:/[\w./~%-]*)?(?:\?[\w.~%=&+,:-]*)?")


def page_asked(given: str) -> str:
    """The page of ours that somebody wanted before they signed in; the first one for anything else, such as
    an address elsewhere."""
    return given if _PAGE.fullmatch(given) and "//" not in given else "/"


@router.get("/sign-in")
def sign_in_form(request: Request, wanted: Annotated[str, Query(alias="next")] = "") -> Response:
    """Asks for account and password."""
    with reading(request.app.state.sessions) as session:
        first = needs_setup(session)
    provider = bool(request.app.state.settings.oidc_issuer)
    return _sign_in_page(setup=first, provider=provider, wanted=page_asked(wanted))


def _sign_in_page(
    status: int = 200,
    *,
    wrong: Words | None = None,
    person: str = "",
    setup: bool = False,
    provider: bool = False,
    wanted: str = "/",
) -> HTMLResponse:
    return shown_page(
        "signin.html", _OWN_FORMS, status,
        wrong=wrong, person=person, setup=setup, provider=provider, wanted=wanted,
    )  # fmt: skip


@router.post("/sign-in")
async def take_sign_in(request: Request) -> Response:
    """Opens a session and gives its cookie."""
    require_own_origin(request)
    form = await form_of(request)
    person, wanted = form.get("person", ""), page_asked(form.get("next", ""))
    try:
        secret = await run_in_threadpool(
            sign_in, request, person, form.get("password", ""), form.get("code", "")
        )
    except Unauthorized:
        return _sign_in_page(401, wrong=_WRONG, person=person, wanted=wanted)
    except LockedOut as locked:
        page = _sign_in_page(429, wrong=_LOCKED, person=person, wanted=wanted)
        page.headers.update(locked.headers)
        return page
    enrols = await run_in_threadpool(_enrols, request, secret)
    place = f"/sign-in/second-factor?{urlencode({'next': wanted})}" if enrols else wanted
    response = RedirectResponse(place, 303)
    open_browser(request, response, secret)
    return response


def _enrols(request: Request, secret: str) -> bool:
    state = request.app.state
    with reading(state.sessions) as session:
        opened = session_of(session, secret, state.clock.now())
    return opened is not None and opened.enrols


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends the session."""
    form = await form_of(request)
    require_own_page(request, form.get("csrf", ""))
    state = request.app.state

    def end() -> None:
        opened = browser_session(request)
        if opened is not None:
            with transaction(state.sessions) as session:
                end_session(session, state.clock, opened.id, by=opened.actor.id, because="signed_out")

    await run_in_threadpool(end)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(cookie_name(state.settings), path="/")
    return response


@router.get("/setup")
def setup_form(request: Request) -> Response:
    """Asks for the setup token and the first administrator."""
    with reading(request.app.state.sessions) as session:
        return shown_page("setup.html", _OWN_FORMS, done=not needs_setup(session), wrong=None)


@router.post("/setup")
async def take_setup(request: Request) -> Response:
    """Makes the first administrator, who signs in next."""
    require_own_origin(request)
    form = await form_of(request)
    state = request.app.state

    def make() -> None:
        with transaction(state.sessions) as session:
            set_up(
                session,
                state.clock,
                form.get("token", ""),
                person=form.get("person", ""),
                name=form.get("name", ""),
                password=form.get("password", ""),
            )

    try:
        await run_in_threadpool(make)
    except DitingError as error:
        told = Words(str(error), str(error))
        return shown_page("setup.html", _OWN_FORMS, error.http_status, wrong=told, done=False)
    return RedirectResponse("/sign-in", 303)
