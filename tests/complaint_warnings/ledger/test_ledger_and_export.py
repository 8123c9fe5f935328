"""The ledger's lines, and the workbook opened again."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from complaint_warnings.ledger.rows import LedgerIndicator, LedgerRow, ledger_rows, mask_number
from complaint_warnings.ledger.workbook import INDICATOR_SHEET, LEDGER_SHEET, write_workbook
from complaint_warnings.scoring.weights import default_weights
from complaint_warnings.service import apply_call
from store.database import transaction

from ..helpers import NOON, call, finding

ROW = LedgerRow(
    number=7,
    debtor="李建国",
    contact="+86138****8000",
    amount_owed=Decimal("1260.00"),
    currency="CNY",
    source="call",
    time=datetime(2026, 3, 5, 18, 30, tzinfo=UTC),
    level="high",
    advice={"zh": "立即停止催收。", "en": "Stop collecting."},
    state="reported",
    score=92.4,
    model="default@1",
    calls=("H001", "H002"),
    indicators=(
        LedgerIndicator("self_harm", 90.0, "high", {"zh": "客户有自伤表述。", "en": "Self-harm."}),
        LedgerIndicator("days_overdue", 0.5, None, {"zh": "逾期 63 天。", "en": "63 days overdue."}),
    ),
)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+8613800138000", "+86138****8000"),
        ("13800138000", "138****8000"),
        ("12345678", "****5678"),
        ("12378", "***78"),
        ("7", "7"),
        ("", ""),
    ],
)
def test_numbers_are_masked(number: str, shown: str):
    assert mask_number(number) == shown


def test_the_ledger_lists_newest_first_and_masks(factory, clock, register):
    calls = [
        call(finding("refusal"), name="H001"),
        call(finding("self_harm"), name="H002", at=datetime(2026, 3, 9, 1, tzinfo=UTC)),
        call(finding("stop_request"), name="H003", at=None),
    ]
    with transaction(factory) as session:
        for place, one in enumerate(calls):
            number = register(session, one, f"debtor:C{place}")
            apply_call(session, clock, call_id=number, evidence=one, weights=default_weights())
    with factory() as session:
        rows = ledger_rows(session)
        assert [(r.calls, r.level, r.time) for r in rows] == [
            (("H003",), "medium", None),
            (("H002",), "high", datetime(2026, 3, 9, 1, tzinfo=UTC)),
            (("H001",), "low", NOON),
        ]
        last = rows[-1]
        assert (last.debtor, last.contact, last.amount_owed, last.currency, last.source, last.state) == (
            "李建国",
            "+86138****8000",
            Decimal("1260.00"),
            "CNY",
            "call",
            "reported",
        )
        assert last.indicators[0].because["zh"] == "客户拒绝还款（通话 H001 12.5 s）。"
        assert [r.contact for r in ledger_rows(session, masked=False, levels=["low"])] == ["+8613800138000"]
        assert ledger_rows(session, states=["closed"]) == []


def test_the_workbook_opens_with_the_values_it_was_given(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    write_workbook([ROW, replace(ROW, number=8, level="low", time=None, amount_owed=None)], path)
    sheet = load_workbook(path)[LEDGER_SHEET]
    assert [cell.value for cell in sheet[1]] == [
        "编号 No.",
        "债务人 Debtor",
        "联系方式 Contact",
        "欠款金额 Amount owed",
        "币种 Currency",
        "预警来源 Source",
        "预警时间 Time (Asia/Shanghai)",
        "预警等级 Level",
        "初步处理建议 First advice",
        "状态 State",
        "风险评分 Score",
        "通话 Calls",
        "权重 Model",
    ]
    assert [cell.value for cell in sheet[2]] == [
        7,
        "李建国",
        "+86138****8000",
        1260,
        "CNY",
        "通话录音 call recording",
        datetime(2026, 3, 6, 2, 30),  # noqa: DTZ001 (Excel has no zones; the header names it)
        "高 high",
        "立即停止催收。",
        "已报备 reported",
        92.4,
        "H001\nH002",
        "default@1",
    ]
    assert (sheet["G2"].is_date, sheet["G2"].number_format) == (True, "yyyy-mm-dd hh:mm")
    assert (sheet["D2"].data_type, sheet["D2"].number_format) == ("n", "#,##0.00")
    assert sheet["H2"].fill.start_color.rgb == "00FFC7CE"
    assert sheet["H3"].fill.start_color.rgb == "00C6EFCE"
    assert (sheet["G3"].value, sheet["D3"].value) == ("未知 unknown", None)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:M3"
    assert sheet.column_dimensions["F"].width == len("call recording") + 8 + 1 + 3
    assert sheet.column_dimensions["A"].width == 11


def test_the_second_sheet_explains_every_point(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    write_workbook([ROW], path, language="en")
    sheet = load_workbook(path)[INDICATOR_SHEET]
    assert [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)] == [
        [7, "李建国", "self_harm", 90, "高 high", "Self-harm."],
        [7, "李建国", "days_overdue", 0.5, None, "63 days overdue."],
    ]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F3"


@pytest.mark.parametrize("text", ["=1+1", "+8613800138000", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")'])
def test_text_is_never_a_formula(tmp_path: Path, text: str):
    path = tmp_path / "ledger.xlsx"
    write_workbook([replace(ROW, debtor=text)], path)
    cell = load_workbook(path)[LEDGER_SHEET]["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_control_characters_are_left_out(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    write_workbook([replace(ROW, debtor="李\x00建\x0b国")], path)
    assert load_workbook(path)[LEDGER_SHEET]["B2"].value == "李建国"


def test_dates_are_in_the_zone_asked_for(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    write_workbook([ROW], path, zone="America/New_York")
    sheet = load_workbook(path)[LEDGER_SHEET]
    assert sheet["G1"].value == "预警时间 Time (America/New_York)"
    assert sheet["G2"].value == datetime(2026, 3, 5, 13, 30)  # noqa: DTZ001


def test_the_same_rows_give_the_same_bytes(tmp_path: Path):
    digests = set()
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook([ROW], tmp_path / name)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1
    properties = load_workbook(tmp_path / "one.xlsx").properties
    assert properties.created == properties.modified == datetime(2026, 3, 5, 18, 30)  # noqa: DTZ001


def test_an_empty_ledger_still_opens(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    write_workbook([], path)
    sheet = load_workbook(path)[LEDGER_SHEET]
    assert (sheet.max_row, sheet.auto_filter.ref) == (1, "A1:M1")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "ledger.xlsx"
    write_workbook([ROW], path)
    before = path.read_bytes()
    with pytest.raises(KeyError):
        write_workbook([replace(ROW, level="urgent")], path)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["ledger.xlsx"]
