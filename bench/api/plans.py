"""How PostgreSQL goes about what the API asks: the plans of the statements behind some requests."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import Engine, event, text

from api.http.app import create_app
from store.settings import Settings

FOLDER: Final = Path(__file__).parent / "plans"
REQUESTS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "list": ("/calls", {}),
    "list-band": ("/calls", {"band": "critical"}),
    "list-team": ("/calls", {"team": "团队07"}),
    "list-category": ("/calls", {"category": "threat"}),
    "call": ("/calls/{some}", {}),
    "search-everyday": ("/search", {"q": "您好", "limit": "20"}),
    "search-rare": ("/search", {"q": "王伟芳", "limit": "20"}),
    "search-phrase": ("/search", {"q": '"本次通话有录音"', "limit": "20"}),
    "search-relevance": ("/search", {"q": "投诉", "limit": "20", "sort": "relevance"}),
    "figures-findings": ("/figures/findings", {"last": "2026-06-30"}),
    "figures-collectors": ("/figures/findings", {"last": "2026-06-30", "by": "collector"}),
    "figures-queue": ("/figures/queue", {}),
}
_VOLATILE: Final = re.compile(r"Memory: \S+|Buckets: .*")


def write_plans(url: str, count: int, folder: Path = FOLDER) -> list[str]:
    """Write the plans of all statements of each request, with times; returns the names of the files."""
    folder.mkdir(exist_ok=True)
    app = create_app(Settings(database_url=url))
    try:
        for name, (path, params) in REQUESTS.items():
            with _heard(app.state.engine) as statements:
                asyncio.run(_ask(app, path.replace("{some}", str(count // 2)), params))
            plans = [_explain(app.state.engine, *each) for each in statements]
            asked = "&".join(f"{key}={value}" for key, value in params.items())
            head = f"GET {path}{'?' if asked else ''}{asked}, {count} calls\n\n"
            (folder / f"{name}.txt").write_text(head + "\n\n".join(plans) + "\n", encoding="utf-8")
    finally:
        app.state.engine.dispose()
    return list(REQUESTS)


async def _ask(app: Any, path: str, params: dict[str, str]) -> None:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        (await client.get(f"/api/v1{path}", params=params)).raise_for_status()


@contextmanager
def _heard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    statements: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def _explain(engine: Engine, statement: str, parameters: Any) -> str:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", parameters)
        plan = "\n".join(row[0] for row in rows)
        connection.execute(text("ROLLBACK"))
    tables = " ".join(dict.fromkeys(re.findall(r"(?:FROM|JOIN) \"?(\w+)", statement)))
    return f"-- {tables}\n{_VOLATILE.sub('', plan)}"
