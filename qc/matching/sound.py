"""Finding phrases by sound: what the recogniser wrote down wrongly still sounds nearly right.

Of the key phrases in telephone calls less than half survive recognition letter for letter, but nearly all
lie within a small edit distance of the folded pinyin. A phrase is first looked for exactly, syllable for
syllable; then, if it has at least four syllables, with a budget of pinyin letters by its length.
"""

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import re2
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extract

from qc.language.phrase import Gap, Literal, Phrase, Sequence_
from qc.matching.patterns import OPTIONS
from qc.matching.syllables import code, syllables

BUDGET = 0.2  # edit distance as a share of the pinyin letters
FEWEST_SYLLABLES = 4
SHARE_EXACT = 0.5  # of the syllables must sound exactly so
MAX_SPELLINGS = 256
_ENDS = frozenset("。?!")


@dataclass(frozen=True, slots=True)
class Segment:
    """Syllables in a row, after a gap of at most `gap` characters. `budget` in letters."""

    gap: int
    sounds: tuple[str, ...]
    letters: str
    budget: int


@dataclass(frozen=True, slots=True)
class SoundMatch:
    """Where a phrase was heard: character span, how alike it sounds (0..1), and where its gaps end."""

    start: int
    end: int
    likeness: float
    syllables: int
    gap_ends: tuple[int, ...] = ()


