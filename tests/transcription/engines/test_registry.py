import sys
from importlib.metadata import EntryPoint, EntryPoints

import pytest
from pydantic import SecretStr

from store.errors import EngineError
from store.settings import Settings
from transcription.engines import registry as module
from transcription.engines.engine import EngineSettings
from transcription.engines.registry import (
    engine_from_settings,
    engine_names,
    find,
    make_engine,
    second_engine_from_settings,
)


class Echo:
    """An engine that only remembers what it was made with."""

    name, ways, options = "echo", 1, {}

    def __init__(self, settings):
        self.model, self.settings = settings.model, settings

    def hear(self, clips, language, way=0, *, speakers=()):
        raise NotImplementedError


class Stranger(Echo):
    name = "somebody-else"


def stumble(settings):
    raise ValueError("no licence\nfound")


@pytest.fixture(autouse=True)
def echo_package(monkeypatch):
    """This module under the name of a package, as an entry point would import it."""
    monkeypatch.setitem(sys.modules, "echo_package", sys.modules[__name__])


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
    offered(echo="echo_package:Echo")
    assert "echo" in engine_names()
    assert make_engine("echo", EngineSettings(model="m")).settings == EngineSettings(model="m")


def test_the_name_of_a_shipped_engine_cannot_be_taken(offered):
    offered(**{"faster-whisper": "echo_package:Echo"})
    assert find("faster-whisper").value == "transcription.engines.whisper_factory:factory"


def test_an_engine_that_two_packages_offer_is_refused(monkeypatch):
    two = EntryPoints(
        EntryPoint("echo", f"{package}:Echo", "diting.engines") for package in ("echo_package", "another")
    )
    monkeypatch.setattr(module, "entry_points", two.select)
    with pytest.raises(EngineError) as caught:
        make_engine("echo")
    assert caught.value.code == "engine.ambiguous"
    assert "echo_package:Echo" in str(caught.value)
    assert "another:Echo" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("no_such_module_at_all:engine", "ModuleNotFoundError"),
        ("echo_package:__name__", "cannot be called"),
        ("echo_package:stumble", "ValueError: no licence found"),
        ("echo_package:Stranger", "calls itself 'somebody-else'"),
        ("builtins:repr", "without name, model, options, ways, hear"),
    ],
)
def test_a_broken_offer_is_an_error_and_no_fallback(offered, value, why):
    offered(echo=value)
    with pytest.raises(EngineError) as caught:
        make_engine("echo")
    assert caught.value.code == "engine.broken"
    assert why in caught.value.message
    assert caught.value.where == f"echo ({value})"
    assert "\n" not in str(caught.value)


def test_settings_choose_engine_model_and_place(offered, tmp_path):
    offered(echo="echo_package:Echo")
    settings = Settings(
        engine="echo",
        model="large",
        engine_threads=2,
        beam_size=1,
        data_dir=tmp_path,
        engine_url="http://127.0.0.1:9000/v1",
        engine_api_key="sk-not-shown",
        engine_timeout_seconds=7,
        engine_retries=1,
        engine_concurrency=2,
    )
    expected = EngineSettings(
        model="large",
        threads=2,
        beam_size=1,
        models_folder=tmp_path / "models",
        url="http://127.0.0.1:9000/v1",
        api_key=SecretStr("sk-not-shown"),
        timeout_s=7,
        retries=1,
        concurrency=2,
    )
    made = engine_from_settings(settings)
    assert made.settings == expected
    assert "sk-not-shown" not in f"{settings!r}{made.settings!r}"


def test_a_missing_model_folder_is_named(tmp_path):
    with pytest.raises(EngineError) as caught:
        make_engine("faster-whisper", EngineSettings(model=str(tmp_path / "none")))
    assert (caught.value.code, caught.value.where) == ("model.missing", str(tmp_path / "none"))


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(EngineError) as caught:
        make_engine("faster-whisper", EngineSettings(model=str(tmp_path)))
    assert caught.value.code == "model.unreadable"


def test_a_second_engine_is_opened_only_where_one_is_named(offered):
    offered(echo="echo_package:Echo")
    assert second_engine_from_settings(Settings(engine="echo")) is None
    bigger = second_engine_from_settings(Settings(engine="echo", model="small", second_model="large"))
    assert isinstance(bigger, Echo)
    assert bigger.model == "large"
    other = second_engine_from_settings(Settings(second_engine="echo", model="small", beam_size=7))
    assert isinstance(other, Echo)
    assert (other.model, other.settings.beam_size) == ("small", 7)
    with pytest.raises(EngineError):
        second_engine_from_settings(Settings(second_engine="whisperer"))
