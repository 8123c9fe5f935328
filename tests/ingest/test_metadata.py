import json
from copy import deepcopy
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.metadata import (
    CallRecord,
    fit_channels,
    load_call_record,
    parse_call_record,
    record_without_metadata,
)
from ingest.times import END_OF_DAY
from store.errors import MetadataError

from .records import FULL, SHANGHAI_NOON, changed


def test_a_full_record():
    record = parse_call_record(FULL, "H001.call.json")
    assert record.started_at == datetime(2026, 3, 5, 2, 12, tzinfo=UTC)
    assert record.started_at.utcoffset() == timedelta(hours=8)
    assert record.time_problem is None
    assert record.customer.number == "+8613800138000"
    assert record.case.amount_due == Decimal("1260.00")
    assert record.case.agreed_times[0].from_ == time(21, 0)
    assert record.case.agreed_times[0].to == time(22, 30)
    assert record.channels == {0: "agent", 1: "customer"}
    assert record.recording.file == "call.opus"
    assert record.note is not None
    assert record.note.outcome == "promise_to_pay"
    assert [call.started_at.day for call in record.history] == [1, 4]
    assert record.history[1].number == "+8613800138000"
    assert record.ended_by == "customer"
    assert record.key == "central-recorder/H001"


def test_the_document_has_the_shape_and_order_of_call_json():
    document = parse_call_record(FULL, "x").to_document()
    assert list(document) == [
        *("external_id", "source", "direction", "started_at", "agent", "customer", "case"),
        *("recording", "note", "history", "ended_by"),
    ]
    assert document["started_at"] == "2026-03-05T10:12:00+08:00"
    assert document["recording"] == FULL["recording"]
    assert document["note"] == FULL["note"]
    assert document["case"] == FULL["case"]
    assert document["customer"] == FULL["customer"] | {"number": "+8613800138000"}
    json.dumps(document)


@pytest.mark.parametrize(
    "data",
    [
        FULL,
        {"external_id": "1", "source": "s"},
        {"external_id": "1", "source": "s", "started_at": "unknown", "note": None},
        {"external_id": "1", "source": "s", "started_at": "2026-03-05T10:12:00"},
        changed(
            "case.agreed_times",
            [{"from": "00:00", "to": "24:00", "why": "x"}, {"from": "9:05:30", "to": "01:00"}],
        ),
        FULL | {"extra": {"深": [1, 2.5, None]}, "another": True},
    ],
)
def test_a_document_reads_back_as_the_same_record(data: dict[str, Any]):
    record = parse_call_record(data, "x")
    again = parse_call_record(json.loads(json.dumps(record.to_document())), "y")
    assert again == record
    assert again.content_sha256() == record.content_sha256()


def test_the_order_of_fields_does_not_change_the_content():
    turned = dict(reversed(list(FULL.items())))
    assert parse_call_record(turned, "x").content_sha256() == parse_call_record(FULL, "x").content_sha256()
    other = parse_call_record(changed("agent.name", "王敏敏"), "x")
    assert other.content_sha256() != parse_call_record(FULL, "x").content_sha256()


@pytest.mark.parametrize(
    ("given_time", "problem"),
    [
        (None, "time.missing"),
        ("", "time.missing"),
        ("  ", "time.missing"),
        ("unknown", "time.unreadable"),
        ("2026-03-05T10:12:00", "time.no_zone"),
        ("2026-03-05 10:12", "time.no_zone"),
        ("2026-03-05", "time.unreadable"),
        ("20260305", "time.unreadable"),
        ("2026-02-30T10:12:00+08:00", "time.unreadable"),
        ("2026-03-05T25:12:00+08:00", "time.unreadable"),
        ("0001-01-01T00:00:00+08:00", "time.unreadable"),
        ("昨天上午十点十二分整左右", "time.unreadable"),
        (1772676720, "time.unreadable"),
        (True, "time.unreadable"),
        ({"at": "2026"}, "time.unreadable"),
    ],
)
def test_an_unreadable_time_is_a_visible_problem_and_never_guessed(given_time: object, problem: str):
    record = parse_call_record(FULL | {"started_at": given_time}, "x")
    assert (record.started_at, record.time_problem) == (None, problem)
    assert record.to_document()["started_at"] is None
    assert record.to_document()["time_problem"] == problem


def test_a_missing_time():
    data = {name: value for name, value in FULL.items() if name != "started_at"}
    assert parse_call_record(data, "x").time_problem == "time.missing"


@pytest.mark.parametrize(
    "written",
    ["2026-03-05T02:12:00Z", "2026-03-05 10:12:00+0800", "20260305T101200+08", "2026-03-05T10:12+08:00"],
)
def test_spellings_of_a_time_with_its_zone(written: str):
    record = parse_call_record(FULL | {"started_at": written}, "x")
    assert record.started_at == datetime(2026, 3, 5, 2, 12, tzinfo=UTC)


def test_a_call_cannot_have_begun_later_than_now():
    now = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
    early = parse_call_record(FULL | {"started_at": "2026-03-05T10:09:00+08:00"}, "x", now=now)
    late = parse_call_record(FULL | {"started_at": SHANGHAI_NOON}, "x", now=now)
    assert early.time_problem is None  # clocks differ by minutes
    assert (late.started_at, late.time_problem, late.started_at_given) == (None, "time.future", SHANGHAI_NOON)


