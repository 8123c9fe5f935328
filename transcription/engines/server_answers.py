"""What a transcription server answers, checked before anything believes it."""

import math
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from transcription.engines.engine import Reading
from transcription.engines.tokens import UNTOLD_CONFIDENCE
from transcription.types import Word

# Servers round, and word times come from attention: that far outside the clip a time is still taken.
TOLERANCE_S = 0.5
# So much earlier than the word before it may a word begin.
_BACK_S = 0.1
# Nobody speaks so much in one clip.
_MAX_TEXT, _MAX_WORDS, _MAX_SEGMENTS = 20_000, 5_000, 1_000

_NAMES = {
    "arabic": "ar",
    "cantonese": "yue",
    "chinese": "zh",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "hindi": "hi",
    "indonesian": "id",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "malay": "ms",
    "mandarin": "zh",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "thai": "th",
    "turkish": "tr",
    "vietnamese": "vi",
}


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class _Word(_Part):
    word: str = Field(max_length=200)
    start: FiniteFloat
    end: FiniteFloat
    probability: FiniteFloat | None = Field(default=None, ge=0, le=1)


class _Segment(_Part):
    avg_logprob: FiniteFloat | None = None
    no_speech_prob: FiniteFloat | None = Field(default=None, ge=0, le=1)
    tokens: list[int] | None = Field(default=None, max_length=_MAX_WORDS)


class _Answer(_Part):
    text: str = Field(max_length=_MAX_TEXT)
    language: str | None = Field(default=None, max_length=40)
    words: list[_Word] | None = Field(default=None, max_length=_MAX_WORDS)
    segments: list[_Segment] | None = Field(default=None, max_length=_MAX_SEGMENTS)


class BadAnswerError(ValueError):
    """Why an answer cannot be used; holds nothing of its text."""


def read_answer(body: bytes, seconds: float) -> tuple[Reading, str | None]:
    """The reading, and the language where the server tells it (ISO 639-1 where its name is known).

    Args:
        body: the answer, JSON in the form `json` or `verbose_json`.
        seconds: length of the clip.

    Raises:
        BadAnswerError: it is not of that form, or its times cannot be.
    """
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        message = "it is no JSON" if problem["type"] == "json_invalid" else problem["msg"]
        raise BadAnswerError(f"{place}: {message}" if place else message) from None
    sureness = _log_probability(answer.segments or ())
    reading = Reading(
        text=answer.text.strip(),
        words=_words(answer.words or (), seconds, _confidence(sureness)),
        log_probability=sureness,
        no_speech=_no_speech(answer.segments or ()),
    )
    return reading, language_code(answer.language)


def language_code(told: str | None) -> str | None:
    """`zh` of `zh`, `zh-CN` or `Chinese`; an unknown name stays as it is, and is then not supported."""
    name = (told or "").strip().lower().replace("_", "-")
    return _NAMES.get(name, name.split("-")[0]) or None


def _words(words: Sequence[_Word], seconds: float, untold: float) -> tuple[Word, ...]:
    checked: list[Word] = []
    before, start = -math.inf, 0.0
    for index, word in enumerate(words):
        if word.end < word.start:
            raise BadAnswerError(f"words.{index}: it ends before it begins")
        if word.start < -TOLERANCE_S or word.end > seconds + TOLERANCE_S:
            raise BadAnswerError(f"words.{index}: its times lie outside the clip of {seconds:.2f} s")
        if word.start < before - _BACK_S:
            raise BadAnswerError(f"words.{index}: it begins before the word before it")
        before = word.start
        start = min(max(word.start, start), seconds)
        sure = untold if word.probability is None else word.probability
        if word.word.strip():
            checked.append(Word(word.word, start, min(max(word.end, start), seconds), sure))
    return tuple(checked)


def _log_probability(segments: Sequence[_Segment]) -> float | None:
    """Mean over the tokens; a segment whose tokens are not told counts as one."""
    told = [(s.avg_logprob, len(s.tokens or ()) or 1) for s in segments if s.avg_logprob is not None]
    total = sum(weight for _, weight in told)
    return math.fsum(value * weight for value, weight in told) / total if told else None


def _confidence(log_probability: float | None) -> float:
    return UNTOLD_CONFIDENCE if log_probability is None else math.exp(min(0.0, log_probability))


def _no_speech(segments: Sequence[_Segment]) -> float | None:
    """The belief that nobody spoke in any of the segments: at most that in the likeliest speech."""
    return min((s.no_speech_prob for s in segments if s.no_speech_prob is not None), default=None)
