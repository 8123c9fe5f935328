"""A folder as a source, from the files to the calls on record."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from ingest.models import CallRow, RefusalRow
from ingest.sources import items
from ingest.sources.check import check_source
from ingest.sources.holding import take_source
from ingest.sources.models import SourceStateRow
from store import audit
from store.database import reading, transaction
from store.errors import SettingsError
from tests.ingest.sources.conftest import age
from tests.ingest.sources.site import NAME, MakeFile, Site, make_source, record_json, wav


@pytest.fixture
def front(site: Site, folder: Path) -> Site:
    site.use(kind="folder", path=str(folder))
    return site


def put(make: MakeFile, name: str, number: int) -> None:
    make(f"{name}.wav", wav(number))
    make(f"{name}.call.json", record_json(name.rpartition("/")[2]))


def test_calls_are_taken_once(front: Site, make: MakeFile):
    put(make, "A1", 1)
    put(make, "2026/03/A2", 2)
    make("notes.txt", b"nothing")
    turn = front.turn()
    assert (turn.noted.new, turn.taken, len(turn.created), turn.refused) == (2, 2, 2, 0)
    assert sorted(front.calls()) == ["A1", "A2"]

    again = front.turn()
    assert (again.noted.new, again.noted.known, again.taken) == (0, 2, 0)
    with reading(front.intake.factory) as session:
        assert audit.verify(session) == []


def test_a_file_that_is_written_is_left_alone_until_it_rests(front: Site, make: MakeFile):
    path = make("A1.wav", wav(1)[:2000])
    make("A1.call.json", record_json("A1"))
    age(path, front.clock, timedelta(seconds=1))
    assert front.turn().taken == 0
    path.write_bytes(wav(1)[:3000])
    front.later(seconds=30)
    age(path, front.clock, timedelta(seconds=1))
    assert front.turn().taken == 0
    assert front.items() == {"A1.wav": ("found", None)}
    path.write_bytes(wav(1))
    front.later(seconds=30)
    age(path, front.clock, timedelta(seconds=20))
    assert front.turn().taken == 1


def test_a_file_that_grew_between_listing_and_taking_rests_again(front: Site, make: MakeFile):
    put(make, "A1", 1)

    def grow(what: str, _count: int, _taken: object) -> None:
        if what == "list":
            make("A1.wav", wav(2, 0.5))

    turn = front.turn(listen=grow)
    assert (turn.taken, turn.waiting) == (0, 1)
    assert front.items() == {"A1.wav": ("found", "source.changing")}
    assert front.turn(settled=True).taken == 1


def test_temporary_names_and_markers(site: Site, folder: Path, make: MakeFile):
    site.use(kind="folder", path=str(folder), done_marker=".done")
    for name in ("A1.wav.part", ".A2.wav", "~$A3.wav"):
        make(name, wav(3))
    put(make, "A4", 4)
    assert site.turn().waiting == 1
    assert site.items() == {"A4.wav": ("found", "source.no_marker")}
    make("A4.wav.done", b"")
    site.later(minutes=1)
    assert site.turn().taken == 1


def test_hostile_names_are_refused_with_a_reason(front: Site, folder: Path, make: MakeFile):
    secret = folder.parent / "secret.wav"
    secret.write_bytes(wav(9))
    (folder / "link.wav").symlink_to(secret)
    (folder / "inside").symlink_to(folder.parent, target_is_directory=True)
    (folder / "loop.wav").symlink_to("loop.wav")
    os.mkfifo(folder / "pipe.wav")
    make("bad\nname.wav", wav(8))
    (folder / os.fsdecode(b"\xff\xfe.wav")).write_bytes(wav(7))
    (folder / "dir.wav").mkdir()
    turn = front.turn()
    assert turn.taken == 0
    states = front.items()
    assert {code for _, code in states.values()} == {"source.link", "source.not_a_file", "source.bad_name"}
    assert sum(code == "source.bad_name" for _, code in states.values()) == 2
    assert states["pipe.wav"] == ("refused", "source.not_a_file")
    assert states["link.wav"] == ("refused", "source.link")
    assert not any("secret" in key for key in states)
    with reading(front.intake.factory) as session:
        assert len(session.scalars(select(RefusalRow)).all()) == len(states)


def test_a_link_put_in_place_of_a_folder_afterwards_is_not_followed(
    front: Site, folder: Path, make: MakeFile
):
    put(make, "day/A1", 1)
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "A1.wav").write_bytes(wav(66))

    def swap(what: str, _count: int, _taken: object) -> None:
        if what == "list" and not (folder / "day").is_symlink():
            (folder / "day").rename(folder / "was")
            (folder / "day").symlink_to(outside, target_is_directory=True)

    front.turn(listen=swap)
    assert front.calls() == []
    assert front.items()["day/A1.wav"] == ("refused", "source.link")


def test_a_recording_waits_for_its_record_and_is_given_up(front: Site, make: MakeFile):
    make("A1.wav", wav(1))
    assert front.turn().waiting == 1
    assert front.items() == {"A1.wav": ("found", "source.no_record")}
    front.later(hours=25)
    turn = front.turn()
    assert (turn.dead, front.items()) == (1, {"A1.wav": ("dead", "source.no_record")})
    make("A1.call.json", record_json("A1"))
    assert front.turn().taken == 1  # the record that came late wakes it


def test_a_corrected_record_is_tried_by_itself(front: Site, make: MakeFile):
    make("A1.wav", wav(1))
    make("A1.call.json", b"{")
    assert front.turn().refused == 1
    assert front.items() == {"A1.wav": ("refused", "metadata.unreadable")}
    front.turn()
    make("A1.call.json", record_json("A1"))
    assert front.turn().taken == 1
    with reading(front.intake.factory) as session:
        (refusal,) = session.scalars(select(RefusalRow))
        assert refusal.resolved_at is not None


def test_a_record_without_its_recording_is_told_of(front: Site, make: MakeFile):
    make("A1.call.json", record_json("A1"))
    make("A2.call.json", record_json("A2"))
    front.turn()
    make("A2.wav", wav(2))
    assert front.turn().taken == 1
    front.later(hours=25)
    assert front.turn().refused == 1
    assert front.items() == {
        "A1.call.json": ("refused", "ingest.no_recording"),
        "A2.wav": ("taken", None),
    }


def test_what_cannot_be_read_is_tried_again_and_then_given_up(site: Site, folder: Path, make: MakeFile):
    site.use(kind="folder", path=str(folder), retry={"attempts": 2, "first_seconds": 10})
    put(make, "A1", 1)

    def vanish(what: str, _count: int, _taken: object) -> None:
        if what == "list":
            (folder / "A1.wav").rename(folder / "A1.moved")

    site.turn(listen=vanish)
    assert site.items() == {"A1.wav": ("dead", "source.gone")}
    (folder / "A1.moved").rename(folder / "A1.wav")
    assert site.turn().taken == 1  # it is back


def test_the_dead_are_tried_again_when_asked(front: Site, make: MakeFile):
    make("A1.wav", b"no sound at all")
    make("A1.call.json", record_json("A1"))
    front.turn()
    with transaction(front.intake.factory) as session:
        assert items.retry(session, front.clock, NAME) == 0
        assert items.retry(session, front.clock, NAME, states=("dead", "refused"), keys=("A1.wav",)) == 1
    assert front.turn().refused == 1


def test_newest_first_and_the_back_fill_by_the_minute(site: Site, folder: Path, make: MakeFile):
    site.use(kind="folder", path=str(folder), backfill={"per_minute": 2, "from": date(2026, 2, 1)})
    for number, days in enumerate((0, 3, 2, 1.5, 5, 60)):
        put(make, f"A{number}", number)
        age(folder / f"A{number}.wav", site.clock, timedelta(days=days, hours=1))
    turn = site.turn()
    assert site.calls() == ["A0", "A3", "A2"]
    assert turn.noted.passed >= 1
    site.later(seconds=61)
    site.turn()
    assert site.calls() == ["A0", "A3", "A2", "A1", "A4"]
    assert "A5.wav" not in site.items()


def test_a_folder_that_is_away_is_said_and_blames_nobody(site: Site, folder: Path):
    site.use(kind="folder", path=str(folder / "nowhere"))
    turn = site.turn()
    assert turn.error is not None
    assert turn.error.code == "source.folder_missing"
    with reading(site.intake.factory) as session:
        state = session.get_one(SourceStateRow, NAME)
        assert (state.failures, state.code) == (1, "source.folder_missing")
    (folder / "nowhere").mkdir()
    assert site.turn(only_due=True).error is None
    with reading(site.intake.factory) as session:
        assert session.get_one(SourceStateRow, NAME).failures == 1  # it rests
    site.later(seconds=11)
    site.turn(only_due=True)
    with reading(site.intake.factory) as session:
        assert session.get_one(SourceStateRow, NAME).failures == 0


def test_one_process_at_a_time_reads_a_source(front: Site, make: MakeFile):
    put(make, "A1", 1)
    with transaction(front.intake.factory) as session:
        assert take_source(session, front.clock, NAME, "another", 60)
    assert front.turn().left
    front.later(seconds=61)  # it died
    assert front.turn().taken == 1


def test_names_of_files_and_lists_of_records(site: Site, folder: Path, make: MakeFile):
    options = {"pattern": r"(?P<date>\d{8})_(?P<time>\d{6})_(?P<external_id>\d+)[.]wav"}
    site.use(
        kind="folder",
        path=str(folder),
        zone="Asia/Shanghai",
        metadata={"format": "file-name", "options": options},
    )
    make("20260305_101200_77.wav", wav(1))
    make("odd.wav", wav(2))
    assert (site.turn().taken, site.calls()) == (1, ["77"])
    assert site.items()["odd.wav"] == ("refused", "format.bad_value")
    with reading(site.intake.factory) as session:
        (call,) = session.scalars(select(CallRow))
        assert (call.source, call.started_at.isoformat()) == (NAME, "2026-03-05T02:12:00+00:00")


def test_a_list_of_records_is_joined_with_its_recordings(site: Site, folder: Path, make: MakeFile):
    options = {"columns": {"external_id": "id", "started_at": "at", "recording": "file"}}
    site.use(
        kind="folder",
        path=str(folder),
        zone="Asia/Shanghai",
        metadata={"format": "csv-index", "files": ["*.csv"], "options": options},
    )
    rows = [
        "1,2026-03-05 10:00:00,a/x.wav",
        "2,2026-03-05 10:01:00,b/x.wav",
        "3,2026-03-05 10:02:00,late.wav",
    ]
    lines = "\n".join(["id,at,file", *rows, "4", ""])
    make("index.csv", lines.encode())
    make("a/x.wav", wav(1))
    make("b/x.wav", wav(2))
    turn = site.turn()
    assert (turn.taken, turn.waiting) == (2, 1)
    assert site.calls() == ["2", "1"]
    states = site.items()
    assert states["call:3"] == ("found", "source.no_recording")
    assert states["row:index.csv line 5"] == ("refused", "format.columns")

    make("late.wav", wav(3))
    make("index.csv", (lines + "5,2026-03-05 10:03:00,y.wav\n").encode() + b" ")
    make("y.wav", wav(5))
    site.later(minutes=1)
    site.turn()
    assert site.calls() == ["2", "1", "5", "3"]
    with reading(site.intake.factory) as session:
        files = session.scalars(select(items.Item).where(items.Item.kind == "file")).all()
        assert {each.state for each in files} == {"taken"}


def test_trying_a_source_says_what_its_newest_would_become(front: Site, make: MakeFile):
    put(make, "A1", 1)
    make("A2.wav", b"no sound")
    checked = check_source(NAME, front.source, front.settings, front.intake)
    assert (checked.problem, checked.kinds, checked.others) == (None, {"call": 2}, 1)
    by_key = {each.key: each for each in checked.newest}
    assert by_key["A1.wav"].call["external_id"] == "A1"
    assert by_key["A2.wav"].error.code == "audio.unreadable"
    assert front.items() == {}

    missing = make_source(kind="folder", path="/nowhere/at/all")
    assert check_source(NAME, missing, front.settings, front.intake).problem.code == "source.folder_missing"


def test_a_missing_secret_is_named(site: Site):
    site.use(
        kind="sftp", host="127.0.0.1", user="u", path="/", host_keys=["* ssh-ed25519 AAAA"], password="none"
    )
    turn = site.turn()
    assert isinstance(turn.error, SettingsError)
    assert turn.error.code == "sources.secret"
