"""Counting what was heard wrong: both texts as they are read aloud, then aligned character by character."""

import re
from dataclasses import dataclass

import cn2an
from rapidfuzz.distance import Levenshtein

from transcription.text.simplify import simplify

_NUMBER = re.compile(r"\d[\d,]*(\.\d+)?")
_LONGEST_NUMBER = 9


def spoken(text: str) -> str:
    """Letters and characters only, numbers as they are read, so that 4,900 and 四千九百 are the same."""
    read = _NUMBER.sub(lambda match: _read(match.group().replace(",", "")), simplify(text).lower())
    return re.sub(r"[^一-鿿a-z]", "", read.replace("幺", "一").replace("两", "二"))


def _read(number: str) -> str:
    if len(number) > _LONGEST_NUMBER or (number.startswith("0") and len(number) > 1):
        return "".join("零一二三四五六七八九"[int(digit)] for digit in number if digit.isdigit())
    return str(cn2an.an2cn(number))


@dataclass(frozen=True, slots=True)
class Errors:
    """How many characters were said, and how many of them went wrong in which way."""

    said: int = 0
    deletions: int = 0
    insertions: int = 0
    substitutions: int = 0

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(
            self.said + other.said,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
            self.substitutions + other.substitutions,
        )

    def share(self, count: int) -> float:
        """A count of errors per character said."""
        return count / self.said if self.said else 0.0

    @property
    def rate(self) -> float:
        """The character error rate (CER): all errors per character said. Can be above 1."""
        return self.share(self.deletions + self.insertions + self.substitutions)


def count_errors(said: str, heard: str) -> Errors:
    """Align two texts with the fewest edits; both are normalised by `spoken` first."""
    reference, found = spoken(said), spoken(heard)
    tags = [edit.tag for edit in Levenshtein.editops(reference, found)]
    return Errors(len(reference), tags.count("delete"), tags.count("insert"), tags.count("replace"))
