"""Which speech engines there are, and how one is chosen by name. There is no silent fallback.

The shipped engines and those of other packages come through the same door: a name and the place of a
factory. Nothing of an engine is imported before it is asked for.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points

from store.errors import DitingError, EngineError
from store.settings import Settings
from transcription.engines.engine import Engine, EngineSettings

ENTRY_POINT_GROUP = "diting.engines"

Factory = Callable[[EngineSettings], Engine]


class Untold(str):
    """What `check` of a factory returns when only loading the engine would tell whether it is usable."""

    __slots__ = ()


_SHIPPED = {
    name: EntryPoint(name, f"transcription.engines.{place}", ENTRY_POINT_GROUP)
    for name, place in {
        "faster-whisper": "whisper_factory:factory",
        "openai-server": "openai_server:factory",
        "sherpa-onnx": "sherpa:factory",
    }.items()
}


def make_engine(name: str, settings: EngineSettings | None = None) -> Engine:
    """Start the engine of that name: a shipped one, or one that an installed package offers.

    Raises:
        EngineError: `engine.unknown`, `engine.ambiguous`, `engine.broken`, and what the engine raises
            (`model.missing`, …).
    """
    point = find(name)
    factory = load(point)
    try:
        engine = factory(settings or EngineSettings())
    except DitingError:
        raise
    except Exception as error:  # whatever a foreign package raises
        raise broken(point, f"{type(error).__name__}: {error}") from error
    wrong = _not_an_engine(engine, name)
    if wrong:
        raise broken(point, wrong)
    return engine


def engine_from_settings(settings: Settings) -> Engine:
    """Start the engine that this installation's settings name; its models lie in the data folder.

    Raises:
        EngineError: see `make_engine`.
    """
    return make_engine(settings.engine, engine_settings(settings))


def second_engine_from_settings(settings: Settings) -> Engine | None:
    """Start the engine that hears doubtful places again; None where none but the first is named.

    Raises:
        EngineError: see `make_engine`.
    """
    choice = second_choice(settings)
    return make_engine(*choice) if choice is not None else None


def second_choice(settings: Settings) -> tuple[str, EngineSettings] | None:
    """Name and settings of the engine that hears doubtful places again, where one is named."""
    if not settings.second_engine and not settings.second_model:
        return None
    first = engine_settings(settings)
    return settings.second_engine or settings.engine, replace(
        first, model=settings.second_model or first.model
    )


def engine_settings(settings: Settings) -> EngineSettings:
    """What the installation's settings say to an engine."""
    return EngineSettings(
        model=settings.model,
        device=settings.device,
        compute_type=settings.compute_type,
        threads=settings.engine_threads,
        beam_size=settings.beam_size,
        models_folder=settings.data_dir / "models",
        url=settings.engine_url,
        api_key=settings.engine_api_key,
        timeout_s=settings.engine_timeout_seconds,
        retries=settings.engine_retries,
        concurrency=settings.engine_concurrency,
    )


def engine_names() -> tuple[str, ...]:
    """The names of all engines that can be chosen here."""
    return tuple(sorted({*_SHIPPED, *(point.name for point in offered())}))


def offered() -> tuple[EntryPoint, ...]:
    """What installed packages offer, in order of name; the name of a shipped engine cannot be taken."""
    points = entry_points(group=ENTRY_POINT_GROUP)
    return tuple(sorted(points, key=lambda point: (point.name, point.value)))


def is_shipped(name: str) -> bool:
    """Whether the engine comes with Diting."""
    return name in _SHIPPED


def find(name: str) -> EntryPoint:
    """Where the factory of that engine is.

    Raises:
        EngineError: `engine.unknown`, or `engine.ambiguous` when several packages offer the name.
    """
    if name in _SHIPPED:
        return _SHIPPED[name]
    points = [point for point in offered() if point.name == name]
    if len(points) > 1:
        raise EngineError(
            "several packages offer this engine",
            code="engine.ambiguous",
            where=f"{name} ({', '.join(point.value for point in points)})",
            mend="Remove all but one of them.",
        )
    if not points:
        raise EngineError(
            f"there is no speech engine {name!r}",
            code="engine.unknown",
            where="DITING_ENGINE",
            mend=f"Use one of: {', '.join(engine_names())}.",
        )
    return points[0]


def load(point: EntryPoint) -> Factory:
    """Import a factory.

    Raises:
        EngineError: `engine.broken`.
    """
    try:
        factory: Factory = point.load()
    except Exception as error:  # whatever a foreign package raises while it is imported
        raise broken(point, f"{type(error).__name__}: {error}") from error
    if not callable(factory):
        raise broken(point, "what it names cannot be called")
    return factory


def broken(point: EntryPoint, why: str) -> EngineError:
    """The error of an engine that does not do what every engine must."""
    return EngineError(
        f"the engine cannot be loaded ({' '.join(why.split())})",
        code="engine.broken",
        where=f"{point.name} ({point.value})",
        mend="Repair or remove the package that offers it.",
    )


def _not_an_engine(engine: object, name: str) -> str | None:
    """What keeps the thing from being an engine. Its name is stored with every transcript."""
    missing = [part for part in ("name", "model", "options", "ways", "hear") if not hasattr(engine, part)]
    if missing:
        return f"the factory made something without {', '.join(missing)}"
    if engine.name != name:  # type: ignore[attr-defined]
        return f"the engine calls itself {engine.name!r}"  # type: ignore[attr-defined]
    return None
