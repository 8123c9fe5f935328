"""The phrase mini-syntax: `(a|b)` alternatives, `(x)?` optional, `(x)*` up to three times, gaps, word lists.

`~` is a gap, `~12` one of at most twelve; `<name>` stands for the words of a list. A phrase is parsed once
and gives a pattern for letters, the literal text that any match must contain (to skip the pattern quickly),
and the tree from which matching by sound takes its syllables.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import re2

from qc.matching.text import fold_text

DEFAULT_GAP = {"zh": 6, "en": 3}
MAX_GAP = 30
MOST_REPEATS = 3
_NO_SYNTAX = frozenset("*+[]{}\\^")  # of regular expressions; here they would only be looked for as text
_SENTENCE_END = "。?!"
_SPACE = r" ?\b"
_NUMBER = re.compile(r"\d{3,}", re.ASCII)
_READ_ALOUD = ("零〇", "一幺", "二两", "三", "四", "五", "六", "七", "八", "九")


class PhraseError(ValueError):
    """The phrase cannot be read; the message says why. `word_list` is the name of one that there is not."""

    def __init__(self, message: str, word_list: str | None = None) -> None:
        super().__init__(message)
        self.word_list = word_list


@dataclass(frozen=True, slots=True)
class Literal:
    """Fixed text. `lead` and `trail`: a space stood before or after it (matters in English only)."""

    text: str
    lead: bool = False
    trail: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """At most so many characters (Mandarin) or words (English) of anything but a sentence end."""

    most: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences; `most` times at most."""

    options: tuple["Sequence_", ...]
    most: int = 1


@dataclass(frozen=True, slots=True)
class Sequence_:  # noqa: N801 (typing.Sequence is another thing)
    """Parts in order."""

    parts: tuple["Part", ...]


Part = Literal | Gap | Choice


class _Parser:
    def __init__(
        self, source: str, words: Mapping[str, Sequence[str]], language: str, depth: int = 0
    ) -> None:
        self.source, self.words, self.language, self.depth = source, words, language, depth
        self.at = 0

    def whole(self) -> Sequence_:
        result = self.sequence(closing="")
        if self.at < len(self.source):
            raise PhraseError(f"unexpected {self.source[self.at]!r} at character {self.at + 1}")
        if not result.parts:
            raise PhraseError("the phrase has no words")
        if isinstance(result.parts[0], Gap) or isinstance(result.parts[-1], Gap):
            raise PhraseError("a phrase may not begin or end with a gap")
        return result

    def sequence(self, closing: str) -> Sequence_:
        parts: list[Part] = []
        literal = ""
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            char = self.source[self.at]
            if char not in "(<~":
                if char in "?？" and parts and not literal and self.source[self.at - 1] == ")":
                    raise PhraseError("`?` is only allowed once after a group")
                if char in _NO_SYNTAX:
                    raise PhraseError(f"{char!r} means nothing in a phrase; use a regex for it")
                literal += char
                self.at += 1
                continue
            _flush(parts, literal)
            literal = ""
            parts.append(self.special(char))
        _flush(parts, literal)
        if closing and self.at >= len(self.source):
            raise PhraseError(f"{closing!r} is missing")
        return Sequence_(tuple(parts))

    def special(self, char: str) -> "Part":
        if char == "(":
            return self.group()
        return self.name() if char == "<" else self.gap()

    def group(self) -> Choice:
        self.at += 1
        options = [self.sequence(closing=")")]
        while self.source[self.at] == "|":
            self.at += 1
            options.append(self.sequence(closing=")"))
        self.at += 1
        most = 1
        if self.at < len(self.source) and self.source[self.at] in "?*":
            most = MOST_REPEATS if self.source[self.at] == "*" else 1
            self.at += 1
            options.append(Sequence_(()))
        if not any(option.parts for option in options):
            raise PhraseError("a group is empty")
        return Choice(tuple(options), most)

    def name(self) -> Choice:
        end = self.source.find(">", self.at)
        if end < 0:
            raise PhraseError("`>` is missing after `<`")
        name = self.source[self.at + 1 : end]
        self.at = end + 1
        optional = self.at < len(self.source) and self.source[self.at] == "?"
        self.at += optional
        if name not in self.words:
            raise PhraseError(f"there is no word list <{name}>", name)
        if self.depth > 3:
            raise PhraseError(f"the word list <{name}> contains itself")
        options = tuple(
            _Parser(word, self.words, self.language, self.depth + 1).whole() for word in self.words[name]
        )
        return Choice((*options, Sequence_(())) if optional else options)

    def gap(self) -> Gap:
        self.at += 1
        digits = ""
        while self.at < len(self.source) and self.source[self.at] in "0123456789":
            digits += self.source[self.at]
            self.at += 1
        most = int(digits) if digits else DEFAULT_GAP[self.language]
        if not 1 <= most <= MAX_GAP:
            raise PhraseError(f"a gap is 1 to {MAX_GAP}, not {most}")
        return Gap(most)


