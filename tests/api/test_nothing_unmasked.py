"""Nothing that is handed out over HTTP names a debtor or gives a number in full: every route and log line.

The people of the calls are in their records and in what was said; whoever adds a route finds here what it
lets out. Commands have tests of their own.
"""

import asyncio
import io
import re

import openpyxl
from sqlalchemy import select

from api.http.app import create_app
from qc.models import FindingRow
from store.database import reading
from tests.api.conftest import secrets

# What stands for the numbers in paths; the others are asked for with 1.
_GIVEN = {"year": "2026", "country": "CN", "month": "2026-06", "number": "W-2026-000001"}


def paths(app, call: int, finding: int) -> list[str]:
    """Every route that is read, with the numbers of what is there."""
    given = {**_GIVEN, "call_id": str(call), "finding_id": str(finding)}
    spec = app.openapi()["paths"]
    read = [path for path, methods in spec.items() if "get" in methods]
    return [
        "/plain",
        f"/calls/{call}/report",
        f"/calls/{call}/report?lang=en",
        *(re.sub(r"\{(\w+)\}", lambda name: given.get(name[1], "1"), path) for path in read),
    ]


# What some routes cannot be asked for without, or without an end.
NEEDED = {"search": {"q": "还钱"}, "events": {"wait": "0"}}


def ask_all(http, asked):
    """The answers in one loop: a client for each would leave a connection for each."""

    async def ask():
        async with http:
            return [
                (path, await http.get(path, params=NEEDED.get(path.rpartition("/")[2]))) for path in asked
            ]

    return asyncio.run(ask())


def test_no_route_gives_a_name_or_a_number_in_full(client, world, capsys):
    app = create_app(world.settings, clock=world.tools.clock)
    hidden = secrets(world)
    with reading(world.tools.sessions) as session:
        finding = session.scalars(select(FindingRow.id).limit(1)).one()
    leaks: list[tuple[str, str]] = []
    answered = 0
    for name in ("S02-abuse", "S03-threat"):
        for path, answer in ask_all(client(), paths(app, world.ids[name], finding)):
            answered += answer.status_code == 200
            leaks += [(path, secret) for secret in hidden if secret in _text(answer)]
    app.state.engine.dispose()
    assert answered > 30
    assert leaks == []
    lines = capsys.readouterr()
    assert [secret for secret in hidden if secret in lines.out + lines.err] == []


def _text(answer) -> str:
    if answer.headers.get("content-type", "").endswith("spreadsheetml.sheet"):
        return _cells(answer.content)
    return answer.text if "text" in answer.headers.get("content-type", "") or _is_json(answer) else ""


def _is_json(answer) -> bool:
    return "json" in answer.headers.get("content-type", "")


def _cells(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
