"""The ledger as an Excel workbook: real dates and numbers, no formulas, the same bytes for the same rows."""

import os
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from complaint_warnings.ledger.rows import LedgerRow
from complaint_warnings.scoring.wording import level_name, source_name, state_name
from complaint_warnings.types import Language, Level

Value = str | float | int | Decimal | datetime | None

LEDGER_SHEET = "预警台账 Ledger"
INDICATOR_SHEET = "评分说明 Indicators"
DATE_FORMAT = "yyyy-mm-dd hh:mm"
AMOUNT_FORMAT = "#,##0.00"
POINTS_FORMAT = "0.0"
LEVEL_FILLS: dict[Level, str] = {"high": "FFC7CE", "medium": "FFEB9C", "low": "C6EFCE"}
HEADER_LINE = 1
MIN_WIDTH, MAX_WIDTH = 8, 60
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def write_workbook(
    rows: Sequence[LedgerRow], path: Path, *, zone: str = "Asia/Shanghai", language: Language = "zh"
) -> None:
    """Write the ledger to `path`, replacing the file in one step.

    Args:
        rows: the lines, in the order they shall have.
        path: the .xlsx file.
        zone: the time zone of the dates; the header names it.
        language: of advice and explanations; headers and levels are in both.

    Raises:
        OSError: the file cannot be written.
    """
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):  # a fresh workbook always has one
        raise TypeError(type(sheet))
    sheet.title = LEDGER_SHEET
    _fill_ledger(sheet, rows, ZoneInfo(zone), language)
    _fill_indicators(book.create_sheet(INDICATOR_SHEET), rows, language)
    moment = max((row.time for row in rows if row.time is not None), default=_NO_DATE)
    book.properties.creator = "Diting"
    book.properties.created = moment.astimezone(UTC).replace(tzinfo=None)
    _replace(path, _same_bytes(book))


def _fill_ledger(sheet: Worksheet, rows: Sequence[LedgerRow], zone: ZoneInfo, language: Language) -> None:
    _header(
        sheet,
        [
            "编号 No.",
            "债务人 Debtor",
            "联系方式 Contact",
            "欠款金额 Amount owed",
            "币种 Currency",
            "预警来源 Source",
            f"预警时间 Time ({zone.key})",
            "预警等级 Level",
            "初步处理建议 First advice",
            "状态 State",
            "风险评分 Score",
            "通话 Calls",
            "权重 Model",
        ],
    )
    for line, row in enumerate(rows, HEADER_LINE + 1):
        cells = _append(
            sheet,
            line,
            [
                row.number,
                row.debtor,
                row.contact,
                row.amount_owed,
                row.currency,
                source_name(row.source),
                row.time.astimezone(zone).replace(tzinfo=None) if row.time else "未知 unknown",
                f"{level_name(row.level, 'zh')} {level_name(row.level, 'en')}",
                row.advice.get(language),
                state_name(row.state),
                row.score,
                "\n".join(row.calls),
                row.model,
            ],
        )
        cells[3].number_format = AMOUNT_FORMAT
        cells[6].number_format = DATE_FORMAT
        cells[7].fill = PatternFill("solid", start_color=LEVEL_FILLS[row.level])
        cells[10].number_format = POINTS_FORMAT
    _finish(sheet)


def _fill_indicators(sheet: Worksheet, rows: Sequence[LedgerRow], language: Language) -> None:
    _header(
        sheet,
        [
            "编号 No.",
            "债务人 Debtor",
            "指标 Indicator",
            "得分 Points",
            "至少等级 Floor",
            "说明 Because",
        ],
    )
    line = HEADER_LINE
    for row in rows:
        for item in row.indicators:
            line += 1
            floor = f"{level_name(item.floor, 'zh')} {level_name(item.floor, 'en')}" if item.floor else None
            because = item.because.get(language)
            cells = _append(sheet, line, [row.number, row.debtor, item.name, item.points, floor, because])
            cells[3].number_format = POINTS_FORMAT
    _finish(sheet)


def _header(sheet: Worksheet, names: Sequence[str]) -> None:
    for cell in _append(sheet, HEADER_LINE, names):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="DDEBF7")


def _append(sheet: Worksheet, line: int, values: Sequence[Value]) -> list[Cell]:
    return [_write(cast(Cell, sheet.cell(line, place)), value) for place, value in enumerate(values, 1)]


def _write(cell: Cell, value: Value) -> Cell:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.value = value
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        # Text from a call or a case system must never be computed: keep it text, also when edited.
        cell.data_type = "s"
        cell.quotePrefix = True
    cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
    return cell


def _finish(sheet: Worksheet) -> None:
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for place, column in enumerate(sheet.iter_cols(), 1):
        widest = max(_width(cell.value) for cell in column)
        sheet.column_dimensions[get_column_letter(place)].width = min(MAX_WIDTH, max(MIN_WIDTH, widest + 3))


def _width(value: object) -> int:
    """Columns needed by the longest line: a Chinese character takes two."""
    if isinstance(value, datetime):
        return len(DATE_FORMAT)
    text = f"{value:,.2f}" if isinstance(value, float | Decimal) else str(value or "")
    return max(
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text.split("\n")
    )


def _same_bytes(book: Workbook) -> bytes:
    """The file without the moment of its writing, which openpyxl puts into the archive and the properties."""
    raw, fixed = BytesIO(), BytesIO()
    book.save(raw)
    created = book.properties.created.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + created, content)
            target.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
