import io
from datetime import UTC, datetime

import openpyxl
import pytest
from pydantic import ValidationError

from ingest.formats.filename import FileNameOptions
from ingest.formats.filename import read as read_name
from ingest.formats.index import CsvIndexOptions, ExcelIndexOptions, read_csv, read_excel
from ingest.metadata import parse_call_record

COLUMNS = {
    "external_id": "通话编号",
    "started_at": "开始时间",
    "customer.number": "手机号",
    "case.amount_due": "欠款",
    "direction": "方向",
    "agent.id": "工号",
    "recording": "录音",
    "note.text": "催记",
}
HEADER = list(COLUMNS.values())
ROW = ["T1", "2026-03-05 10:12:00", "13800138000", "1260.00", "呼出", "A1", "rec/T1.wav", "-已承诺还款"]
OPTIONS = CsvIndexOptions(source="crm", zone="Asia/Shanghai", columns=COLUMNS)


def from_csv(*rows, options=OPTIONS, encoding="utf-8"):
    content = "\n".join(",".join(row) for row in rows).encode(encoding)
    return list(read_csv(io.BytesIO(content), "list.csv", options))


def from_excel(*rows, sheet=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    options = ExcelIndexOptions(source="crm", zone="Asia/Shanghai", columns=COLUMNS, sheet=sheet)
    return list(read_excel(content, "list.xlsx", options))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_in_csv(encoding):
    (call,) = from_csv(HEADER, ROW, encoding=encoding)
    record = parse_call_record(call.document, call.where)
    assert record.to_document() == {
        "external_id": "T1",
        "source": "crm",
        "direction": "outbound",
        "started_at": "2026-03-05T10:12:00+08:00",
        "time_source": "zone:Asia/Shanghai",
        "agent": {"id": "A1"},
        "customer": {"number": "+8613800138000", "relation": "debtor"},
        "case": {"amount_due": "1260.00", "currency": "CNY", "complaints_before": 0, "agreed_times": []},
        "recording": {"file": "T1.wav"},
        "note": {"text": "-已承诺还款"},
        "history": [],
    }
    assert (call.recording, call.where) == ("rec/T1.wav", "list.csv line 2")


def test_a_list_in_excel_keeps_ids_as_they_are_meant():
    row = [
        1001.0,
        datetime(2026, 3, 5, 10, 12, tzinfo=UTC).replace(tzinfo=None),
        13800138000.0,
        1260.5,
        "呼入",
        7,
        "T1.wav",
        None,
    ]
    (call,) = from_excel(HEADER, row, [None] * 8)
    record = parse_call_record(call.document, call.where)
    assert (record.external_id, record.customer.number, record.agent.id) == ("1001", "+8613800138000", "7")
    assert (str(record.case.amount_due), record.direction) == ("1260.5", "inbound")
    assert record.started_at.isoformat() == "2026-03-05T10:12:00+08:00"
    assert (record.note_given, record.note) == (True, None)
    assert call.where == "list.xlsx sheet Sheet row 2"


@pytest.mark.parametrize(
    ("at", "value", "code"),
    [
        (0, "=1+1", "format.formula"),
        (0, "@SUM(A1)", "format.formula"),
        (2, "-cmd|' /C calc'!A0", "format.formula"),
        (5, "+HYPERLINK(1)", "format.formula"),
        (0, "x" * 500, "format.bad_value"),
        (4, "sideways", "format.bad_value"),
    ],
)
def test_values_that_cannot_be_right(at, value, code):
    bad = [value if index == at else cell for index, cell in enumerate(ROW)]
    found = from_csv(HEADER, bad, ROW)
    assert found[0].error.code == code
    assert found[1].document["external_id"] == "T1"


def test_rows_and_columns_that_are_missing():
    assert [each.error.code for each in from_csv(HEADER[1:], ROW[1:])] == ["format.columns"]
    assert [each.error.code for each in from_csv([*HEADER, "手机号"], [*ROW, "1"])] == ["format.columns"]
    short, whole = from_csv(HEADER, ROW[:3], ROW)
    assert (short.error.code, whole.where) == ("format.columns", "list.csv line 3")
    nameless = [*ROW[:6], "", ""]
    nameless[0] = ""
    assert from_csv(HEADER, nameless)[0].error.code == "format.missing"
    assert from_excel(HEADER, ROW, sheet="没有")[0].error.code == "format.columns"
    assert from_csv() == []


def test_the_name_of_the_recording_stands_in_for_the_id():
    (call,) = from_csv(HEADER, ["", *ROW[1:]])
    assert call.document["external_id"] == "T1"


def test_date_and_time_apart_and_epochs():
    columns = {"external_id": "id", "started_at.date": "d", "started_at.time": "t", "started_at.epoch": "e"}
    options = CsvIndexOptions(source="crm", zone="UTC", columns=columns)
    header = ["id", "d", "t", "e"]
    first, second = from_csv(
        header, ["1", "2026-03-05", "10:12", ""], ["2", "", "", "1772676720123"], options=options
    )
    assert first.document["started_at"] == "2026-03-05T10:12:00+00:00"
    assert second.document["time_source"] == "epoch:started_at.epoch"


@pytest.mark.parametrize("columns", [{"customer.phone": "x", "external_id": "y"}, {"agent.id": "x"}])
def test_a_mapping_that_cannot_be_right(columns):
    with pytest.raises(ValidationError):
        CsvIndexOptions(source="crm", columns=columns)


PATTERN = "(?P<date>[0-9]{8})-(?P<time>[0-9]{6})_(?P<agent>A[0-9]+)_(?P<number>[0-9]+)[.]wav"
NAMES = FileNameOptions(source="recorder", zone="Asia/Shanghai", pattern=PATTERN)


def test_a_call_told_by_the_name_of_its_recording():
    (call,) = read_name(io.BytesIO(), "2026/20260305-101200_A7_13800138000.wav", NAMES)
    record = parse_call_record(call.document, call.where)
    assert record.external_id == "20260305-101200_A7_13800138000"
    assert (record.started_at.isoformat(), record.agent.id) == ("2026-03-05T10:12:00+08:00", "A7")
    assert (record.customer.number, call.recording) == (
        "+8613800138000",
        "2026/20260305-101200_A7_13800138000.wav",
    )


@pytest.mark.parametrize("name", ["other.wav", "x" * 5000, ""])
def test_names_that_do_not_match(name):
    (found,) = read_name(io.BytesIO(), name, NAMES)
    assert found.error.code == "format.bad_value"


@pytest.mark.parametrize("pattern", ["(", "abc", "(?P<who>.)", r"(?P<agent>a)\1", "(?P<agent>(?=x)a)"])
def test_patterns_that_cannot_be_right(pattern):
    with pytest.raises(ValidationError):
        FileNameOptions(source="recorder", pattern=pattern)
