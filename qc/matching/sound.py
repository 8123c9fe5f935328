"""Finding phrases by sound: what the recogniser wrote down wrongly still sounds nearly right.

Of the key phrases in telephone calls less than half survive recognition letter for letter, but nearly all
lie within a small edit distance of the folded pinyin. A phrase is first looked for exactly, syllable for
syllable; then, if it has no gaps and at least five syllables, with a tolerance by its length.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import re2

from qc.language.phrase import Gap, Literal, Phrase, Sequence_
from qc.matching.compare import COLUMNS, UNKNOWN, Rows
from qc.matching.patterns import WITHOUT_GROUPS, characters, spans
from qc.matching.readings import BREAKS, code, codes_alike, kind_of_code, tones
from qc.matching.spellings import (
    SHORTEST_RUN,
    STRICT,
    Piece,
    Row,
    Speller,
    Tolerance,
    alike,
    family_mask,
    near,
    rows,
)

Span = tuple[int, int]  # of characters
# A way to say it, where it begins, how many syllables more it has, by how many letters it is off: -1 unknown.
Places = Iterable[tuple[Row, int, int, int]]


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

    def tones_alike(self, text: str) -> float:
        """The share (0..1) of the syllables written otherwise that have the tone of the phrase all the same;
        1 where none is written otherwise, and where syllables are missing or too many."""
        told = [
            not tones(wanted).isdisjoint(tones(heard))
            for piece in self.pieces
            if len(piece.text) == piece.end - piece.start
            for wanted, heard in zip(piece.text, text[piece.start : piece.end], strict=True)
            if wanted != heard and tones(wanted) and tones(heard)
        ]
        return sum(told) / len(told) if told else 1.0


class Heard:
    """An utterance as sounds, prepared once for all phrases. `coded` has one private-use character for each
    kind of sound."""

    def __init__(self, text: str, coded: str | None = None) -> None:
        self.text = text
        self.coded = "".join(map(code, text)) if coded is None else coded

    @cached_property
    def encoded(self) -> bytes:
        """The kinds of sound as UTF-8, for RE2."""
        return self.coded.encode()

    @cached_property
    def kinds(self) -> tuple[int, ...]:
        """The kinds of sound."""
        return tuple(map(kind_of_code, self.coded))

    @cached_property
    def mask(self) -> int:
        """A bit for each family of sounds."""
        return family_mask(self.text)


class SoundPhrase:
    """A phrase by its sounds."""

    def __init__(self, tree: Sequence_, ways: tuple[Row, ...]) -> None:
        self.tree = tree
        self.rows = ways
        self._speller = Speller(tree)

    @cached_property
    def expression(self) -> str:
        """The phrase as a regular expression over coded sounds."""
        return _coded_pattern(self.tree)

    @cached_property
    def _compiled(self) -> Any:
        return re2.compile(self.expression, WITHOUT_GROUPS)

    def exact(self, heard: Heard) -> Iterator[Span]:
        """Where `heard` has the phrase syllable for syllable, be it in scattered ones."""
        return (characters(heard.encoded, *span) for span in spans(self._compiled, heard.encoded))

    def find(
        self, heard: Heard, *, exact: Iterable[Sequence[int]] | None = None, places: Places | None = None
    ) -> Iterator[SoundMatch]:
        """All places in `heard` where this phrase sounds exactly alike or, where there are none, nearly.

        Args:
            heard: the utterance.
            exact: where it stands syllable for syllable, if that is known.
            places: where a way to say it may begin, if that is known; else all places are tried.
        """
        found = False
        for span in self.exact(heard) if exact is None else exact:
            match = self._exact_match(heard, span[0], span[1])
            if match is not None:
                found = True
                yield match
        if not found:
            yield from _near(heard, self._all_places(heard) if places is None else places)

    @cached_property
    def _table(self) -> Rows:
        return Rows(self.rows)

    def _all_places(self, heard: Heard) -> Iterator[tuple[Row, int, int, int]]:
        likely = [
            number
            for number, row in enumerate(self.rows)
            if (row.mask & heard.mask).bit_count() >= row.needed
        ]
        short = [number for number in likely if len(self.rows[number].kinds) <= COLUMNS]
        if short:
            for number, start, more, off in self._table.anywhere(short, heard.kinds).tolist():
                yield self.rows[number], start, more, off
        for number in set(likely).difference(short):
            for start, more in product(range(len(heard.text)), (0, -1, 1)):
                yield self.rows[number], start, more, UNKNOWN

    def _exact_match(self, heard: Heard, start: int, end: int) -> SoundMatch | None:
        """The match, unless it is all scattered syllables, which any sentence may have."""
        pieces = tuple(
            Piece(start + piece.start, start + piece.end, piece.text)
            for piece in self._speller.spell(heard.text[start:end])
        )
        lengths = [piece.end - piece.start for piece in pieces]
        if not pieces or max(lengths) < min(SHORTEST_RUN, end - start):
            return None
        return SoundMatch(pieces, 1.0, sum(lengths), max(lengths))


def _near(heard: Heard, places: Places) -> Iterator[SoundMatch]:
    for row, start, more, off in places:
        distance = near(row, heard.kinds, start, more) if off == UNKNOWN else off
        if distance is not None:
            size = len(row.kinds)
            piece = Piece(start, start + size + more, row.text)
            yield SoundMatch((piece,), 1 - distance / row.letters, size, size)


def best(matches: Iterable[SoundMatch], text: str) -> SoundMatch | None:
    """The match that sounds most alike, then that is written most alike and has most tones right, then the
    first and shortest."""
    every = list(matches)
    if len(every) == 1:  # as nearly always: nothing to compare
        return every[0]
    return max(
        every,
        key=lambda match: (
            match.likeness,
            alike(match.pieces, text),
            match.tones_alike(text),
            -match.start,
            -match.end,
            match.spelled,
        ),
        default=None,
    )


def compile_sound(phrase: Phrase, tolerance: Tolerance = STRICT) -> SoundPhrase:
    """The sounds of a compiled Mandarin phrase."""
    return SoundPhrase(phrase.tree, rows(phrase.tree, tolerance))


def _coded_pattern(tree: Sequence_) -> str:
    out = ""
    for part in tree.parts:
        if isinstance(part, Literal):
            out += "".join(map(_one_sound, part.text))
        elif isinstance(part, Gap):
            out += f"[^。?!]{{0,{part.most}}}?"
        else:
            filled = [_coded_pattern(option) for option in part.options if option.parts]
            count = f"{{0,{part.most}}}" if part.most > 1 else "?" if len(filled) < len(part.options) else ""
            out += f"(?:{'|'.join(filled)}){count}"
    return out


def _one_sound(char: str) -> str:
    if char in BREAKS:
        return str(re2.escape(char))
    alike_to = codes_alike(char)
    return alike_to if len(alike_to) == 1 else f"[{alike_to}]"
