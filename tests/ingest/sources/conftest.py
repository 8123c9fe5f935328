import os
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.intake import Intake
from store.clock import FixedClock
from store.database import SessionFactory
from store.recordings import RecordingStore
from store.settings import Settings
from tests.ingest.sources.site import MakeFile, Site


@pytest.fixture
def site(
    session_factory: SessionFactory, recordings: RecordingStore, clock: FixedClock, tmp_path: Path
) -> Site:
    settings = Settings(data_dir=tmp_path / "var", sources_secrets={"password": "open sesame"})
    return Site(Intake(session_factory, recordings, clock), settings, clock)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


@pytest.fixture
def make(folder: Path, clock: FixedClock) -> MakeFile:
    """Writes a file that was finished an hour ago."""

    def write(name: str, content: bytes) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        age(path, clock, timedelta(hours=1))
        return path

    return write


def age(path: Path, clock: FixedClock, by: timedelta) -> None:
    moment = (clock.moment - by).timestamp()
    os.utime(path, (moment, moment))
