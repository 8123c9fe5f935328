"""Loaded models are shared: who asks for the same one gets the same one, as long as anybody holds it."""

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from transcription.engines.engine import Engine, EngineSettings

_Loaded = TypeVar("_Loaded", bound=Engine)


class Shared(Generic[_Loaded]):
    """Loads an engine once for the same settings; it goes when nobody holds it any more."""

    def __init__(self, load: Callable[[EngineSettings], _Loaded]) -> None:
        self._load = load
        self._loaded: WeakValueDictionary[EngineSettings, _Loaded] = WeakValueDictionary()

    def __call__(self, settings: EngineSettings) -> _Loaded:
        """The engine for these settings."""
        engine = self._loaded.get(settings)
        if engine is None:
            engine = self._loaded[settings] = self._load(settings)
        return engine
