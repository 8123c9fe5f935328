import io

import pytest

from ingest.formats.vicidial import VicidialOptions, read
from ingest.metadata import parse_call_record

OPTIONS = VicidialOptions(source="vicidial", zone="America/New_York", customer_zone="America/New_York")
ROW = (
    "9123,SIP/gw-1,10.0.0.2,8600051,2026-03-05 10:12:00,1772723520,2026-03-05 10:14:00,1772723640,120,2.00,"
    "20260305-101200_2125550123,http://10.0.0.2/RECORDINGS/MP3/20260305-101200_2125550123-all.mp3,77,6666,V305101200"
)
HEADER = (
    "recording_id,channel,server_ip,extension,start_time,start_epoch,end_time,end_epoch,length_in_sec,"
    "length_in_min,filename,location,lead_id,user,vicidial_id"
)


def calls(*lines, options=OPTIONS):
    return list(read(io.BytesIO("\n".join(lines).encode()), "log.csv", options))


@pytest.mark.parametrize("lines", [(ROW,), (HEADER, ROW)])
def test_recording_log(lines):
    (call,) = calls(*lines)
    assert call.recording == "http://10.0.0.2/RECORDINGS/MP3/20260305-101200_2125550123-all.mp3"
    record = parse_call_record(call.document, call.where)
    assert (record.external_id, record.started_at.isoformat()) == ("9123", "2026-03-05T15:12:00+00:00")
    assert (record.time_source, record.agent.id, record.customer.id) == ("epoch:start_epoch", "6666", "77")
    assert (record.customer.number, record.direction) == ("+12125550123", None)
    assert record.recording.file == "20260305-101200_2125550123-all.mp3"


def test_joined_with_the_log_of_calls():
    header = f"{HEADER},phone_code,phone_number,status,user_group,list_id"
    (call,) = calls(header, f"{ROW},1,2125550123,PTP,TEAM1,101")
    assert call.document["direction"] == "outbound"
    assert call.document["customer"]["number"] == "+12125550123"
    assert call.document["agent"] == {"id": "6666", "team": "TEAM1"}
    (call,) = calls(f"{HEADER},phone_number,closecallid", f"{ROW},2125550123,55")
    assert call.document["direction"] == "inbound"


def test_without_epoch_and_location():
    row = ROW.replace("1772723520", r"\N").replace(
        ",http://10.0.0.2/RECORDINGS/MP3/20260305-101200_2125550123-all.mp3", ",NULL"
    )
    (call,) = calls(row)
    assert (call.document["time_source"], call.recording) == (
        "zone:America/New_York",
        "20260305-101200_2125550123",
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1,2", "format.columns"),
        (ROW.replace("9123", "x", 1), "format.bad_value"),
        (ROW[4:], "format.missing"),
    ],
)
def test_broken_records(row, code):
    assert [each.error.code for each in calls(row)] == [code]
