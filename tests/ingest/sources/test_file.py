"""The sources file: what is taken, and how each mistake is told."""

from pathlib import Path

import pytest

from ingest.sources.config import FolderSource, RestSource, S3Source, SftpSource
from ingest.sources.file import find_source_secret, load_sources, read_sources
from store.errors import SettingsError
from store.settings import Settings

GOOD = """
version: 1
sources:
  front:
    kind: folder
    path: /srv/recordings
    backfill: {per_minute: 60, from: 2026-01-01}
  drop:
    kind: sftp
    host: recorder.example
    user: diting
    path: /out
    host_keys: ["recorder.example ssh-ed25519 AAAA"]
    password: recorder-password
    metadata: {format: asterisk-csv, files: ["Master.csv"], options: {zone: Asia/Shanghai}}
  bucket:
    kind: s3
    bucket: calls
  api:
    kind: rest
    list:
      url: https://recorder.example/api/calls
      fields: {external_id: /id, started_at: /begin}
      audio: {url: /recording}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_kinds_are_read(tmp_path: Path):
    sources = read_sources(write(tmp_path, GOOD)).sources
    kinds = {name: type(source) for name, source in sources.items()}
    assert kinds == {"front": FolderSource, "drop": SftpSource, "bucket": S3Source, "api": RestSource}
    assert sources["front"].backfill.per_minute == 60


def test_without_a_file_there_are_no_sources(tmp_path: Path):
    assert load_sources(Settings(data_dir=tmp_path)).sources == {}
    assert read_sources(write(tmp_path, "")).sources == {}


@pytest.mark.parametrize(
    ("old", "new", "where", "said"),
    [
        ("kind: folder", "kind: ftp", "4 sources.front", "'ftp'"),
        ("path: /srv/recordings", "path: recordings", "6 sources.front.path", "from / on"),
        ("path: /srv/recordings", "paht: /srv", "4 sources.front.path", "required"),
        ("per_minute: 60", "per_minute: fast", "7 sources.front.backfill.per_minute", "integer"),
        ("password: recorder-password", "password: open sesame!", "14 sources.drop.password", "pattern"),
        ("host_keys:", "#", "8 sources.drop.host_keys", "ssh-keyscan"),
        ("format: asterisk-csv", "format: asterix", "15 sources.drop.metadata.format", "no format asterix"),
        (', files: ["Master.csv"]', "", "15 sources.drop.metadata.files", "which files"),
        ("zone: Asia/Shanghai", "zone: Asia/Peking", "15 sources.drop.metadata.options.zone", "zone"),
        ("started_at: /begin", "started_at: begin", "23 sources.api.list.fields.started_at", "pointer"),
        ("started_at: /begin", "begun: /begin", "23 sources.api.list.fields", "no field begun"),
        ("https://recorder", "https://u:p@recorder", "22 sources.api.list.url", "without a user"),
        ("  bucket:\n", "  front:\n", "16 front", "twice"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_field(tmp_path: Path, old: str, new: str, where: str, said: str):
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(SettingsError) as refused:
        read_sources(path)
    error = refused.value
    assert error.code == "sources.invalid"
    assert f"{path}:{where}" == error.where
    assert said in error.message
    assert error.mend


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [", "sources.not_yaml"),
        ("a: 2026-99-99", "sources.not_yaml"),
        ("[1]", "sources.invalid"),
        ("sources: {x: {}}", "sources.invalid"),
    ],
)
def test_what_is_no_sources_file(tmp_path: Path, text: str, code: str):
    with pytest.raises(SettingsError) as refused:
        read_sources(write(tmp_path, text))
    assert refused.value.code == code


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(SettingsError) as refused:
        read_sources(tmp_path / "none.yaml")
    assert refused.value.code == "sources.unreadable"


def test_secrets_come_from_the_variable_or_a_file(tmp_path: Path):
    (tmp_path / "b").write_text("from file\n", encoding="utf-8")
    settings = Settings(
        data_dir=tmp_path, sources_secrets='{"a": "from variable"}', sources_secrets_dir=tmp_path
    )
    assert find_source_secret(settings, "a").get_secret_value() == "from variable"
    assert find_source_secret(settings, "b").get_secret_value() == "from file"
    with pytest.raises(SettingsError) as refused:
        find_source_secret(settings, "c")
    assert refused.value.code == "sources.secret"
    assert "from variable" not in repr(settings)
