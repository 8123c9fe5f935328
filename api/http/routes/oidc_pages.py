"""Signing in by the house's own identity provider: there and back."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.http.html import shown_page
from api.http.problems import Unauthorized
from api.http.signing_in import address_of, open_browser, secret_key
from store import audit
from store.database import transaction
from store.errors import NotFoundError
from store.identity import oidc, sessions
from store.people import PersonRow
from store.settings import Settings

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

COOKIE: Final = "diting_oidc"
_BACK: Final = "/sign-in/oidc/back"


def client_of(settings: Settings) -> oidc.Client:
    """What the provider knows this installation by.

    Raises:
        NotFoundError: `oidc.off`.
    """
    secret = settings.oidc_client_secret
    if not (settings.oidc_issuer and settings.oidc_client_id and secret and settings.public_url):
        raise NotFoundError(
            "no identity provider is set up", code="oidc.off", mend="Sign in with account and password."
        )
    return oidc.Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value(),
        redirect_uri=settings.public_url.rstrip("/") + _BACK,
        claim=settings.oidc_claim,
    )


@router.get("/sign-in/oidc")
def there(request: Request) -> Response:
    """Sends the browser to the provider."""
    state = request.app.state
    client = client_of(state.settings)
    flow = oidc.begin(state.clock.now())
    response = RedirectResponse(oidc.address(oidc.discover(client), client, flow), 303)
    response.set_cookie(
        COOKIE,
        oidc.seal(flow, secret_key(request)),
        max_age=int(oidc.FLOW_LENGTH / timedelta(seconds=1)),
        path="/sign-in/oidc",
        httponly=True,
        samesite="lax",  # the browser comes back from another site
        secure=state.settings.environment == "production",
    )
    return response


@router.get(_BACK)
def back(
    request: Request,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Takes whoever comes back, if they have an account here. The page goes on by itself: the cookie of a
    session is not sent along with a way that began at another site."""
    app, now = request.app.state, request.app.state.clock.now()
    client = client_of(app.settings)
    flow = oidc.unseal(request.cookies.get(COOKIE), secret_key(request), state=state, now=now)
    account = oidc.account_of(oidc.discover(client), client, flow, code, now=now)
    with transaction(app.sessions) as session:
        row = session.get(PersonRow, account[:100])
        secret = None
        if row is not None and row.active:
            secret = sessions.open_session(
                session,
                app.clock,
                row.id,
                address=address_of(request),
                browser=request.headers.get("user-agent", ""),
            )
        else:
            details = {"address": address_of(request), "by": "oidc"}
            subject = "person:unknown" if row is None else f"person:{row.id}"
            audit.append(
                session, app.clock, actor="nobody", action="session.refused", subject=subject, details=details
            )
    if secret is None:
        raise Unauthorized(
            "you have no account here",
            code="oidc.no_account",
            mend="An administrator adds it: `diting people add`.",
        )
    response = shown_page("back.html", "form-action 'none'")
    open_browser(request, response, secret)
    response.delete_cookie(COOKIE, path="/sign-in/oidc")
    return response
