from pathlib import Path

import pytest

from pipeline.backup.vault import Vault
from store.clock import FixedClock
from store.settings import Settings

from .installation import Installation


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "备份")


@pytest.fixture
def here(database_url: str, tmp_path: Path, clock: FixedClock) -> Installation:
    """Three calls on record, on each kind of database."""
    settings = Settings(data_dir=tmp_path / "var", database_url=database_url)
    installation = Installation(settings, clock, tmp_path)
    for number in range(3):
        installation.add_call(number)
    return installation


@pytest.fixture
def small(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> Installation:
    """Two calls on record, on SQLite."""
    settings = Settings(data_dir=tmp_path / "var", database_url=sqlite_url)
    installation = Installation(settings, clock, tmp_path)
    for number in range(2):
        installation.add_call(number)
    return installation
