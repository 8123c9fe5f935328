"""Recordings with a tone over personal data, the original for a reason, and the log of both."""

from datetime import timedelta

import numpy as np
import pytest

from api.masked_copies import MaskedCopies
from ingest.audio import decode
from ingest.models import CallRow
from store.database import reading
from store.errors import NotFoundError
from store.recordings import RecordingStore
from tests.api.conftest import SAMPLES, signed
from tests.api.http_client import API, get, post, problem

NAME = "S03-threat"
REASON = {"reason": "客户投诉登记号码错误，需核对"}


@pytest.fixture
def audio(world) -> str:
    return f"{API}/calls/{world.ids[NAME]}/audio"


@pytest.fixture
def auditor(world) -> dict[str, str]:
    """The headers of somebody new: nobody else has seen or said anything under this name."""
    return signed(world, "auditor")


def original(world) -> bytes:
    with reading(world.tools.sessions) as session:
        return world.tools.recordings.read(session.get_one(CallRow, world.ids[NAME]).recording_sha256)


def sound(content: bytes, folder) -> np.ndarray:
    place = folder / "sound.ogg"
    place.write_bytes(content)
    kept = decode(place).sound
    return kept.read(0, kept.length)


def test_the_name_is_toned_and_the_rest_is_as_it_was(client, world, audio, tmp_path):
    result = get(client(), f"{API}/calls/{world.ids[NAME]}").json()["result"]
    first = next(each for each in result["transcript"]["utterances"] if "*" in each["text"])
    heard = get(client(), audio)
    assert (heard.status_code, heard.headers["content-type"]) == (200, "audio/ogg")
    toned, before = sound(heard.content, tmp_path), sound(original(world), tmp_path)
    assert toned.shape == before.shape
    middle = int((first["start"] + first["end"]) / 2 * 16_000)
    spectrum = np.abs(np.fft.rfft(toned[0, middle - 800 : middle + 800]))
    assert np.argmax(spectrum) == 100  # 1000 Hz


def test_parts_fit_together_and_are_one_listening(client, world, audio, auditor):
    whole = get(client(), audio, headers=auditor)
    parts = [get(client(), audio, headers={"Range": f"bytes={at}-{at + 999}", **auditor}) for at in (0, 1000)]
    assert [part.status_code for part in parts] == [206, 206]
    assert b"".join(part.content for part in parts) == whole.content[:2000]
    entry = world.audited("recording.played")[-1]
    assert entry.details["masked"] is True
    (view,) = get(client(), f"{API}/views", params={"actor": entry.actor}, headers=auditor).json()["items"]
    assert (view["what"], view["masked"], view["call_id"]) == ("listen", True, world.ids[NAME])
    assert {each.headers["x-diting-view"] for each in (whole, *parts)} == {str(view["id"])}


def test_the_original_needs_a_reason_that_ends(client, world, audio, auditor):
    asked = {"params": {"original": "true"}, "headers": auditor}
    problem(get(client(), audio, **asked), 403, "privacy.no_reason")
    given = post(client(), f"{API}/calls/{world.ids[NAME]}/unmask", json=REASON, headers=auditor)
    assert given.status_code == 201
    until = (world.tools.clock.now() + timedelta(minutes=30)).isoformat()
    assert given.json()["until"] == until.replace("+00:00", "Z")
    heard = get(client(), audio, **asked)
    assert (heard.status_code, heard.content) == (200, original(world))
    mine = {"masked": "false", "actor": given.json()["actor"]}
    seen = get(client(), f"{API}/views", params=mine, headers=auditor).json()["items"]
    assert [(view["what"], view["reason"]) for view in seen] == [
        ("listen", REASON["reason"]),
        ("unmask", REASON["reason"]),
    ]


def test_a_call_is_shown_in_full_only_to_whoever_said_why(client, world, auditor):
    path = f"{API}/calls/{world.ids[NAME]}"
    hidden = get(client(), path, headers=auditor).json()["customer"]
    assert "*" in hidden["name"]
    post(client(), f"{path}/unmask", json=REASON, headers=auditor)
    shown = get(client(), path, headers=auditor).json()["customer"]
    assert "*" not in shown["name"] + shown["number"]
    assert shown["name"][0] == hidden["name"][0]
    assert get(client(), path, headers=signed(world, "auditor")).json()["customer"] == hidden
    other = get(client(), f"{API}/calls/{world.ids['S02-abuse']}", headers=auditor).json()
    assert "*" in other["customer"]["name"]


def test_a_reviewer_may_not_unmask_nor_read_the_log(client, world):
    headers = signed(world, "qc_reviewer")
    refused = post(client(), f"{API}/calls/{world.ids[NAME]}/unmask", json=REASON, headers=headers)
    problem(refused, 403, "auth.role")
    problem(get(client(), f"{API}/views", headers=headers), 403, "auth.role")


def test_a_reason_must_say_something(client, world):
    for reason in ("", "     ", "x"):
        answer = post(client(), f"{API}/calls/{world.ids[NAME]}/unmask", json={"reason": reason})
        assert answer.status_code == 422


def test_without_a_transcript_nothing_is_played(client, world):
    answer = get(client(), f"{API}/calls/{world.ids['S08-third-party']}/audio")
    problem(answer, 409, "recording.not_masked")


def test_a_copy_goes_with_its_recording(tmp_path):
    store = RecordingStore(str(tmp_path / "recordings"), copies=tmp_path / "masked")
    sha256 = store.put(SAMPLES / f"{NAME}.opus")
    copies = MaskedCopies(store)
    content = copies.read(sha256, ((1.0, 2.0),))
    (kept,) = (tmp_path / "masked" / sha256).iterdir()
    assert (kept.suffix, kept.read_bytes()) == (".ogg", content)
    store.erase(sha256, {"at": "2026-06-01", "clause": "test"})
    assert not kept.parent.exists()
    with pytest.raises(NotFoundError):
        copies.read(sha256, ((1.0, 2.0),))


def test_the_oldest_copies_make_room(tmp_path):
    store = RecordingStore(str(tmp_path / "recordings"), copies=tmp_path / "masked")
    sha256 = store.put(SAMPLES / f"{NAME}.opus")
    copies = MaskedCopies(store, keep_bytes=1)
    first = copies.read(sha256, ((1.0, 2.0),))
    assert copies.read(sha256, ((1.0, 3.0),)) != first
    assert len(list((tmp_path / "masked" / sha256).iterdir())) == 1