def _flush(parts: list[Part], literal: str) -> None:
    text = fold_text(literal).strip(_SENTENCE_END + " ")
    if text or literal:
        parts.append(Literal(text, literal[0].isspace(), literal[-1].isspace()))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase.

    `pattern` is RE2 source over normalised text, whose groups are the gaps. Any match contains at least one
    of the literals `required`. `fixed` is the fewest fixed characters. `tree` is for matching by sound.
    """

    source: str
    pattern: str
    required: frozenset[str]
    fixed: int
    tree: Sequence_

    @property
    def gaps(self) -> bool:
        """Whether it has gaps, which are the only groups of its pattern."""
        return _has_gap(self.tree)


def _has_gap(tree: Sequence_) -> bool:
    return any(
        isinstance(part, Gap) or (isinstance(part, Choice) and any(map(_has_gap, part.options)))
        for part in tree.parts
    )


def compile_phrase(source: str, words: Mapping[str, Sequence[str]], language: str) -> Phrase:
    """Compile one phrase.

    Raises:
        PhraseError: the syntax is wrong or a word list is unknown.
    """
    tree = _Parser(source, words, language).whole()
    required = _required(tree)
    if not required:
        raise PhraseError("every word of the phrase is optional")
    pattern = _pattern(tree, language)
    if language == "en":
        pattern = rf"\b(?:{pattern})\b"
    return Phrase(source, pattern, frozenset(required), _fewest(tree), tree)


def _pattern(tree: Sequence_, language: str) -> str:
    if language == "en":
        return _english_pattern(tree)
    out = ""
    for part in tree.parts:
        if isinstance(part, Literal):
            out += _NUMBER.sub(_digits, re2.escape(part.text))
        elif isinstance(part, Gap):
            out += f"([^{_SENTENCE_END}]{{0,{part.most}}}?)"
        else:
            out += _choice_pattern(part, language)
    return out


def _digits(number: re.Match[str]) -> str:
    """The digits of a telephone number, which recognisers also write as they are read aloud."""
    return "".join(f"[{digit}{_READ_ALOUD[int(digit)]}]" for digit in number.group())


def _english_pattern(tree: Sequence_) -> str:
    """A space is an optional space at a word border, so that `(not )?pay` and `(not)? pay` mean the same."""
    out = ""
    for part in tree.parts:
        if isinstance(part, Literal):
            out += (_SPACE if part.lead else "") + re2.escape(part.text)
            out += _SPACE if part.trail and part.text else ""
        elif isinstance(part, Gap):
            out += rf"\b((?: ?[^ {_SENTENCE_END}]+){{0,{part.most}}}?){_SPACE}"
        else:
            out += _choice_pattern(part, "en")
    return out


def _choice_pattern(part: Choice, language: str) -> str:
    filled = [_pattern(option, language) for option in part.options if option.parts]
    optional = len(filled) < len(part.options)
    count = f"{{0,{part.most}}}" if part.most > 1 else "?" if optional else ""
    return f"(?:{'|'.join(filled)}){count}"


def _required(tree: Sequence_) -> set[str]:
    """The best set of literals one of which every match contains: the longest, then the fewest."""
    best: set[str] = set()
    for part in tree.parts:
        found: set[str] = set()
        if isinstance(part, Literal):
            found = {part.text} if part.text else set()
        elif isinstance(part, Choice) and all(option.parts for option in part.options):
            inner = [_required(option) for option in part.options]
            found = set().union(*inner) if all(inner) else set()
        if found and (not best or (-min(map(len, found)), len(found)) < (-min(map(len, best)), len(best))):
            best = found
    return best


def _fewest(tree: Sequence_) -> int:
    total = 0
    for part in tree.parts:
        if isinstance(part, Literal):
            total += len(part.text)
        elif isinstance(part, Choice):
            total += min(_fewest(option) for option in part.options)
    return total
