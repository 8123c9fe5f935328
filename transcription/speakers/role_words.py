"""How much words speak for the agent or for the customer: a table of weights, learnt from labelled calls."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pypinyin import lazy_pinyin

RoleLanguage = Literal["zh", "en"]

TABLE = Path(__file__).parent / "role_words.tsv"
# Longer runs of words than this are too rare to learn from.
_LONGEST = 3
# One turn says no more than this, or a single long speech would decide the call.
MOST_PER_TURN = 3.0
# The weight of any turn, whatever is said: long turns with many known words are rather the agent's.
ANY_TURN = "*"
# In recognised Mandarin a space is a pause.
_PHRASE: Mapping[RoleLanguage, re.Pattern[str]] = {
    "zh": re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+"),
    "en": re.compile(r"[A-Za-z0-9' ]+"),
}
_NUMBER = re.compile(r"[0-9]+")
_TOKEN_EN = re.compile(r"#|[a-z']+")


def weigh(text: str, language: RoleLanguage) -> float:
    """How much one turn speaks for the agent (above 0) or the customer (below 0)."""
    weights = _weights()[language]
    found = weights[ANY_TURN] + sum(weights.get(run, 0.0) for run in runs(text, language))
    return max(-MOST_PER_TURN, min(MOST_PER_TURN, found))


def runs(text: str, language: RoleLanguage) -> set[str]:
    """All runs of up to three words, or syllables in Mandarin, within the phrases of a text.

    Mandarin is compared by sound, because the recogniser confuses characters that sound alike. Any number
    is `#`: which one it is says nothing about the speaker.
    """
    return {
        run for phrase in _PHRASE[language].findall(text) for run in _phrase_runs(_tokens(phrase, language))
    }


def _tokens(phrase: str, language: RoleLanguage) -> list[str]:
    phrase = _NUMBER.sub("#", phrase.lower())
    return _TOKEN_EN.findall(phrase) if language == "en" else lazy_pinyin(phrase)


def _phrase_runs(tokens: list[str]) -> Iterator[str]:
    for length in range(1, _LONGEST + 1):
        for start in range(len(tokens) - length + 1):
            yield " ".join(tokens[start : start + length])


@cache
def _weights() -> Mapping[RoleLanguage, Mapping[str, float]]:
    table: dict[RoleLanguage, dict[str, float]] = {"zh": {}, "en": {}}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        language, run, weight = line.split("\t")
        table["en" if language == "en" else "zh"][run] = float(weight)
    return table
