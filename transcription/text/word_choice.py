"""Which of several words that sound alike was meant.

Recognisers hear the sound and then guess the characters: 核实 comes back as 何时, 工号 as 公号. A small
language model (character trigrams of calls, over the words of a dictionary) chooses among characters of the
same syllable. It never changes what was heard, only how that is written, and was taught no sentence that
a rule accuses anybody of (docs/adr/0012-words-that-sound-alike.md, `scripts/train_word_choice.py`).
"""

import gzip
import hashlib
import json
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from pypinyin import lazy_pinyin

from transcription.types import Word

MODEL_FILE = "word_choice.json.gz"
# What another character has to be better by (natural logarithm), for one that the recogniser is sure of and
# for one that it is not sure of at all.
SURE_COST = 6.0
UNSURE_COST = 3.0
# Hypotheses kept at each character.
_BEAM = 6
_EDGE = "^"
_OTHER = "$"
_RUN = re.compile(r"[一-鿿]+")


# What a word is worth whose characters were chosen here: enough to read, not to accuse anybody by itself.
CHOSEN_CONFIDENCE = 0.39


class Counts(NamedTuple):
    """What the model was trained on: how often each n-gram occurs in calls, and in the words of a dictionary
    weighted by their frequency; and the characters of every syllable."""

    calls: Mapping[str, int]
    dictionary: Mapping[str, int]
    sounds: Mapping[str, str]


class Choice(NamedTuple):
    """One way to write what was heard so far: its log probability, the last two characters, all of them."""

    score: float
    before: str
    last: str
    text: str


class WordChoice:
    """A language model of characters: trigrams of calls, backed by the words of a dictionary."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._follow: dict[str, int] = defaultdict(int)
        self._kinds: dict[str, int] = defaultdict(int)
        self._calls = self._words = 0
        for gram, count in counts.calls.items():
            if len(gram) == 1:
                self._calls += count
            else:
                self._follow[gram[:-1]] += count
                self._kinds[gram[:-1]] += 1
        self._words = sum(count for gram, count in counts.dictionary.items() if len(gram) == 1)
        self._score = lru_cache(maxsize=200_000)(self._log_probability)

    def choose(self, text: str, confidence: Sequence[float]) -> str:
        """Write a run of Chinese characters with the likeliest ones of the same sounds.

        Args:
            text: the run.
            confidence: how sure the recogniser is of each character, 0..1.
        """
        syllables = lazy_pinyin(text)
        if len(syllables) != len(text):
            return text
        choices = [Choice(0.0, _EDGE, _EDGE, "")]
        for char, syllable, sure in zip(text, syllables, confidence, strict=True):
            cost = UNSURE_COST + sure * (SURE_COST - UNSURE_COST)
            options = dict.fromkeys(self._counts.sounds.get(syllable, ""), cost) | {char: 0.0}
            choices = self._extended(choices, options)
        ended = (choice._replace(score=self._next(choice, _OTHER)) for choice in choices)
        return max(ended, key=lambda choice: choice.score).text

    def _extended(self, choices: Sequence[Choice], options: Mapping[str, float]) -> list[Choice]:
        best: dict[tuple[str, str], Choice] = {}
        for choice in choices:
            for char, cost in options.items():
                score = self._next(choice, char) - cost
                known = best.get((choice.last, char))
                if known is None or score > known.score:
                    best[choice.last, char] = Choice(score, choice.last, char, choice.text + char)
        return sorted(best.values(), key=lambda choice: (-choice.score, choice.text))[:_BEAM]

    def _next(self, choice: Choice, char: str) -> float:
        return choice.score + self._score(choice.before, choice.last, char)

    def _log_probability(self, before: str, last: str, char: str) -> float:
        """Witten-Bell smoothing: what follows often in calls counts, the dictionary where they are silent."""
        probability = self._dictionary(last, char)
        for context in (last, before + last):
            follow = self._follow.get(context, 0)
            if follow:
                kinds = self._kinds[context]
                seen = self._counts.calls.get(context + char, 0)
                probability = (seen + kinds * probability) / (follow + kinds)
        return math.log(probability + 1e-12)

    def _dictionary(self, last: str, char: str) -> float:
        """Alone as often as it is used, or as the next character of a word."""
        alone = 0.5 * self._counts.calls.get(char, 0) / self._calls
        alone += 0.5 * (self._counts.dictionary.get(char, 0) + 1) / self._words
        follows = self._counts.dictionary.get(last, 0)
        if not follows:
            return alone
        return 0.5 * self._counts.dictionary.get(last + char, 0) / follows + 0.5 * alone


@cache
def word_choice() -> WordChoice:
    """The shipped model, read once."""
    document = json.loads(gzip.decompress(_model_bytes()))
    return WordChoice(Counts(document["calls"], document["dictionary"], document["sounds"]))


@cache
def word_choice_version() -> str:
    """Which model chooses: the first 12 digits of its SHA-256. Another one may write other words."""
    return hashlib.sha256(_model_bytes()).hexdigest()[:12]


def _model_bytes() -> bytes:
    return resources.files(__package__).joinpath(MODEL_FILE).read_bytes()


def settle_words(
    text: str, words: Sequence[Word], confidence: float, model: WordChoice | None = None
) -> tuple[str, tuple[Word, ...]]:
    """A text and its words, written as they were most likely meant.

    Args:
        text: as the recogniser wrote it, in simplified characters.
        words: its words in order; none where the recogniser does not tell them.
        confidence: how sure it is of the whole text, 0..1: counts where no word does.
        model: what chooses; the shipped one when None.
    """
    sure, places, end = [confidence] * len(text), [], 0
    for word in words:
        start = text.find(word.text.strip(), end)
        end = start + len(word.text.strip()) if start >= 0 else end
        places.append((start, end))
        if start >= 0:
            sure[start:end] = [word.confidence] * (end - start)
    settled = settle(text, sure, model)
    chosen = tuple(
        _chosen(word, settled[start:end]) if start >= 0 and settled[start:end] != text[start:end] else word
        for word, (start, end) in zip(words, places, strict=True)
    )
    return settled, chosen


def _chosen(word: Word, text: str) -> Word:
    return word._replace(text=text, confidence=min(word.confidence, CHOSEN_CONFIDENCE))


def settle(text: str, confidence: Sequence[float], model: WordChoice | None = None) -> str:
    """Write every run of Chinese characters in a text as it was most likely meant; its length stays.

    Args:
        text: as the recogniser wrote it, in simplified characters.
        confidence: how sure it is of each character of the text, 0..1.
        model: what chooses; the shipped one when None.
    """
    chooser = model or word_choice()
    parts, end = [], 0
    for run in _RUN.finditer(text):
        parts += [
            text[end : run.start()],
            chooser.choose(run.group(), confidence[run.start() : run.end()]),
        ]
        end = run.end()
    return "".join((*parts, text[end:]))
