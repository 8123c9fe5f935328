"""The ledger as CSV, line by line: for spreadsheets, so text can never be computed there."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from complaint_warnings.ledger.columns import COLUMNS, Shown, Value
from complaint_warnings.ledger.lines import LedgerLine

BOM: Final = "\ufeff"  # without it Excel takes the file for the local code page
# What makes spreadsheets compute: also in full width, and after blanks, which some of them skip.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_chunks(batches: Iterable[Sequence[LedgerLine]], shown: Shown) -> Iterator[bytes]:
    """The file in pieces, in UTF-8: headings, each batch, and last the mark of the export if there is one."""
    yield _lines([[column.heading(shown) for column in COLUMNS]], BOM)
    for batch in batches:
        yield _lines([[_cell(column.value(line, shown)) for column in COLUMNS] for line in batch])
    if shown.mark is not None:
        yield _lines([[shown.mark]])


def harmless(text: str) -> str:
    """Text that a spreadsheet shows and never computes: what looks like a formula has a quote before it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text


def _cell(value: Value) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, str):
        return harmless(value.replace("\x00", ""))
    return "" if value is None else f"{value}"


def _lines(rows: Iterable[Sequence[str]], start: str = "") -> bytes:
    text = io.StringIO(newline="")
    text.write(start)
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
