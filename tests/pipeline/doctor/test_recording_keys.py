"""The file of keys: there, closed, and with the keys that recordings need."""

from pathlib import Path

import pytest

from ingest.models import RecordingRow
from pipeline.doctor.recording_keys import recording_keys
from store.clock import FixedClock
from store.database import open_sessions, transaction
from store.errors import SettingsError
from store.recording_keys import add_key
from store.settings import Settings


def settings_of(url: str, folder: Path, file: Path | None) -> Settings:
    return Settings(data_dir=folder / "var", database_url=url, recording_keys_file=file)


def keep(settings: Settings, folder: Path, clock: FixedClock) -> None:
    """One recording in the store and on record."""
    sound = folder / "a.wav"
    sound.write_bytes(b"RIFF some sound")
    sha256 = settings.recording_store().put(sound)
    with open_sessions(settings.database_url) as sessions, transaction(sessions) as session:
        session.add(
            RecordingRow(
                sha256=sha256, bytes=15, codec="wav", source_rate=8000, source_channels=1, duration_s=1.0,
                original_name="a.wav", stored_at=clock.now(),
            )
        )  # fmt: skip


def test_plain_recordings_need_no_keys(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> None:
    settings = settings_of(sqlite_url, tmp_path, None)
    keep(settings, tmp_path, clock)
    assert list(recording_keys(settings)) == []


def test_a_file_that_is_right_and_one_that_everybody_reads(
    sqlite_url: str, tmp_path: Path, clock: FixedClock
) -> None:
    file = tmp_path / "keys"
    name = add_key(file, clock)
    settings = settings_of(sqlite_url, tmp_path, file)
    keep(settings, tmp_path, clock)
    (found,) = recording_keys(settings)
    assert (found.verdict, found.en) == ("ok", f"1 keys, {name} encrypts")
    file.chmod(0o644)
    (found,) = recording_keys(settings)
    assert (found.verdict, found.mend_en[:9]) == ("warning", "chmod 600")
    given = settings.model_copy(update={"secrets_dir": tmp_path})
    assert [each.verdict for each in recording_keys(given)] == ["ok"]


def test_another_key_than_the_recordings_is_named(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> None:
    right = add_key(tmp_path / "keys", clock)
    keep(settings_of(sqlite_url, tmp_path, tmp_path / "keys"), tmp_path, clock)
    add_key(tmp_path / "other", clock)
    for file in (tmp_path / "other", None):
        (found,) = recording_keys(settings_of(sqlite_url, tmp_path, file))
        assert (found.verdict, found.code) == ("wrong", "recording.key_missing")
        assert right in found.en


def test_a_file_that_is_not_there(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        list(recording_keys(settings_of(sqlite_url, tmp_path, tmp_path / "none")))
