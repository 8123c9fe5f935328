"""Finding phrases by sound: what the recogniser wrote down wrongly still sounds nearly right.

Of the key phrases in telephone calls less than half survive recognition letter for letter, but nearly all
lie within a small edit distance of the folded pinyin. A phrase is first looked for exactly, syllable for
syllable; then, if it has at least five, with a tolerance by its length: of five syllables one may differ,
longer phrases have a budget of pinyin letters and must have most syllables exact.
"""

from dataclasses import dataclass
from typing import Any

import re2
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extract

from qc.language.phrase import Gap, Literal, Phrase, Sequence_
from qc.matching.patterns import OPTIONS
from qc.matching.spellings import (
    SENTENCE_ENDS,
    SHORTEST_RUN,
    STRICT,
    Piece,
    Row,
    Segment,
    Tolerance,
    alike,
    rows,
    spell,
)
from qc.matching.syllables import bit, code, syllables

Places = list[tuple[int, int, int]]  # (start, end, distance in letters)
_Chain = tuple[tuple[Piece, ...], int]  # the segments where they were heard, distance


@dataclass(frozen=True, slots=True)
class SoundMatch:
    """Where a phrase was heard: its pieces between the gaps, how alike it sounds (0..1), how many syllables
    it has and how many of them in one run. Pieces are written as the spelling nearest to what was heard."""

    pieces: tuple[Piece, ...]
    likeness: float
    syllables: int
    run: int

    @property
    def start(self) -> int:
        """The first character."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """After the last character."""
        return self.pieces[-1].end

    @property
    def gap_ends(self) -> tuple[int, ...]:
        """Where its filled gaps end."""
        return tuple(piece.start for piece in self.pieces[1:])

    @property
    def spelled(self) -> str:
        """The words of the phrase, … where others stood between."""
        return "…".join(piece.text for piece in self.pieces)

    def misheard_run(self, text: str) -> int:
        """The most syllables in a row in a piece that `text` writes otherwise than the phrase."""
        return max(
            (piece.end - piece.start for piece in self.pieces if text[piece.start : piece.end] != piece.text),
            default=0,
        )


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
                "" if SENTENCE_ENDS & set(run) else "".join(run)
                for run in (self.sounds[at : at + length] for at in range(len(self.sounds) - length + 1))
            ]
        return self._windows[length]


@dataclass(frozen=True, slots=True)
class SoundPhrase:
    """A phrase by its sounds."""

    exact: Any
    tree: Sequence_
    rows: tuple[Row, ...]

    def may_occur(self, coded: bytes) -> bool:
        """Whether it occurs syllable for syllable anywhere in a coded call."""
        return self.exact.search(coded) is not None

    def find(self, heard: Heard, exactly: bool) -> SoundMatch | None:
        """The best place in `heard` where this phrase sounds alike enough, or None; `exactly` says whether
        it occurs somewhere in the call syllable for syllable."""
        found = self.exact.search(heard.coded) if exactly else None
        if found:
            return self._exact_match(heard, found.start(), found.end())
        near = (
            match
            for row in self.rows
            if (row.mask & heard.mask).bit_count() >= row.needed and (match := _find_row(row, heard))
        )
        return max(near, key=lambda match: (match.likeness, alike(match.pieces, heard.text)), default=None)

    def _exact_match(self, heard: Heard, start: int, end: int) -> SoundMatch | None:
        """The match, unless it is all scattered syllables, which any sentence may have."""
        pieces = tuple(
            Piece(start + piece.start, start + piece.end, piece.text)
            for piece in spell(self.tree, heard.text[start:end])
        )
        lengths = [piece.end - piece.start for piece in pieces]
        if not pieces or max(lengths) < min(SHORTEST_RUN, end - start):
            return None
        return SoundMatch(pieces, 1.0, sum(lengths), max(lengths))


def compile_sound(phrase: Phrase, tolerance: Tolerance = STRICT) -> SoundPhrase:
    """The sounds of a compiled Mandarin phrase."""
    pattern = re2.compile(_coded_pattern(phrase.tree), OPTIONS)
    return SoundPhrase(pattern, phrase.tree, rows(phrase.tree, tolerance))


def _coded_pattern(tree: Sequence_) -> str:
    out = ""
    for part in tree.parts:
        if isinstance(part, Literal):
            out += "".join(re2.escape(code(sound)) for sound in syllables(part.text))
        elif isinstance(part, Gap):
            out += f"[^。?!]{{0,{part.most}}}?"
        else:
            filled = [_coded_pattern(option) for option in part.options if option.parts]
            count = f"{{0,{part.most}}}" if part.most > 1 else "?" if len(filled) < len(part.options) else ""
            out += f"(?:{'|'.join(filled)}){count}"
    return out


def _find_row(row: Row, heard: Heard) -> SoundMatch | None:
    good = [
        chain
        for chain in _chains(row, heard)
        if _enough_exact(row, heard.sounds[chain[0][0].start : chain[0][-1].end])
    ]
    if not good:
        return None

    def rank(chain: _Chain) -> tuple[int, int, int]:
        pieces, distance = chain
        return distance, pieces[-1].end - pieces[0].start, pieces[0].start

    pieces, distance = min(good, key=rank)
    letters = sum(len(segment.letters) for segment in row.segments)
    run = max(len(segment.sounds) for segment in row.segments)
    return SoundMatch(_merged(pieces), 1 - distance / letters, row.syllables, run)


def _merged(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Pieces with nothing between them as one."""
    out = [pieces[0]]
    for piece in pieces[1:]:
        if piece.start == out[-1].end:
            out[-1] = Piece(out[-1].start, piece.end, out[-1].text + piece.text)
        else:
            out.append(piece)
    return tuple(out)


def _chains(row: Row, heard: Heard) -> list[_Chain]:
    """Places of all segments in order, within the gaps and the budget of the row."""
    first = row.segments[0]
    chains: list[_Chain] = [
        ((Piece(start, end, first.text),), distance) for start, end, distance in _places(row, first, heard)
    ]
    for segment in row.segments[1:]:
        places = _places(row, segment, heard) if chains else []
        chains = [
            ((*pieces, Piece(start, end, segment.text)), distance + more)
            for pieces, distance in chains
            for start, end, more in places
            if pieces[-1].end <= start <= pieces[-1].end + segment.gap
            and not SENTENCE_ENDS & set(heard.sounds[pieces[-1].end : start])
        ]
    return [chain for chain in chains if chain[1] <= row.budget]


def _enough_exact(row: Row, window: tuple[str, ...]) -> bool:
    left = list(window)
    exact = 0
    for sound in (sound for segment in row.segments for sound in segment.sounds):
        if sound in left:
            left.remove(sound)
            exact += 1
    return exact >= row.exact


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
            if said in SENTENCE_ENDS or off > max(len(wanted), len(said)) // 2:
                break
            distance = off
        else:
            found.append((at, at + size, distance))
    return found
