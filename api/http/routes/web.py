"""The pages that `make web` builds from web/: one document for every address under /app, and its parts.

They hold no data: what they show they ask the API for, which looks who asks.
"""

from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT: Final = Path(__file__).parents[1] / "web"
# Our own scripts alone run. Styles are let in unseen: the controls make some as they go.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_FOREVER: Final = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class _Parts(StaticFiles):
    """Scripts and styles; their names change with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = _FOREVER
        return response


def install(app: FastAPI, built: Path = BUILT) -> None:
    """Serve the pages that are built there; their scripts and styles are sent packed."""
    app.state.pages = built
    parts = _Parts(directory=built / "assets", check_dir=False)
    app.mount("/app/assets", GZipMiddleware(parts, minimum_size=1000))
    app.include_router(router)


@router.get("/")
def first_page() -> Response:
    """Leads to the first page."""
    return RedirectResponse("/app/", 303)


@router.get("/app")
@router.get("/app/{path:path}")
def page(request: Request) -> Response:
    """The document in which every page opens; where none is built, the list that needs no scripts."""
    document: Path = request.app.state.pages / "index.html"
    if not document.is_file():
        return RedirectResponse("/plain", 303)
    return FileResponse(document, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})
