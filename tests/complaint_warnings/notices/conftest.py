"""Servers that do what a test says, and a house that tells them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaint_warnings.notices.policy import _read_once
from store.clock import FixedClock
from store.database import SessionFactory
from store.settings import Settings, get_settings
from tests.http_server import Server, served

from .mail_server import MailServer, mail_served
from .site import NOON, SECRET, SIGN, TOKEN, Site


@pytest.fixture
def server() -> Iterator[Server]:
    with served() as running:
        yield running


@pytest.fixture
def other_server() -> Iterator[Server]:
    with served() as running:
        yield running


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with mail_served() as running:
        yield running


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an installation with its own notices file, in the environment too: the followers of the
    cases read them there."""
    monkeypatch.setenv("DITING_NOTICES_FILE", str(tmp_path / "notices.yaml"))
    secrets = {"hook": SECRET, "token": TOKEN, "sign": SIGN, "smtp": "mail-password-5"}
    monkeypatch.setenv("DITING_NOTICES_SECRETS", json.dumps(secrets))
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    _read_once.cache_clear()
    return get_settings()


@pytest.fixture
def site(session_factory: SessionFactory, clock: FixedClock, settings: Settings, tmp_path: Path) -> Site:
    """The house, on each kind of database."""
    made = Site(session_factory, clock, settings, tmp_path / "notices.yaml")
    made.people()
    return made