class Heard:
    """An utterance as sounds, prepared once for all phrases."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sounds = syllables(text)
        self.present = frozenset(self.sounds)
        self.coded = "".join(map(code, self.sounds))
        self._windows: dict[int, list[str]] = {}

    def windows(self, length: int) -> list[str]:
        """The letters of every run of `length` syllables; a run over a sentence end is empty."""
        if length not in self._windows:
            self._windows[length] = [
                "" if _ENDS & set(run) else "".join(run)
                for run in (self.sounds[at : at + length] for at in range(len(self.sounds) - length + 1))
            ]
        return self._windows[length]


@dataclass(slots=True)
class SoundPhrase:
    """A phrase by its sounds."""

    exact: Any
    rows: tuple[tuple[Segment, ...], ...]
    needed: tuple[tuple[frozenset[str], int], ...] = field(default=())

    def find(self, heard: Heard) -> SoundMatch | None:
        """The best place in `heard` where this phrase sounds alike enough, or None."""
        found = self.exact.search(heard.coded)
        if found:
            start, end = found.span()
            return SoundMatch(start, end, 1.0, end - start, gap_ends(found))
        best: SoundMatch | None = None
        for row, (sounds, count) in zip(self.rows, self.needed, strict=True):
            if len(sounds & heard.present) < count:
                continue
            match = _find_row(row, heard)
            if match and (best is None or match.likeness > best.likeness):
                best = match
        return best


def compile_sound(phrase: Phrase) -> SoundPhrase:
    """The sounds of a compiled Mandarin phrase."""
    rows = tuple(
        row for row in _rows(phrase.tree) if sum(len(part.sounds) for part in row) >= FEWEST_SYLLABLES
    )
    needed = []
    for row in rows:
        sounds = frozenset(sound for part in row for sound in part.sounds)
        needed.append((sounds, -int(-len(sounds) * SHARE_EXACT // 1)))
    exact = re2.compile(_coded_pattern(phrase.tree), OPTIONS)
    return SoundPhrase(exact, rows, tuple(needed))


def gap_ends(found: Any) -> tuple[int, ...]:
    """Where the gaps of a phrase end in a match of its pattern; empty gaps do not count."""
    spans = (found.span(group) for group in range(1, found.re.groups + 1))
    return tuple(end for start, end in spans if end > start)


def _coded_pattern(tree: Sequence_) -> str:
    out = ""
    for part in tree.parts:
        if isinstance(part, Literal):
            out += "".join(re2.escape(code(sound)) for sound in syllables(part.text))
        elif isinstance(part, Gap):
            out += f"([^。?!]{{0,{part.most}}}?)"
        else:
            filled = [_coded_pattern(option) for option in part.options if option.parts]
            out += f"(?:{'|'.join(filled)})" + ("?" if len(filled) < len(part.options) else "")
    return out


_Plain = tuple[tuple[int, tuple[str, ...]], ...]


def _rows(tree: Sequence_) -> list[tuple[Segment, ...]]:
    rows = _spelled(tree)
    return [
        tuple(_segment(gap, sounds, alone=len(row) == 1) for gap, sounds in row) for row in sorted(set(rows))
    ]


def _segment(gap: int, sounds: tuple[str, ...], alone: bool) -> Segment:
    letters = "".join(sounds)
    if len(sounds) <= 2 and not alone:
        budget = 0
    elif len(sounds) == 3:
        budget = 1
    else:
        budget = int(len(letters) * BUDGET)
    return Segment(gap, sounds, letters, budget)


def _spelled(tree: Sequence_) -> list[_Plain]:
    """All ways to say the phrase; empty when there are too many to try."""
    rows: list[_Plain] = [()]
    for part in tree.parts:
        if isinstance(part, Gap):
            rows = [(*row, (part.most, ())) for row in rows]
            continue
        options: list[_Plain] = []
        if isinstance(part, Literal):
            options = [((0, syllables(part.text)),)]
        else:
            for option in part.options:
                options += _spelled(option) if option.parts else [()]
        rows = [_join(row, option) for row, option in product(rows, options)]
        if len(rows) > MAX_SPELLINGS:
            return []
    return rows


def _join(row: _Plain, more: _Plain) -> _Plain:
    for gap, sounds in more:
        if row and (gap == 0 or not row[-1][1]):
            row = (*row[:-1], (row[-1][0] + gap, row[-1][1] + sounds))
        else:
            row = (*row, (gap, sounds))
    return row


def _find_row(row: tuple[Segment, ...], heard: Heard) -> SoundMatch | None:
    letters = sum(len(segment.letters) for segment in row)
    budget = int(letters * BUDGET)
    chains: list[tuple[int, int, int, tuple[int, ...]]] = [
        (start, end, distance, ()) for start, end, distance in _places(row[0], heard)
    ]
    for segment in row[1:]:
        places = _places(segment, heard)
        chains = [
            (start, place_end, distance + more, (*gaps, place_start))
            for start, end, distance, gaps in chains
            for place_start, place_end, more in places
            if end <= place_start <= end + segment.gap
            and distance + more <= budget
            and not _ENDS & set(heard.sounds[end:place_start])
        ]
    good = [chain for chain in chains if chain[2] <= budget]
    if not good:
        return None
    start, end, distance, gaps = min(good, key=lambda chain: (chain[2], chain[1] - chain[0], chain[0]))
    count = sum(len(segment.sounds) for segment in row)
    if not _enough_exact(row, heard.sounds[start:end]):
        return None
    return SoundMatch(start, end, 1 - distance / letters, count, gaps)


def _enough_exact(row: tuple[Segment, ...], window: tuple[str, ...]) -> bool:
    wanted = [sound for segment in row for sound in segment.sounds]
    left = list(window)
    exact = 0
    for sound in wanted:
        if sound in left:
            left.remove(sound)
            exact += 1
    return exact >= len(wanted) * SHARE_EXACT


def _places(segment: Segment, heard: Heard) -> list[tuple[int, int, int]]:
    """Runs of syllables that sound like the segment: (start, end, distance)."""
    size = len(segment.sounds)
    found: list[tuple[int, int, int]] = []
    lengths = (size,) if segment.budget < 2 else (size, size - 1, size + 1)
    for length in lengths:
        windows = heard.windows(length)
        hits = extract(
            segment.letters, windows, scorer=Levenshtein.distance, score_cutoff=segment.budget, limit=None
        )
        found += [(at, at + length, int(distance)) for _, distance, at in hits]
    return found
