"""The ways to say a phrase, as sounds: what matching by sound compares with what was heard."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from qc.language.phrase import Choice, Gap, Literal, Part, Sequence_
from qc.matching.readings import BREAKS, FIRST_CODE, apart, family, is_break, kind, kinds_alike, letters

SHORT_SYLLABLES, LONG_SYLLABLES = 5, 10  # up to the first one may differ, from the second on three
SHORTEST_RUN = 3  # syllables in a row that a phrase with gaps must have
MAX_SPELLINGS = 256


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much may differ of a phrase without gaps. `budget` is the distance as a share of its letters.
    Phrases of fewer than `fewest` syllables must be exact. `lax`: half of the syllables may
    differ, else few, and in phrases of up to five syllables only one, by half its letters."""

    budget: float
    fewest: int
    lax: bool

    def differences(self, syllables: int) -> int:
        """How many of so many syllables may differ, be missing or be too many."""
        if self.lax:
            return syllables // 2
        return 1 if syllables <= SHORT_SYLLABLES else 2 if syllables < LONG_SYLLABLES else 3


STRICT = Tolerance(0.2, 5, lax=False)  # four syllables with one wrong are too often other words
LOOSE = Tolerance(0.3, 4, lax=True)  # proves nothing; enough to doubt that something is missing


