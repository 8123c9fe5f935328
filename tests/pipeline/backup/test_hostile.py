"""A folder of backups that somebody has been at is refused, with its reason, and nothing is written."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from pipeline.backup import examine, restore
from pipeline.backup.make import make
from pipeline.backup.manifest import Kept, Manifest
from pipeline.backup.vault import Vault
from store.clock import FixedClock
from store.errors import DitingError
from store.settings import Settings

from .installation import Installation, silent

KEY = "a key of this installation, long enough"


@pytest.fixture
def kept(small: Installation, vault: Vault) -> Manifest:
    return small.back_up(vault).manifest


def rewrite(vault: Vault, manifest: Manifest, change: Callable[[dict[str, Any]], object]) -> None:
    place = vault.folder / "backups" / f"{manifest.name}.json"
    document = json.loads(place.read_bytes())
    change(document)
    place.write_text(json.dumps(document))


def a_recording(vault: Vault, manifest: Manifest) -> Kept:
    return next(iter(examine.recordings_of(vault, manifest)))


def point_elsewhere(vault: Vault, manifest: Manifest) -> None:
    place = vault.path_of(a_recording(vault, manifest))
    place.rename(vault.folder / "aside")
    place.symlink_to(vault.folder / "aside")


def link_a_shelf(vault: Vault, manifest: Manifest) -> None:
    shelf = vault.path_of(manifest.database.dump).parent
    shelf.rename(vault.folder / "aside")
    shelf.symlink_to(vault.folder / "aside", target_is_directory=True)


def put_a_pipe(vault: Vault, manifest: Manifest) -> None:
    place = vault.path_of(manifest.recordings.listing)
    place.unlink()
    os.mkfifo(place)


def change_a_byte(vault: Vault, manifest: Manifest) -> None:
    place = vault.path_of(manifest.database.dump)
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1
    place.write_bytes(content)


def make_longer(vault: Vault, manifest: Manifest) -> None:
    with vault.path_of(a_recording(vault, manifest)).open("ab") as file:
        file.write(b"!")


def write(vault: Vault, manifest: Manifest, content: bytes) -> None:
    (vault.folder / "backups" / f"{manifest.name}.json").write_bytes(content)


def swap_the_listing(vault: Vault, manifest: Manifest, content: bytes) -> None:
    vault.prepare()
    listing = vault.add([content]).model_dump()
    rewrite(vault, manifest, lambda it: it["recordings"].update(listing=listing))


HOSTILE: dict[str, tuple[str, Callable[[Vault, Manifest], object]]] = {
    "link": ("backup.not_plain", point_elsewhere),
    "linked folder": ("backup.not_plain", link_a_shelf),
    "pipe": ("backup.not_plain", put_a_pipe),
    "changed byte": ("backup.changed", change_a_byte),
    "longer": (
        "backup.changed",
        make_longer,
    ),
    "missing": ("backup.missing", lambda vault, it: vault.path_of(it.database.dump).unlink()),
    "no shelf": ("backup.missing", lambda vault, it: shutil.rmtree(vault.path_of(it.database.dump).parent)),
    "no JSON": ("backup.manifest", lambda vault, it: write(vault, it, b"\xff{")),
    "deep JSON": ("backup.manifest", lambda vault, it: write(vault, it, b"[" * 100_000)),
    "huge": ("backup.manifest", lambda vault, it: write(vault, it, b" " * (16 * 1024**2 + 1))),
    "other format": ("backup.manifest", lambda vault, it: rewrite(vault, it, lambda d: d.update(format=2))),
    "more fields": ("backup.manifest", lambda vault, it: rewrite(vault, it, lambda d: d.update(run="rm"))),
    "other name": (
        "backup.manifest",
        lambda vault, it: rewrite(vault, it, lambda d: d.update(name="20200101T000000Z")),
    ),
    "hash as path": (
        "backup.manifest",
        lambda vault, it: rewrite(vault, it, lambda d: d["database"]["dump"].update(sha256="../" * 21 + "x")),
    ),
    "newer": (
        "backup.newer",
        lambda vault, it: rewrite(vault, it, lambda d: d["database"].update(revision="9999")),
    ),
    "rows": (
        "backup.database_differs",
        lambda vault, it: rewrite(vault, it, lambda d: d["database"]["tables"].update(call=7)),
    ),
    "audit": (
        "backup.database_differs",
        lambda vault, it: rewrite(vault, it, lambda d: d["audit"].update(hash="0" * 64)),
    ),
    "listing": ("backup.listing", lambda vault, it: swap_the_listing(vault, it, b"/etc/passwd 12\n")),
    "short listing": ("backup.listing", lambda vault, it: swap_the_listing(vault, it, b"")),
}
NAMES = ("/etc/passwd", "../out", "a/../../out", "a//b", "", ".", "a\\b", "a/\x00", "x" * 401, "a\nb")


@pytest.mark.parametrize("how", HOSTILE)
def test_it_is_refused_with_its_reason(
    how: str, kept: Manifest, vault: Vault, tmp_path: Path, clock: FixedClock
):
    code, attack = HOSTILE[how]
    attack(vault, kept)
    there = Settings(data_dir=tmp_path / "new")
    with pytest.raises(DitingError) as refused:
        restore.restore(there, clock, vault, silent, restore.Wish(kept.name))
    assert refused.value.code == code
    assert [path for path in (tmp_path / "new").rglob("*") if path.is_file()] == []
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", NAMES)
def test_files_stay_inside_the_folder(name: str, kept: Manifest, vault: Vault):
    rewrite(vault, kept, lambda document: document["files"][0].update(name=name))
    with pytest.raises(DitingError) as refused:
        vault.manifest(kept.name)
    assert refused.value.code == "backup.manifest"


def test_only_a_backup_with_our_seal_is_taken(small: Installation, vault: Vault, tmp_path: Path):
    key = {"secret_key": SecretStr(KEY)}
    sealed = small.settings.model_copy(update=key)
    made = make(sealed, small.clock, vault, silent).manifest
    examine.require_usable(vault.manifest(made.name), KEY, unsealed=False)
    examine.require_usable(vault.manifest(made.name), None, unsealed=False)
    there = Settings(data_dir=tmp_path / "new", **key)

    rewrite(vault, made, lambda document: document.update(product="9.9"))
    for manifest in (vault.manifest(made.name), small.back_up(vault).manifest):
        with pytest.raises(DitingError) as refused:
            restore.restore(there, small.clock, vault, silent, restore.Wish(manifest.name))
        assert refused.value.code == "backup.seal"
    wish = restore.Wish(made.name, unsealed=True)
    assert restore.restore(there, small.clock, vault, silent, wish).put == 2


def test_a_folder_with_other_things_is_left_alone(small: Installation, tmp_path: Path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear")
    with pytest.raises(DitingError) as refused:
        small.back_up(Vault(folder))
    assert refused.value.code == "backup.foreign_folder"
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_one_at_a_time(small: Installation, vault: Vault):
    vault.prepare()
    with vault.locked(alone=True), pytest.raises(DitingError) as refused:
        small.back_up(Vault(vault.folder))
    assert refused.value.code == "backup.busy"


def test_no_secret_leaves_with_a_backup(small: Installation, vault: Vault, tmp_path: Path):
    notices = tmp_path / "notices.yaml"
    notices.write_text("channels: {}\n")
    settings = Settings(
        data_dir=tmp_path / "var",
        database_url=small.settings.database_url,
        redis_url="redis://worker:hidden-1@127.0.0.1:6379/0",
        api_token="hidden-2",
        secret_key="hidden-3",
        s3_access_key_id="hidden-4",
        s3_secret_access_key="hidden-5",
        engine_api_key="hidden-6",
        notices_secrets={"mail": "hidden-7"},
        notices_file=notices,
    )
    made = make(settings, small.clock, vault, silent).manifest
    assert [file.name for file in made.files] == ["settings.json", "notices_file/notices.yaml"]
    assert made.secrets == [
        "DITING_S3_ACCESS_KEY_ID",
        "DITING_S3_SECRET_ACCESS_KEY",
        "DITING_REDIS_URL",
        "DITING_API_TOKEN",
        "DITING_SECRET_KEY",
        "DITING_ENGINE_API_KEY",
        "DITING_NOTICES_SECRETS[mail]",
    ]
    files = [path for path in vault.folder.rglob("*") if path.is_file()]
    assert [path for path in files if b"hidden-" in path.read_bytes()] == []
    shown = json.loads(vault.path_of(made.files[0]).read_bytes())
    assert shown["DITING_REDIS_URL"] == "redis://worker@127.0.0.1:6379/0"
    assert shown["DITING_NOTICES_FILE"] == str(notices)
