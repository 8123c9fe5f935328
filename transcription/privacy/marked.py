"""Calls with their personal data marked by people: `agent: 我叫[name:王建国]。`, one utterance a line.

An empty line ends a call; lines that begin with `#` are comments.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast, get_args

from store.errors import BadInputError
from transcription.privacy.types import KINDS, Found, Kind
from transcription.types import Speaker, Utterance

_MARK: Final = re.compile(r"\[(?P<kind>[a-z_]+):(?P<text>[^\[\]]+)\]")
_LINE: Final = re.compile(r"(?P<speaker>\w+): (?P<text>.*)")


@dataclass(frozen=True, slots=True)
class MarkedCall:
    """One call: its utterances, and for each what is personal in it."""

    utterances: tuple[Utterance, ...]
    marks: tuple[tuple[Found, ...], ...]


def read_folder(folder: Path) -> list[MarkedCall]:
    """All calls of the `*.txt` files of a folder, by name.

    Raises:
        BadInputError: `privacy.marks`, there is no such file, or a line cannot be read.
    """
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise BadInputError(
            "there are no marked calls",
            code="privacy.marks",
            where=str(folder),
            mend="Name a folder of *.txt.",
        )
    return [call for file in files for call in read(file.read_text(encoding="utf-8"), file.name)]


def read(text: str, where: str) -> Iterator[MarkedCall]:
    """The calls of one text.

    Raises:
        BadInputError: `privacy.marks`.
    """
    block: list[tuple[Utterance, tuple[Found, ...]]] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            block.append(_read_line(line, len(block), f"{where}:{number}"))
        elif block:
            yield MarkedCall(tuple(said for said, _ in block), tuple(marks for _, marks in block))
            block = []


def _read_line(line: str, at: int, where: str) -> tuple[Utterance, tuple[Found, ...]]:
    match = _LINE.fullmatch(line.strip())
    if match is None or match["speaker"] not in get_args(Speaker):
        raise BadInputError(
            "a line is not `agent: …` or `customer: …`",
            code="privacy.marks",
            where=where,
            mend="See docs/privacy.md.",
        )
    plain, place, marks = "", 0, []
    for mark in _MARK.finditer(match["text"]):
        if mark["kind"] not in KINDS:
            raise BadInputError(
                f"there is no kind {mark['kind']}",
                code="privacy.marks",
                where=where,
                mend=f"Kinds: {', '.join(KINDS)}.",
            )
        plain += match["text"][place : mark.start()]
        marks.append(Found(cast(Kind, mark["kind"]), len(plain), len(plain) + len(mark["text"])))
        plain += mark["text"]
        place = mark.end()
    plain += match["text"][place:]
    return Utterance(at, cast(Speaker, match["speaker"]), float(at), at + 1.0, plain), tuple(marks)
