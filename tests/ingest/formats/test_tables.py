"""The tables of switches, in each kind of database that tests have."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from ingest.formats.tables import (
    AsteriskTableOptions,
    Position,
    VicidialTableOptions,
    _read_only,
    read_cdr_table,
    read_recording_log,
)
from store.errors import BadInputError

BEGIN = datetime(2026, 3, 5, 2, 12, tzinfo=UTC)
NOW = BEGIN + timedelta(hours=12)
OPTIONS = AsteriskTableOptions(source="pbx", zone="UTC")


@pytest.fixture(params=["sqlite", "postgresql"])
def switch(request, tmp_path):
    """A database of a switch, with a few tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/switch.db"
    else:
        url = request.getfixturevalue("empty_postgresql_url")
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in TABLES:
            connection.execute(text(statement))
    yield engine
    engine.dispose()


TABLES = (
    """CREATE TABLE cdr (calldate TIMESTAMP, src VARCHAR(80), dst VARCHAR(80), dcontext VARCHAR(80),
    channel VARCHAR(80), dstchannel VARCHAR(80), lastapp VARCHAR(80), duration INTEGER, billsec INTEGER,
    disposition VARCHAR(45), uniqueid VARCHAR(80), linkedid VARCHAR(80), recordingfile VARCHAR(255))""",
    """CREATE TABLE recording_log (recording_id INTEGER, start_time TIMESTAMP, start_epoch INTEGER,
    end_epoch INTEGER, length_in_sec INTEGER, filename VARCHAR(100), location VARCHAR(255), lead_id INTEGER,
    "user" VARCHAR(20), vicidial_id VARCHAR(20))""",
    """CREATE TABLE vicidial_log (uniqueid VARCHAR(20), lead_id INTEGER, list_id BIGINT,
    campaign_id VARCHAR(8), phone_code VARCHAR(10), phone_number VARCHAR(18), status VARCHAR(6),
    user_group VARCHAR(20), term_reason VARCHAR(20))""",
    """CREATE TABLE vicidial_closer_log (closecallid INTEGER, lead_id INTEGER, phone_code VARCHAR(10),
    phone_number VARCHAR(18), status VARCHAR(6), user_group VARCHAR(20))""",
)
ROWS = (
    """recording_log VALUES (1, NULL, 1772676720, 1772676800, 80, '20260305-101200_5551234567', 'http://x/a.mp3',
    7, '6666', '177.1')""",
    "recording_log VALUES (2, NULL, 1772676720, 0, 0, 'running', NULL, 7, '6666', '177.2')",
    "recording_log VALUES (3, NULL, 1772676720, 1772676800, 80, 'b', NULL, 8, '6667', '55')",
    "vicidial_log VALUES ('177.1', 7, 101, 'C', '1', '5551234567', 'PTP', 'T1', 'AGENT')",
    "vicidial_closer_log VALUES (55, 8, '1', '5559999999', 'SALE', 'T2')",
)


def add(switch, number, *, minutes=0, linked=None, billsec=31, duration=40):
    begun = BEGIN + timedelta(minutes=minutes)
    values = {
        **{"calldate": begun.replace(tzinfo=None), "src": "1001", "dst": "13800138000", "dcontext": "x"},
        **{"duration": duration, "billsec": billsec, "disposition": "ANSWERED" if billsec else "BUSY"},
        **{"uniqueid": f"{int(begun.timestamp())}.{number}", "recordingfile": f"{number}.wav"},
    }
    values["linkedid"] = linked or values["uniqueid"]
    names = ", ".join(values)
    if switch.dialect.name == "sqlite":
        values["calldate"] = str(values["calldate"])
    with switch.begin() as connection:
        connection.execute(text(f"INSERT INTO cdr ({names}) VALUES (:{', :'.join(values)})"), values)  # noqa: S608
    return values["linkedid"]


def read(switch, after=None, options=OPTIONS, now=NOW):
    return list(read_cdr_table(switch, options, after=after, now=now))


def names(found):
    return [call.recording for _, call in found]


def test_calls_with_all_their_legs_in_order(switch):
    linked = add(switch, 1)
    add(switch, 3, minutes=2)
    add(switch, 2, minutes=1, linked=linked, billsec=90)
    found = read(switch)
    assert names(found) == ["2.wav", "3.wav"]
    assert found[0][1].document["external_id"] == linked
    assert found[0][1].document["started_at"] == "2026-03-05T02:12:00+00:00"
    assert found[0][1].document["cdr"]["legs"] == 2


def test_reading_goes_on_where_it_stopped_and_sees_what_came_late(switch):
    add(switch, 1)
    add(switch, 4, minutes=60 * 10)
    position = read(switch)[-1][0]
    add(switch, 2, minutes=60 * 5)  # began before the last one, and ended after it
    assert names(read(switch, position)) == ["2.wav", "4.wav"]
    exact = OPTIONS.model_copy(update={"look_back_hours": 0})
    assert read(switch, position, exact) == []


def test_a_call_that_may_still_go_on_waits(switch):
    add(switch, 1, duration=40)
    assert read(switch, now=BEGIN + timedelta(seconds=90)) == []
    assert names(read(switch, now=BEGIN + timedelta(seconds=100))) == ["1.wav"]


def test_pages_lose_and_double_nothing(switch, monkeypatch):
    monkeypatch.setattr("ingest.formats.tables._PAGE", 3)
    linked = add(switch, 0)
    for number in range(1, 10):
        add(switch, number, minutes=number // 4, linked=linked if number == 9 else None)
    assert sorted(names(read(switch))) == [f"{number}.wav" for number in range(9)]


def test_recordings_of_vicidial(switch):
    with switch.begin() as connection:
        for row in ROWS:
            connection.execute(text(f"INSERT INTO {row}"))
    options = VicidialTableOptions(source="vicidial")
    found = list(read_recording_log(switch, options))
    assert [position for position, _ in found] == [Position("1", "1"), Position("3", "3")]
    first, second = (call.document for _, call in found)
    assert (first["direction"], first["customer"]["number"]) == ("outbound", "+15551234567")
    assert (first["agent"], first["started_at"]) == (
        {"id": "6666", "team": "T1"},
        "2026-03-05T02:12:00+00:00",
    )
    assert (second["direction"], second["customer"]["number"]) == ("inbound", "+15559999999")
    exact = options.model_copy(update={"look_back_rows": 0})
    assert [p.key for p, _ in read_recording_log(switch, exact, after=Position("1", "1"))] == ["3"]


def test_nothing_can_be_written(switch):
    with _read_only(switch) as connection, pytest.raises(SQLAlchemyError):
        connection.execute(text("DELETE FROM cdr"))


@pytest.mark.parametrize("table", ["nothing", "recording_log"])
def test_a_table_that_is_not_there_or_another(switch, table):
    options = OPTIONS.model_copy(update={"table": table})
    with pytest.raises(BadInputError) as caught:
        read(switch, options=options)
    assert caught.value.code in ("format.unreadable", "format.columns")
    assert caught.value.where == table
