"""Plain recordings become encrypted ones, and older keys newer ones; nothing is lost on the way."""

from pathlib import Path

import pytest

from store import sealing
from store.errors import BadInputError, SettingsError
from store.recordings import RecordingStore
from store.renewing import renew
from store.sealing import KeyMissingError, Keys

KEYS = Keys({name: key for key in (b"1" * 32, b"2" * 32) if (name := sealing.key_id(key))}, "")
FIRST, SECOND = KEYS.by_id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def opened(folder: Path, current: str | None, *names: str) -> RecordingStore:
    known = {name: KEYS.by_id[name] for name in names or KEYS.by_id}
    return RecordingStore(str(folder), keys=Keys(known, current) if current else None)


@pytest.fixture
def contents(folder: Path, tmp_path: Path) -> dict[str, bytes]:
    """Two plain recordings, one under the first key."""
    found = {}
    for number, store in enumerate((opened(folder, None), opened(folder, None), opened(folder, FIRST))):
        file = tmp_path / "in.wav"
        file.write_bytes(content := b"RIFF" + bytes([number]) * 200_000)
        found[store.put(file)] = content
    return found


def held(store: RecordingStore, contents: dict[str, bytes]) -> list[str]:
    return sorted(store.sealed_by(sha256) or "plain" for sha256 in contents)


def read(store: RecordingStore, contents: dict[str, bytes]) -> None:
    assert {sha256: store.read(sha256) for sha256 in store.hashes()} == contents
    assert all(store.size(sha256) == 200_004 for sha256 in contents)
    assert all(store.read_range(sha256, 70_000, 3) == content[9:12] for sha256, content in contents.items())


def test_plain_ones_are_encrypted_then_all_come_under_the_new_key(folder: Path, contents: dict[str, bytes]):
    first, second = opened(folder, FIRST), opened(folder, SECOND)
    read(first, contents)
    assert [one.changed for one in renew(first, sorted(contents), "plain")].count("sealed") == 2
    assert held(first, contents) == [FIRST] * 3
    read(first, contents)
    assert {one.changed for one in renew(first, contents, "plain")} == {"as_it_was"}

    assert {one.changed for one in renew(second, contents, "older_keys")} == {"rewrapped"}
    read(opened(folder, SECOND, SECOND), contents)
    assert {one.changed for one in renew(second, contents, "older_keys")} == {"as_it_was"}
    assert b"RIFF" not in b"".join(path.read_bytes()[:4] for path in folder.rglob("*") if path.is_file())


def test_a_missing_key_or_damage_keeps_nobody_else_from_being_done(folder: Path, contents: dict[str, bytes]):
    damaged = sorted(contents)[0]
    plain = [name for name in sorted(contents) if opened(folder, None).sealed_by(name) is None]
    damaged = plain[0]
    (folder / damaged[:2] / damaged).write_bytes(b"RIFF?")
    store = opened(folder, SECOND, SECOND)
    ended = {one.sha256: one for one in renew(store, contents, "plain")}
    assert (ended[damaged].error and ended[damaged].error.code) == "recording.damaged"
    assert ended[plain[1]].changed == "sealed"
    older = {one.sha256: one.error for one in renew(store, contents, "older_keys")}
    (missing,) = (error for error in older.values() if error is not None)
    assert missing.code == "recording.key_missing"
    assert opened(folder, FIRST).read(sorted(set(contents) - set(plain))[0]) in contents.values()


def test_without_the_key_nothing_is_read_and_nothing_replaced(
    folder: Path, contents: dict[str, bytes], tmp_path: Path
):
    (sealed,) = (name for name in contents if opened(folder, FIRST).sealed_by(name) == FIRST)
    before = (folder / sealed[:2] / sealed).read_bytes()
    file = tmp_path / "again.wav"
    file.write_bytes(contents[sealed])
    for store in (opened(folder, None), opened(folder, SECOND, SECOND)):
        assert store.size(sealed) == 200_004
        for step in (
            lambda s=store: s.read(sealed),
            lambda s=store: s.read_range(sealed, 0, 4),
            lambda s=store: s.put(file),
        ):
            with pytest.raises(KeyMissingError):
                step()
    assert (folder / sealed[:2] / sealed).read_bytes() == before


def test_what_was_deleted_meanwhile_does_not_come_back(
    folder: Path, contents: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    store = opened(folder, FIRST)
    write = store._write

    def deleted_meanwhile(sha256: str, *rest: object) -> None:
        store.erase(sha256, {"at": "now", "clause": "order 1"})
        write(sha256, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "_write", deleted_meanwhile)
    ended = list(renew(store, contents, "plain"))
    assert [one.error for one in ended] == [None] * 3
    assert len(list(store.hashes())) == 1


def test_an_encrypted_recording_is_not_taken_for_a_recording(
    folder: Path, contents: dict[str, bytes], tmp_path: Path
):
    store = opened(folder, FIRST)
    (sealed,) = (name for name in contents if store.sealed_by(name) == FIRST)
    with pytest.raises(BadInputError) as caught:
        store.put(folder / sealed[:2] / sealed)
    assert caught.value.code == "recording.sealed"


def test_without_keys_nothing_is_to_be_done(folder: Path):
    with pytest.raises(SettingsError):
        list(renew(opened(folder, None), [], "plain"))
