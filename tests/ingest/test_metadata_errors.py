import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.metadata import load_call_record, parse_call_record
from store.errors import MetadataError

from .records import FULL, SHANGHAI_NOON, changed


def refusal(data: Any) -> MetadataError:
    with pytest.raises(MetadataError) as caught:
        parse_call_record(data, "H001.call.json")
    assert caught.value.mend
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        ([], "metadata.not_object", ""),
        ("H001", "metadata.not_object", ""),
        (None, "metadata.not_object", ""),
        ({"source": "s"}, "metadata.missing_field", "external_id"),
        ({"external_id": "1"}, "metadata.missing_field", "source"),
        (FULL | {"external_id": " "}, "metadata.missing_field", "external_id"),
        (FULL | {"external_id": "x" * 201}, "metadata.bad_value", "external_id"),
        (FULL | {"external_id": ["x"]}, "metadata.bad_value", "external_id"),
        (FULL | {"direction": "sideways"}, "metadata.bad_value", "direction"),
        (FULL | {"ended_by": "robot"}, "metadata.bad_value", "ended_by"),
        (FULL | {"agent": "A1027"}, "metadata.bad_value", "agent"),
        (FULL | {"recording": []}, "metadata.bad_value", "recording"),
        (FULL | {"history": {}}, "metadata.bad_value", "history"),
        (FULL | {"history": ["2026-03-01T10:00:00+08:00"]}, "metadata.bad_value", "history[0]"),
        (
            changed("customer.timezone", "Mars/Olympus"),
            "metadata.bad_value",
            "customer.timezone",
        ),
        (
            changed("customer.timezone", "../etc/passwd"),
            "metadata.bad_value",
            "customer.timezone",
        ),
        (changed("customer.name", "李\x00"), "metadata.bad_value", "customer.name"),
        (changed("customer.name", "\ud800"), "metadata.bad_value", "customer.name"),
        (FULL | {"extra": float("inf")}, "metadata.bad_value", "extra"),
        (changed("case.amount_due", "nan"), "metadata.bad_value", "case.amount_due"),
        (changed("case.amount_due", "-5"), "metadata.bad_value", "case.amount_due"),
        (changed("case.amount_due", "1e999999999"), "metadata.bad_value", "case.amount_due"),
        (changed("case.amount_due", "很多"), "metadata.bad_value", "case.amount_due"),
        (changed("case.days_overdue", "many"), "metadata.bad_value", "case.days_overdue"),
        (
            changed("case.complaints_before", -1),
            "metadata.bad_value",
            "case.complaints_before",
        ),
        (
            changed("case.agreed_times", [{"from": "25:00", "to": "22:00"}]),
            "metadata.bad_value",
            "case.agreed_times[0].from",
        ),
        (changed("recording.channels", 2), "metadata.bad_value", "recording.channels"),
        (
            changed("recording.channels", {"left": "agent"}),
            "metadata.bad_value",
            "recording.channels",
        ),
        (
            changed("recording.channels", {"0": "boss"}),
            "metadata.bad_value",
            "recording.channels",
        ),
        (
            changed("recording.channels", {"0": ["agent"]}),
            "metadata.bad_value",
            "recording.channels",
        ),
    ],
)
def test_a_bad_value_names_file_and_field(data: Any, code: str, where: str):
    error = refusal(data)
    assert (error.code, error.where) == (code, f"H001.call.json {where}".strip())


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (changed("recording.channels", {"0": "agent", "1": "agent"}), "recording.channels"),
        (changed("case.agreed_times", [{"from": "21:00", "to": "21:00"}]), "case.agreed_times[0]"),
        (FULL | {"history": [{"started_at": SHANGHAI_NOON, "connected": True}]}, "history[0].started_at"),
        (
            FULL | {"history": [{"started_at": FULL["started_at"], "connected": True}]},
            "history[0].started_at",
        ),
    ],
)
def test_a_contradiction_is_refused(data: dict[str, Any], where: str):
    error = refusal(data)
    assert (error.code, error.where) == ("metadata.contradiction", f"H001.call.json {where}")


def test_an_error_says_what_to_do_and_not_what_was_said():
    assert str(refusal(changed("customer.timezone", "Mars/Olympus"))) == (
        "H001.call.json customer.timezone: there is no such time zone. "
        "Use a name such as Asia/Shanghai. [metadata.bad_value]"
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "metadata.unreadable"),
        (b"{", "metadata.unreadable"),
        (b'{"external_id": NaN}', "metadata.unreadable"),
        ("{'编号': 1}".encode("gb18030"), "metadata.unreadable"),
        (b"[" * 100_000, "metadata.unreadable"),
        (b'{"x": ' + b"9" * 5000 + b"}", "metadata.unreadable"),
        (b"[]", "metadata.not_object"),
        (b'{"external_id": "1", "external_id": "2", "source": "s"}', "metadata.contradiction"),
        (b" " * (4 * 1024 * 1024 + 1), "metadata.too_large"),
    ],
)
def test_files_that_are_no_record(tmp_path: Path, content: bytes, code: str):
    path = tmp_path / "H001.call.json"
    path.write_bytes(content)
    with pytest.raises(MetadataError) as caught:
        load_call_record(path)
    assert caught.value.code == code
    assert caught.value.where is not None
    assert caught.value.where.startswith("H001.call.json")


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(MetadataError) as caught:
        load_call_record(tmp_path / "none.call.json")
    assert caught.value.code == "metadata.not_found"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*FULL, "language", "extra"]), json_values))
def test_whatever_comes_is_a_record_or_an_error_of_ours(data: dict[str, Any]):
    try:
        record = parse_call_record({"external_id": "1", "source": "s"} | data, "x")
    except MetadataError:
        return
    assert parse_call_record(json.loads(json.dumps(record.to_document())), "y") == record
