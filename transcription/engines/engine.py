"""Speech engines: what any of them must do, and what it is given to start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from pydantic import SecretStr

from ingest.audio import Samples
from transcription.types import Word

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

    The same clips together give the same readings every time.
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
        """Everything else that decides what it writes. Asked after hearing: a server may have been found to
        know less than it was asked for."""
        ...

    @property
    def ways(self) -> int:
        """In how many different ways it can hear the same clip: the first is the usual one."""
        ...

    def hear(
        self, clips: Sequence[Samples], language: str | None, way: int = 0, *, speakers: Sequence[int] = ()
    ) -> Hearing:
        """Write down clips (at least one); `way` (0 .. `ways` - 1) chooses another way of hearing them.

        `speakers` numbers who speaks in each clip: consecutive clips of one speaker may be heard in one go.
        Without it all are of one.

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
    """What an engine needs to know to start. `models_folder` None means the user's cache folder. `device` is
    `cpu`, `cuda` or `auto`: a GPU where there is one.

    `url` and what follows it are for engines that are servers: `timeout_s` is the longest wait for one
    answer, `retries` how often a request that may succeed later is sent again, `concurrency` how many
    requests are under way at once.
    """

    model: str = "bundled"
    device: str = "cpu"
    compute_type: str = "int8"
    threads: int = 1
    beam_size: int = 5
    models_folder: Path | None = None
    url: str = ""
    api_key: SecretStr | None = None
    timeout_s: float = 60.0
    retries: int = 3
    concurrency: int = 4
