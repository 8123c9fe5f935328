import io
from datetime import UTC, datetime

import pytest

from ingest.formats.asterisk import AsteriskOptions, read
from ingest.formats.names import ids_in
from ingest.formats.types import Described, Unreadable
from ingest.metadata import parse_call_record

OPTIONS = AsteriskOptions(source="pbx", zone="UTC", customer_zone="Asia/Shanghai")
EPOCH = 1772676720  # 2026-03-05 02:12:00 UTC


def line(uniqueid="1772676720.5", *, src="1001", dst="13800138000", start="2026-03-05 02:12:00", **over):
    fields = {
        "answer": start,
        "disposition": "ANSWERED",
        "billsec": "31",
        "linkedid": uniqueid,
        "dstchannel": "",
    }
    fields |= over
    cells = [
        *(
            "",
            src,
            dst,
            "from-internal",
            f'""{src}"" <{src}>',
            f"SIP/{src}-1",
            fields["dstchannel"],
            "Dial",
            "x",
        ),
        *(start, fields["answer"], "", "40", fields["billsec"], fields["disposition"], "DOCUMENTATION"),
        *(uniqueid, fields.get("userfield", ""), "", fields["linkedid"], "7"),
    ]
    return ",".join(f'"{cell}"' for cell in cells)


def calls(*lines, options=OPTIONS):
    return list(read(io.BytesIO("\n".join(lines).encode()), "Master.csv", options))


def test_a_call_made_by_a_collector():
    (call,) = calls(line())
    assert call == Described(
        {
            "external_id": "1772676720.5",
            "source": "pbx",
            "started_at": "2026-03-05T02:12:00+00:00",
            "time_source": "zone:UTC",
            "direction": "outbound",
            "agent": {"id": "1001"},
            "customer": {"number": "13800138000", "timezone": "Asia/Shanghai"},
            "connected": True,
            "duration_s": 31.0,
            "cdr": {
                **{"uniqueid": "1772676720.5", "linkedid": "1772676720.5", "disposition": "ANSWERED"},
                **{"duration": "40", "billsec": "31", "dcontext": "from-internal", "lastapp": "Dial"},
                **{"answer": "2026-03-05 02:12:00", "legs": 1},
            },
        },
        None,
        "Master.csv line 1",
        ("1772676720.5",),
    )
    assert parse_call_record(call.document, call.where).customer.number == "+8613800138000"


def test_a_call_taken_by_a_collector():
    (call,) = calls(line(src="13800138000", dst="88001234567", dstchannel="SIP/301-0000a"))
    assert (call.document["direction"], call.document["agent"]) == ("inbound", {"id": "301"})
    assert call.document["customer"]["number"] == "13800138000"


@pytest.mark.parametrize(
    ("src", "dst"), [("1001", "1002"), ("13800138000", "s"), ("", "13800138000"), ("1001", "&")]
)
def test_who_called_whom_is_not_guessed(src, dst):
    (call,) = calls(line(src=src, dst=dst))
    assert "direction" not in call.document
    assert call.document["customer"] == {"timezone": "Asia/Shanghai"}


def test_without_a_zone_the_uniqueid_tells_the_time():
    (call,) = calls(line(), options=AsteriskOptions(source="pbx"))
    assert call.document["started_at"] == "2026-03-05T02:12:00+00:00"
    assert call.document["time_source"] == "epoch:uniqueid"


def test_a_wrong_zone_makes_the_time_unknown():
    (call,) = calls(line(), options=AsteriskOptions(source="pbx", zone="Asia/Shanghai"))
    record = parse_call_record(call.document, call.where)
    assert (record.started_at, record.time_problem) == (None, "time.contradictory")


def test_legs_become_one_call():
    ring = line("1772676720.5", billsec="0", disposition="NO ANSWER", answer="")
    talk = line("1772676725.6", linkedid="1772676720.5", start="2026-03-05 02:12:05", billsec="90")
    other = line("1772676800.9", start="2026-03-05 02:13:20")
    first, second = calls(ring, other, talk)
    assert first.document["external_id"] == "1772676720.5"
    assert (first.document["started_at"], first.document["duration_s"]) == ("2026-03-05T02:12:00+00:00", 90.0)
    assert first.ids == ("1772676720.5", "1772676725.6")
    assert second.document["external_id"] == "1772676800.9"
    by_channel = calls(ring, other, talk, options=OPTIONS.model_copy(update={"group_by": "uniqueid"}))
    assert [each.document["external_id"] for each in by_channel] == [
        "1772676720.5",
        "1772676800.9",
        "1772676725.6",
    ]


