import io
import json

import pytest

from ingest.formats.freeswitch import (
    FreeSwitchCsvOptions,
    FreeSwitchOptions,
    read_csv,
    read_json_cdr,
    read_xml_cdr,
)
from ingest.metadata import parse_call_record

UUID = "0b8b2a4e-1c1f-4c63-9c57-5ad1a0f3a001"
OPTIONS = FreeSwitchOptions(source="fs", zone="Asia/Shanghai", channels={0: "agent", 1: "customer"})
VARIABLES = {
    "uuid": UUID,
    "start_stamp": "2026-03-05 10:12:00",
    "start_uepoch": "1772676720006702",
    "start_epoch": "1772676720",
    "billsec": "31",
    "caller_id_number": "1001",
    "destination_number": "13800138000",
    "hangup_cause": "NORMAL_CLEARING",
}


def from_json(variables=VARIABLES, options=OPTIONS, **more):
    content = json.dumps({"core-uuid": "x", "variables": variables, **more}).encode()
    (found,) = read_json_cdr(io.BytesIO(content), "a.json", options)
    return found


def from_xml(content: bytes):
    (found,) = read_xml_cdr(io.BytesIO(content), "a.xml", OPTIONS)
    return found


def test_json_cdr():
    call = from_json()
    record = parse_call_record(call.document, call.where)
    assert record.started_at.isoformat() == "2026-03-05T02:12:00.006702+00:00"
    assert (record.time_source, record.direction, record.agent.id) == (
        "epoch:start_uepoch",
        "outbound",
        "1001",
    )
    assert (record.customer.number, record.channels) == ("+8613800138000", {0: "agent", 1: "customer"})
    assert (call.recording, call.ids) == (None, (UUID,))


def test_the_stamp_is_read_in_the_zone_of_the_source_where_there_is_no_epoch():
    stamped = {k: v for k, v in VARIABLES.items() if not k.endswith("epoch")}
    assert from_json(stamped).document["started_at"] == "2026-03-05T10:12:00+08:00"
    assert from_json(stamped, FreeSwitchOptions(source="fs")).document["time_problem"] == "time.no_zone"


def test_a_stamp_that_contradicts_the_epoch():
    options = FreeSwitchOptions(source="fs", zone="UTC")
    assert from_json(options=options).document["time_problem"] == "time.contradictory"


def test_records_without_variables_of_time_have_times():
    variables = {"uuid": UUID}
    call = from_json(variables, times={"created_time": "1772676720006702", "answered_time": "0"})
    assert call.document["time_source"] == "epoch:times.created_time"
    assert (call.document["connected"], call.ids) == (False, ())


def test_where_the_recording_is_named():
    log = {"applications": [{"app_name": "record_session", "app_data": "{opt=1}/rec/a.wav"}]}
    assert from_json(app_log=log).recording == "/rec/a.wav"
    assert from_json({**VARIABLES, "cc_record_filename": "/cc/b.wav"}).recording == "/cc/b.wav"
    template = OPTIONS.model_copy(update={"recording": "{uuid}.mp3"})
    assert from_json(options=template).recording == f"{UUID}.mp3"


def test_numbers_from_the_profile():
    bare = {k: v for k, v in VARIABLES.items() if not k.endswith("_number")}
    profile = {"caller_id_number": "13800138000", "destination_number": "1001"}
    for flow in ([{"caller_profile": profile}], {"caller_profile": profile}):
        assert from_json(bare, callflow=flow).document["direction"] == "inbound"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[]", "format.missing"),
        (b"{", "format.unreadable"),
        (b'{"variables": {}}', "format.missing"),
        (b'{"variables": {"uuid": ["x"]}}', "format.missing"),
        (b'{"variables": {"uuid": "a"}, "variables": {}}', "format.unreadable"),
        (b'{"variables": {"uuid": NaN}}', "format.unreadable"),
        (b"[" * 100_000, "format.unreadable"),
        (b'{"variables": {"uuid": "' + b"x" * 500 + b'"}}', "format.bad_value"),
        (b" " * (8 * 1024 * 1024 + 1), "format.too_long"),
        (b"\xff\xff", "format.encoding"),
        (b"1" * 5000, "format.unreadable"),
    ],
)
def test_json_that_is_no_record(content, code):
    (found,) = read_json_cdr(io.BytesIO(content), "a.json", OPTIONS)
    assert found.error.code == code


