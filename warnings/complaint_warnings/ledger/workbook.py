"""The ledger as an Excel workbook: real dates and numbers, no formulas, the same bytes for the same lines.

Rows go to disk as they come, so that memory does not grow with the ledger.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from complaint_warnings.ledger.columns import COLUMNS, Shown, Value
from complaint_warnings.ledger.csv_file import FORMULA_STARTS
from complaint_warnings.ledger.lines import LedgerLine
from complaint_warnings.ledger.rows import WarningPoint
from complaint_warnings.scoring.wording import level_name
from store.errors import BadInputError

LEDGER_SHEET: Final = "预警台账 Ledger"
POINTS_SHEET: Final = "评分说明 Points"
ROWS_MAX: Final = 1_048_575  # of a sheet of Excel, without the headings
DATE_FORMAT: Final = "yyyy-mm-dd hh:mm"
LEVEL_FILLS: Final = {"high": "#FFC7CE", "medium": "#FFEB9C", "low": "#C6EFCE"}
_LONGEST_TEXT = 32_767
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)

# The points of some lines' warnings, by the number of the warning.
Explain = Callable[[Sequence[LedgerLine]], Mapping[int, Sequence[WarningPoint]]]


def write_workbook(
    batches: Iterable[Sequence[LedgerLine]], path: Path, shown: Shown, *, explain: Explain | None = None
) -> int:
    """Write the ledger to `path`, replacing the file in one step, and return how many lines it has.

    Args:
        batches: the lines, in the order they shall have.
        path: the .xlsx file.
        shown: zone of the dates, which the headings name, and language of the advice.
        explain: gives the points of the warnings, for a second sheet; None for no such sheet.

    Raises:
        OSError: the file cannot be written.
        BadInputError: `ledger.too_long`, more lines than a sheet of Excel has.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=path.name, suffix=".part") as folder:
        part = Path(folder) / path.name
        book = Workbook(str(part), {"constant_memory": True, "tmpdir": folder})
        try:
            written = _write(batches, book, shown, explain)
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
        part.replace(path)
    return written


class _Sheet:
    """A sheet that is written line by line."""

    def __init__(self, book: Workbook, name: str, headings: Sequence[str], widths: Sequence[int]) -> None:
        self._sheet: Worksheet = book.add_worksheet(name)
        self._top = book.add_format({"bold": True, "bg_color": "#DDEBF7", "valign": "top"})
        self._columns = len(headings)
        self.lines = 0
        for place, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            self._sheet.set_column(place, place, width)
            self._sheet.write_string(0, place, heading, self._top)
        self._sheet.freeze_panes(1, 0)

    def add(self, cells: Sequence[tuple[Value, Format, Format]]) -> None:
        """Add a line of values, each with its format and that of text which looks like a formula.

        Raises:
            BadInputError: `ledger.too_long`.
        """
        self.lines += 1
        if self.lines > ROWS_MAX:
            raise BadInputError(
                f"a sheet of Excel holds {ROWS_MAX} lines, and there are more",
                code="ledger.too_long",
                mend="Export CSV, or a part: by time, state or client.",
            )
        for place, (value, form, quoted) in enumerate(cells):
            if isinstance(value, str):
                text = _CONTROL.sub("", value)[:_LONGEST_TEXT]
                self._sheet.write_string(
                    self.lines, place, text, quoted if text.startswith(FORMULA_STARTS) else form
                )
            elif isinstance(value, datetime):
                self._sheet.write_datetime(self.lines, place, value, form)
            elif value is not None:
                self._sheet.write_number(self.lines, place, float(value), form)

    def finish(self, mark: str | None) -> None:
        """Let people filter by every column; put the mark of the export on every printed page."""
        self._sheet.autofilter(0, 0, self.lines, self._columns - 1)
        if mark is not None:
            self._sheet.set_footer(f"&L{mark.replace('&', '&&')}")


class _Formats:
    """The formats of the cells."""

    def __init__(self, book: Workbook) -> None:
        forms: dict[str, dict[str, object]] = {
            "text": {},
            "long": {"text_wrap": True},
            "amount": {"num_format": "#,##0.00"},
            "points": {"num_format": "0.0"},
            "moment": {"num_format": DATE_FORMAT},
            **{level: {"bg_color": fill} for level, fill in LEVEL_FILLS.items()},
        }
        self._forms = {name: book.add_format({"valign": "top", **form}) for name, form in forms.items()}
        # Text from a call or a case system must never be computed: it stays text, also when edited.
        self.quoted = book.add_format({"valign": "top", "quote_prefix": True})

    def of(self, form: str, level: str = "text") -> Format:
        """The format for a form of column; that of a level is its colour."""
        return self._forms[level if form == "level" else form]


def _write(
    batches: Iterable[Sequence[LedgerLine]], book: Workbook, shown: Shown, explain: Explain | None
) -> int:
    formats = _Formats(book)
    headings = [column.heading(shown) for column in COLUMNS]
    ledger = _Sheet(book, LEDGER_SHEET, headings, [column.width for column in COLUMNS])
    points = _points_sheet(book) if explain else None
    newest = _NO_DATE
    for batch in batches:
        told = explain(batch) if explain else {}
        for line in batch:
            values = ((column.value(line, shown), column.form) for column in COLUMNS)
            ledger.add([(value, formats.of(form, line.level), formats.quoted) for value, form in values])
            newest = max(newest, line.updated)
            for point in told.get(line.warning_id or 0, ()):
                if points is not None:
                    points.add(_point_cells(line, point, shown, formats))
    for sheet in (ledger, points):
        if sheet is not None:
            sheet.finish(shown.mark)
    told_of = {"comments": shown.mark} if shown.mark else {}
    created = newest.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"author": "Diting", "created": created, **told_of})
    return ledger.lines


def _points_sheet(book: Workbook) -> _Sheet:
    headings = [
        "编号 No.",
        "债务人 Debtor",
        "指标 Indicator",
        "得分 Points",
        "至少等级 Floor",
        "说明 Because",
    ]
    return _Sheet(book, POINTS_SHEET, headings, [17, 14, 26, 13, 18, 60])


def _point_cells(
    line: LedgerLine, point: WarningPoint, shown: Shown, formats: _Formats
) -> list[tuple[Value, Format, Format]]:
    floor = f"{level_name(point.floor, 'zh')} {level_name(point.floor, 'en')}" if point.floor else None
    values: list[tuple[str | Decimal | float | None, str]] = [
        (line.number, "text"),
        (line.debtor, "text"),
        (point.name, "text"),
        (point.points, "points"),
        (floor, "text"),
        (point.because.get(shown.language), "long"),
    ]
    return [(value, formats.of(form), formats.quoted) for value, form in values]
