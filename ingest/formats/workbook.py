"""Rows of an Excel workbook, one by one. What a small file would unpack to is known before it is opened."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from openpyxl.utils.exceptions import InvalidFileException

from ingest.formats.refusals import refusal, too_long
from ingest.formats.types import Unreadable
from store.errors import BadInputError

_MOST_BYTES: Final = 300 * 1024 * 1024
_MOST_TEXTS: Final = 64 * 1024 * 1024  # openpyxl holds the table of shared texts in memory
_MOST_PARTS: Final = 1_000
_MOST_RATIO: Final = 200
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 500
_CHUNK: Final = 64 * 1024


def read_sheet(
    stream: BinaryIO, where: str, sheet: str | None = None
) -> Iterator[tuple[str, Sequence[Any]] | Unreadable]:
    """The rows of one sheet as (place, cells), blank ones left out. Of formulas, the value that was last
    computed counts.

    Args:
        stream: must be seekable, as an Excel file is a ZIP archive.
        where: what the file is called in errors.
        sheet: its name; None: the first.
    """
    try:
        _check_archive(stream, where)
        stream.seek(0)
        with _quietly():
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except BadInputError as error:
        yield Unreadable(where, error)
        return
    except (*_BROKEN, InvalidFileException, MemoryError, RecursionError):
        yield Unreadable(where, _unreadable(where))
        return
    try:
        name = sheet or book.sheetnames[0]
        if name not in book.sheetnames or not hasattr(book[name], "iter_rows"):
            yield Unreadable(where, refusal("format.columns", f"there is no sheet {name!r}", where))
            return
        yield from _rows(book[name], f"{where} sheet {name}")
    except IndexError:
        yield Unreadable(where, refusal("format.columns", "there is no sheet", where))
    finally:
        book.close()


# What openpyxl and zipfile raise on files that are not what they say.
_BROKEN: Final = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, ParseError, DefusedXmlException, KeyError, ValueError),
    *(TypeError, AttributeError, IndexError, OSError, EOFError, NotImplementedError, RuntimeError),
    *(AssertionError, OverflowError, zlib.error),
)


@contextmanager
def _quietly() -> Iterator[None]:
    """openpyxl warns of what it leaves out of a workbook, such as styles; none of that is read here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _rows(sheet: Any, where: str) -> Iterator[tuple[str, Sequence[Any]] | Unreadable]:
    sheet.reset_dimensions()  # what the file claims of its size is not believed
    rows = sheet.iter_rows(values_only=True, max_row=_MOST_ROWS, max_col=_MOST_COLUMNS)
    number, width = 0, 0
    while True:
        number += 1
        place = f"{where} row {number}"
        try:
            with _quietly():
                cells = next(rows, None)
        except (*_BROKEN, MemoryError):
            yield Unreadable(place, _unreadable(place))
            return
        if cells is None:
            return
        if all(cell is None or cell == "" for cell in cells):
            continue
        if not width:  # trailing empty cells are left out of a row: all rows are as wide as the first
            width = max(at for at, cell in enumerate(cells, 1) if cell not in (None, ""))
        extra = [cell for cell in cells[width:] if cell not in (None, "")]
        row = [*cells[:width], *[None] * (width - len(cells)), *extra]
        yield place, row


def _check_archive(stream: BinaryIO, where: str) -> None:
    """Refuse what would unpack to too much, and any part that declares a document type.

    Raises:
        BadInputError: `format.too_long`, `format.unsafe`, `format.unreadable`.
    """
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
        total = sum(part.file_size for part in parts)
        if len(parts) > _MOST_PARTS or total > _MOST_BYTES or total > max(size, 10_000) * _MOST_RATIO:
            raise too_long(f"the workbook unpacks to {total} bytes in {len(parts)} parts", where)
        for part in parts:
            if part.filename.lower().endswith("sharedstrings.xml") and part.file_size > _MOST_TEXTS:
                raise too_long(f"the texts of the workbook take {part.file_size} bytes", where)
            if part.filename.lower().endswith((".xml", ".rels")):
                # The archive reads no more of a part than it declares, and checks its sum.
                with archive.open(part) as content:
                    _check_prolog(content, f"{where} {part.filename[:100]}")


class _RootReachedError(Exception):
    """The root element begins: no document type can come any more."""


class _UntilRoot:
    def start(self, *_: object) -> None:
        raise _RootReachedError


def _check_prolog(content: Any, where: str) -> None:
    parser = DefusedXMLParser(target=_UntilRoot(), forbid_dtd=True)
    try:
        while chunk := content.read(_CHUNK):
            parser.feed(chunk)
    except _RootReachedError:
        return
    except DefusedXmlException:
        problem = "the workbook declares a document type or entities"
        raise refusal("format.unsafe", problem, where) from None
    except ParseError:
        raise _unreadable(where) from None


def _unreadable(where: str) -> BadInputError:
    return refusal("format.unreadable", "this is no Excel workbook (.xlsx) that can be read", where)
