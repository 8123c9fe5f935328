"""The faster-whisper engine: Whisper on CTranslate2."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens
from numpy.typing import NDArray

from ingest.audio import RATE, Samples
from store.errors import EngineError
from transcription.engines.bundled_model import MODEL_NAME, MODEL_SHA256, bundled_model
from transcription.engines.engine import EngineSettings, Hearing, LanguageGuess, Options, Reading
from transcription.types import Word

NAME = "faster-whisper"
BUNDLED = "bundled"
WINDOW_S = 30.0
_FRAMES_PER_S = 100
_MAX_TOKENS = 224


class Way(NamedTuple):
    """One way of hearing a clip: how much of the model's window it gets, and how it is decoded.

    Whisper was trained on 30 s windows, mostly padding for short clips, and the encoder pays for all of
    it. A window fitted to the clip reads as well at a third of the cost. Time marks between the words
    keep the decoder from leaving words out or saying them twice (docs/adr/0010-how-whisper-listens.md).
    """

    ratio: float
    extra_s: float
    shortest_s: float
    time_marks: bool = False
    loop_tokens: int = 0

    def window(self, seconds: float) -> float:
        """Seconds of window for a clip of that length."""
        return min(WINDOW_S, max(self.shortest_s, seconds * self.ratio + self.extra_s))


WAYS = (
    Way(1.5, 1.0, 5.0, time_marks=True),
    Way(2.0, 1.0, 8.0),
    Way(1.0, WINDOW_S, WINDOW_S, time_marks=True, loop_tokens=6),
)


def whisper_engine(settings: EngineSettings) -> "WhisperEngine":
    """Load the model that the settings name: `bundled`, a folder, or a hub id. Loaded once per process.

    Raises:
        EngineError: `model.missing`, `model.damaged`, `model.unwritable`, `model.unreadable`.
    """
    return _load(settings)


@lru_cache(maxsize=2)
def _load(settings: EngineSettings) -> "WhisperEngine":
    if settings.model == BUNDLED:
        source, model_name = str(bundled_model(settings.models_folder)), f"{MODEL_NAME}@{MODEL_SHA256[:12]}"
    else:
        source = model_name = settings.model
        if ("/" in source or source.startswith(".")) and source.count("/") != 1 and not Path(source).is_dir():
            raise EngineError(
                "there is no such model folder",
                code="model.missing",
                where=source,
                mend="Set DITING_MODEL to a CTranslate2 Whisper folder, to a hub id, or to bundled.",
            )
    try:
        model = WhisperModel(
            source, device="cpu", compute_type=settings.compute_type, cpu_threads=settings.threads
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise EngineError(
            f"the model cannot be loaded ({error})".replace("\n", " "),
            code="model.unreadable",
            where=source,
            mend="Set DITING_MODEL to bundled, or to a folder with a CTranslate2 Whisper model.",
        ) from error
    return WhisperEngine(model, model_name, settings)


class WhisperEngine:
    """Hears one clip at a time, without prompt, without temperature: the same clip reads the same."""

    name = NAME

    def __init__(self, model: WhisperModel, model_name: str, settings: EngineSettings) -> None:
        self.model = model_name
        self._whisper = model
        self._beam_size = settings.beam_size
        self._compute_type = settings.compute_type
        self._tokenizers: dict[str, Tokenizer] = {}

    @property
    def options(self) -> Options:
        """Everything that decides what it writes."""
        return {
            "beam_size": self._beam_size,
            "compute_type": self._compute_type,
            "temperature": 0.0,
            "windows": " ".join(f"{way.ratio:g}x+{way.extra_s:g}s" for way in WAYS),
            "library": f"ctranslate2 {ctranslate2.__version__}",
        }

    @property
    def ways(self) -> int:
        """A fitted window with time marks; a wider one without; the full one with loops forbidden."""
        return len(WAYS)

    def hear(self, clips: Sequence[Samples], language: str | None, way: int = 0) -> Hearing:
        """Write down clips of at most 30 s each."""
        encoded = [self._encode(clip, WAYS[way]) for clip in clips]
        guess = self._language(encoded) if language is None else None
        spoken = language or (guess.language if guess is not None else "zh")
        readings = [
            self._read(clip, sound, spoken, WAYS[way]) for clip, sound in zip(clips, encoded, strict=True)
        ]
        return Hearing(tuple(readings), guess)

    def _encode(self, clip: Samples, way: Way) -> ctranslate2.StorageView:
        return self._whisper.encode(self._features(clip, way.window(len(clip) / RATE)))

    def _language(self, encoded: Sequence[ctranslate2.StorageView]) -> LanguageGuess:
        """Add up what each clip sounds like."""
        total: dict[str, float] = {}
        for sound in encoded:
            for token, probability in self._whisper.model.detect_language(sound)[0]:
                total[token] = total.get(token, 0.0) + probability
        token = max(total, key=lambda name: total[name])
        return LanguageGuess(token.removeprefix("<|").removesuffix("|>"), total[token] / len(encoded))

    def _read(self, clip: Samples, encoded: ctranslate2.StorageView, language: str, way: Way) -> Reading:
        tokenizer = self._tokenizer(language)
        seconds = len(clip) / RATE
        result = self._whisper.model.generate(
            encoded,
            [self._whisper.get_prompt(tokenizer, [], without_timestamps=not way.time_marks)],
            beam_size=self._beam_size,
            no_repeat_ngram_size=way.loop_tokens,
            max_length=_MAX_TOKENS,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        return Reading(
            text=tokenizer.decode(tokens).strip(),
            words=self._words(tokenizer, tokens, encoded, seconds),
            log_probability=float(result.scores[0]),
            no_speech=float(result.no_speech_prob),
        )

    def _features(self, clip: Samples, window: float) -> NDArray[np.float32]:
        """Log-mel features of the clip in a window of that many seconds, silence after the clip."""
        features = self._whisper.feature_extractor(clip)
        frames = min(round(window * _FRAMES_PER_S), round(WINDOW_S * _FRAMES_PER_S))
        missing = max(0, frames - features.shape[1])
        padded = np.pad(features[:, :frames], ((0, 0), (0, missing)), constant_values=features.min())
        return np.ascontiguousarray(padded, dtype=np.float32)

    def _tokenizer(self, language: str) -> Tokenizer:
        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._whisper.hf_tokenizer,
                self._whisper.model.is_multilingual,
                task="transcribe",
                language=language,
            )
        return self._tokenizers[language]

    def _words(
        self, tokenizer: Tokenizer, tokens: list[int], encoded: ctranslate2.StorageView, seconds: float
    ) -> tuple[Word, ...]:
        """Find each word's place by attention; punctuation goes with the word before it."""
        if not tokens:
            return ()
        frames = max(1, round(seconds * _FRAMES_PER_S))
        words: list[Word] = []
        for item in self._whisper.find_alignment(tokenizer, [tokens], encoded, frames)[0]:
            text, start, end = (
                item["word"],
                min(float(item["start"]), seconds),
                min(float(item["end"]), seconds),
            )
            if words and not re.search(r"\w", text):
                words[-1] = words[-1]._replace(text=words[-1].text + text)
            elif text:
                words.append(Word(text, start, max(start, end), float(item["probability"])))
        return tuple(words)
