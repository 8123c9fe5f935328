"""The ledger as files: a workbook opened again, CSV read again, memory that does not grow."""

import csv
import hashlib
import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from complaint_warnings.ledger.columns import COLUMNS, Shown
from complaint_warnings.ledger.csv_file import csv_chunks, harmless
from complaint_warnings.ledger.lines import LedgerLine, Named
from complaint_warnings.ledger.rows import WarningPoint, mask_number
from complaint_warnings.ledger.workbook import LEDGER_SHEET, POINTS_SHEET, write_workbook

AT = datetime(2026, 3, 5, 18, 30, tzinfo=UTC)
SHOWN = Shown(ZoneInfo("Asia/Shanghai"), "zh")
LINE = LedgerLine(
    case_id=7,
    warning_id=5,
    number="W-2026-000007",
    kind="warning",
    debtor="李建国",
    contact="+86138****8000",
    amount=Decimal("1260.00"),
    currency="CNY",
    source="call",
    time=AT,
    entered=AT,
    level="high",
    score=92.4,
    advice={"zh": "立即停止催收。", "en": "Stop collecting."},
    reporter=Named("system", None),
    reviewer=Named("head", "王部长"),
    signed=AT,
    verdict="confirmed",
    state="reviewed",
    handler=None,
    result=None,
    closed=None,
    updated=AT,
    client="中国联通",
    collector="A1",
    team="T1",
    overdue=True,
)
POINTS = {5: (WarningPoint("self_harm", 90.0, "high", {"zh": "客户有自伤表述。", "en": "Self-harm."}),)}


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+8613800138000", "+86138****8000"),
        ("12345678", "****5678"),
        ("12378", "***78"),
        ("7", "7"),
        ("", ""),
    ],
)
def test_numbers_are_masked(number: str, shown: str):
    assert mask_number(number) == shown


def test_the_workbook_opens_with_the_values_it_was_given(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    empty = replace(LINE, level="low", time=None, amount=None, overdue=False)
    assert write_workbook([[LINE], [empty]], path, SHOWN) == 2
    book = load_workbook(path)
    assert book.sheetnames == [LEDGER_SHEET]
    sheet = book[LEDGER_SHEET]
    assert [cell.value for cell in sheet[1]] == [column.heading(SHOWN) for column in COLUMNS]
    assert sheet["H1"].value == "预警时间 Time (Asia/Shanghai)"
    moment = datetime(2026, 3, 6, 2, 30)  # noqa: DTZ001 (Excel has no zones; the heading names it)
    assert [cell.value for cell in sheet[2]] == [
        "W-2026-000007",
        "预警 warning",
        "李建国",
        "+86138****8000",
        1260,
        "CNY",
        "通话录音 call recording",
        moment,
        "高 high",
        92.4,
        "立即停止催收。",
        "system",
        moment,
        "王部长 (head)",
        moment,
        "属实 confirmed",
        "已审核 reviewed",
        None,
        None,
        None,
        "中国联通",
        "A1",
        "T1",
        "是 yes",
    ]
    assert (sheet["H2"].is_date, sheet["H2"].number_format) == (True, "yyyy-mm-dd hh:mm")
    assert (sheet["E2"].data_type, sheet["E2"].number_format) == ("n", "#,##0.00")
    assert sheet["I2"].fill.start_color.rgb == "FFFFC7CE"
    assert (sheet["H3"].value, sheet["E3"].value, sheet["X3"].value) == ("未知 unknown", None, None)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:X3")


def test_the_second_sheet_explains_every_point(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    write_workbook([[LINE]], path, Shown(SHOWN.zone, "en"), explain=lambda _: POINTS)
    sheet = load_workbook(path)[POINTS_SHEET]
    assert [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)] == [
        ["W-2026-000007", "李建国", "self_harm", 90, "高 high", "Self-harm."],
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+8613800138000", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "＝1"]
)
def test_text_is_never_a_formula(tmp_path: Path, text: str):
    path = tmp_path / "ledger.xlsx"
    write_workbook([[replace(LINE, debtor=text)]], path, SHOWN)
    cell = load_workbook(path)[LEDGER_SHEET]["C2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    content = b"".join(csv_chunks([[replace(LINE, debtor=text)]], SHOWN)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content)))[1][2] == f"'{text}"


@pytest.mark.parametrize("text", ["  =1", "\t=1", "\n@x"])
def test_blanks_before_a_formula_do_not_hide_it(text: str):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "李", "a=1", "2026"])
def test_other_text_stays_as_it_is(text: str):
    assert harmless(text) == text


def test_control_characters_are_left_out(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    write_workbook([[replace(LINE, debtor="李\x00建\x0b国")]], path, SHOWN)
    assert load_workbook(path)[LEDGER_SHEET]["C2"].value == "李建国"


def test_csv_has_the_mark_of_excel_and_the_same_cells():
    content = b"".join(csv_chunks([[LINE], [replace(LINE, client='甲,"乙"\n丙')]], SHOWN))
    assert content.startswith(b"\xef\xbb\xbf")
    head, first, second = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert head == [column.heading(SHOWN) for column in COLUMNS]
    assert first[:8] == [
        "W-2026-000007",
        "预警 warning",
        "李建国",
        "'+86138****8000",
        "1260.00",
        "CNY",
        "通话录音 call recording",
        "2026-03-06 02:30:00",
    ]
    assert second[20] == '甲,"乙"\n丙'


def test_the_same_lines_give_the_same_bytes(tmp_path: Path):
    digests = set()
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook([[LINE]], tmp_path / name, SHOWN)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_an_empty_ledger_still_opens(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    assert write_workbook([], path, SHOWN) == 0
    assert load_workbook(path)[LEDGER_SHEET].max_row == 1


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    write_workbook([[LINE]], path, SHOWN)
    before = path.read_bytes()

    def broken() -> Iterator[list[LedgerLine]]:
        yield [LINE]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_workbook(broken(), path, SHOWN)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.xlsx"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_lines(tmp_path: Path, kind: str):
    def peak(batches: int) -> int:
        lines = ([replace(LINE, case_id=n)] * 50 for n in range(batches))
        tracemalloc.start()
        if kind == "xlsx":
            write_workbook(lines, tmp_path / "ledger.xlsx", SHOWN)
        else:
            for _ in csv_chunks(lines, SHOWN):
                pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(60) < peak(6) + 300_000