XML = f"""<?xml version="1.0"?>
<cdr core-uuid="x"><channel_data><state>CS_REPORTING</state></channel_data>
<variables><uuid>{UUID}</uuid><start_stamp>2026-03-05%2010%3A12%3A00</start_stamp><start_epoch>1772676720</start_epoch>
<billsec>31</billsec><caller_id_name>%E6%9D%8E</caller_id_name></variables>
<app_log><application app_name="record_session" app_data="%7Bx=1%7D/rec/a%20b.wav"/></app_log>
<callflow><caller_profile><caller_id_number>1001</caller_id_number>
<destination_number>13800138000</destination_number></caller_profile></callflow></cdr>"""


def test_xml_cdr():
    call = from_xml(XML.encode())
    assert call.document["started_at"] == "2026-03-05T02:12:00+00:00"
    assert (call.document["direction"], call.recording) == ("outbound", "/rec/a b.wav")
    assert call.document["recording"]["file"] == "a b.wav"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (
            f'<!DOCTYPE c [<!ENTITY l0 "ha">{LAUGHS}]><cdr><variables><uuid>&l9;</uuid></variables></cdr>',
            "format.unsafe",
        ),
        ('<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><cdr>&x;</cdr>', "format.unsafe"),
        ('<!DOCTYPE c SYSTEM "http://169.254.169.254/x"><cdr/>', "format.unsafe"),
        ("<cdr><variables><uuid>&undefined;</uuid></variables></cdr>", "format.unreadable"),
        ("<cdr>" * 100_000, "format.unreadable"),
        ("<cdr><variables>", "format.unreadable"),
        ("", "format.unreadable"),
        ("<cdr/>", "format.missing"),
        ("<cdr><variables><a>1</a></variables></cdr>", "format.missing"),
        ('<?xml version="1.0" encoding="rot13"?><cdr/>', "format.unreadable"),
        ("<cdr><variables>" + "".join(f"<a{n}>1</a{n}>" for n in range(6000)), "format.unreadable"),
    ],
)
def test_xml_that_is_no_record(content, code):
    assert from_xml(content.encode()).error.code == code


def test_csv_with_the_template_of_the_sample():
    times = '"2026-03-05 10:12:00","","2026-03-05 10:13:00"'
    row = f'"Li","1001","13800138000","default",{times},"40","31","X","{UUID}","","","PCMU","PCMU"'
    again = row.replace('"31"', '"7"')
    (call,) = read_csv(
        io.BytesIO(f"{row}\n{again}".encode()), "a.csv", FreeSwitchCsvOptions(source="fs", zone="UTC")
    )
    assert (call.document["external_id"], call.document["duration_s"]) == (UUID, 31.0)
    assert (call.document["direction"], call.document["cdr"]["legs"]) == ("outbound", 2)


def test_csv_with_other_columns():
    options = FreeSwitchCsvOptions(source="fs", zone="UTC")
    content = f"uuid,start_epoch,billsec\n{UUID},1772676720,5\n,1,2\nx\n".encode()
    bad, short, call = sorted(
        read_csv(io.BytesIO(content), "a.csv", options), key=lambda each: hasattr(each, "ids")
    )
    assert [bad.error.code, short.error.code] == ["format.missing", "format.columns"]
    assert call.document["started_at"] == "2026-03-05T02:12:00+00:00"
    named = options.model_copy(update={"columns": ("start_epoch", "uuid")})
    (call,) = read_csv(io.BytesIO(f"1772676720,{UUID}".encode()), "a.csv", named)
    assert call.document["external_id"] == UUID
