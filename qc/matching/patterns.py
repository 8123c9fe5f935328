"""Regular expressions of rules, run by RE2 in linear time."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import re2
from re2 import _Anchor

from qc.matching.text import fold_text

_WORD_LIST = re.compile(r"<([\w-]+)>")
_NAMED_GROUP = re.compile(r"\(\?P<")
_ANY_CHARACTER = re.compile(r"\\.|\[[^\]]*\]|\.")  # a bare dot, told from an escaped one and one in a class
_FULL_WIDTH = str.maketrans({"？": r"\?", "！": "!", "；": "。", "（": r"\(", "）": r"\)"})


class PatternError(ValueError):
    """The expression is refused; the message says why."""


def _options(*, groups: bool) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.never_capture = not groups
    return options


OPTIONS = _options(groups=True)
WITHOUT_GROUPS = _options(groups=False)  # three times as fast where only the whole match matters
# RE2 takes time in proportion to the text, but also to the size of the expression: (.{1,1000})x alone takes
# most of a second on a long utterance. Within these bounds nothing takes a tenth of one.
MOST_STEPS = 20_000
LONGEST_EXPRESSION = 20_000
# Characters in a row: RE2 keeps a state for each, and beyond some 1,200 of one letter it runs out of room.
LONGEST_WRITTEN = 1_000
MOST_MATCHES = 100  # of one expression in one utterance


def spans(pattern: Any, encoded: bytes, most: int = MOST_MATCHES) -> list[tuple[int, int]]:
    """The places of all matches (the first `most`) that are not empty, in bytes of UTF-8.

    The same as `pattern.finditer(encoded)`, which spends twice the time of the search on objects for groups.
    """
    match, at, size = pattern._regexp.Match, 0, len(encoded)
    found: list[tuple[int, int]] = []
    while True:
        start, end = match(_Anchor.UNANCHORED, encoded, at, size)[0]
        if start < 0:
            return found
        if end > start:
            found.append((start, end))
        if end >= size or len(found) == most:
            return found
        at = end if end > at else at + 1


def characters(encoded: bytes, start: int, end: int) -> tuple[int, int]:
    """A span of bytes of UTF-8 as a span of characters."""
    first = len(encoded[:start].decode())
    return first, first + len(encoded[start:end].decode())


def compile_regex(source: str, words: Mapping[str, Sequence[str]]) -> Any:
    """Compile a rule's regular expression; `<name>` stands for the words of a list.

    It is matched against normalised text (lower case, no commas, sentence ends `。`, `?`, `!`). A dot
    stands for any character of the same sentence: what is said in two sentences is not one statement.

    Raises:
        PatternError: RE2 refuses it, a word list is unknown, or it looks for a character that
            normalised text never has.
    """
    if _NAMED_GROUP.search(source):
        raise PatternError("named groups are not needed; use (?:…)")

    def listed(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in words:
            raise PatternError(f"there is no word list <{name}>")
        for word in words[name]:
            _short_enough(word)
            if set(word) & set("()|~<>"):
                raise PatternError(f"the word list <{name}> has phrase syntax, which a regex cannot use")
        return "(?:" + "|".join(re2.escape(fold_text(word)) for word in words[name]) + ")"

    _short_enough(source)
    expanded = _WORD_LIST.sub(listed, source).translate(_FULL_WIDTH)
    outside_classes = re.sub(r"\[[^\]]*\]", "", expanded)
    if set(outside_classes) & set("，、,"):
        stripped = re.sub(r"\{\d*,\d*\}", "", outside_classes)
        if set(stripped) & set("，、,"):
            raise PatternError("commas are dropped before matching, so this can never match")
    expanded = _ANY_CHARACTER.sub(
        lambda found: "[^。?!]" if found.group() == "." else found.group(), expanded
    )
    return _compiled(source, expanded)


def _short_enough(text: str) -> None:
    if len(text) > LONGEST_WRITTEN:
        raise PatternError(f"{text[:40]!r}… is {len(text)} characters long; split it, or write phrases")


def _compiled(source: str, expanded: str) -> Any:
    """The expression, unless RE2 refuses it or it might take long."""
    if len(expanded) > LONGEST_EXPRESSION:
        raise PatternError(f"{source[:40]!r}… is {len(expanded)} characters long; split it, or write phrases")
    try:
        compiled = re2.compile(expanded, WITHOUT_GROUPS)
    except re2.error as error:
        detail = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error.args[0])
        raise PatternError(f"RE2 refuses {source!r}: {detail}") from None
    steps = compiled.programsize + compiled.reverseprogramsize
    if steps > MOST_STEPS:
        raise PatternError(
            f"{source[:40]!r} is too costly ({steps} steps, at most {MOST_STEPS}); repeat less, as {{0,30}}"
        )
    return compiled
