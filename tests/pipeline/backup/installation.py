"""An installation with calls on record, and a way to compare two of them row by row and byte by byte."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select, table, text

from ingest.metadata import parse_call_record
from ingest.service import register_call
from pipeline.backup.make import Made, Told, Wish, make
from pipeline.backup.vault import Vault
from store.clock import FixedClock
from store.database import open_sessions, reading, transaction
from store.recordings import file_sha256
from store.settings import Settings
from tests.ingest.sources.site import record, wav


def silent(_step: str, _done: int, _of: int | None) -> None:
    """Nobody watches."""


@dataclass
class Installation:
    settings: Settings
    clock: FixedClock
    folder: Path

    def add_call(self, number: int) -> str:
        """Take in a call with a recording of its own; returns the recording's hash."""
        file = self.folder / f"in-{number}.wav"
        file.write_bytes(wav(number, 0.05))
        with open_sessions(self.settings.database_url) as sessions, transaction(sessions) as session:
            register_call(
                session,
                self.clock,
                self.settings.recording_store(),
                recording=file,
                record=parse_call_record(record(f"B{number}"), "test"),
            )
        return file_sha256(file)

    def back_up(self, vault: Vault, told: Told = silent, wish: Wish | None = None) -> Made:
        self.clock.moment += timedelta(days=1)
        return make(self.settings, self.clock, vault, told, wish)


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, sorted."""
    with open_sessions(url) as sessions, reading(sessions) as session:
        connection = session.connection()
        names = inspect(connection).get_table_names()
        return {
            name: sorted(map(tuple, connection.execute(select(text("*")).select_from(table(name)))), key=repr)
            for name in names
        }


def before_the_note(
    found: dict[str, list[tuple[Any, ...]]], last_seq: int
) -> dict[str, list[tuple[Any, ...]]]:
    """Without what the audit log took in later."""
    return found | {
        "audit_entry": [row for row in found["audit_entry"] if row[0] <= last_seq],
        "audit_head": [],
    }


def recordings(settings: Settings) -> dict[str, bytes]:
    store = settings.recording_store()
    return {sha256: store.read(sha256) for sha256 in store.hashes()}
