"""The file of complaints that arrived: what is taken, what is refused and why."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from complaint_warnings.backtest.complaints_file import ArrivedComplaint, RefusedLine, read_complaints
from store.errors import BadInputError


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "complaints.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_good_lines_are_taken_in_order_of_arrival(tmp_path):
    read = read_complaints(
        written(
            tmp_path,
            "customer_id,case_id,arrived_at,channel,remark\n"
            'C2,,2026-03-06T09:00:00+08:00,12378,"a, b"\n'
            " C1 ,K9,2026-03-05T10:12:00+08:00,,\n"
            ",K7,2026-03-07T00:00:00Z,company,\n",
            "utf-8-sig",
        )
    )
    assert read.refused == ()
    assert read.complaints == (
        ArrivedComplaint("customer_id", "C1", datetime(2026, 3, 5, 2, 12, tzinfo=UTC), "", 3),
        ArrivedComplaint("customer_id", "C2", datetime(2026, 3, 6, 1, 0, tzinfo=UTC), "12378", 2),
        ArrivedComplaint("case_id", "K7", datetime(2026, 3, 7, tzinfo=UTC), "company", 4),
    )


def test_the_same_complaint_twice_is_one(tmp_path):
    line = "C1,2026-03-05T10:12:00+08:00\n"
    assert len(read_complaints(written(tmp_path, f"customer_id,arrived_at\n{line}{line}")).complaints) == 1


def test_each_bad_line_is_refused_with_its_field_and_the_others_are_taken(tmp_path):
    read = read_complaints(
        written(
            tmp_path,
            "debtor,arrived_at\n"
            ",2026-03-05T10:12:00+08:00\n"
            "customer:C1,2026-03-05 10:12\n"
            "customer:C1,yesterday\n"
            "customer:C1,\n"
            "customer:C1\n"
            "customer:C1,2026-03-05T10:12:00+08:00,more\n"
            f"{'x' * 321},2026-03-05T10:12:00+08:00\n"
            "customer:C2,2026-03-05T10:12:00+08:00\n",
        )
    )
    assert [(each.line, each.field) for each in read.refused] == [
        (2, "debtor"),
        (3, "arrived_at"),
        (4, "arrived_at"),
        (5, "arrived_at"),
        (6, "columns"),
        (7, "columns"),
        (8, "debtor"),
    ]
    assert read.refused[1] == RefusedLine(
        3,
        "arrived_at",
        "the time says no zone, such as +08:00 at its end",
        "Write date, time and zone, such as 2026-03-05T10:12:00+08:00.",
    )
    assert [each.who for each in read.complaints] == ["customer:C2"]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("customer_id,when\n", "complaints_file.no_column", "there is no column arrived_at"),
        ("arrived_at\n", "complaints_file.no_column", "no column debtor or customer_id or case_id"),
        ("", "complaints_file.no_column", "arrived_at"),
        ('customer_id,arrived_at\n"open', "complaints_file.unreadable", "cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(tmp_path, text, code, said):
    with pytest.raises(BadInputError) as refused:
        read_complaints(written(tmp_path, text))
    assert refused.value.code == code
    assert said in refused.value.message


def test_no_file_and_no_utf_8(tmp_path):
    for path in (tmp_path / "none.csv", written(tmp_path, "客户,arrived_at\n", "gbk")):
        with pytest.raises(BadInputError) as refused:
            read_complaints(path)
        assert refused.value.code == "complaints_file.unreadable"
