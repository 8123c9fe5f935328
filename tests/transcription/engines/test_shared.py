import gc

from transcription.engines.engine import EngineSettings
from transcription.engines.shared import Shared


class Model:
    """Something that was loaded."""

    def __init__(self, settings):
        self.settings = settings


def test_the_same_settings_share_one_engine_while_anybody_holds_it():
    shared = Shared(Model)
    first = shared(EngineSettings(model="a"))
    assert shared(EngineSettings(model="a")) is first
    assert shared(EngineSettings(model="b")) is not first


def test_an_engine_that_nobody_holds_is_let_go():
    loaded = []

    def load(settings):
        loaded.append(settings.model)
        return Model(settings)

    shared = Shared(load)
    held = shared(EngineSettings(model="a"))
    del held
    gc.collect()
    shared(EngineSettings(model="a"))
    assert loaded == ["a", "a"]
