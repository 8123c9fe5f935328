import io
from datetime import UTC, datetime

import openpyxl
import pytest

from ingest.facts.types import About, Fact
from ingest.formats.facts import FactOptions, read_facts
from ingest.formats.registry import checked_options
from store.errors import BadInputError

NOW = datetime(2026, 3, 6, tzinfo=UTC)


def options(kind, columns, **over):
    return checked_options(
        FactOptions, {"source": "crm", "zone": "Asia/Shanghai", "kind": kind, "columns": columns, **over}, "x"
    )


def from_csv(wanted, *lines):
    content = "\n".join(lines).encode("gb18030")
    return list(read_facts(io.BytesIO(content), "l.csv", wanted, form="csv", now=NOW))


def test_cases():
    columns = {
        "case.id": "案件",
        "customer.number": "手机",
        "days_overdue": "逾期",
        "stop_requested": "停催",
        "as_of": "日期",
    }
    (fact, undated) = from_csv(
        options("case", columns),
        "案件,手机,逾期,停催,日期",
        "K1,13800138000,63,是,2026-03-05 08:00:00",
        "K2,,1,,",
    )
    at = datetime(2026, 3, 5, 0, tzinfo=UTC)
    about = About(case="K1", number="+8613800138000")
    assert fact == Fact("case", about, {"days_overdue": 63, "stop_requested": True}, at, True)
    assert undated == Fact("case", About(case="K2"), {"days_overdue": 1}, NOW)
    assert fact.about.subject == "case:K1"


def test_agreed_times_in_excel():
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["客户", "从", "到", "凭证", "起"])
    book.active.append(["C1", "21:00", "23:00", "H1", "2026/03/05"])
    book.active.append(["C1", "21:00", "21:00", "H1", None])
    book.save(content)
    columns = {"customer.id": "客户", "from": "从", "to": "到", "proof": "凭证", "valid_from": "起"}
    good, bad = read_facts(content, "l.xlsx", options("agreed_time", columns), form="excel", now=NOW)
    assert good.data == {"from": "21:00", "to": "23:00", "proof": "H1", "valid_from": "2026-03-05"}
    assert bad.error.code == "format.bad_value"


def test_notes_of_calls():
    columns = {"external_id": "通话", "outcome": "结果", "text": "内容", "agent": "催收员"}
    (fact,) = from_csv(
        options("note", columns, calls_from="pbx", as_of="2026-03-05T00:00:00Z"),
        "通话,结果,内容,催收员",
        'T1,callback,"-客户说""明天""",A7',
    )
    assert (fact.about, fact.agent, fact.dated) == (About(call="pbx/T1"), "A7", True)
    assert fact.data == {"outcome": "callback", "text": '-客户说"明天"'}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",1,", "format.missing"),
        ("K1,many,", "format.bad_value"),
        ("=K1,1,", "format.formula"),
        ("K1,1,maybe", "format.bad_value"),
        ("K1,1", "format.columns"),
        ("K1,999999,", "format.bad_value"),
    ],
)
def test_rows_that_cannot_be_used(row, code):
    wanted = options("case", {"case.id": "k", "days_overdue": "d", "vulnerable": "v"})
    bad, good = from_csv(wanted, "k,d,v", row, "K2,2,0")
    assert (bad.where, bad.error.code) == ("l.csv line 2", code)
    assert good.data == {"days_overdue": 2, "vulnerable": False}


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("case", {"days_overdue": "d"}),
        ("case", {"case.id": "k", "text": "t"}),
        ("note", {"external_id": "e", "text": "t"}),
        ("case", {"case.id": "k", "overdue": "t"}),
        ("person", {"case.id": "k"}),
    ],
)
def test_options_that_cannot_be_right(kind, columns):
    with pytest.raises(BadInputError) as caught:
        options(kind, columns)
    assert caught.value.code == "format.options"
