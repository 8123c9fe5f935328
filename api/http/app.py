"""The application: routes, who may come in, and what every answer carries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig

from api.http import once, problems
from api.http.deps import admit
from api.http.feed import Feed
from api.http.gates import BodyLimit, Crashes, Heads, KnownHosts, KnownVersions, PlainText
from api.http.limits import RateLimits
from api.http.playback import Playback
from api.http.problems import ERRORS, MEDIA_TYPE
from api.http.requests import RequestIds
from api.http.routes import (
    agreement,
    audio,
    audit,
    backtests,
    calls,
    cases,
    channels,
    coaching,
    complaints,
    deadlines,
    engines,
    events,
    evidence,
    figures,
    findings,
    health,
    identity,
    intake,
    learning,
    ledger,
    metrics,
    notices,
    oidc_pages,
    packs,
    pages,
    people,
    privacy,
    proposals,
    push,
    records,
    retention,
    review,
    reviewers,
    roles,
    rules,
    sampling,
    scorecards,
    search,
    second_factor,
    second_factor_pages,
    sign_in_pages,
    sources,
    subjects,
    teams,
    tickets,
    trend,
    trials,
    uploads,
    warnings,
    web,
    words,
    work,
)
from api.http.security import SecurityHeaders, require_pusher, require_switch
from api.waveforms import Waveforms
from pipeline.doctor.kept import Examiner
from pipeline.library import Library
from pipeline.metrics import Scraper
from pipeline.version import diting_version
from store.clock import Clock, SystemClock
from store.database import make_engine, make_session_factory
from store.settings import Settings

API = "/api/v1"
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})

# FastAPI's own spans and logs have addresses with names and numbers in them, and the words of exceptions.
_QUIET: Final[TelemetryConfig] = {
    "tracing": False, "operation_spans": False, "metrics": False, "logs": False, "auto_configure": False
}  # fmt: skip


class _Application(FastAPI):
    """FastAPI whose description tells the truth about errors and about the token."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description; errors are problem documents, and `/api` takes a bearer token."""
        if self.openapi_schema is None:
            spec = super().openapi()
            spec["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            for path, methods in spec["paths"].items():
                for method, operation in methods.items():
                    _describe(operation, needs_token=path.startswith(API))
                    if path.startswith(API) and once.takes_key(method.upper(), path):
                        once.describe(operation)
        return super().openapi()


def _describe(operation: dict[str, Any], *, needs_token: bool) -> None:
    if needs_token:
        operation.setdefault("security", [{"token": []}])
    for answer in operation["responses"].values():
        for said in list(answer.get("content", {}).values()):
            if said.get("schema", {}).get("$ref", "").endswith("/Problem"):
                answer["content"] = {MEDIA_TYPE: said}


def _operation_id(route: APIRoute) -> str:
    """A name that stays as long as the address does: `get_calls_by_call_id_audio`."""
    parts = route.path_format.removeprefix(API).strip("/").replace(".", "_").replace("-", "_").split("/")
    named = [f"by_{part[1:-1]}" if part.startswith("{") else part for part in parts]
    return "_".join([min(route.methods or {"GET"}).lower(), *named])


def create_app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """The API and the pages over the database and recordings that the settings name.

    Args:
        settings: with `api_token`, callers must show it; without, only this machine's names are answered.
        clock: tells the time of audit entries and sessions.
    """
    engine = make_engine(settings.database_url)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        engine.dispose()

    app = _Application(
        title="Diting 谛听",
        version=diting_version(),
        summary="Recorded collection calls: findings with evidence, QC tickets, complaint warnings.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        lifespan=lifespan,
        telemetry=_QUIET,
    )
    app.state.settings = settings
    app.state.clock = clock or SystemClock()
    app.state.engine = engine
    app.state.sessions = make_session_factory(engine)
    app.state.feed = Feed(app.state.sessions)
    app.state.scraper = Scraper(app.state.sessions, app.state.clock, settings.data_dir)
    recordings = settings.recording_store()
    app.state.playback = Playback(recordings)
    app.state.waveforms = Waveforms(recordings)
    app.state.library = Library(settings)
    app.state.examiner = Examiner(settings, app.state.clock)
    problems.install(app)
    for gate in (Crashes, once.Once, KnownVersions, Heads, BodyLimit, PlainText):  # the last one is met first
        app.add_middleware(gate)
    app.add_middleware(RateLimits, settings=settings)
    app.add_middleware(SecurityHeaders, encrypted=settings.environment == "production")
    if settings.api_token is None:
        # A page of another site must not reach this service through a name that it points at this machine.
        app.add_middleware(KnownHosts, names=_THIS_MACHINE)
    app.add_middleware(RequestIds)  # the outermost: whatever refuses a request names it, too
    app.include_router(health.router)
    app.include_router(metrics.router, dependencies=[Depends(admit)])
    for part in (
        audio,
        calls,
        cases,
        complaints,
        deadlines,
        roles,
        engines,
        events,
        figures,
        evidence,
        findings,
        learning,
        channels,  # before what takes any word for a number of a notice
        notices,
        intake,
        work,
        packs,
        proposals,
        backtests,
        rules,
        people,
        privacy,
        search,
        second_factor,
        tickets,
        trend,
        warnings,
        ledger,
        sources,
        subjects,
        retention,
        teams,
        trials,
        agreement,
        audit,
        coaching,
        review,
        reviewers,
        sampling,
        scorecards,
        words,
    ):
        app.include_router(part.router, prefix=API, dependencies=[Depends(admit)], responses=ERRORS)
    for part in (push, uploads):
        app.include_router(part.router, prefix=API, dependencies=[Depends(require_pusher)], responses=ERRORS)
    app.include_router(records.router, prefix=API, dependencies=[Depends(require_switch)], responses=ERRORS)
    web.install(app)
    for open_part in (pages.router, sign_in_pages.router, second_factor_pages.router, oidc_pages.router):
        app.include_router(open_part)
    for router in (identity.open_router, identity.router):
        app.include_router(router, prefix=API, responses=ERRORS)
    return app
