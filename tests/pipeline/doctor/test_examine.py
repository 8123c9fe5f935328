from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.models import CallRow
from pipeline.doctor import content, places
from pipeline.doctor.examine import examine, findings_of
from pipeline.doctor.types import Finding
from pipeline.models import WorkRow
from store import migrate
from store.clock import FixedClock
from store.database import SessionFactory, make_engine, transaction
from store.recordings import RecordingStore, RecordingStoreError
from store.settings import Settings

from ..conftest import add_call


def settings_of(url: str, folder: Path, **more: Any) -> Settings:
    return Settings(data_dir=folder / "var", database_url=url, **more)


def by_check(settings: Settings, clock: FixedClock) -> dict[str, Finding]:
    return {finding.check: finding for finding in examine(settings, clock)}


def test_a_sound_installation_has_nothing_wrong(database_url: str, tmp_path: Path, clock: FixedClock):
    found = list(examine(settings_of(database_url, tmp_path), clock))
    assert Counter(finding.check for finding in found if finding.verdict == "ok") >= Counter(
        [
            "database",
            "recordings",
            "engine",
            "rules",
            "rules",
            "weights",
            "monitors",
            "deadlines",
            "calendar",
            "queue",
        ]
    )
    # The clock of the test stands still in March; a server's own clock does not.
    wrong = {finding.check for finding in found if finding.verdict == "wrong"} - {"disk", "clock"}
    assert wrong == set()
    assert "clock" in {finding.check for finding in found} or database_url.startswith("sqlite")


def test_a_database_that_was_never_made_is_no_fault_and_is_not_made(tmp_path: Path, clock: FixedClock):
    place = tmp_path / "none.db"
    found = by_check(settings_of(f"sqlite:///{place}", tmp_path), clock)
    assert found["database"].verdict == "warning"
    assert "queue" not in found
    assert not place.exists()


def test_an_older_database_is_named_with_what_to_do(sqlite_url: str, tmp_path: Path, clock: FixedClock):
    migrate.downgrade(sqlite_url, "0012")
    found = by_check(settings_of(sqlite_url, tmp_path), clock)
    assert found["database"].verdict == "wrong"
    assert "are at 0012, this program needs" in found["database"].en
    assert "diting db upgrade" in found["database"].mend_en
    assert "queue" not in found


def test_servers_that_do_not_answer_are_named_without_their_password(tmp_path: Path, clock: FixedClock):
    settings = settings_of(
        "postgresql+psycopg://diting:hidden@127.0.0.1:1/diting",
        tmp_path,
        execution="distributed",
        redis_url="redis://:hidden@127.0.0.1:1/0",
    )
    found = by_check(settings, clock)
    assert [found[name].verdict for name in ("database", "redis")] == ["wrong", "wrong"]
    assert "DITING_DATABASE_URL" in found["database"].mend_en
    assert "DITING_REDIS_URL" in found["redis"].mend_en
    assert not [finding for finding in found.values() if "hidden" in f"{finding.zh}{finding.en}"]


def test_the_queues_of_redis_are_counted(redis_url: str, tmp_path: Path):
    settings = settings_of("", tmp_path, execution="distributed", redis_url=redis_url)
    [finding] = places.broker(settings)
    assert (finding.verdict, finding.en) == (
        "ok",
        "queues: ingest 0, asr 0, inspect 0, assess 0, notices 0",
    )


def test_files_and_names_that_are_wrong_do_not_hide_each_other(tmp_path: Path, clock: FixedClock):
    bad = tmp_path / "weights.yaml"
    bad.write_text("a: [")
    settings = settings_of("", tmp_path, weights_file=bad, engine="nix", packs=("nowhere",))
    found = by_check(settings, clock)
    codes = {name: found[name].code for name in ("weights", "engine", "rules")}
    assert codes == {"weights": "weights.not_yaml", "engine": "engine.unknown", "rules": "rules.pack_unknown"}
    assert found["monitors"].verdict == "ok"


def test_a_store_that_cannot_be_written_is_wrong(tmp_path: Path):
    class Broken(RecordingStore):
        def probe(self) -> None:
            raise RecordingStoreError("no space left", code="recording.store_failed", where="probe")

    settings = settings_of("", tmp_path)
    [finding] = findings_of("recordings", lambda: places.recordings(settings, Broken(str(tmp_path / "r"))))
    assert (finding.verdict, finding.en, finding.code) == (
        "wrong",
        "probe: no space left",
        "recording.store_failed",
    )


def test_a_check_that_breaks_is_told(tmp_path: Path):
    def broken() -> list[Finding]:
        raise RuntimeError("two\nlines")

    [finding] = findings_of("disk", broken)
    assert (finding.verdict, finding.en) == ("wrong", "looking at it failed: RuntimeError: two lines")


@pytest.mark.parametrize(
    ("now", "verdicts"),
    [
        (datetime(2026, 3, 5, tzinfo=UTC), ["ok"]),
        (datetime(2026, 12, 20, tzinfo=UTC), ["warning"]),
        (datetime(2090, 3, 5, tzinfo=UTC), ["wrong"]),
    ],
)
def test_years_without_official_working_days_are_told(tmp_path: Path, now: datetime, verdicts: list[str]):
    calendars = content.calendars(settings_of("", tmp_path), FixedClock(now))
    assert [finding.verdict for finding in calendars] == verdicts


def test_what_waits_what_gave_up_and_what_nobody_sends(
    database_url: str, session_factory: SessionFactory, tmp_path: Path, clock: FixedClock
):
    states: list[dict[str, Any]] = [
        {"state": "received"},
        {"state": "heard"},
        {"state": "failed", "failed_at": "heard", "error_code": "audio.empty"},
        {"state": "failed", "failed_at": "heard", "error_code": "audio.empty"},
    ]
    with transaction(session_factory) as session:
        for at, state in enumerate(states):
            call_id = add_call(session, f"D{at}")
            since = clock.now() - timedelta(hours=5)
            session.get_one(CallRow, call_id).registered_at = since
            session.add(WorkRow(call_id=call_id, reasons=[], updated_at=since, **state))
    found = by_check(settings_of(database_url, tmp_path, execution="distributed"), clock)
    assert found["queue"].verdict == "warning"
    assert found["queue"].en == "2 calls wait, the oldest for 300 minutes"
    assert found["failed"].en == "calls that gave up: audio.empty × 2"
    assert found["beat"].verdict == "wrong"
    assert found["beat"].en == "2 calls were due long ago and never sent"


def test_looking_changes_nothing(sqlite_url: str, tmp_path: Path, clock: FixedClock):
    settings = settings_of(sqlite_url, tmp_path)
    list(examine(settings, clock))
    assert [path for path in (tmp_path / "var" / "recordings").rglob("*") if path.is_file()] == []
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit_entry").scalar() == 0
    engine.dispose()
