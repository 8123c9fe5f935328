"""`diting serve`: the API and the pages."""

import gc
import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
import uvicorn

from api.cli.console import err
from api.cli.database import prepare_database
from api.cli.standing import tell_notices
from api.http.app import create_app
from complaint_warnings.clocks.house import house_of
from complaint_warnings.notices.policy import policy_of
from ingest.sources.file import load_sources
from pipeline.backtest.jobs import testing_rounds
from pipeline.rounds import Rounds
from pipeline.sourcing import sourcing_rounds
from pipeline.telling import telling_rounds
from store.clock import SystemClock
from store.database import open_sessions
from store.errors import SettingsError
from store.logging import configure_logging
from store.settings import Settings
from store.tracing import configure_tracing

# How long requests may take to end; streams of events would keep the service for minutes.
_END_S = 5


def serve(
    host: Annotated[str | None, typer.Option(help="address to listen on; default DITING_HOST")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="port; default DITING_PORT")] = None,
) -> None:
    """Serve the API and the pages. 启动网页与接口服务。

    Without a token (DITING_API_TOKEN) only this machine is served.
    """
    settings = Settings()
    address = host or settings.host
    require_safe_address(settings, address)
    house_of(settings)  # a wrong policy or calendar is refused now, not when the first case needs it
    policy_of(settings)
    load_sources(settings)
    prepare_database(settings)
    tell_notices(settings, judges=False)
    configure_logging(settings.log_level, json=settings.environment == "production")
    configure_tracing(settings.tracing, "diting-api")
    shown = f"[{address}]" if ":" in address else address
    listening = port if port is not None else settings.port
    err.print(f"Diting on http://{shown}:{listening}/  (Ctrl-C ends it)", markup=False)
    app = create_app(settings)
    _leave_to_itself()
    with _rounds(settings):
        uvicorn.run(
            app,
            host=address,
            port=listening,
            log_config=None,
            server_header=False,
            date_header=False,
            access_log=False,
            timeout_graceful_shutdown=_END_S,
        )


def _leave_to_itself() -> None:
    """What was loaded stays to the end: half a million objects, dictionaries above all. Each full collection
    of garbage would go through them again, and all requests would wait a third of a second for it."""
    gc.collect()
    gc.freeze()


@contextmanager
def _rounds(settings: Settings) -> Iterator[None]:
    """Looks after deadlines, sends notices, fetches from the sources and does back-tests while an embedded
    installation is served, also when no worker runs; several machines' workers do that by themselves."""
    if settings.execution == "distributed":
        yield
        return
    with (
        open_sessions(settings.database_url) as sessions,
        Rounds(sessions, SystemClock(), every_s=settings.sweep_seconds),
        telling_rounds(sessions, SystemClock(), settings),
        sourcing_rounds(sessions, SystemClock(), settings),
        testing_rounds(sessions, SystemClock(), settings),
    ):
        yield


def require_safe_address(settings: Settings, address: str) -> None:
    """Refuses to show calls to the network without a token.

    Raises:
        SettingsError: `serve.open_to_all`.
    """
    if settings.api_token is None and not is_loopback(address):
        raise SettingsError(
            "without a token only 127.0.0.1 may be served: recordings would be open to the network",
            code="serve.open_to_all",
            where=f"host {address}",
            mend="Set DITING_API_TOKEN (openssl rand -hex 32), or leave the host at 127.0.0.1.",
        )


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