def test_a_call_nobody_answered_has_no_recording():
    (call,) = calls(line(disposition="NO ANSWER", billsec="0"))
    assert (call.document["connected"], call.recording, call.ids) == (False, None, ())


def test_calls_come_in_bounded_memory():
    lines = (
        line(f"{EPOCH + n}.{n}", start=f"{datetime.fromtimestamp(EPOCH + n, UTC):%F %T}") for n in range(5000)
    )
    stream = io.BytesIO("\n".join(lines).encode())
    found = read(stream, "Master.csv", OPTIONS)
    assert next(found).document["external_id"] == f"{EPOCH}.0"
    assert stream.tell() < len(stream.getvalue()) * 0.6
    assert sum(1 for _ in found) == 4999


@pytest.mark.parametrize("count", [16, 17, 18, 19, 20, 21])
def test_all_column_sets(count):
    base = line().split(",")[:16]
    more = {
        16: [],
        17: ['"1772676720.5"'],
        18: ['"1772676720.5"', '"u"'],
        19: ['""', '"1772676720.5"', "1"],
        20: ['"1772676720.5"', '""', '"1772676720.5"', "1"],
        21: ['"1772676720.5"', '"u"', '""', '"1772676720.5"', "1"],
    }
    (call,) = calls(",".join([*base, *more[count]]))
    if count == 16:
        assert call.error.code == "format.missing"
    else:
        assert call.document["external_id"] == "1772676720.5"


def test_columns_named_by_the_file_or_by_the_site():
    header = "calldate,src,dst,billsec,disposition,uniqueid,recordingfile"
    row = "2026-03-05 02:12:00,1001,13800138000,31,ANSWERED,1772676720.5,/monitor/out-1.wav"
    (named,) = calls(header, row)
    assert (named.recording, named.document["recording"]) == ("/monitor/out-1.wav", {"file": "out-1.wav"})
    custom = OPTIONS.model_copy(update={"columns": tuple(header.split(","))})
    assert calls(row, options=custom)[0].recording == "/monitor/out-1.wav"
    sample = (
        '"x <1>",1001,13800138000,ctx,SIP/1,,Dial,,2026-03-05 02:12:00,,,40,31,ANSWERED,3,,1772676720.5,,1'
    )
    (call,) = calls(sample, options=OPTIONS.model_copy(update={"columns": "cdr_custom"}))
    assert call.document["direction"] == "outbound"


def test_names_of_recordings():
    template = OPTIONS.model_copy(update={"recording": "{dst}-{uniqueid}.wav"})
    assert calls(line(), options=template)[0].recording == "13800138000-1772676720.5.wav"
    assert calls(line(userfield="2026/03/05/a.wav"))[0].recording == "2026/03/05/a.wav"
    assert calls(line(userfield="audio:1"))[0].recording is None
    (call,) = calls(line("pbx1-1772676720.5"))
    assert call.ids == ("1772676720.5",)
    assert ids_in("q-500-13800138000-20260305-101200-1772676720.5.wav") == ("1772676720.5",)
    assert ids_in("D80E22E0-4c15-11ea-97a0-9dd79410affb.mp3") == ("d80e22e0-4c15-11ea-97a0-9dd79410affb",)
    assert ids_in("1772676720-5.wav") == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("a,b,c", "format.columns"),
        (line("=cmd|1"), "format.bad_value"),
        (line("", linkedid=""), "format.missing"),
        ("a" * 200_000, "format.too_long"),
    ],
)
def test_broken_records_are_refused_and_the_others_read(content, code):
    bad, good = sorted(calls(content, line()), key=lambda each: isinstance(each, Described))
    assert isinstance(bad, Unreadable)
    assert (bad.where, bad.error.code) == ("Master.csv line 1", code)
    assert good.where == "Master.csv line 2"