def test_a_note_that_is_null_differs_from_no_note():
    assert parse_call_record(FULL | {"note": None}, "x").note_given
    assert parse_call_record(FULL | {"note": None}, "x").note is None
    without = {name: value for name, value in FULL.items() if name != "note"}
    assert not parse_call_record(without, "x").note_given
    assert "note" not in parse_call_record(without, "x").to_document()
    assert parse_call_record(FULL | {"note": None}, "x").to_document()["note"] is None


def test_words_nobody_knows_are_kept():
    data = deepcopy(FULL)
    data["note"]["outcome"], data["case"]["product"], data["customer"]["relation"] = (
        "已转法务",
        "医美分期",
        "邻居",
    )
    record = parse_call_record(data, "x")
    assert record.note is not None
    assert (record.note.outcome, record.case.product, record.customer.relation) == (
        "已转法务",
        "医美分期",
        "邻居",
    )


def test_fields_nobody_knows_are_kept():
    document = parse_call_record(
        FULL | {"queue": "Q7"} | {"agent": {"id": "A", "desk": 3}}, "x"
    ).to_document()
    assert (document["queue"], document["agent"]) == ("Q7", {"id": "A", "desk": 3})


def test_what_only_diting_may_say_is_not_taken_from_outside():
    record = parse_call_record(
        FULL | {"time_problem": "x", "note_given": False, "channels": {"0": "agent"}}, "x"
    )
    assert (record.time_problem, record.note_given, record.channels) == (
        None,
        True,
        {0: "agent", 1: "customer"},
    )


def test_null_and_blank_mean_not_given():
    data = FULL | {"direction": None, "ended_by": "", "agent": None, "history": None, "recording": None}
    data["customer"] = {"relation": None, "timezone": "", "number": " "}
    record = parse_call_record(data, "x")
    assert (record.direction, record.ended_by, record.agent.id, record.history) == (None, None, None, ())
    assert (record.customer.relation, record.customer.timezone, record.customer.number) == (
        "debtor",
        None,
        None,
    )
    assert record.channels is None


def test_ids_may_be_numbers():
    assert parse_call_record(FULL | {"external_id": 17, "agent": {"id": 1027}}, "x").agent.id == "1027"


@pytest.mark.parametrize(
    ("given_amount", "amount"), [("1260.50", "1260.50"), (1260.5, "1260.5"), (0, "0"), ("1e3", "1000")]
)
def test_amounts(given_amount: object, amount: str):
    record = parse_call_record(changed("case.amount_due", given_amount), "x")
    assert str(record.case.amount_due) == amount
    assert record.to_document()["case"]["amount_due"] == amount


def test_24_00_is_the_end_of_the_day():
    record = parse_call_record(changed("case.agreed_times", [{"from": "00:00", "to": "24:00"}]), "x")
    assert (record.case.agreed_times[0].from_, record.case.agreed_times[0].to) == (time(0), END_OF_DAY)


def test_numbers_of_american_customers_are_american():
    data = changed("customer", {"number": "(212) 555-0101", "timezone": "America/New_York"})
    assert parse_call_record(data, "x").customer.number == "+12125550101"


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({}, "customer:C889201"),
        ({"customer": {"number": "13800138000"}}, "case:K-2026-000123"),
        ({"customer": {"number": "13800138000"}, "case": {}}, "number:+8613800138000"),
        ({"customer": {}, "case": {}}, "call:central-recorder/H001"),
    ],
)
def test_whose_debt_it_is(fields: dict[str, Any], key: str):
    assert parse_call_record(FULL | fields, "x").debtor_key == key


def test_a_recording_that_comes_alone():
    record = record_without_metadata(Path("in/a.wav"), "ab" * 32)
    assert (record.source, record.external_id) == ("file", "abababababababab")
    assert (record.started_at, record.time_problem, record.note_given) == (None, "time.missing", False)
    assert record.channels is None
    assert parse_call_record(record.to_document(), "x") == record


def _with_channels(file: str | None) -> CallRecord:
    return parse_call_record(
        changed("recording", {"file": file, "channels": {"0": "agent", "1": "customer"}}), "x"
    )


def test_channel_roles_hold_for_the_file_they_were_given_for():
    record = _with_channels("call.opus")
    assert fit_channels(record, Path("call.opus"), 2) is record
    with pytest.raises(MetadataError) as caught:
        fit_channels(record, Path("call.opus"), 1)
    assert (caught.value.code, caught.value.where) == (
        "metadata.contradiction",
        "call.opus recording.channels",
    )
    with pytest.raises(MetadataError):
        fit_channels(_with_channels(None), Path("call.opus"), 1)


def test_channel_roles_say_nothing_about_the_mono_mix():
    assert fit_channels(_with_channels("call.opus"), Path("call.mono.opus"), 1).channels is None
    assert fit_channels(_with_channels("call.opus"), Path("call.opus"), 6, mixed=True).channels is None
    assert fit_channels(_with_channels("call.opus"), Path("other.opus"), 2).channels == {
        0: "agent",
        1: "customer",
    }


def test_a_file_is_read(tmp_path: Path):
    path = tmp_path / "H001.call.json"
    path.write_text("\ufeff" + json.dumps(FULL, ensure_ascii=False), encoding="utf-8")
    assert load_call_record(path) == parse_call_record(FULL, "x")
