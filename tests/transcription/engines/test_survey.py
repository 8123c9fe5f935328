import sys
from importlib.metadata import EntryPoint, EntryPoints
from importlib.util import find_spec

import pytest

from store.errors import EngineError
from store.settings import Settings
from tests.transcription.engines.tone_models import sense_voice
from transcription.engines import bundled_model, registry
from transcription.engines.registry import Untold
from transcription.engines.survey import chosen_problem, require_usable, survey

SHIPPED = ["faster-whisper", "openai-server", "sherpa-onnx"]


class Factory:
    """A factory whose check says or raises what it is told."""

    library = "numpy"

    def __init__(self, said=None):
        self.said = said
        self.asked = []

    def __call__(self, _settings):
        raise AssertionError("a survey starts no engine")

    def check(self, settings):
        self.asked.append(settings)
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


def no_check(settings):
    raise AssertionError("a survey starts no engine")


well = Factory()
not_well = Factory("the licence has run out.")
unsure = Factory(Untold("it depends on the weather"))
with_code = Factory(EngineError("no disk", code="model.missing", where="/models", mend="Buy one."))
stumbles = Factory(KeyError("x"))


@pytest.fixture
def offered(monkeypatch):
    """Offers engines that are found in this module."""
    monkeypatch.setitem(sys.modules, "a_package", sys.modules[__name__])

    def offer(*named):
        points = EntryPoints(EntryPoint(name, f"a_package:{what}", "diting.engines") for name, what in named)
        monkeypatch.setattr(registry, "entry_points", points.select)

    return offer


def state(settings, name):
    (found,) = [state for state in survey(settings) if state.name == name]
    return found


def test_all_shipped_engines_are_shown_in_order_of_name():
    states = survey(Settings())
    assert [state.name for state in states] == SHIPPED
    assert [state.chosen for state in states] == [True, False, False]
    assert {state.offered_by for state in states} == {"diting"}
    assert all(state.installed and state.version for state in states)


def test_the_default_engine_is_usable_as_it_comes():
    whisper = state(Settings(), "faster-whisper")
    assert (whisper.usable, whisper.model, whisper.problem) == (True, "bundled", None)
    require_usable(Settings())


def test_engines_that_lack_a_setting_say_which():
    problems = {state.name: state.problem for state in survey(Settings()) if state.problem}
    assert {name: (problem.code, problem.where) for name, problem in problems.items()} == {
        "openai-server": ("engine.no_url", "DITING_ENGINE_URL"),
        "sherpa-onnx": ("model.missing", "DITING_MODEL"),
    }


def test_the_settings_decide_what_is_usable(tmp_path):
    folder = sense_voice(tmp_path / "tones", {"您": 20})
    settings = Settings(engine="sherpa-onnx", model=str(folder), engine_url="http://127.0.0.1:9/v1")
    states = {state.name: state for state in survey(settings)}
    assert states["sherpa-onnx"].usable is True
    assert states["sherpa-onnx"].model == str(folder)
    assert states["faster-whisper"].usable is False
    assert states["faster-whisper"].problem.code == "model.unreadable"
    assert states["faster-whisper"].model is None
    assert states["openai-server"].usable is None
    assert states["openai-server"].problem.code == "engine.untold"


@pytest.mark.parametrize(
    ("model", "code"),
    [("/no/such/folder", "model.missing"), ("./models/none", "model.missing"), ("large-v3", None)],
)
def test_a_whisper_model_is_looked_for_without_loading_it(model, code):
    settings = Settings(model=model)
    problem = chosen_problem(settings)
    assert (problem.code if problem else None) == code
    if code is None:  # a hub id: only loading would tell
        assert state(settings, "faster-whisper").usable is None


def test_a_bundled_model_that_is_not_installed_is_noticed(monkeypatch):
    monkeypatch.setattr(bundled_model, "_PARTS", (("no_such_package_here", "model.bin.part1"),))
    with pytest.raises(EngineError) as caught:
        require_usable(Settings())
    assert caught.value.code == "model.missing"