@dataclass(frozen=True, slots=True)
class Row:
    """One way to say a phrase without gaps: its kinds of sound, their letters, and how much may differ. With
    `one_off` only one syllable may, and none be missing. `mask` has a bit for each family of its sounds, of
    which `needed` must be heard."""

    text: str
    kinds: tuple[int, ...]
    letters: int
    budget: int
    differences: int
    one_off: bool
    mask: int
    needed: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Syllables in a row where they were heard, and how the phrase writes them."""

    start: int
    end: int
    text: str


def rows(tree: Sequence_, tolerance: Tolerance) -> tuple[Row, ...]:
    """All ways to say the phrase that may be heard nearly alike: none that have a gap or a sentence end, none
    when there are too many to try."""
    spelled = sorted(set(_spelled(tree) or ()))
    return tuple(
        _row(text, tolerance) for text in spelled if len(text) >= tolerance.fewest and BREAKS.isdisjoint(text)
    )


def _row(text: str, tolerance: Tolerance) -> Row:
    kinds = tuple(map(kind, text))
    count = sum(map(letters, kinds))
    differences = tolerance.differences(len(kinds))
    one_off = not tolerance.lax and len(kinds) <= SHORT_SYLLABLES
    mask = family_mask(text)
    needed = mask.bit_count() - differences
    return Row(text, kinds, count, int(count * tolerance.budget), differences, one_off, mask, needed)


def family_mask(text: str) -> int:
    """A number with a bit for each family of sounds in a text, for quick comparison."""
    mask = 0
    for char in set(text) - BREAKS:
        mask |= 1 << (ord(family(char)) - FIRST_CODE)
    return mask


def _spelled(tree: Sequence_) -> list[str] | None:
    """All ways to write the phrase that have no gap; None when there are too many to try."""
    found = [""]
    for part in tree.parts:
        if isinstance(part, Gap):
            return []
        options: list[str] = []
        for option in [part] if isinstance(part, Literal) else part.options:
            spelled = [option.text] if isinstance(option, Literal) else _spelled(option)
            if spelled is None:
                return None
            options += spelled
        found = [before + option for before, option in product(found, options)]
        if len(found) > MAX_SPELLINGS:
            return None
    return found


def near(row: Row, heard: tuple[int, ...], start: int, more: int) -> int | None:
    """By how many letters the row does not sound like what was heard from `start`: as many syllables as it
    has, or one lost (`more` -1), or one too many (1). None beyond its tolerance."""
    said = heard[start : start + len(row.kinds) + more]
    if len(said) != len(row.kinds) + more or any(map(is_break, said)):
        return None
    return _substituted(row, said) if more == 0 else _one_more_or_less(row, said, more)


def _substituted(row: Row, said: tuple[int, ...]) -> int | None:
    """By how many letters as many syllables differ; None if too far."""
    distance = differences = 0
    for wanted, heard in zip(row.kinds, said, strict=True):
        off = apart(wanted, heard)
        if off:
            distance += off
            differences += 1
            if differences > row.differences:
                return None
            if row.one_off and off > max(letters(wanted), letters(heard)) // 2:
                return None
    return distance if row.one_off or distance <= row.budget else None


def _one_more_or_less(row: Row, said: tuple[int, ...], more: int) -> int | None:
    """By how many letters the syllables differ, one of which was lost (`more` -1) or added (1)."""
    short, long = (said, row.kinds) if more < 0 else (row.kinds, said)
    before = _costs(short, long[:-1])
    after = _costs(short[::-1], long[:0:-1])[::-1]
    found = [
        distance
        for at, extra in enumerate(long)
        if (distance := before[at][0] + letters(extra) + after[at][0]) <= row.budget
        and before[at][1] + 1 + after[at][1] <= row.differences
    ]
    return min(found, default=None)


def _costs(one: tuple[int, ...], other: tuple[int, ...]) -> list[tuple[int, int]]:
    """Letters and syllables by which the first 0, 1, 2 … of two equally long rows differ."""
    found = [(0, 0)]
    for here, there in zip(one, other, strict=True):
        off = apart(here, there)
        found.append((found[-1][0] + off, found[-1][1] + (off > 0)))
    return found


_Way = tuple[int, tuple[Piece, ...]]  # where it ends, and how it was written up to there


class Speller:
    """How a phrase writes what was heard."""

    def __init__(self, tree: Sequence_) -> None:
        self._tree = tree
        # By choice and first sound, in order; those that may begin with any sound under None.
        self._options_of: dict[int, dict[int | None, list[tuple[int, Sequence_]]]] = {}
        self._may_begin: dict[tuple[int, int], list[Sequence_]] = {}  # by choice and sound heard

    def prepare(self, part: Part | Sequence_) -> None:
        """Work out the sounds that the options of choices begin with."""
        if isinstance(part, Choice):
            by_first = self._options_of[id(part)] = {}
            for number, option in enumerate(part.options):
                by_first.setdefault(_first(option), []).append((number, option))
        for inner in _inner(part):
            self.prepare(inner)

    def spell(self, text: str) -> tuple[Piece, ...]:
        """How the phrase writes what sounds exactly like `text` from its first to its last character: of
        several ways the one that has most of the characters heard."""
        sounds = tuple(map(kind, text))
        ways = (pieces for end, pieces in self._parts(self._tree.parts, sounds, 0, ()) if end == len(sounds))
        whole = list(islice(ways, MAX_SPELLINGS))
        if len(whole) == 1:  # as nearly always
            return whole[0]
        return max(whole, key=lambda pieces: alike(pieces, text), default=())

    def _parts(
        self,
        parts: tuple[Part, ...],
        sounds: tuple[int, ...],
        at: int,
        said: tuple[Piece, ...],
        first: int = 0,
    ) -> Iterator[_Way]:
        """The ways that parts from the `first` on may have been said from `at` on."""
        for number in range(first, len(parts)):
            part = parts[number]
            if isinstance(part, Literal):
                if not _sounds_so(part.text, sounds, at):
                    return
                end = at + len(part.text)
                at, said = end, _grown(said, at, end, part.text)
                continue
            ways = (
                self._choice(part, part.most, sounds, at, said)
                if isinstance(part, Choice)
                else _gap(part, sounds, at, said)
            )
            for end, pieces in ways:
                yield from self._parts(parts, sounds, end, pieces, number + 1)
            return
        yield at, said

    def _choice(
        self, part: Choice, most: int, sounds: tuple[int, ...], at: int, said: tuple[Piece, ...]
    ) -> Iterator[_Way]:
        for option in self._options(part, sounds[at]) if at < len(sounds) else part.options:
            ways: Iterable[_Way]
            text = _only(option)
            if text is None:
                ways = self._parts(option.parts, sounds, at, said)
            elif _sounds_so(text, sounds, at):
                ways = ((at + len(text), _grown(said, at, at + len(text), text)),)
            else:
                continue
            for end, pieces in ways:
                if most > 1 and end > at:
                    yield from self._choice(part, most - 1, sounds, end, pieces)
                else:
                    yield end, pieces

    def _options(self, part: Choice, sound: int) -> list[Sequence_]:
        """The options that may begin with a sound."""
        known = self._may_begin.get((id(part), sound))
        if known is None:
            if id(part) not in self._options_of:
                self.prepare(part)
            by_first = self._options_of[id(part)]
            found = [each for first in (None, *kinds_alike(sound)) for each in by_first.get(first, ())]
            known = self._may_begin[id(part), sound] = [option for _, option in sorted(found)]
        return known


def _inner(part: Part | Sequence_) -> Sequence[Part | Sequence_]:
    if isinstance(part, Choice):
        return part.options
    return part.parts if isinstance(part, Sequence_) else ()


def _only(option: Sequence_) -> str | None:
    """The text of an option that is nothing else, as most are."""
    only = option.parts[0] if len(option.parts) == 1 else None
    return only.text if isinstance(only, Literal) else None


def _first(option: Sequence_) -> int | None:
    """The sound that an option begins with; None where that is not one alone."""
    first = option.parts[0] if option.parts else None
    return kind(first.text[0]) if isinstance(first, Literal) and first.text else None


def alike(pieces: tuple[Piece, ...], text: str) -> int:
    """How many characters of `text` stand where the phrase has the same."""
    return sum(
        wanted == heard
        for piece in pieces
        for wanted, heard in zip(piece.text, text[piece.start : piece.end], strict=False)
    )


def _sounds_so(text: str, sounds: tuple[int, ...], at: int) -> bool:
    """Whether the text sounds exactly like what was heard from `at`."""
    if at + len(text) > len(sounds):
        return False
    for one in _kinds(text):
        other = sounds[at]
        if one != other and apart(one, other):
            return False
        at += 1
    return True


@lru_cache(maxsize=65536)
def _kinds(text: str) -> tuple[int, ...]:
    return tuple(map(kind, text))


def _gap(part: Gap, sounds: tuple[int, ...], at: int, said: tuple[Piece, ...]) -> Iterator[_Way]:
    for end in range(at, min(at + part.most, len(sounds)) + 1):
        if end > at and is_break(sounds[end - 1]):
            return
        yield end, said


def _grown(said: tuple[Piece, ...], start: int, end: int, text: str) -> tuple[Piece, ...]:
    if said and said[-1].end == start:
        return (*said[:-1], Piece(said[-1].start, end, said[-1].text + text))
    return (*said, Piece(start, end, text)) if text else said
