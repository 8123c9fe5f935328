"""`GET /metrics`: how the work stands, for Prometheus."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from api.http.problems import ERRORS
from pipeline.metrics import Scraper

router = APIRouter(tags=["health"])

_TEXT: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            "text/plain": {
                "example": 'diting_oldest_waiting_call_seconds{lane="live",stage="transcribe"} 12.0\n'
            }
        },
        "description": "Metrics in the text format of Prometheus",
    }
}


@router.get(
    "/metrics",
    summary="How the work stands, for Prometheus",
    response_class=PlainTextResponse,
    responses=_TEXT | ERRORS,
)
def metrics(request: Request) -> Response:
    """Counts, ages and durations, read from the database at most a few seconds ago. They name no call and no
    person, but need the token all the same: how much a site calls is its own affair."""
    scraper: Scraper = request.app.state.scraper
    return Response(scraper.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)
