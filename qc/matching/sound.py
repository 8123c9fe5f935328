"""Finding phrases by sound: what the recogniser wrote down wrongly still sounds nearly right.

Of the key phrases in telephone calls less than half survive recognition letter for letter, but nearly all
lie within a small edit distance of the folded pinyin. A phrase is first looked for exactly, syllable for
syllable; then, if it has at least five, with a tolerance by its length: of five syllables one may differ,
longer phrases have a budget of pinyin letters and must have most syllables exact.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import re2
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extract

from qc.language.phrase import Gap, Literal, Phrase, Sequence_
from qc.matching.patterns import OPTIONS
from qc.matching.syllables import bit, code, syllables

BUDGET = 0.2  # edit distance as a share of the pinyin letters, for long phrases
FEWEST_SYLLABLES = 5  # four syllables with one wrong are too often other common words
SHORT_SYLLABLES = 5  # up to here one syllable may differ
SHORTEST_RUN = 3  # syllables in a row that a phrase with gaps must have
SHARE_EXACT = 0.6  # of the syllables of a long phrase must sound exactly so
MAX_SPELLINGS = 256
_ENDS = frozenset("。?!")

Places = list[tuple[int, int, int]]  # (start, end, distance in letters)
_Chain = tuple[int, int, int, tuple[int, ...]]  # start, end, distance, ends of gaps


@dataclass(frozen=True, slots=True)
class Segment:
    """Syllables in a row, after a gap of at most `gap` characters. `budget` in letters."""

    gap: int
    sounds: tuple[str, ...]
    letters: str
    budget: int


@dataclass(frozen=True, slots=True)
class Row:
    """One way to say a phrase. `mask` has a bit for each of its syllables, `needed` of which must occur."""

    segments: tuple[Segment, ...]
    syllables: int
    budget: int
    mask: int
    needed: int

    @property
    def short(self) -> bool:
        """Whether only one syllable may differ."""
        return self.syllables <= SHORT_SYLLABLES


@dataclass(frozen=True, slots=True)
class SoundMatch:
    """Where a phrase was heard: character span, how alike it sounds (0..1), how many syllables it has, how
    many of them in one run, and where its gaps end."""

    start: int
    end: int
    likeness: float
    syllables: int
    run: int
    gap_ends: tuple[int, ...] = ()


class Heard:
    """An utterance as sounds, prepared once for all phrases."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sounds = syllables(text)
        self.coded = "".join(map(code, self.sounds))
        self.mask = 0
        for sound in self.sounds:
            self.mask |= bit(sound)
        self._windows: dict[int, list[str]] = {}

    def windows(self, length: int) -> list[str]:
        """The letters of every run of `length` syllables; a run over a sentence end is empty."""
        if length not in self._windows:
            self._windows[length] = [
                "" if _ENDS & set(run) else "".join(run)
                for run in (self.sounds[at : at + length] for at in range(len(self.sounds) - length + 1))
            ]
        return self._windows[length]


@dataclass(frozen=True, slots=True)
class SoundPhrase:
    """A phrase by its sounds."""

    exact: Any
    rows: tuple[Row, ...]

    def may_occur(self, coded: bytes) -> bool:
        """Whether it occurs syllable for syllable anywhere in a coded call."""
        return self.exact.search(coded) is not None

    def find(self, heard: Heard, exactly: bool) -> SoundMatch | None:
        """The best place in `heard` where this phrase sounds alike enough, or None; `exactly` says whether
        it occurs somewhere in the call syllable for syllable."""
        found = self.exact.search(heard.coded) if exactly else None
        if found:
            return _exact_match(found)
        best: SoundMatch | None = None
        for row in self.rows:
            if (row.mask & heard.mask).bit_count() >= row.needed:
                match = _find_row(row, heard)
                if match and (best is None or match.likeness > best.likeness):
                    best = match
        return best


def compile_sound(phrase: Phrase) -> SoundPhrase:
    """The sounds of a compiled Mandarin phrase."""
    spelled = sorted(set(_spelled(phrase.tree)))
    rows = tuple(
        _row(plain)
        for plain in spelled
        if _count(plain) >= FEWEST_SYLLABLES and max(len(sounds) for _, sounds in plain) >= SHORTEST_RUN
    )
    return SoundPhrase(re2.compile(_coded_pattern(phrase.tree), OPTIONS), rows)


