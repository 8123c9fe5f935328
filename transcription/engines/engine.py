"""Speech engines: what any of them must do, and how one is chosen by name. There is no silent fallback."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, runtime_checkable

from ingest.audio import Samples
from store.errors import EngineError
from store.settings import Settings
from transcription.types import Word

ENTRY_POINT_GROUP = "diting.engines"

Options = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine wrote down for one clip.

    `words` have times in seconds from the start of the clip. `log_probability` is the mean over the
    tokens, `no_speech` the engine's own belief that nobody spoke; None where it does not tell.
    """

    text: str
    words: tuple[Word, ...] = ()
    log_probability: float | None = None
    no_speech: float | None = None


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """The language that is spoken (ISO 639-1) and how sure the engine is (0..1)."""

    language: str
    probability: float


@dataclass(frozen=True, slots=True)
class Hearing:
    """What came of some clips: one reading per clip in their order, and the language they were read in.

    `language` is the engine's guess over all clips together, None where it was told or cannot tell.
    """

    readings: tuple[Reading, ...]
    language: LanguageGuess | None = None


class Engine(Protocol):
    """Writes down short clips of one speaker: 16 kHz, one channel, speech level normalised, at most 30 s.

    The same clip gives the same reading every time, whatever it is heard together with.
    """

    @property
    def name(self) -> str:
        """The name it is registered under."""
        ...

    @property
    def model(self) -> str:
        """The model that listens, as it is stored with the transcript."""
        ...

    @property
    def options(self) -> Options:
        """Everything else that decides what it writes."""
        ...

    @property
    def ways(self) -> int:
        """In how many different ways it can hear the same clip: the first is the usual one."""
        ...

    def hear(self, clips: Sequence[Samples], language: str | None, way: int = 0) -> Hearing:
        """Write down clips (at least one); `way` (0 .. `ways` - 1) chooses another way of hearing them.

        With `language` None the engine first tells the language from all the clips, and reads them in it.

        Raises:
            EngineError: the engine cannot hear now. What it could not hear is never an empty reading.
        """
        ...


@runtime_checkable
class ScoringEngine(Engine, Protocol):
    """An engine that can also say how likely given words are: forced decoding."""

    def likelihoods(self, clip: Samples, language: str, texts: Sequence[str]) -> tuple[float, ...]:
        """The log probability (natural, summed over the tokens) of each text, given the clip."""
        ...


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What an engine needs to know to start. `models_folder` None means the user's cache folder."""

    model: str = "bundled"
    compute_type: str = "int8"
    threads: int = 1
    beam_size: int = 5
    models_folder: Path | None = None


Factory = Callable[[EngineSettings], Engine]


def make_engine(name: str, settings: EngineSettings | None = None) -> Engine:
    """Start the engine of that name: a built-in one, or one that an installed package offers.

    Raises:
        EngineError: `engine.unknown`, `engine.broken`, and what the engine raises (`model.missing`, …).
    """
    return _factory(name)(settings or EngineSettings())


def engine_from_settings(settings: Settings) -> Engine:
    """Start the engine that this installation's settings name; its models lie in the data folder.

    Raises:
        EngineError: see `make_engine`.
    """
    chosen = EngineSettings(
        model=settings.model,
        compute_type=settings.compute_type,
        threads=settings.engine_threads,
        beam_size=settings.beam_size,
        models_folder=settings.data_dir / "models",
    )
    return make_engine(settings.engine, chosen)


def engine_names() -> tuple[str, ...]:
    """The names of all engines that can be chosen here."""
    offered = {point.name for point in entry_points(group=ENTRY_POINT_GROUP)}
    return tuple(sorted({*_BUILT_IN, *offered}))


def _faster_whisper(settings: EngineSettings) -> Engine:
    # Loading the library takes a second; commands that transcribe nothing do not pay for it.
    from transcription.engines.whisper import whisper_engine  # noqa: PLC0415

    return whisper_engine(settings)


_BUILT_IN: dict[str, Factory] = {"faster-whisper": _faster_whisper}


def _factory(name: str) -> Factory:
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    for point in entry_points(group=ENTRY_POINT_GROUP, name=name):
        try:
            factory: Factory = point.load()
        except Exception as error:  # whatever a foreign package raises while it is imported
            raise EngineError(
                f"the engine cannot be loaded ({type(error).__name__}: {error})",
                code="engine.broken",
                where=f"{name} ({point.value})",
                mend="Repair or remove the package that offers it.",
            ) from error
        return factory
    raise EngineError(
        f"there is no speech engine {name!r}",
        code="engine.unknown",
        where="DITING_ENGINE",
        mend=f"Use one of: {', '.join(engine_names())}.",
    )
