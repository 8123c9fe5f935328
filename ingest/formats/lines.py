"""Text line by line in bounded memory, whatever the file holds: encodings, NUL bytes, endless lines."""

import codecs
import csv
from collections.abc import Iterator
from typing import BinaryIO, Final, Literal, NamedTuple

from ingest.formats.refusals import refusal, too_long
from ingest.formats.types import Unreadable

Encoding = Literal["auto", "utf-8", "gb18030"]

LONGEST_LINE: Final = 1024 * 1024
MOST_COLUMNS: Final = 1_000
_MOST_LINES: Final = (
    50  # of one record: a quoted cell may hold line ends, but a lost quote must not eat the file
)


class Line(NamedTuple):
    """One line without its end."""

    number: int
    text: str


class Row(NamedTuple):
    """One record of a CSV file; `where` is the file and the line it begins on."""

    where: str
    cells: list[str]


def read_rows(
    stream: BinaryIO, where: str, *, encoding: Encoding = "auto", delimiter: str = ","
) -> Iterator[Row | Unreadable]:
    """The records of a CSV file (RFC 4180) one by one; blank lines are left out."""
    for record in _records(_lines(stream, where, encoding)):
        if isinstance(record, Unreadable):
            yield record
            continue
        place = f"{where} line {record.number}"
        if not record.text.strip():
            continue
        try:
            cells = next(csv.reader([record.text], delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            if "limit" in str(error):
                problem = too_long("a cell is longer than any that can be right", place)
            else:
                problem = refusal("format.unreadable", "the quotes of this line do not pair up", place)
            yield Unreadable(place, problem)
            continue
        if len(cells) > MOST_COLUMNS:
            yield Unreadable(place, refusal("format.columns", f"there are {len(cells)} columns", place))
        else:
            yield Row(place, cells)


def _records(lines: Iterator[Line | Unreadable]) -> Iterator[Line | Unreadable]:
    """Lines joined where a quoted cell goes on. Where no quote ends it in reasonable time, the first line is
    given alone, for the reader to refuse, and the rest is looked at afresh."""
    waiting: list[Line | Unreadable] = []
    while True:
        line = waiting.pop(0) if waiting else next(lines, None)
        if line is None:
            return
        if isinstance(line, Unreadable) or line.text.count('"') % 2 == 0:
            yield line
            continue
        parts, text, quotes = [line], line.text, line.text.count('"')
        while quotes % 2 and len(parts) < _MOST_LINES and len(text) <= LONGEST_LINE:
            follower = waiting.pop(0) if waiting else next(lines, None)
            if not isinstance(follower, Line):
                waiting[:0] = [] if follower is None else [follower]
                break
            parts.append(follower)
            text = f"{text}\n{follower.text}"
            quotes += follower.text.count('"')
        if quotes % 2:
            waiting[:0] = parts[1:]
            yield line
        else:
            yield Line(line.number, text)


def _lines(stream: BinaryIO, where: str, encoding: Encoding) -> Iterator[Line | Unreadable]:
    decode = _Decoder(encoding)
    number = 0
    while content := stream.readline(LONGEST_LINE + 1):
        number += 1
        place = f"{where} line {number}"
        if len(content) > LONGEST_LINE and not content.endswith(b"\n"):
            _skip_line(stream)
            yield Unreadable(place, too_long(f"the line is longer than {LONGEST_LINE} bytes", place))
            continue
        if number == 1:
            if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                yield Unreadable(where, refusal("format.encoding", "the file is UTF-16", where))
                return
            content = content.removeprefix(codecs.BOM_UTF8)
        if b"\0" in content:
            yield Unreadable(place, refusal("format.unreadable", "the line holds NUL bytes", place))
            continue
        text = decode(content.rstrip(b"\r\n"))
        if text is None:
            yield Unreadable(place, refusal("format.encoding", f"the line is not {encoding}", place))
        else:
            yield Line(number, text)


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


class _Decoder:
    """Bytes to text. With `auto`: UTF-8, or GB18030 where a file's lines are not UTF-8. A file that has shown
    itself to be UTF-8 keeps being that: a broken letter in it becomes a question mark and no other letter."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._is_utf8 = False

    def __call__(self, content: bytes) -> str | None:
        if self._encoding != "auto":
            return _strictly(content, self._encoding)
        text = _strictly(content, "utf-8")
        if text is not None:
            self._is_utf8 = self._is_utf8 or not text.isascii()
            return text
        if not self._is_utf8:
            text = _strictly(content, "gb18030")
        return content.decode("utf-8", errors="replace") if text is None else text


def decode(content: bytes) -> str | None:
    """A whole small text: UTF-8 with or without a mark, else GB18030; None where it is neither."""
    text = _strictly(content, "utf-8-sig")
    return _strictly(content, "gb18030") if text is None else text


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