def _exact_match(found: Any) -> SoundMatch | None:
    """A match of the coded pattern, unless it is all scattered syllables, which any sentence may have."""
    gaps = (edge for group in range(1, found.re.groups + 1) for edge in found.span(group))
    edges = sorted(edge for edge in (found.start(), *gaps, found.end()) if edge >= 0)
    runs = [end - start for start, end in zip(edges[::2], edges[1::2], strict=True)]
    if max(runs) < min(SHORTEST_RUN, found.end() - found.start()):
        return None
    return SoundMatch(found.start(), found.end(), 1.0, sum(runs), max(runs), gap_ends(found))


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
            count = f"{{0,{part.most}}}" if part.most > 1 else "?" if len(filled) < len(part.options) else ""
            out += f"(?:{'|'.join(filled)}){count}"
    return out


_Plain = tuple[tuple[int, tuple[str, ...]], ...]


def _count(plain: _Plain) -> int:
    return sum(len(sounds) for _, sounds in plain)


def _row(plain: _Plain) -> Row:
    count = _count(plain)
    segments = tuple(_segment(gap, sounds) for gap, sounds in plain)
    distinct = {sound for _, sounds in plain for sound in sounds}
    mask = 0
    for sound in distinct:
        mask |= bit(sound)
    needed = len(distinct) - 1 if count <= SHORT_SYLLABLES else -int(-len(distinct) * SHARE_EXACT // 1)
    budget = int(sum(len(segment.letters) for segment in segments) * BUDGET)
    return Row(segments, count, budget, mask, needed)


def _segment(gap: int, sounds: tuple[str, ...]) -> Segment:
    letters = "".join(sounds)
    if len(sounds) <= 2:
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
            options = [((0, syllables(part.text)),)] if part.text else [()]
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


def _find_row(row: Row, heard: Heard) -> SoundMatch | None:
    chains = _chains(row, heard)
    good = [chain for chain in chains if _enough_exact(row, heard.sounds[chain[0] : chain[1]])]
    if not good:
        return None
    start, end, distance, gaps = min(good, key=lambda chain: (chain[2], chain[1] - chain[0], chain[0]))
    letters = sum(len(segment.letters) for segment in row.segments)
    run = max(len(segment.sounds) for segment in row.segments)
    return SoundMatch(start, end, 1 - distance / letters, row.syllables, run, gaps)


def _chains(row: Row, heard: Heard) -> list[_Chain]:
    """Places of all segments in order, within the gaps and the budget of the row."""
    chains: list[_Chain] = [(*place, ()) for place in _places(row, row.segments[0], heard)]
    for segment in row.segments[1:]:
        places = _places(row, segment, heard) if chains else []
        chains = [
            (start, place_end, distance + more, (*gaps, place_start) if place_start > end else gaps)
            for start, end, distance, gaps in chains
            for place_start, place_end, more in places
            if end <= place_start <= end + segment.gap and not _ENDS & set(heard.sounds[end:place_start])
        ]
    return [chain for chain in chains if chain[2] <= row.budget]


def _enough_exact(row: Row, window: tuple[str, ...]) -> bool:
    wanted = [sound for segment in row.segments for sound in segment.sounds]
    left = list(window)
    exact = 0
    for sound in wanted:
        if sound in left:
            left.remove(sound)
            exact += 1
    return exact >= len(wanted) - 1 if row.short else exact >= len(wanted) * SHARE_EXACT


def _places(row: Row, segment: Segment, heard: Heard) -> Places:
    """Runs of syllables that sound like the segment."""
    if row.short or segment.budget == 0:
        return _same_length(segment, heard, tolerant=row.short)
    size = len(segment.sounds)
    found: Places = []
    for length in (size, size - 1, size + 1):
        hits = extract(
            segment.letters,
            heard.windows(length),
            scorer=Levenshtein.distance,
            score_cutoff=segment.budget,
            limit=None,
        )
        found += [(at, at + length, int(distance)) for _, distance, at in hits]
    return found


def _same_length(segment: Segment, heard: Heard, tolerant: bool) -> Places:
    """Runs of as many syllables, all exact or, if `tolerant`, one off by at most half its letters."""
    size = len(segment.sounds)
    found: Places = []
    for at in range(len(heard.sounds) - size + 1):
        distance = 0
        for wanted, said in zip(segment.sounds, heard.sounds[at : at + size], strict=True):
            if wanted == said:
                continue
            off = Levenshtein.distance(wanted, said) if tolerant and not distance else size * 9
            if said in _ENDS or off > max(len(wanted), len(said)) // 2:
                break
            distance = off
        else:
            found.append((at, at + size, distance))
    return found
