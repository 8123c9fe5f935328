"""Every engine that is known here, and whether it can be used with the present settings, and why not."""

from dataclasses import dataclass
from importlib.metadata import EntryPoint, PackageNotFoundError, version

from store.errors import EngineError
from store.settings import Settings
from transcription.engines import registry
from transcription.engines.engine import EngineSettings
from transcription.engines.registry import Factory, Untold

DITING = "diting"
_UNTOLD = "engine.untold"


@dataclass(frozen=True, slots=True)
class EngineState:
    """One engine as it stands on this machine.

    `offered_by` is `diting` or the package that offers it, None for a chosen engine that does not exist.
    `library` does the work; `version` is None where it is not installed. `usable` is None where only
    loading the engine would tell; `problem` then says so, as it says why an engine is not usable.
    `model` is the model that the settings name, None where the engine could not use it. `second` is true
    for the one chosen for second hearings, judged by the settings that hold for it.
    """

    name: str
    chosen: bool
    offered_by: str | None
    library: str | None
    version: str | None
    installed: bool
    usable: bool | None
    model: str | None
    problem: EngineError | None = None
    second: bool = False


def choices(settings: Settings) -> list[tuple[str, EngineSettings]]:
    """The engine that hears, and the one for second hearings where there is one, each with its settings."""
    second = registry.second_choice(settings)
    first = settings.engine, registry.engine_settings(settings)
    return [first] if second is None else [first, second]


def survey(settings: Settings) -> tuple[EngineState, ...]:
    """All engines in order of name; the chosen one even where it does not exist. Loads no model."""
    first, *others = choices(settings)
    names = {*registry.engine_names(), first[0]} - {name for name, _ in others if name != first[0]}
    states = [_state(name, first[1], chosen=name == first[0]) for name in names]
    states += [_state(*choice, chosen=True, second=True) for choice in others]
    states += _taken_names()
    return tuple(sorted(states, key=lambda state: (state.name, state.offered_by != DITING, state.second)))


def chosen_problem(settings: Settings) -> EngineError | None:
    """Why a chosen engine is not usable; None when all are, or when only loading would tell."""
    problems = (_look(*choice).problem for choice in choices(settings))
    return next((problem for problem in problems if problem is not None and problem.code != _UNTOLD), None)


def require_usable(settings: Settings) -> None:
    """Make sure, without loading a model, that the chosen engines can be used. No other one steps in.

    Raises:
        EngineError: `engine.unknown`, `engine.ambiguous`, `engine.broken`, `engine.not_installed`,
            `engine.unusable`, and what the engine's own check raises (`model.missing`, …).
    """
    problem = chosen_problem(settings)
    if problem is not None:
        raise problem


@dataclass(frozen=True, slots=True)
class _Found:
    """What can be seen of an engine from outside."""

    point: EntryPoint | None = None
    factory: Factory | None = None
    problem: EngineError | None = None


def _look(name: str, given: EngineSettings) -> _Found:
    point = factory = None
    try:
        point = registry.find(name)
        factory = registry.load(point)
        return _Found(point, factory, _ask(point, factory, given))
    except EngineError as error:
        return _Found(point, factory, error)


def _ask(point: EntryPoint, factory: Factory, given: EngineSettings) -> EngineError | None:
    """What the factory's own check says, where it has one."""
    check = getattr(factory, "check", None)
    if check is None:
        said: object = Untold("the engine brings no check; whether it works shows when it is loaded")
    else:
        try:
            said = check(given)
        except EngineError:
            raise
        except Exception as error:  # whatever a foreign package raises
            raise registry.broken(point, f"{type(error).__name__}: {error}") from error
    if said is None:
        return None
    if isinstance(said, Untold):
        return EngineError(
            said, code="engine.untold", where=point.name, mend="Run `diting engines --check` to see."
        )
    return EngineError(
        str(said).rstrip("."),
        code="engine.unusable",
        where=point.name,
        mend="Its package says what it needs.",
    )


def _state(name: str, given: EngineSettings, *, chosen: bool, second: bool = False) -> EngineState:
    found = _look(name, given)
    untold = found.problem is not None and found.problem.code == _UNTOLD
    usable = None if untold else found.problem is None
    offered_by, library = _whose(name, found)
    number = _version(library)
    return EngineState(
        name=name,
        chosen=chosen,
        offered_by=offered_by,
        library=library,
        version=number,
        installed=found.factory is not None and (library is None or number is not None),
        usable=usable,
        model=given.model if chosen or usable is not False else None,
        problem=found.problem,
        second=second,
    )


def _whose(name: str, found: _Found) -> tuple[str | None, str | None]:
    """Who offers the engine, and the package whose version counts."""
    if registry.is_shipped(name):
        return DITING, getattr(found.factory, "library", None)
    dist = found.point.dist if found.point is not None else None
    package = dist.name if dist is not None else None
    return package, getattr(found.factory, "library", package)


def _version(package: str | None) -> str | None:
    try:
        return version(package) if package else None
    except PackageNotFoundError:
        return None


def _taken_names() -> list[EngineState]:
    """Offers under the name of a shipped engine: they are never chosen, which nobody should have to guess."""
    return [
        EngineState(
            name=point.name,
            chosen=False,
            offered_by=point.dist.name if point.dist is not None else point.value,
            library=point.dist.name if point.dist is not None else None,
            version=point.dist.version if point.dist is not None else None,
            installed=True,
            usable=False,
            model=None,
            problem=EngineError(
                "the name belongs to an engine that comes with Diting",
                code="engine.name_taken",
                where=f"{point.name} ({point.value})",
                mend="Its package must offer it under another name.",
            ),
        )
        for point in registry.offered()
        if registry.is_shipped(point.name)
    ]
