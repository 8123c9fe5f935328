"""The speech engines of this installation."""

from fastapi import APIRouter, Request

from api.engines import plain
from api.http import examples
from api.http.schemas import EngineList, EngineOut
from store.settings import Settings
from transcription.engines.survey import survey

router = APIRouter(tags=["engines"])


@router.get(
    "/engines",
    summary="Speech engines, and whether they can be used",
    responses={200: {"content": {"application/json": {"example": {"items": [examples.ENGINE]}}}}},
)
def engines(request: Request) -> EngineList:
    """Every engine that is known here: shipped ones and those of installed packages. No model is loaded and
    no server is asked; `diting engines --check` does that."""
    settings: Settings = request.app.state.settings
    return EngineList(items=[EngineOut.model_validate(plain(state)) for state in survey(settings)])
