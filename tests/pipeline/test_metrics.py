from datetime import timedelta
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from ingest.models import CallRow, RefusalRow
from ingest.sources.models import SourceItemRow
from pipeline.metrics import KEPT_FOR, Scraper, scrape
from pipeline.models import WorkRow
from pipeline.runs import service as runs
from qc.models import TicketRow
from store.clock import FixedClock
from store.database import SessionFactory, reading, transaction

from .conftest import add_call


def values(sessions: SessionFactory, clock: FixedClock, folder: Path) -> dict[str, float]:
    """Every sample by its name and label."""
    with reading(sessions) as session:
        text = scrape(session, clock.now(), folder).decode()
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_an_empty_installation_tells_every_state_as_nothing(
    session_factory: SessionFactory, clock: FixedClock, tmp_path: Path
):
    found = values(session_factory, clock, tmp_path)
    assert found.pop("diting_disk_free_bytes") > 0
    assert set(found.values()) == {0.0}
    assert {name for name in found if "oldest" in name} == {
        f"diting_oldest_waiting_call_seconds {lane} {stage}"
        for stage in ("transcribe", "hear", "inspect", "assess")
        for lane in ("urgent", "live", "backfill")
    }
    assert {"diting_calls failed", "diting_open_cases high", "diting_deadlines breached"} <= set(found)


def test_what_waits_what_gave_up_and_what_is_open(
    session_factory: SessionFactory, clock: FixedClock, tmp_path: Path
):
    now = clock.now()
    rows: list[dict[str, Any]] = [
        {"state": "received"},
        {"state": "received"},
        {"state": "received", "lane": 0},
        {"state": "heard", "lease_owner": "somebody", "lease_until": now},
        {"state": "failed", "failed_at": "heard", "error_code": "audio.empty"},
        {"state": "failed", "failed_at": "heard"},
        {"state": "assessed"},
    ]
    with transaction(session_factory) as session:
        for at, row in enumerate(rows):
            call_id = add_call(session, f"M{at}")
            session.get_one(CallRow, call_id).registered_at = now - timedelta(minutes=10 * (at + 1))
            session.add(WorkRow(call_id=call_id, reasons=[], updated_at=now, **row))
        session.add(TicketRow(call_id=call_id, priority="high", reasons=[], created_at=now))
        for at, resolved in enumerate((None, now)):
            refusal = RefusalRow(key=str(at), name="a.wav", code="audio.empty", message="", times=1)
            refusal.first_at = refusal.last_at = now
            refusal.resolved_at = resolved
            session.add(refusal)
    found = {name: value for name, value in values(session_factory, clock, tmp_path).items() if value}
    del found["diting_disk_free_bytes"]
    assert found == {
        "diting_oldest_waiting_call_seconds live transcribe": 1200.0,
        "diting_oldest_waiting_call_seconds urgent transcribe": 1800.0,
        "diting_calls received": 3.0,
        "diting_calls heard": 1.0,
        "diting_calls failed": 2.0,
        "diting_calls assessed": 1.0,
        "diting_calls_in_hand": 1.0,
        "diting_failed_calls audio.empty": 1.0,
        "diting_failed_calls unknown": 1.0,
        "diting_refusals audio.empty": 1.0,
        "diting_open_tickets high": 1.0,
    }


def test_sources_and_ended_runs_are_told(session_factory: SessionFactory, clock: FixedClock, tmp_path: Path):
    now = clock.now()
    with transaction(session_factory) as session:
        for at, state in enumerate(("dead", "dead", "found")):
            session.add(
                SourceItemRow(
                    source="nightly", key=str(at), version="1", kind="call", state=state, modified_at=now,
                    found_at=now, next_at=now,
                )
            )  # fmt: skip
        runs.note(session, "hear", "done", seconds=3.0)
    found = values(session_factory, clock, tmp_path)
    assert found["diting_source_items nightly dead"] == 2.0
    assert found["diting_source_items nightly found"] == 1.0
    assert found["diting_stage_seconds_sum hear"] == 3.0
    assert found["diting_stage_seconds_bucket 2.5 hear"] == 0.0
    assert found["diting_stage_seconds_bucket 5.0 hear"] == 1.0


def test_what_was_read_stands_for_a_few_seconds(
    session_factory: SessionFactory, clock: FixedClock, tmp_path: Path
):
    scraper = Scraper(session_factory, clock, tmp_path)
    line = 'diting_stage_retries_total{stage="hear"}'
    assert f"{line} 0.0" in scraper.text().decode()
    with transaction(session_factory) as session:
        runs.note(session, "hear", "retried", code="audio.empty")
    clock.moment += KEPT_FOR - timedelta(seconds=1)
    assert f"{line} 0.0" in scraper.text().decode()
    clock.moment += timedelta(seconds=1)
    assert f"{line} 1.0" in scraper.text().decode()
    clock.moment -= timedelta(hours=1)  # a clock that is set back must not freeze the metrics
    with transaction(session_factory) as session:
        runs.note(session, "hear", "retried", code="audio.empty")
    assert f"{line} 2.0" in scraper.text().decode()