def test_a_chosen_engine_that_does_not_exist_is_shown_as_such():
    settings = Settings(engine="whisperer")
    found = state(settings, "whisperer")
    assert (found.chosen, found.installed, found.usable, found.offered_by) == (True, False, False, None)
    assert found.problem.code == "engine.unknown"
    with pytest.raises(EngineError) as caught:
        require_usable(settings)
    assert str(caught.value) == str(found.problem)


@pytest.mark.parametrize(
    ("factory", "usable", "code", "message"),
    [
        ("well", True, None, None),
        ("not_well", False, "engine.unusable", "the licence has run out"),
        ("unsure", None, "engine.untold", "it depends on the weather"),
        ("with_code", False, "model.missing", "no disk"),
        ("stumbles", False, "engine.broken", "the engine cannot be loaded (KeyError: 'x')"),
        ("no_check", None, "engine.untold", None),
        ("nowhere", False, "engine.broken", None),
    ],
)
def test_the_check_of_an_offered_engine_is_asked(offered, factory, usable, code, message):
    offered(("other", factory))
    settings = Settings(engine="other", model="m")
    found = state(settings, "other")
    assert found.usable is usable
    assert (found.problem.code if found.problem else None) == code
    assert message is None or found.problem.message == message
    if usable is False:
        with pytest.raises(EngineError) as caught:
            require_usable(settings)
        assert caught.value.code == code
    else:
        require_usable(settings)


def test_the_check_is_given_the_settings(offered):
    offered(("other", "well"))
    well.asked.clear()
    survey(Settings(model="m", beam_size=2))
    assert [(asked.model, asked.beam_size) for asked in well.asked] == [("m", 2)]


def test_a_factory_may_name_the_library_that_does_the_work(offered):
    offered(("other", "well"), ("bare", "no_check"))
    settings = Settings()
    assert state(settings, "other").library == "numpy"
    assert state(settings, "other").version
    assert (state(settings, "bare").library, state(settings, "bare").installed) == (None, True)


def test_a_taken_name_is_shown_and_never_chosen(offered):
    offered(("faster-whisper", "well"))
    shipped, taken = [state for state in survey(Settings()) if state.name == "faster-whisper"]
    assert (shipped.chosen, shipped.usable) == (True, True)
    assert (taken.chosen, taken.usable, taken.problem.code) == (False, False, "engine.name_taken")


def test_the_engine_for_second_hearings_is_judged_by_its_own_settings(tmp_path):
    folder = sense_voice(tmp_path / "tones", {"您": 20})
    settings = Settings(second_engine="sherpa-onnx", second_model=str(folder))
    states = {state.name: state for state in survey(settings)}
    assert sorted(states) == SHIPPED
    assert (states["faster-whisper"].chosen, states["faster-whisper"].second) == (True, False)
    second = states["sherpa-onnx"]
    assert (second.chosen, second.second, second.usable, second.model) == (True, True, True, str(folder))
    require_usable(settings)


def test_another_model_of_the_same_engine_is_a_row_of_its_own(tmp_path):
    settings = Settings(second_model=str(tmp_path / "none"))
    first, second = [state for state in survey(settings) if state.name == "faster-whisper"]
    assert (first.second, first.usable, first.model) == (False, True, "bundled")
    assert (second.second, second.usable, second.model) == (True, False, str(tmp_path / "none"))


def test_work_does_not_begin_with_a_second_engine_that_cannot_be_used():
    with pytest.raises(EngineError) as caught:
        require_usable(Settings(second_engine="whisperer"))
    assert caught.value.code == "engine.unknown"


def test_a_survey_loads_no_library_of_an_engine(start_python, tmp_path):
    """`diting engines` must be quick, and must work where a library is broken."""
    assert find_spec("sherpa_onnx")
    folder = sense_voice(tmp_path / "tones", {"您": 20})
    program = """
import sys
from store.settings import Settings
from transcription.engines.survey import survey
survey(Settings(engine="sherpa-onnx", model=sys.argv[1], engine_url="http://127.0.0.1:9/v1"))
sys.exit(any(name in sys.modules for name in ("sherpa_onnx", "faster_whisper", "ctranslate2")))
"""
    assert start_python(program, str(folder)).wait(timeout=60) == 0
