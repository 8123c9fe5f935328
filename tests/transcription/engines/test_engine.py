from importlib.metadata import EntryPoint, EntryPoints

import pytest

from store.errors import EngineError
from store.settings import Settings
from transcription.engines import engine as module
from transcription.engines.engine import EngineSettings, engine_from_settings, engine_names, make_engine


@pytest.fixture
def offered(monkeypatch):
    """Engines that other packages offer."""

    def offer(**engines):
        points = EntryPoints(EntryPoint(name, value, "diting.engines") for name, value in engines.items())
        monkeypatch.setattr(module, "entry_points", points.select)

    return offer


def test_an_unknown_engine_is_refused_with_the_known_ones():
    with pytest.raises(EngineError) as caught:
        make_engine("whisperer")
    assert caught.value.code == "engine.unknown"
    assert "faster-whisper" in str(caught.value)


def test_a_package_may_offer_an_engine(offered):
    offered(echo="builtins:repr")
    assert "echo" in engine_names()
    assert make_engine("echo", EngineSettings(model="m")) == repr(EngineSettings(model="m"))


def test_a_broken_offer_is_an_error_and_no_fallback(offered):
    offered(broken="no_such_module_at_all:engine")
    with pytest.raises(EngineError) as caught:
        make_engine("broken")
    assert caught.value.code == "engine.broken"


def test_settings_choose_engine_model_and_place(offered, tmp_path):
    offered(echo="builtins:repr")
    settings = Settings(engine="echo", model="large", engine_threads=2, beam_size=1, data_dir=tmp_path)
    expected = EngineSettings("large", "int8", 2, 1, tmp_path / "models")
    assert engine_from_settings(settings) == repr(expected)


def test_a_missing_model_folder_is_named(tmp_path):
    with pytest.raises(EngineError) as caught:
        make_engine("faster-whisper", EngineSettings(model=str(tmp_path / "none")))
    assert (caught.value.code, caught.value.where) == ("model.missing", str(tmp_path / "none"))


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(EngineError) as caught:
        make_engine("faster-whisper", EngineSettings(model=str(tmp_path)))
    assert caught.value.code == "model.unreadable"
