"""Records that real switches wrote. They may not be copied here: without them, these tests are skipped."""

from collections import Counter
from pathlib import Path

import pytest

from ingest.formats.asterisk import AsteriskOptions
from ingest.formats.asterisk import read as read_asterisk
from ingest.formats.freeswitch import FreeSwitchCsvOptions, FreeSwitchOptions, read_csv, read_json_cdr
from ingest.formats.types import Described
from ingest.metadata import parse_call_record

RECORDS = Path(__file__).parents[4] / "shared" / "pbx"

pytestmark = pytest.mark.skipif(not RECORDS.is_dir(), reason=f"no real call records in {RECORDS}")


def described(found):
    calls = list(found)
    assert [each for each in calls if not isinstance(each, Described)] == []
    return [(each, parse_call_record(each.document, each.where)) for each in calls]


def test_asterisk():
    with (RECORDS / "asterisk_Master.csv").open("rb") as stream:
        calls = described(read_asterisk(stream, "Master.csv", AsteriskOptions(source="pbx", zone="UTC")))
    assert len(calls) == 36
    assert Counter(record.direction for _, record in calls) == {"inbound": 34, None: 2}
    assert {record.time_source for _, record in calls} == {"zone:UTC"}
    assert sum(legs for call, _ in calls for legs in [call.document["cdr"]["legs"]]) == 84
    assert (
        sum(call.document["connected"] for call, _ in calls) == sum(bool(call.ids) for call, _ in calls) == 30
    )


def test_asterisk_in_a_wrong_zone():
    options = AsteriskOptions(source="pbx", zone="Asia/Shanghai")
    with (RECORDS / "asterisk_Master.csv").open("rb") as stream:
        calls = described(read_asterisk(stream, "Master.csv", options))
    assert {record.time_problem for _, record in calls} == {"time.contradictory"}


def test_freeswitch_csv():
    options = FreeSwitchCsvOptions(source="fs", zone="Asia/Shanghai")
    with (RECORDS / "freeswitch_Master.csv").open("rb") as stream:
        calls = described(read_csv(stream, "Master.csv", options))
    assert [call.document["cdr"]["legs"] for call, _ in calls] == [1, 1, 1, 1, 1, 1, 1, 3]
    assert calls[0][1].started_at.isoformat() == "2020-02-10T22:41:00+08:00"
    assert [call.document["connected"] for call, _ in calls].count(False) == 1


@pytest.mark.parametrize(
    ("name", "began", "source"),
    [
        ("minimal", "2014-04-08T19:10:21.278217+00:00", "epoch:times.created_time"),
        ("stereo", "2018-03-14T11:09:18.006702+00:00", "epoch:start_uepoch"),
    ],
)
def test_freeswitch_json(name, began, source):
    options = FreeSwitchOptions(source="fs", zone="America/New_York")
    with (RECORDS / f"freeswitch_cdr_{name}.json").open("rb") as stream:
        ((_, record),) = described(read_json_cdr(stream, name, options))
    assert (record.started_at.isoformat(), record.time_source) == (began, source)
