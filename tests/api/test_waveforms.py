"""Waveforms over HTTP, computed once and kept beside the masked copies."""

import numpy as np
import pytest

from api import waveforms
from api.waveforms import Waveforms
from store.errors import NotFoundError
from store.recordings import RecordingStore
from store.sealing import Keys, key_id
from tests.api.conftest import SAMPLES, signed
from tests.api.http_client import API, get, problem

NAME = "S03-threat"


def test_a_waveform_is_flat_where_the_tone_is(client, world):
    path = f"{API}/calls/{world.ids[NAME]}"
    drawn = get(client(), f"{path}/peaks", params={"per_second": 100}).json()
    seconds = get(client(), path).json()["duration_s"]
    assert (drawn["call_id"], drawn["per_second"], drawn["duration_s"]) == (world.ids[NAME], 100, seconds)
    assert [len(channel) for channel in drawn["channels"]] == [int(np.ceil(seconds * 100))] * 2
    assert 0.1 < max(drawn["channels"][0]) <= 1.0
    assert drawn["masked"]
    for start, end in drawn["masked"]:
        assert max(drawn["channels"][0][int(start * 100) : int(end * 100)]) == 0.0
    coarse = get(client(), f"{path}/peaks").json()
    assert coarse["per_second"] == 20
    assert coarse["channels"][1] == [
        max(drawn["channels"][1][at : at + 5]) for at in range(0, len(drawn["channels"][1]), 5)
    ]


def test_a_collector_sees_no_other_ones_waveform(client, world):
    path = f"{API}/calls/{world.ids[NAME]}/peaks"
    problem(get(client(), path, headers=signed(world, "collector")), 404, "call.not_found")
    problem(get(client(), path, params={"per_second": 3}), 422, "request.invalid")


def test_without_a_transcript_nothing_is_drawn(client, world):
    answer = get(client(), f"{API}/calls/{world.ids['S08-third-party']}/peaks")
    problem(answer, 409, "recording.not_masked")


def test_it_is_computed_once_and_goes_with_its_recording(tmp_path, monkeypatch):
    store = RecordingStore(str(tmp_path / "recordings"), copies=tmp_path / "masked")
    sha256 = store.put(SAMPLES / f"{NAME}.opus")
    first = Waveforms(store).read(sha256)
    (kept,) = (tmp_path / "masked" / sha256).iterdir()
    assert kept.suffix == ".peaks"
    monkeypatch.setattr(waveforms, "_make", None)
    assert np.array_equal(Waveforms(store).read(sha256), first)
    store.erase(sha256, {"at": "2026-06-01", "clause": "test"})
    assert not kept.parent.exists()
    with pytest.raises(NotFoundError):
        Waveforms(store).read(sha256)


def test_of_an_encrypted_recording_nothing_lies_on_the_disk(tmp_path):
    keys = Keys({key_id(b"k" * 32): b"k" * 32}, key_id(b"k" * 32))
    sealed = RecordingStore(str(tmp_path / "sealed"), keys=keys, copies=tmp_path / "masked")
    plain = RecordingStore(str(tmp_path / "plain"))
    sha256 = sealed.put(SAMPLES / f"{NAME}.opus")
    plain.put(SAMPLES / f"{NAME}.opus")
    assert np.array_equal(Waveforms(sealed).read(sha256), Waveforms(plain).read(sha256))
    assert not (tmp_path / "masked").exists()
