import hashlib
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from store import recordings as recordings_module
from store.errors import ConflictError, IntegrityError, NotFoundError, SettingsError
from store.recordings import RecordingStore, RecordingStoreError, file_sha256
from store.sealing import Keys, key_id

CONTENT = b"RIFF" + bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = f"{SHA256[:2]}/{SHA256}"
KEYS = Keys({key_id(b"k" * 32): b"k" * 32}, key_id(b"k" * 32))
S3: dict[str, str] = {"region": "us-east-1", "access_key_id": "key", "secret_access_key": "secret"}


class Place:
    """A store together with a way to reach behind it."""

    def __init__(self, store: RecordingStore, folder: Path | None = None, client: Any = None) -> None:
        self.store = store
        self._folder = folder
        self._client = client

    def overwrite(self, content: bytes) -> None:
        if self._folder:
            (self._folder / KEY).write_bytes(content)
        else:
            self._client.put_object(Bucket="calls", Key=f"recordings/{KEY}", Body=content)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3", "encrypted folder", "encrypted s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    keys = KEYS if request.param.startswith("encrypted") else None
    if request.param.endswith("folder"):
        folder = tmp_path / "录音 store"
        yield Place(RecordingStore(folder.as_uri(), keys=keys), folder=folder)
        return
    endpoint = request.getfixturevalue("s3_endpoint")
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=S3["region"],
        aws_access_key_id=S3["access_key_id"],
        aws_secret_access_key=S3["secret_access_key"],
    )
    client.create_bucket(Bucket="calls")
    store = RecordingStore("s3://calls/recordings", S3 | {"endpoint": endpoint}, keys=keys)  # type: ignore[arg-type]
    yield Place(store, client=client)
    for item in client.list_objects_v2(Bucket="calls").get("Contents", []):
        client.delete_object(Bucket="calls", Key=item["Key"])
    client.delete_bucket(Bucket="calls")
    client.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "call.wav"
    path.write_bytes(CONTENT)
    return path


def test_what_was_put_is_read(place: Place, file: Path):
    assert place.store.put(file) == SHA256
    assert place.store.exists(SHA256)
    assert place.store.size(SHA256) == len(CONTENT)
    assert place.store.read(SHA256) == CONTENT


def test_putting_twice_changes_nothing(place: Place, file: Path):
    assert place.store.put(file) == place.store.put(file) == SHA256
    assert place.store.read(SHA256) == CONTENT


def test_a_part_is_read(place: Place, file: Path):
    place.store.put(file)
    assert place.store.read_range(SHA256, 4, 6) == bytes([0, 1, 2, 3, 4, 5])


def test_a_local_copy_lasts_as_long_as_it_is_used(place: Place, file: Path):
    place.store.put(file)
    with place.store.local_copy(SHA256) as copy:
        assert copy.read_bytes() == CONTENT
    assert not copy.exists()


def test_no_room_for_the_copy_is_said(place: Place, file: Path, monkeypatch: pytest.MonkeyPatch):
    place.store.put(file)
    monkeypatch.setattr("tempfile.tempdir", str(file.parent / "gone"))
    with pytest.raises(RecordingStoreError) as caught, place.store.local_copy(SHA256):
        pass
    assert (caught.value.code, caught.value.where) == ("recording.no_space", str(file.parent / "gone"))


@pytest.mark.parametrize("damage", [b"", CONTENT[:-1], CONTENT[:-1] + b"x", CONTENT + b"x"])
def test_damage_is_found_on_reading(place: Place, file: Path, damage: bytes):
    place.store.put(file)
    place.overwrite(damage)
    with pytest.raises(IntegrityError) as caught:
        place.store.read(SHA256)
    assert caught.value.code == "recording.damaged"
    with pytest.raises(IntegrityError), place.store.local_copy(SHA256):
        pass


def test_putting_the_original_again_mends_a_damaged_copy(place: Place, file: Path):
    place.store.put(file)
    place.overwrite(b"")
    place.store.put(file)
    assert place.store.read(SHA256) == CONTENT


def test_what_is_not_there_is_not_found(place: Place):
    assert not place.store.exists(SHA256)
    for ask in (place.store.read, place.store.size):
        with pytest.raises(NotFoundError) as caught:
            ask(SHA256)
        assert caught.value.code == "recording.not_found"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_only_hashes_are_looked_up(tmp_path: Path, name: str):
    store = RecordingStore(str(tmp_path))
    with pytest.raises(NotFoundError, match="not a SHA-256"):
        store.read(name)


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    place: Place, file: Path, monkeypatch: pytest.MonkeyPatch
):
    def hash_then_change(path: Path) -> str:
        digest = file_sha256(path)
        path.write_bytes(CONTENT + b"more")
        return digest

    monkeypatch.setattr(recordings_module, "file_sha256", hash_then_change)
    with pytest.raises(IntegrityError) as caught:
        place.store.put(file)
    assert caught.value.code == "recording.changed"
    assert not place.store.exists(SHA256)


@pytest.mark.parametrize("keys", [None, KEYS], ids=["plain", "encrypted"])
def test_a_large_file_does_not_fill_the_memory(tmp_path: Path, keys: Keys | None):
    large = tmp_path / "large.wav"
    with large.open("wb") as out:
        for _ in range(64):
            out.write(os.urandom(1024 * 1024))
    store = RecordingStore(str(tmp_path / "store"), keys=keys)
    tracemalloc.start()
    sha256 = store.put(large)
    with store.local_copy(sha256) as copy:
        assert copy.stat().st_size == 64 * 1024 * 1024
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 24 * 1024 * 1024


def test_a_store_that_cannot_be_reached_says_so(file: Path):
    endpoint = {"endpoint": "http://127.0.0.1:1"}
    store = RecordingStore("s3://calls", S3 | endpoint, retries=0)  # type: ignore[arg-type]
    with pytest.raises(RecordingStoreError) as caught:
        store.put(file)
    assert caught.value.code == "recording.store_failed"
    assert "\n" not in str(caught.value)


def test_other_kinds_of_stores_are_refused():
    with pytest.raises(SettingsError) as caught:
        RecordingStore("ftp://somewhere/else")
    assert caught.value.code == "settings.recordings_url"


def test_what_was_erased_is_gone_and_never_taken_again(place: Place, file: Path):
    place.store.put(file)
    note = {"at": "2026-03-05T02:30:00+00:00", "clause": "default@1 recordings: 3 years"}
    place.store.erase(SHA256, note)
    place.store.erase(SHA256, note)

    assert not place.store.exists(SHA256)
    assert place.store.erased(SHA256) == note
    assert list(place.store.hashes()) == []
    with pytest.raises(ConflictError, match=r"deleted at 2026-03-05.*3 years") as refused:
        place.store.put(file)
    assert refused.value.code == "recording.deleted"
    assert not place.store.exists(SHA256)
    assert place.store.erased("0" * 64) is None


def test_bytes_written_while_they_are_erased_do_not_stay(
    place: Place, file: Path, monkeypatch: pytest.MonkeyPatch
):
    whole = place.store._is_whole

    def erased_meanwhile(sha256: str) -> bool:
        place.store.erase(sha256, {"at": "now", "clause": "order 1"})
        return whole(sha256)

    monkeypatch.setattr(place.store, "_is_whole", erased_meanwhile)
    with pytest.raises(ConflictError):
        place.store.put(file)
    assert not place.store.exists(SHA256)
