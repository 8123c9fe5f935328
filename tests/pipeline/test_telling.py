"""Both ways to run send the notices: a thread of the embedded run, a task of the distributed one."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from complaint_warnings.cases.opening import Opening, open_case
from pipeline import tasks
from pipeline.celery_app import NOTICES_QUEUE, app
from pipeline.runner import EmbeddedRunner
from pipeline.telling import EVERY_S, telling_rounds
from store.clock import SystemClock
from store.database import SessionFactory, make_engine, make_session_factory, transaction
from store.people import SYSTEM
from store.settings import Settings, get_settings
from tests.http_server import Handler, Server, served

SECRET = "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


class Arrived(threading.Event):
    """Set by the server when a notice arrives."""

    def __call__(self, handler: Handler) -> None:
        handler.answer(200, b"{}")
        self.set()


@pytest.fixture
def server() -> Iterator[Server]:
    with served() as running:
        yield running


@pytest.fixture
def arrived(server: Server) -> Arrived:
    event = Arrived()
    server.will(event)
    return event


@pytest.fixture
def sessions(
    database_url: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SessionFactory]:
    """An installation with a webhook and a notice that waits."""
    channel = {"type": "webhook", "url": server.url, "secrets": ["hook"]}
    route = {"kinds": ["reported"], "to": ["channel:hook"]}
    file = tmp_path / "notices.yaml"
    file.write_text(
        yaml.safe_dump({"id": "x", "version": 1, "channels": {"hook": channel}, "routes": [route]})
    )
    monkeypatch.setenv("DITING_DATABASE_URL", database_url)
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DITING_NOTICES_FILE", str(file))
    monkeypatch.setenv("DITING_NOTICES_SECRETS", json.dumps({"hook": SECRET}))
    get_settings.cache_clear()
    engine = make_engine(database_url)
    made = make_session_factory(engine)
    opening = Opening("warning", "debtor:1", "low", "call", {"zh": "…", "en": "…"})
    with transaction(made) as session:
        open_case(session, SystemClock(), opening=opening, actor=SYSTEM)
    yield made
    engine.dispose()


def test_a_thread_of_the_embedded_run_sends(sessions: SessionFactory, arrived: Arrived) -> None:
    with telling_rounds(sessions, SystemClock(), get_settings()):
        assert arrived.wait(30)


def test_a_run_until_done_has_told_people_at_its_end(
    sessions: SessionFactory, arrived: Arrived, server: Server
) -> None:
    assert EmbeddedRunner(get_settings(), workers=1).run_until_done()

    assert len(server.requests) == 1


def test_the_task_of_the_distributed_run_sends(
    sessions: SessionFactory, arrived: Arrived, server: Server
) -> None:
    tasks._tools.cache_clear()
    try:
        tasks.notices_deliver()
        tasks.notices_deliver()
    finally:
        tasks._tools().database.dispose()
        tasks._tools.cache_clear()

    assert len(server.requests) == 1


def test_the_task_has_a_queue_of_its_own_and_comes_often() -> None:
    entry = app.conf.beat_schedule["notices.deliver"]

    assert entry["options"] == {"expires": EVERY_S, "queue": NOTICES_QUEUE}
    assert entry["schedule"] == EVERY_S
    assert Settings().sweep_seconds > EVERY_S
