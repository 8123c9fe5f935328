"""The ways to say a phrase, as syllables: what matching by sound compares with what was heard."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from qc.language.phrase import Choice, Gap, Literal, Part, Sequence_
from qc.matching.syllables import bit, syllables

SHORT_SYLLABLES = 5  # up to here one syllable may differ
SHORTEST_RUN = 3  # syllables in a row that a phrase with gaps must have
MAX_SPELLINGS = 256
SENTENCE_ENDS = frozenset("。?!")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much may differ: `budget` is the edit distance as a share of the pinyin letters, `share_exact` of
    the syllables must sound exactly so, phrases of fewer than `fewest` syllables must be exact throughout.
    With `one_off`, one syllable of a short phrase may differ instead."""

    budget: float
    share_exact: float
    fewest: int
    one_off: bool


STRICT = Tolerance(0.2, 0.6, 5, one_off=True)  # four syllables with one wrong are too often other words
LOOSE = Tolerance(0.3, 0.5, 4, one_off=False)  # proves nothing; enough to doubt that something is missing


@dataclass(frozen=True, slots=True)
class Segment:
    """Syllables in a row, after a gap of at most `gap` characters. `budget` in letters."""

    gap: int
    text: str
    sounds: tuple[str, ...]
    letters: str
    budget: int


@dataclass(frozen=True, slots=True)
class Row:
    """One way to say a phrase. `mask` has a bit for each of its syllables, `needed` of which must occur;
    `exact` syllables must sound exactly so. `short`: only one syllable may differ. `budget` in letters."""

    segments: tuple[Segment, ...]
    syllables: int
    budget: int
    mask: int
    needed: int
    exact: int
    short: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Syllables in a row where they were heard, and how the phrase writes them."""

    start: int
    end: int
    text: str


_Plain = tuple[tuple[int, str], ...]  # (gap before, text)


def rows(tree: Sequence_, tolerance: Tolerance) -> tuple[Row, ...]:
    """All ways to say the phrase that may be heard nearly alike; none when there are too many to try."""
    compiled = []
    for plain in sorted(set(_spelled(tree))):
        row = _row(plain, tolerance)
        longest = max(len(segment.sounds) for segment in row.segments)
        if row.syllables >= tolerance.fewest and longest >= SHORTEST_RUN:
            compiled.append(row)
    return tuple(compiled)


def _row(plain: _Plain, tolerance: Tolerance) -> Row:
    segments = tuple(_segment(gap, text, tolerance) for gap, text in plain)
    count = sum(len(segment.sounds) for segment in segments)
    short = tolerance.one_off and count <= SHORT_SYLLABLES
    distinct = {sound for segment in segments for sound in segment.sounds}
    mask = 0
    for sound in distinct:
        mask |= bit(sound)
    needed = len(distinct) - 1 if short else _ceil(len(distinct) * tolerance.share_exact)
    exact = count - 1 if short else _ceil(count * tolerance.share_exact)
    budget = int(sum(len(segment.letters) for segment in segments) * tolerance.budget)
    return Row(segments, count, budget, mask, needed, exact, short)


def _ceil(number: float) -> int:
    return -int(-number // 1)


def _segment(gap: int, text: str, tolerance: Tolerance) -> Segment:
    sounds = syllables(text)
    letters = "".join(sounds)
    if len(sounds) <= 2:
        budget = 0
    elif len(sounds) == 3:
        budget = 1
    else:
        budget = int(len(letters) * tolerance.budget)
    return Segment(gap, text, sounds, letters, budget)


def _spelled(tree: Sequence_) -> list[_Plain]:
    """All ways to write the phrase; empty when there are too many to try."""
    found: list[_Plain] = [()]
    for part in tree.parts:
        if isinstance(part, Gap):
            found = [(*row, (part.most, "")) for row in found]
            continue
        options: list[_Plain] = []
        if isinstance(part, Literal):
            options = [((0, part.text),)] if part.text else [()]
        else:
            for option in part.options:
                options += _spelled(option) if option.parts else [()]
        found = [_join(row, option) for row, option in product(found, options)]
        if len(found) > MAX_SPELLINGS:
            return []
    return found


def _join(row: _Plain, more: _Plain) -> _Plain:
    for gap, text in more:
        if row and (gap == 0 or not row[-1][1]):
            row = (*row[:-1], (row[-1][0] + gap, row[-1][1] + text))
        else:
            row = (*row, (gap, text))
    return row


def spell(tree: Sequence_, text: str) -> tuple[Piece, ...]:
    """How the phrase writes what sounds exactly like `text` from its first to its last character: of several
    ways the one that has most of the characters heard."""
    sounds = syllables(text)
    whole = (pieces for end, pieces in _spell(tree.parts, sounds, 0, ()) if end == len(sounds))
    return max(islice(whole, MAX_SPELLINGS), key=lambda pieces: alike(pieces, text), default=())


def alike(pieces: tuple[Piece, ...], text: str) -> int:
    """How many characters of `text` stand where the phrase has the same."""
    return sum(
        wanted == heard
        for piece in pieces
        for wanted, heard in zip(piece.text, text[piece.start : piece.end], strict=False)
    )


_Way = tuple[int, tuple[Piece, ...]]


def _spell(
    parts: tuple[Part, ...], sounds: tuple[str, ...], at: int, said: tuple[Piece, ...]
) -> Iterator[_Way]:
    if not parts:
        yield at, said
        return
    for end, pieces in _spell_part(parts[0], sounds, at, said):
        yield from _spell(parts[1:], sounds, end, pieces)


def _spell_part(part: Part, sounds: tuple[str, ...], at: int, said: tuple[Piece, ...]) -> Iterator[_Way]:
    if isinstance(part, Literal):
        end = at + len(part.text)
        if syllables(part.text) == sounds[at:end]:
            yield end, _grown(said, at, end, part.text)
    elif isinstance(part, Gap):
        for end in range(at, min(at + part.most, len(sounds)) + 1):
            if SENTENCE_ENDS & set(sounds[at:end]):
                return
            yield end, said
    else:
        yield from _spell_choice(part, part.most, sounds, at, said)


def _spell_choice(
    part: Choice, most: int, sounds: tuple[str, ...], at: int, said: tuple[Piece, ...]
) -> Iterator[_Way]:
    for option in part.options:
        for end, pieces in _spell(option.parts, sounds, at, said):
            if most > 1 and end > at:
                yield from _spell_choice(part, most - 1, sounds, end, pieces)
            else:
                yield end, pieces


def _grown(said: tuple[Piece, ...], start: int, end: int, text: str) -> tuple[Piece, ...]:
    if said and said[-1].end == start:
        return (*said[:-1], Piece(said[-1].start, end, said[-1].text + text))
    return (*said, Piece(start, end, text)) if text else said
