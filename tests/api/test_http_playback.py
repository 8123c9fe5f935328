"""Recordings played over the API."""

import pytest

from api.http.playback import parse_range
from api.http.problems import BadRequest
from ingest.models import CallRow
from store.database import reading
from store.recording_keys import add_key
from tests.api.conftest import signed
from tests.api.http_client import API, get, post, problem


def test_the_original_is_played_whole_and_in_parts(client, world):
    name = "S03-threat"
    path = f"{API}/calls/{world.ids[name]}/audio?original=true"
    with reading(world.tools.sessions) as session:
        sha256 = session.get_one(CallRow, world.ids[name]).recording_sha256
    original = world.tools.recordings.read(sha256)
    auditor = signed(world, "auditor")
    post(client(), f"{API}/calls/{world.ids[name]}/unmask", json={"reason": "客户投诉"}, headers=auditor)

    whole = get(client(), path, headers=auditor)
    assert (whole.status_code, whole.content) == (200, original)
    assert whole.headers["content-type"] == "audio/ogg"
    assert whole.headers["accept-ranges"] == "bytes"

    part = get(client(), path, headers={"Range": "bytes=100-299", **auditor})
    assert (part.status_code, part.content) == (206, original[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(original)}"

    tail = get(client(), path, headers={"Range": "bytes=-50", **auditor})
    assert tail.content == original[-50:]

    entry = world.audited("recording.played")[-1]
    assert (entry.details["sha256"], entry.details["masked"]) == (sha256, False)


def test_an_encrypted_recording_is_played_in_parts(client, world, clock, tmp_path):
    add_key(tmp_path / "keys", clock)
    sealed = {"recording_keys_file": tmp_path / "keys", "recordings_url": str(tmp_path / "recordings")}
    call = world.ids["S03-threat"]
    with reading(world.tools.sessions) as session:
        sha256 = session.get_one(CallRow, call).recording_sha256
    original = world.tools.recordings.read(sha256)
    store = world.settings.model_copy(update=sealed).recording_store()
    with world.tools.recordings.local_copy(sha256) as copy:
        store.put(copy)
    assert store.sealed_by(sha256)
    auditor = signed(world, "auditor")
    post(client(), f"{API}/calls/{call}/unmask", json={"reason": "客户投诉"}, headers=auditor)

    # Over the end of a chunk of 64 KiB, at the end, and all of it.
    for asked, part in (("65500-65600", slice(65500, 65601)), ("-50", slice(-50, None)), ("0-", slice(None))):
        heard = get(
            client(**sealed),
            f"{API}/calls/{call}/audio?original=true",
            headers={"Range": f"bytes={asked}", **auditor},
        )
        assert (heard.status_code, heard.content) == (206, original[part])
    lost = get(
        client(recordings_url=sealed["recordings_url"]),
        f"{API}/calls/{call}/audio?original=true",
        headers=auditor,
    )
    assert lost.json()["code"] == "recording.key_missing"


def test_a_part_outside_the_recording(client, world):
    path = f"{API}/calls/{world.ids['S03-threat']}/audio"
    problem(get(client(), path, headers={"Range": "bytes=999999999-"}), 416, "request.range")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-", (0, 99)),
        ("bytes=10-19", (10, 19)),
        ("bytes=90-500", (90, 99)),
        ("bytes=-30", (70, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=-", None),
        ("items=0-1", None),
        ("bytes=0-1,5-6", None),
        ("nonsense", None),
    ],
)
def test_ranges(header, expected):
    assert parse_range(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0", "bytes=20-10"])
def test_ranges_that_cannot_be_met(header):
    with pytest.raises(BadRequest) as caught:
        parse_range(header, 100)
    assert caught.value.code == "request.range"
