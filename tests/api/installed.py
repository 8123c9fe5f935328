"""One installation by its command line and over HTTP: the same database, each in a process's own way."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import httpx
from sqlalchemy import select
from starlette.types import ASGIApp
from typer.testing import CliRunner, Result

from api.cli.main import app as cli
from api.http.app import create_app
from store import audit, migrate
from store.clock import FixedClock, SystemClock
from store.database import open_sessions, reading, transaction
from store.people import Person, add_person, new_token
from store.settings import Settings
from tests.api.http_client import API, TOKEN

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def install(*people: Person) -> dict[str, str]:
    """A new installation where `DITING_DATA_DIR` says, with these people; their tokens by id."""
    url = Settings().database_url
    migrate.upgrade(url)
    clock = SystemClock()
    with open_sessions(url) as sessions, transaction(sessions) as session:
        for person in people:
            add_person(session, clock, person)
        return {person.id: new_token(session, clock, person.id) for person in people}


def run(*arguments: object) -> str:
    """What a command says; its refusals are raised."""
    return ended(*arguments).stdout


def ended(*arguments: object) -> Result:
    """How a command ended that was given at `NOW`."""
    with patch.object(SystemClock, "now", lambda _: NOW):
        done = CliRunner().invoke(cli, [*map(str, arguments)], terminal_width=200)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def application() -> ASGIApp:
    """The API at `NOW`."""
    app: ASGIApp = create_app(Settings(api_token=TOKEN), clock=FixedClock(NOW))
    return app


def ask(method: str, path: str, token: str | None, **options: Any) -> httpx.Response:
    """One request with somebody's token."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=application())
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            given = headers | options.pop("headers", {})
            return await client.request(method, f"{API}/{path}", headers=given, **options)

    return asyncio.run(send())


def audited(action: str) -> list[tuple[str, dict[str, Any]]]:
    """Who did it and the details, of every entry of this kind; the chain must hold."""
    with open_sessions(Settings().database_url) as sessions, reading(sessions) as session:
        assert audit.verify(session) == []
        entries = session.scalars(
            select(audit.AuditEntry).where(audit.AuditEntry.action == action).order_by(audit.AuditEntry.seq)
        )
        return [(entry.actor, entry.details) for entry in entries]
