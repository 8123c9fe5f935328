"""The faster-whisper engine: Whisper on CTranslate2."""

import math
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

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
from transcription.engines.packing import Pack, joined, pack, unpacked
from transcription.engines.shared import Shared
from transcription.engines.whisper_model import encoded, open_model
from transcription.types import Word

NAME = "faster-whisper"
BUNDLED = "bundled"
WINDOW_S = 30.0
SHORTEST_WINDOW_S = 5.0
# More at once cost more memory and save nothing.
WINDOWS_AT_ONCE = 8
# Clips are packed up to this: longer packs make the decoder leave words out.
PACKED_S = 18.5
# Transcripts followed at the first hearing: more cost a third more, and gain a fiftieth of the errors.
FIRST_BEAM = 2
# Silence between the clips in one window: enough to tell which words belong to which.
GAP_S = 0.5
_FRAMES_PER_S = 100
_MAX_TOKENS = 224


class Way(NamedTuple):
    """One way of hearing clips: how much of the model's window they get, and how they are decoded.

    Whisper was trained on 30 s of connected speech. Consecutive clips of one speaker are packed together up
    to `packed_s`: they give each other context. A window that fits what is in it reads as well as the full
    one, and the encoder does not pay for silence (docs/adr/0010-how-whisper-listens.md).
    """

    ratio: float
    extra_s: float
    beam_size: int
    packed_s: float = 0.0
    time_marks: bool = False
    loop_tokens: int = 0

    def window(self, seconds: float) -> float:
        """Seconds of window for so much sound."""
        return min(
            WINDOW_S, max(SHORTEST_WINDOW_S, math.ceil((seconds * self.ratio + self.extra_s) * 10) / 10)
        )


def ways(beam_size: int) -> tuple[Way, ...]:
    """Packed, quickly; then one by one with time marks, which keep the decoder from leaving words out; then
    in a wider window; then in the full one, loops forbidden."""
    return (
        Way(1.0, 0.5, min(beam_size, FIRST_BEAM), packed_s=PACKED_S),
        Way(1.5, 1.0, beam_size, time_marks=True),
        Way(2.0, 1.0, beam_size),
        Way(1.0, WINDOW_S, beam_size, time_marks=True, loop_tokens=6),
    )


def whisper_engine(settings: EngineSettings) -> "WhisperEngine":
    """Load the model that the settings name: `bundled`, a folder, or a hub id.

    Who asks for the same one gets the same one, as long as anybody holds it.

    Raises:
        EngineError: `model.missing`, `model.damaged`, `model.unwritable`, `model.unreadable`,
            `engine.no_gpu`, `engine.compute_type`.
    """
    return _shared(settings)


class _Batch(NamedTuple):
    """Packs that are read together, and how the encoder sees them."""

    packs: list[Pack]
    encoded: ctranslate2.StorageView


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
    return WhisperEngine(open_model(source, settings), model_name, settings)


