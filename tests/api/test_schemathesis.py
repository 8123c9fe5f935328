"""The whole API keeps what its description promises, whatever it is asked, over both databases: no 5xx, no
answer that the description does not know. `make api-fuzz` asks for more of everything."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
import uvicorn

from api.http.app import create_app
from store.database import transaction
from store.people import ROLES, Person, add_person, new_token
from store.settings import Settings
from tests.api.conftest import World, make_world
from tests.api.http_client import API, TOKEN

EXAMPLES: Final = int(os.environ.get("API_FUZZ_EXAMPLES", "4"))
DEEP: Final = EXAMPLES > 4
CONFIG: Final = Path(__file__).with_name("schemathesis.toml")
PHASES: Final = "examples,coverage,fuzzing,stateful"
# An answer without an end.
ENDLESS: Final = f"{API}/events"
# Tests run beside each other: each takes the resources whose names begin with its letters.
SHARES: Final = ("[a-c]", "[d-l]", "[m-r]", "[s-z]")


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Calls in a database of their own: everything may be changed and deleted."""
    world = make_world(request.getfixturevalue(f"{request.param}_url"), tmp_path)
    yield world
    world.tools.close()


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The address of the application, on a free port."""
    # With its protocol named, answers are sent without waiting for more to send.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.parametrize("share", SHARES)
def test_nothing_breaks_the_promises_of_the_description(
    installation: World, share: str, tmp_path: Path
) -> None:
    clock = installation.tools.clock
    with transaction(installation.tools.sessions) as session:
        add_person(session, clock, Person("fuzz", "Fuzz", ROLES))
        token = new_token(session, clock, "fuzz")
    settings = Settings(**{**installation.settings.model_dump(), "api_token": TOKEN})
    with served(settings) as address:
        done = subprocess.run(
            [
                Path(sys.executable).with_name("st"), "--config-file", CONFIG,
                "run", f"{address}{API}/openapi.json",
                "--phases", PHASES, "--max-examples", str(EXAMPLES),
                "--header", f"Authorization: Bearer {token}",
                "--include-path-regex", f"^{API}/{share}", "--exclude-path", ENDLESS,
                *([] if DEEP else ["--generation-deterministic"]),
            ],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
