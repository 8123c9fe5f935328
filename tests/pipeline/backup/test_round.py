"""What was backed up comes back, row by row and byte by byte."""

from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import select

from ingest.models import CallRow
from pipeline.backup import dump, examine, restore
from pipeline.backup.make import Wish, thin
from pipeline.backup.vault import Vault
from store import audit, migrate
from store.database import open_sessions, reading, transaction
from store.errors import ConflictError, DitingError
from store.recording_keys import add_key, load_keys
from store.sealing import KeyMissingError
from store.settings import Settings
from store.tombstones import Deleted, bury

from .installation import Installation, before_the_note, recordings, rows, silent


@pytest.fixture
def empty_url(here: Installation, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place of the same kind."""
    if here.settings.database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'new' / 'diting.db'}"
    url: str = request.getfixturevalue("empty_postgresql_url")
    return url


def test_everything_comes_back_as_it_was(
    here: Installation, empty_url: str, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dump, "_PAGES_AT_ONCE", 8)
    told: list[str] = []

    def write_meanwhile(step: str, _done: int, _of: int | None) -> None:
        told.append(step)
        if told.count("database") == len(told) == 1:
            here.add_call(99)  # after the moment of the backup

    before = rows(here.settings.database_url)
    made = here.back_up(vault, write_meanwhile)
    assert (made.manifest.recordings.count, made.copied, made.kept_before) == (3, 3, 0)
    assert made.manifest.database.tables["call"] == 3
    assert list(examine.problems(vault, made.manifest, silent)) == []

    there = Settings(data_dir=tmp_path / "new", database_url=empty_url)
    done = restore.restore(there, here.clock, vault, silent, restore.Wish(made.manifest.name))
    after = rows(empty_url)
    last = made.manifest.audit.seq
    assert before_the_note(after, last) == before_the_note(before, last)
    kept = recordings(here.settings)
    assert len(kept) == 4
    assert recordings(there).items() <= kept.items()
    assert (len(recordings(there)), done.put, done.missing) == (3, 3, [])
    with open_sessions(empty_url) as sessions:
        with reading(sessions) as session:
            assert audit.verify(session) == []
            newest = session.get_one(audit.AuditEntry, last + 1)
            assert (newest.action, newest.subject) == ("backup.restored", f"backup:{made.manifest.name}")
        with pytest.raises(Exception, match="append-only"), transaction(sessions) as session:
            session.get_one(audit.AuditEntry, 1).actor = "nobody"

    with pytest.raises(ConflictError) as refused:
        restore.restore(there, here.clock, vault, silent, restore.Wish(made.manifest.name))
    assert refused.value.code == "restore.not_empty"


def test_what_was_kept_is_not_copied_again_and_thinning_keeps_what_is_needed(
    small: Installation, vault: Vault
):
    first = small.back_up(vault).manifest
    added = small.add_call(7)
    second = small.back_up(vault)
    assert (second.copied, second.kept_before) == (1, 2)

    gone, freed = thin(vault, 1, silent)
    assert gone == [first.name]
    assert freed > 0
    assert vault.names() == [second.manifest.name]
    assert list(examine.problems(vault, second.manifest, silent)) == []
    pool = {path.name for path in (vault.folder / "objects").rglob("*") if path.is_file()}
    listed = {kept.sha256 for kept in examine.recordings_of(vault, second.manifest)}
    assert added in listed
    assert pool == listed | {kept.sha256 for kept in second.manifest.objects()}


def test_a_lost_recording_is_named_and_the_others_are_kept(small: Installation, vault: Vault, tmp_path: Path):
    lost = small.add_call(5)
    place = tmp_path / "var" / "recordings" / lost[:2] / lost
    place.write_bytes(b"other bytes")
    made = small.back_up(vault)
    assert [(each.sha256, each.code) for each in made.manifest.recordings.absent] == [
        (lost, "recording.damaged")
    ]
    assert made.copied == 2

    there = Settings(data_dir=tmp_path / "new")
    done = restore.restore(there, small.clock, vault, silent, restore.Wish(made.manifest.name))
    assert done.missing == [lost]
    assert len(recordings(there)) == 2


def test_what_was_deleted_for_good_is_not_kept_and_does_not_come_back(
    here: Installation, empty_url: str, vault: Vault, tmp_path: Path
):
    before = here.back_up(vault).manifest
    gone = next(iter(examine.recordings_of(vault, before))).sha256
    with open_sessions(here.settings.database_url) as sessions, transaction(sessions) as session:
        number = session.scalars(select(CallRow.id).where(CallRow.recording_sha256 == gone)).one()
        deleted = Deleted(
            kind="recording", number=number, clause="test", actor="a", counts={}, recording_sha256=gone
        )
        bury(session, here.clock, deleted)
    here.settings.recording_store().erase(gone, {"at": "2026-03-06", "clause": "test"})
    made = here.back_up(vault).manifest
    assert (made.recordings.count, made.recordings.absent) == (2, [])
    assert gone not in {kept.sha256 for kept in examine.recordings_of(vault, made)}
    thin(vault, 1, silent)
    assert not any(path.name == gone for path in vault.folder.rglob("*"))

    there = Settings(data_dir=tmp_path / "var", database_url=empty_url)  # the store knows what it deleted
    with_it = here.back_up(vault, wish=Wish(with_recordings=False)).manifest
    done = restore.restore(there, here.clock, vault, silent, restore.Wish(with_it.name))
    assert (done.missing, gone in recordings(there)) == ([], False)


def test_what_was_damaged_in_the_pool_is_copied_anew(small: Installation, vault: Vault):
    made = small.back_up(vault).manifest
    kept = next(iter(examine.recordings_of(vault, made)))
    vault.path_of(kept).write_bytes(b"?" * kept.bytes)
    assert [error.code for error in examine.problems(vault, made, silent)] == ["backup.changed"]
    again = small.back_up(vault, wish=Wish(check=True))
    assert (again.copied, again.kept_before) == (1, 1)
    assert list(examine.problems(vault, made, silent)) == []


def test_only_the_database_was_lost(small: Installation, vault: Vault, tmp_path: Path):
    made = small.back_up(vault, wish=Wish(with_recordings=False)).manifest
    assert {path.name for path in (vault.folder / "objects").rglob("*") if path.is_file()} == {
        kept.sha256 for kept in made.objects()
    }
    later = small.add_call(8)
    there = Settings(
        data_dir=tmp_path / "var", database_url=f"sqlite:///{tmp_path / 'new.db'}"
    )  # the same recordings
    done = restore.restore(there, small.clock, vault, silent, restore.Wish(made.name))
    assert (done.put, done.missing) == (0, [])
    assert later in recordings(there)


def test_other_recordings_are_never_mixed_with_unasked(small: Installation, vault: Vault, tmp_path: Path):
    made = small.back_up(vault).manifest
    small.add_call(8)
    there = Settings(data_dir=tmp_path / "var", database_url=f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(ConflictError) as refused:
        restore.restore(there, small.clock, vault, silent, restore.Wish(made.name))
    assert (refused.value.code, (tmp_path / "new.db").exists()) == ("restore.not_empty", False)
    wish = restore.Wish(made.name, keep_recordings=True)
    assert restore.restore(there, small.clock, vault, silent, wish).put == 2


def test_recordings_of_an_s3_store(small: Installation, vault: Vault, tmp_path: Path):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    s3 = {
        "s3_endpoint": f"http://{host}:{port}",
        "s3_region": "us-east-1",
        "s3_access_key_id": "key",
        "s3_secret_access_key": "hidden-s3-key",
    }
    client = boto3.client(
        "s3",
        endpoint_url=s3["s3_endpoint"],
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="hidden-s3-key",
    )
    try:
        for bucket in ("old-calls", "new-calls"):
            client.create_bucket(Bucket=bucket)
        url = f"sqlite:///{tmp_path / 's3.db'}"
        source = Settings(data_dir=tmp_path / "s3", database_url=url, recordings_url="s3://old-calls/a", **s3)
        migrate.upgrade(url)
        site = Installation(source, small.clock, tmp_path)
        for number in (20, 21):
            site.add_call(number)
        made = site.back_up(vault)
        assert made.copied == 2
        there = Settings(data_dir=tmp_path / "new", recordings_url="s3://new-calls/b", **s3)
        done = restore.restore(there, site.clock, vault, silent, restore.Wish(made.manifest.name))
        assert done.put == 2
        assert recordings(there) == recordings(source)
        assert made.manifest.secrets == ["DITING_S3_ACCESS_KEY_ID", "DITING_S3_SECRET_ACCESS_KEY"]
    finally:
        client.close()
        server.stop()


def test_a_missing_program_is_named_with_what_to_install(
    postgresql_url: str, vault: Vault, tmp_path: Path, clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("pipeline.backup.postgresql._DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    site = Installation(Settings(data_dir=tmp_path, database_url=postgresql_url), clock, tmp_path)
    with pytest.raises(DitingError, match=r"pg_dump is not installed.*postgresql-client") as refused:
        site.back_up(vault)
    assert refused.value.code == "backup.no_tool"
    assert vault.names() == []


def test_recordings_are_encrypted_in_backups_too_and_come_back_with_the_keys_only(
    small: Installation, vault: Vault, tmp_path: Path
):
    plain = small.back_up(vault).manifest
    keys_file = tmp_path / "keys"
    add_key(keys_file, small.clock)
    small.settings = small.settings.model_copy(update={"recording_keys_file": keys_file})
    small.add_call(7)
    sealing = Vault(vault.folder, load_keys(keys_file))
    made = small.back_up(sealing)
    assert (made.copied, made.kept_before) == (3, 0)  # the plain ones are replaced by encrypted ones
    for manifest in (plain, made.manifest):
        assert list(examine.problems(sealing, manifest, silent)) == []
        kept = list(examine.recordings_of(sealing, manifest))
        assert all(sealing.path_of(each).read_bytes().startswith(b"DITINGS1") for each in kept)
    assert "DITING_RECORDING_KEYS_FILE" in made.manifest.secrets
    assert [file.name for file in made.manifest.files] == ["settings.json"]
    assert small.back_up(sealing).kept_before == 3

    there = Settings(data_dir=tmp_path / "new", recording_keys_file=keys_file)
    wish = restore.Wish(made.manifest.name)
    with pytest.raises(KeyMissingError):
        restore.restore(there, small.clock, vault, silent, wish)
    assert restore.restore(there, small.clock, sealing, silent, wish).put == 3
    assert recordings(there) == recordings(small.settings)
    changed = sealing.path_of(kept[0])
    changed.write_bytes(changed.read_bytes()[:-1] + b"?")
    assert [problem.code for problem in examine.problems(sealing, plain, silent)] in (["backup.changed"], [])
    assert [problem.code for problem in examine.problems(sealing, made.manifest, silent)] == [
        "backup.changed"
    ]