class WhisperEngine:
    """Hears clips without prompt and without temperature: the same clip reads the same."""

    name = NAME

    def __init__(self, model: WhisperModel, model_name: str, settings: EngineSettings) -> None:
        self.model = model_name
        self._whisper = model
        self._beam_size = settings.beam_size
        self._ways = ways(settings.beam_size)
        self._tokenizers: dict[str, Tokenizer] = {}

    @property
    def options(self) -> Options:
        """Everything that decides what it writes, and what it was computed on and how."""
        return {
            "beam_size": self._beam_size,
            "device": str(self._whisper.model.device),
            "compute_type": str(self._whisper.model.compute_type),
            "temperature": 0.0,
            "windows": " ".join(f"{way.ratio:g}x+{way.extra_s:g}s/{way.beam_size}" for way in self._ways),
            "packed": f"{PACKED_S:g}s, {GAP_S:g}s between",
            "library": f"ctranslate2 {ctranslate2.__version__}",
        }

    @property
    def ways(self) -> int:
        """See `ways`."""
        return len(self._ways)

    def hear(
        self, clips: Sequence[Samples], language: str | None, way: int = 0, *, speakers: Sequence[int] = ()
    ) -> Hearing:
        """Write down clips of at most 30 s each; consecutive ones of one speaker give each other context."""
        chosen = self._ways[way]
        packs = list(_packs(clips, chosen, speakers or (0,) * len(clips)))
        batches = [
            _Batch(fitting, self._encode([joined(clips, packed) for packed in fitting], window))
            for window, fitting in _batches(packs, chosen)
        ]
        guess = self._guess_language(batches) if language is None else None
        tokenizer = self._tokenizer(guess.language if guess is not None else language or "zh")
        readings: dict[int, Reading] = {}
        for batch in batches:
            readings.update(self._read(batch, tokenizer, chosen))
        return Hearing(tuple(readings[place] for place in range(len(clips))), guess)

    def likelihoods(self, clip: Samples, language: str, texts: Sequence[str]) -> tuple[float, ...]:
        """How likely each text is, given the clip: the sum of the log probabilities of its tokens."""
        tokenizer = self._tokenizer(language)
        once = np.asarray(self._encode([clip], self._ways[0].window(len(clip) / RATE)))
        sound = ctranslate2.StorageView.from_array(np.repeat(once, len(texts), axis=0))
        tokens = [tokenizer.encode(text) for text in texts]
        aligned = self._whisper.model.align(
            sound, tokenizer.sot_sequence, tokens, round(len(clip) / RATE * _FRAMES_PER_S)
        )
        return tuple(float(np.log(np.maximum(found.text_token_probs, 1e-10)).sum()) for found in aligned)

    def _encode(self, sounds: Sequence[Samples], window: float) -> ctranslate2.StorageView:
        """Encode windows one by one, which costs half of encoding them together."""
        parts = [encoded(self._whisper, self._features(sound, window)) for sound in sounds]
        return ctranslate2.StorageView.from_array(np.ascontiguousarray(np.concatenate(parts)))

    def _guess_language(self, batches: Sequence[_Batch]) -> LanguageGuess:
        """Add up what each window sounds like."""
        total: dict[str, float] = {}
        for batch in batches:
            for guesses in self._whisper.model.detect_language(batch.encoded):
                for token, probability in guesses:
                    total[token] = total.get(token, 0.0) + probability
        token = max(total, key=lambda name: total[name])
        windows = sum(len(batch.packs) for batch in batches)
        return LanguageGuess(token.removeprefix("<|").removesuffix("|>"), total[token] / windows)

    def _read(self, batch: _Batch, tokenizer: Tokenizer, way: Way) -> Iterator[tuple[int, Reading]]:
        """The reading of each clip in the batch, by its place."""
        prompt = self._whisper.get_prompt(tokenizer, [], without_timestamps=not way.time_marks)
        results = self._whisper.model.generate(
            batch.encoded,
            [prompt] * len(batch.packs),
            beam_size=way.beam_size,
            no_repeat_ngram_size=way.loop_tokens,
            max_length=_MAX_TOKENS,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=self._never_written(tokenizer),
        )
        tokens = [[token for token in found.sequences_ids[0] if token < tokenizer.eot] for found in results]
        frames = [max(1, round(packed.seconds * _FRAMES_PER_S)) for packed in batch.packs]
        placed = self._whisper.find_alignment(tokenizer, tokens, batch.encoded, frames)
        for packed, items, written, found in zip(batch.packs, placed, tokens, results, strict=True):
            words = _words(items, packed.seconds)
            if len(packed.places) == 1:
                text, no_speech = tokenizer.decode(written).strip(), float(found.no_speech_prob)
                yield packed.places[0], Reading(text, words, float(found.scores[0]), no_speech)
                continue
            for place, own in zip(packed.places, unpacked(words, packed), strict=True):
                yield place, Reading(_text(own), own, _log_probability(own))

    def _never_written(self, tokenizer: Tokenizer) -> list[int]:
        """Marks for what is no speech, and in Mandarin figures: spoken numbers are written as they are said.

        Left to write figures, Whisper makes hundred-million amounts of a telephone number.
        """
        suppressed = list(get_suppressed_tokens(tokenizer, [-1]))
        return suppressed + self._figures if tokenizer.language_code == "zh" else suppressed

    @cached_property
    def _figures(self) -> list[int]:
        tokenizer = self._whisper.hf_tokenizer
        return [
            token
            for token in range(tokenizer.get_vocab_size(with_added_tokens=False))
            if re.search(r"[0-9０-９]", tokenizer.decode([token]))
        ]

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


def _packs(clips: Sequence[Samples], way: Way, speakers: Sequence[int]) -> Iterator[Pack]:
    """Clips of one speaker share a window, never those of two."""
    for speaker in sorted(set(speakers)):
        places = [place for place, each in enumerate(speakers) if each == speaker]
        for packed in pack([len(clips[place]) / RATE for place in places], way.packed_s, GAP_S):
            yield packed._replace(places=tuple(places[place] for place in packed.places))


def _batches(packs: Sequence[Pack], way: Way) -> Iterator[tuple[float, list[Pack]]]:
    """Packs of like length, as many as are read together, with the window in seconds that fits them all."""
    by_length = sorted(packs, key=lambda packed: (-packed.seconds, packed.places))
    for start in range(0, len(by_length), WINDOWS_AT_ONCE):
        batch = by_length[start : start + WINDOWS_AT_ONCE]
        yield way.window(batch[0].seconds), batch


def _words(items: Sequence[dict[str, Any]], seconds: float) -> tuple[Word, ...]:
    """Aligned words; punctuation goes with the word before it."""
    words: list[Word] = []
    for item in items:
        text, start, end = item["word"], min(float(item["start"]), seconds), min(float(item["end"]), seconds)
        if words and not re.search(r"\w", text):
            words[-1] = words[-1]._replace(text=words[-1].text + text)
        elif text:
            words.append(Word(text, start, max(start, end), float(item["probability"])))
    return tuple(words)


def _text(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words).strip()


def _log_probability(words: Sequence[Word]) -> float | None:
    """Mean log probability of the words of one clip among several."""
    if not words:
        return None
    return math.fsum(math.log(max(word.confidence, 1e-6)) for word in words) / len(words)


_shared = Shared(_load)
