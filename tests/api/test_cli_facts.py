"""`diting facts import` and `diting sources preview`, as people at a terminal use them."""

import json

import pytest

from store.errors import BadInputError
from tests.api.installed import ended, install, run

CASES = "案件,逾期\nK1,63\nK2,many\n"
COLUMNS = "columns={case.id: 案件, days_overdue: 逾期}"
CDR = (
    "src,dst,start,billsec,disposition,uniqueid\n"
    "1001,13800138000,2026-03-05 02:12:00,31,ANSWERED,1772676720.5\n"
)


def test_a_list_is_taken_in_once(monkeypatch, tmp_path):
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path))
    install()
    file = tmp_path / "cases.csv"
    file.write_text(CASES, encoding="gb18030")
    first = ended("facts", "import", "cases", file, "--set", COLUMNS, "--json")
    assert first.exit_code == 2
    assert json.loads(first.stdout) == {"new": 1, "known": 0, "refused": 1, "judged_again": 0}
    assert "cases.csv line 3 days_overdue" in first.stderr
    file.write_text(CASES.replace("many", "2"), encoding="utf-8")
    again = run("facts", "import", "cases", file, "--set", COLUMNS, "--lang", "en")
    assert again == "1 new, 1 known, 0 rows refused; 0 calls will be judged again.\n"


def test_options_that_cannot_be_right(monkeypatch, tmp_path):
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path))
    with pytest.raises(BadInputError) as caught:
        run("facts", "import", "notes", tmp_path / "x.csv", "--set", COLUMNS)
    assert caught.value.code == "format.options"


def test_a_preview_stores_nothing_and_masks_numbers(tmp_path):
    file = tmp_path / "Master.csv"
    file.write_text(CDR + "1,2\n", encoding="utf-8")
    shown = ended("sources", "preview", "asterisk-csv", file, "--set", "zone=UTC", "--lang", "en")
    assert shown.exit_code == 2
    assert "13800138000" not in shown.stdout
    assert "1772676720" in shown.stdout  # the rest of the id may stand on the next line
    assert "[format.columns]" in "".join(shown.stdout.split())
    assert "1 usable, 1 not." in shown.stdout
    options = tmp_path / "options.yaml"
    options.write_text("zone: Asia/Shanghai\nsource: pbx\n", encoding="utf-8")
    told = ended("sources", "preview", "asterisk-csv", file, "--options", options, "--json")
    wrong, call = sorted(
        (json.loads(line) for line in told.stdout.splitlines()), key=lambda each: "call" in each
    )
    assert wrong["error"]["code"] == "format.columns"
    assert (call["call"]["time_problem"], call["call"]["source"]) == ("time.contradictory", "pbx")
    assert call["ids"] == ["1772676720.5"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing", "x.csv"),
        ("asterisk-csv", "x.csv", "--set", "zone=Mars/Phobos"),
        ("asterisk-csv", "x.csv", "--set", "zone"),
        ("asterisk-csv", "x.csv", "--set", "zone=[", "--json"),
        ("asterisk-csv", "x.csv", "--set", "group_by=colour"),
        ("csv-index", "x.csv"),
    ],
)
def test_options_of_formats_that_cannot_be_right(arguments):
    with pytest.raises(BadInputError) as caught:
        run("sources", "preview", *arguments)
    assert caught.value.code == "format.options"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BadInputError) as caught:
        run("sources", "preview", "asterisk-csv", tmp_path / "x.csv")
    assert caught.value.code == "metadata.not_found"
