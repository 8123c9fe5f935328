"""Pages from templates, with a policy that lets no foreign script, style or form in; and what forms send."""

from typing import Final
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import HTMLResponse

from api import templates
from api.http.problems import BadRequest
from api.words import Lang

_STYLES: Final = ["base.css", "list.css"]
_SCRIPTS: Final = ["lang.js"]
_FORM_BYTES: Final = 8192


def shown_page(
    template: str, sources: str, status: int = 200, lang: Lang = "zh", **content: object
) -> HTMLResponse:
    """A page; `sources` is what its policy allows beyond its own styles and scripts."""
    html, policy = templates.render(
        template, styles=_STYLES, scripts=_SCRIPTS, sources=sources, lang=lang, **content
    )
    return HTMLResponse(
        html, status, headers={"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
    )


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, each as it was given first.

    Raises:
        BadRequest: `request.too_large`.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _FORM_BYTES:
            raise BadRequest("the form is too large", code="request.too_large")
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
