import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ingest.audio import AudioLimits
from ingest.intake import Intake, IntakeItem, Outcome, find_all, find_calls, ingest_path, make_intake
from ingest.models import CallRow, RefusalRow
from store.clock import FixedClock
from store.database import SessionFactory, reading
from store.errors import BadInputError
from store.recordings import RecordingStore
from store.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


@pytest.fixture
def intake(session_factory: SessionFactory, recordings: RecordingStore, clock: FixedClock) -> Intake:
    return Intake(session_factory, recordings, clock)


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def describe(folder: Path, name: str, **fields: Any) -> None:
    record = {"external_id": name, "source": "recorder", "started_at": "2026-03-05T10:12:00+08:00"} | fields
    (folder / f"{name}.call.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def names(items: list[IntakeItem], folder: Path) -> list[tuple[str, str | None]]:
    return [
        (i.recording.relative_to(folder).as_posix(), i.metadata and i.metadata.relative_to(folder).as_posix())
        for i in items
    ]


def test_recordings_are_found_with_their_metadata_in_order(folder: Path):
    touch(
        folder, "b.opus", "b.call.json", "a/c.WAV", "a/d.mp3", "a/d.call.json", "e.mono.opus", "e.call.json"
    )
    touch(folder, "f.mono.wav", "f.mono.call.json", "f.call.json", "f.wav")
    assert names(find_calls(folder), folder) == [
        ("a/c.WAV", None),
        ("a/d.mp3", "a/d.call.json"),
        ("b.opus", "b.call.json"),
        ("e.mono.opus", "e.call.json"),
        ("f.mono.wav", "f.mono.call.json"),
        ("f.wav", "f.call.json"),
    ]


def test_hidden_and_unfinished_files_are_left_alone(folder: Path):
    touch(folder, ".hidden.wav", ".git/a.wav", "a.wav.part", "b.wav.tmp", "~$c.wav", "d.wav~", "e.wav")
    found = find_all(folder)
    assert names(found.items, folder) == [("e.wav", None)]
    assert (found.orphans, found.skipped) == ([], [])


def test_metadata_without_a_recording_and_other_files_are_told(folder: Path):
    touch(folder, "a.call.json", "b.transcript.json", "notes.txt")
    found = find_all(folder)
    assert (found.items, found.orphans) == ([], [folder / "a.call.json"])
    assert found.skipped == [folder / "b.transcript.json", folder / "notes.txt"]


def test_links_that_lead_out_are_not_followed(folder: Path, tmp_path: Path):
    touch(tmp_path, "outside/secret.wav", "outside/a.call.json")
    touch(folder, "a.wav", "real.wav")
    (folder / "link.wav").symlink_to(tmp_path / "outside" / "secret.wav")
    (folder / "dir").symlink_to(tmp_path / "outside")
    (folder / "a.call.json").symlink_to(tmp_path / "outside" / "a.call.json")
    (folder / "inside.wav").symlink_to(folder / "real.wav")
    (folder / "loop.wav").symlink_to(folder / "loop.wav")
    found = find_all(folder)
    # A link to itself is no way out; it is refused when it is opened.
    recordings = ["a.wav", "inside.wav", "loop.wav", "real.wav"]
    assert names(found.items, folder) == [(name, None) for name in recordings]
    assert found.links == [folder / "link.wav"]
    assert folder / "a.call.json" in found.skipped


def test_a_single_file(folder: Path):
    touch(folder, "a.recording", "a.call.json")
    assert names(find_calls(folder / "a.recording"), folder) == [("a.recording", "a.call.json")]


@pytest.mark.parametrize(
    ("name", "code"), [("gone.wav", "ingest.not_found"), ("a.call.json", "ingest.not_a_recording")]
)
def test_places_that_hold_no_call(folder: Path, name: str, code: str):
    touch(folder, "a.call.json")
    with pytest.raises(BadInputError) as caught:
        find_calls(folder / name)
    assert caught.value.code == code


@pytest.fixture
def mixed_folder(folder: Path, wav: Callable[..., Path]) -> Path:
    """Two good calls, one alone, and one of each kind of trouble."""
    for name, seconds in [
        ("good1", 1.0),
        ("good2", 1.1),
        ("alone", 1.2),
        ("no time", 1.3),
        ("bad json", 1.4),
    ]:
        wav(f"{name}.wav", seconds).rename(folder / f"{name}.wav")
    wav("twochannels.wav", 1.5).rename(folder / "twochannels.wav")
    wav("cut.wav", 1.0, promised_s=9).rename(folder / "cut.wav")
    wav("same id.wav", 1.6).rename(folder / "same id.wav")
    touch(folder, "lost.call.json")
    (folder / "empty.wav").touch()
    (folder / "text.wav").write_text("hello")
    for name in ("good1", "good2", "cut", "empty", "text"):
        describe(folder, name)
    describe(folder, "no time", started_at="unknown")
    describe(folder, "same id", external_id="good1")
    describe(folder, "twochannels", recording={"file": "twochannels.wav", "channels": {"1": "agent"}})
    (folder / "bad json.call.json").write_text("{")
    (folder / "link.wav").symlink_to("/etc/hostname")
    return folder


def _codes(outcomes: list[Outcome]) -> dict[str, str]:
    return {o.path.name: o.error.code if o.error else f"created={o.created}" for o in outcomes}


def test_a_broken_file_never_stops_the_rest(
    mixed_folder: Path, intake: Intake, session_factory: SessionFactory
):
    expected = {
        "alone.wav": "created=True",
        "bad json.wav": "metadata.unreadable",
        "cut.wav": "audio.truncated",
        "empty.wav": "audio.empty",
        "good1.wav": "created=True",
        "good2.wav": "created=True",
        "no time.wav": "created=True",
        "same id.wav": "ingest.conflict",
        "text.wav": "audio.unreadable",
        "twochannels.wav": "metadata.contradiction",
        "link.wav": "ingest.link_outside",
        "lost.call.json": "ingest.no_recording",
    }
    outcomes = list(ingest_path(mixed_folder, intake))
    assert _codes(outcomes) == expected
    with reading(session_factory) as session:
        calls = {call.external_id: call for call in session.scalars(select(CallRow))}
        refusals = {Path(row.name).name: row for row in session.scalars(select(RefusalRow))}
    assert len(calls) == 4
    assert calls["no time"].time_problem == "time.unreadable"
    alone = next(call for call in calls.values() if call.source == "file")
    assert (alone.external_id, alone.time_problem) == (alone.recording_sha256[:16], "time.missing")
    assert {name: row.code for name, row in refusals.items()} == {
        name: code for name, code in expected.items() if not code.startswith("created")
    }
    assert refusals["cut.wav"].sha256 is not None
    assert refusals["link.wav"].sha256 is None  # what lies outside is not even read
    assert Path(refusals["cut.wav"].name).is_absolute()


def test_the_second_time_nothing_is_new(mixed_folder: Path, intake: Intake, session_factory: SessionFactory):
    first = _codes(list(ingest_path(mixed_folder, intake)))
    second = _codes(list(ingest_path(mixed_folder, intake)))
    assert second == {name: code.replace("created=True", "created=False") for name, code in first.items()}
    with reading(session_factory) as session:
        assert len(session.scalars(select(CallRow)).all()) == 4
        assert {row.times for row in session.scalars(select(RefusalRow))} == {2}


def test_a_mended_file_is_taken_and_its_refusal_closed(
    folder: Path, wav: Callable[..., Path], intake: Intake, session_factory: SessionFactory, clock: FixedClock
):
    describe(folder, "a")
    (folder / "a.wav").touch()
    assert _codes(list(ingest_path(folder, intake))) == {"a.wav": "audio.empty"}
    wav("a.wav", 1).rename(folder / "a.wav")
    assert _codes(list(ingest_path(folder, intake))) == {"a.wav": "created=True"}
    with reading(session_factory) as session:
        assert session.scalars(select(RefusalRow.resolved_at)).all() == [clock.now()]


def test_a_call_from_the_future_is_taken_with_its_problem(
    folder: Path, wav: Callable[..., Path], intake: Intake, session_factory: SessionFactory
):
    wav("a.wav", 1).rename(folder / "a.wav")
    describe(folder, "a", started_at="2026-03-06T10:12:00+08:00")
    list(ingest_path(folder / "a.wav", intake))
    with reading(session_factory) as session:
        assert session.scalars(select(CallRow.time_problem)).all() == ["time.future"]


def test_names_that_no_text_can_hold(folder: Path, wav: Callable[..., Path], intake: Intake):
    os.rename(wav("a.wav", 1), os.fsencode(folder) + b"/\xff.wav")  # noqa: PTH104
    (folder / "b.wav").touch()
    assert [outcome.error is None for outcome in ingest_path(folder, intake)] == [False, True]
    os.truncate(os.fsencode(folder) + b"/\xff.wav", 0)
    assert [outcome.error is None for outcome in ingest_path(folder, intake)] == [False, False]


def test_limits_come_from_the_settings(session_factory: SessionFactory, clock: FixedClock, tmp_path: Path):
    settings = Settings(data_dir=tmp_path, max_recording_seconds=5, max_recording_bytes=99)
    assert make_intake(settings, session_factory, clock).limits == AudioLimits(5, 99)
