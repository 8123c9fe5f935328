"""`GET /healthz`: for load balancers and people who wonder."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import text

from api.http.schemas import Health
from pipeline.notices import notices
from pipeline.version import diting_version
from store import migrate
from store.database import SessionFactory, reading
from store.settings import Settings
from transcription.engines.survey import chosen_problem

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Whether this installation can work", responses={503: {"model": Health}})
def healthz(request: Request, response: Response) -> Health:
    """Checks the database and the speech model. 200 when both are well, 503 when not. Needs no token and
    tells nothing about calls."""
    settings: Settings = request.app.state.settings
    database = _database(request.app.state.sessions, settings)
    model = _model(settings)
    rules = _rules(request.app.state.sessions, settings) if database == "ok" else "unknown"
    well = (database, model) == ("ok", "ok")
    response.status_code = 200 if well else 503
    return Health(
        status="ok" if well else "degraded",
        version=diting_version(),
        database=database,
        model=model,
        rules=rules,
    )


def _database(sessions: SessionFactory, settings: Settings) -> str:
    try:
        with reading(sessions) as session:
            session.execute(text("SELECT 1"))
        current = migrate.is_current(settings.database_url)
    except Exception as error:  # whatever keeps the database from answering is what is asked for
        return f"cannot be reached: {type(error).__name__}"
    return "ok" if current else "is not at this version's revision: run `diting db upgrade`"


def _rules(sessions: SessionFactory, settings: Settings) -> str:
    """Whether somebody should look at the rules. Names none of them: whoever asks has shown no token."""
    with reading(sessions) as session:
        found = notices(session, settings)
    return f"{len(found)} notices: run `diting rules versions`" if found else "ok"


def _model(settings: Settings) -> str:
    """Whether the chosen engine and its model are there, as far as can be told without loading them. Names
    no place: whoever asks has shown no token."""
    problem = chosen_problem(settings)
    return "ok" if problem is None else f"{problem.message} [{problem.code}]"
