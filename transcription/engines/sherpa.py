"""The sherpa-onnx engine: SenseVoice and Paraformer models from a local folder. It never uses the network."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np

from ingest.audio import RATE, Samples
from store.errors import EngineError
from transcription.engines.device import no_gpu
from transcription.engines.engine import Engine, EngineSettings, Hearing, LanguageGuess, Options, Reading
from transcription.engines.language import by_time
from transcription.engines.shared import Shared
from transcription.engines.sherpa_model import SherpaModel, look_at
from transcription.engines.tokens import words_of

NAME = "sherpa-onnx"
_BUNDLED = "bundled"
# The models need some frames; the library reads past the end of shorter clips.
_SHORTEST_S = 0.5
_TOLD_LANGUAGE = "auto"
_NO_SPEECH = "nospeech"
# Stands for text that is no UTF-8: the guard refuses it, and it is kept for audit.
_UNREADABLE_TEXT = "\ufffd"


class SherpaFactory:
    """Makes the engine from the folder in DITING_MODEL."""

    library = "sherpa-onnx"

    def __call__(self, settings: EngineSettings) -> Engine:
        """Load the model. Loaded once per process.

        Raises:
            EngineError: `engine.not_installed`, `engine.no_gpu`, `model.missing`, `model.unreadable`,
                `model.unsupported`.
        """
        return _shared(settings)

    def check(self, settings: EngineSettings) -> str | None:
        """Look whether the library is there and the folder holds a whole model.

        Raises:
            EngineError: as when it is loaded.
        """
        _look(settings)
        return None


factory = SherpaFactory()


def _look(settings: EngineSettings) -> SherpaModel:
    if find_spec("sherpa_onnx") is None:
        raise EngineError(
            "the library sherpa-onnx is not installed",
            code="engine.not_installed",
            where=NAME,
            mend="Run: pip install 'diting[sherpa]'.",
        )
    if settings.device == "cuda":  # asked for a GPU it has no part for, the library takes the processor
        raise no_gpu("sherpa-onnx computes on the processor here; faster-whisper takes a GPU")
    if settings.model == _BUNDLED:
        raise EngineError(
            "no model for sherpa-onnx comes with Diting",
            code="model.missing",
            where="DITING_MODEL",
            mend="Set it to a folder with a SenseVoice or Paraformer model (docs/engines.md).",
        )
    return look_at(settings.model, settings.compute_type)


def _load(settings: EngineSettings) -> "SherpaEngine":
    engine = SherpaEngine(_look(settings), settings.threads)
    engine.warm()
    return engine


class SherpaEngine:
    """Hears one clip at a time, greedily: the same clip reads the same, whatever it is heard with.

    It does not say how sure it is: readings have no log probability, words the confidence 0.5.
    """

    name = NAME
    ways = 1

    def __init__(self, model: SherpaModel, threads: int) -> None:
        self._model = model
        self._threads = threads
        self._recognisers: dict[str, Any] = {}
        with model.weights.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        self.model = f"{model.weights.parent.name}@{digest[:12]}"

    @property
    def options(self) -> Options:
        """Everything that decides what it writes."""
        return {
            "kind": self._model.kind,
            "weights": self._model.weights.name,
            "device": "cpu",
            "decoding": "greedy",
            "inverse_text_normalization": False,
            "library": f"sherpa-onnx {version('sherpa-onnx')}",
        }

    def warm(self) -> None:
        """Load the model now, so that one that cannot be loaded is noticed before any call."""
        self._recogniser(_TOLD_LANGUAGE)

    def hear(
        self,
        clips: Sequence[Samples],
        language: str | None,
        way: int = 0,  # noqa: ARG002
        *,
        speakers: Sequence[int] = (),  # noqa: ARG002
    ) -> Hearing:
        """Write down clips. SenseVoice tells the language; Paraformer cannot: `Hearing.language` is None.

        Raises:
            EngineError: `engine.language`, `engine.failed`.
        """
        if language is not None and language not in self._model.languages:
            raise EngineError(
                f"the model does not know the language {language!r}",
                code="engine.language",
                where=self.model,
                mend=f"Use a model that knows it; this one knows {', '.join(self._model.languages)}.",
            )
        guess = self._guess(clips) if language is None else None
        recogniser = self._recogniser(language or (guess.language if guess else _TOLD_LANGUAGE))
        return Hearing(tuple(self._read(recogniser, clip) for clip in clips), guess)

    def _guess(self, clips: Sequence[Samples]) -> LanguageGuess | None:
        if self._model.kind == "paraformer":
            return None
        recogniser = self._recogniser(_TOLD_LANGUAGE)
        said = [_mark(self._decode(recogniser, clip).lang) for clip in clips]
        return by_time(
            (language if language != _NO_SPEECH else None, len(clip) / RATE)
            for language, clip in zip(said, clips, strict=True)
        )

    def _recogniser(self, language: str) -> Any:
        """The recogniser for a language: SenseVoice is told the language when it is loaded."""
        key = language if self._model.kind == "sense_voice" else _TOLD_LANGUAGE
        if key not in self._recognisers:
            self._recognisers[key] = self._make(key)
        return self._recognisers[key]

    def _make(self, language: str) -> Any:
        # Loading the library takes a moment; `diting engines` only wants to know whether it is there.
        from sherpa_onnx import OfflineRecognizer  # noqa: PLC0415

        shared: dict[str, Any] = {"tokens": str(self._model.tokens), "num_threads": self._threads}
        try:
            if self._model.kind == "paraformer":
                return OfflineRecognizer.from_paraformer(paraformer=str(self._model.weights), **shared)
            return OfflineRecognizer.from_sense_voice(
                model=str(self._model.weights), language=language, use_itn=False, **shared
            )
        except (RuntimeError, ValueError, IndexError, OSError) as error:
            raise EngineError(
                f"the model cannot be loaded ({' '.join(str(error).split())})",
                code="model.unreadable",
                where=str(self._model.weights),
                mend="Fetch the model again.",
            ) from error

    def _read(self, recogniser: Any, clip: Samples) -> Reading:
        result = self._decode(recogniser, clip)
        text, tokens = _text(result), _tokens(result)
        if tokens is None and not text:
            return Reading(_UNREADABLE_TEXT)
        words = words_of(
            tokens or (), result.timestamps, len(clip) / RATE, spaced=self._model.kind == "sense_voice"
        )
        return Reading(text, words, no_speech=1.0 if _mark(result.lang) == _NO_SPEECH else None)

    def _decode(self, recogniser: Any, clip: Samples) -> Any:
        """Decode one clip.

        The library answers with an empty result when the model fails; a SenseVoice model that worked has
        always told a language.
        """
        missing = max(0, round(_SHORTEST_S * RATE) - len(clip))
        stream = recogniser.create_stream()
        stream.accept_waveform(RATE, np.pad(np.asarray(clip, dtype=np.float32), (0, missing)))
        try:
            recogniser.decode_stream(stream)
        except (RuntimeError, IndexError) as error:
            raise self._failed(" ".join(str(error).split())) from error
        result = stream.result
        if self._model.kind == "sense_voice" and not result.lang:
            raise self._failed("it gave no result")
        return result

    def _failed(self, why: str) -> EngineError:
        return EngineError(
            f"the model failed on a clip ({why})",
            code="engine.failed",
            where=self.model,
            mend="Fetch the model again, or use one that this version of sherpa-onnx knows.",
        )


def _text(result: Any) -> str:
    """The text; empty where all of it is pieces of characters."""
    try:
        return str(result.text).strip()
    except UnicodeDecodeError:
        return ""


def _tokens(result: Any) -> Sequence[str] | None:
    """The tokens; None where some are pieces of characters. The text may be whole all the same."""
    try:
        return list(result.tokens)
    except UnicodeDecodeError:
        return None


def _mark(label: str) -> str:
    """`zh` of `<|zh|>`."""
    return label.strip("<|>")


_shared = Shared(_load)
