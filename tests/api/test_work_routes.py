"""How the work stands over HTTP, and failed calls back at work."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from pipeline.models import WorkRow
from store.audit import AuditEntry
from store.clock import FixedClock
from store.database import open_sessions, reading, transaction
from tests.api.conftest import World, signed
from tests.api.http_client import API, get, post, problem
from tests.api.rules_site import RulesSite, open_site
from tests.qc.reviewed_calls import put_call


def test_what_waits_is_told_by_stage_and_lane(client, world: World) -> None:
    told = get(client(), f"{API}/work").json()
    assert told["states"]["received"] == 1
    assert sum(told["states"].values()) == 5
    (queue,) = told["queues"]
    assert (queue["stage"], queue["waiting"], queue["later"]) == ("transcribe", 1, 0)
    assert queue["oldest_seconds"] == 0
    assert told["failed"] == []
    assert told["in_hand"] == {}
    assert get(client(), f"{API}/work/failed").json() == {"items": [], "next": None}
    waiting = world.ids["S08-third-party"]
    problem(post(client(), f"{API}/work/failed/{waiting}/retry"), 409, "work.not_failed")
    problem(post(client(), f"{API}/work/failed/999999/retry"), 404, "call.not_found")
    problem(get(client(api_token="x" * 32), f"{API}/work"), 401, "auth.required")
    assert get(client(), f"{API}/work", headers=signed(world, "auditor")).status_code == 200


@pytest.fixture
def site(database_url: str, tmp_path: Path, clock: FixedClock) -> RulesSite:
    return open_site(database_url, tmp_path, clock)


def fail(site: RulesSite) -> int:
    with open_sessions(site.settings.database_url) as sessions, transaction(sessions) as session:
        call_id = put_call(session, site.clock, "R1", judged=False)
        session.add(
            WorkRow(
                call_id=call_id, state="failed", failed_at="transcribed", attempts=3,
                error_code="engine.crashed", error_message="13800138000 cannot be heard",
                updated_at=site.clock.now(), reasons=[],
            )
        )  # fmt: skip
        return call_id


def test_a_failed_call_goes_back_to_work_on_record(site: RulesSite) -> None:
    number = fail(site)

    async def look(http: httpx.AsyncClient) -> None:
        assert (await http.get(f"{API}/work")).json()["failed"] == [
            {"code": "engine.crashed", "count": 1, "oldest_at": "2026-03-05T02:30:00Z"}
        ]
        (failed,) = (await http.get(f"{API}/work/failed", params={"code": "engine.crashed"})).json()["items"]
        assert (failed["call_id"], failed["call"], failed["stage"]) == (number, "test/R1", "hear")
        assert failed["message"] == "138****8000 cannot be heard"
        assert (await http.get(f"{API}/work/failed", params={"code": "other"})).json()["items"] == []
        problem(await http.post(f"{API}/work/failed/{number}/retry"), 403, "auth.role")

    async def mend(http: httpx.AsyncClient) -> None:
        back = await http.post(f"{API}/work/failed/{number}/retry")
        assert back.json() == {"call_id": number, "state": "transcribed"}
        problem(await http.post(f"{API}/work/failed/{number}/retry"), 409, "work.not_failed")

    site.tell("auditor", look)
    site.tell("root", mend)
    with open_sessions(site.settings.database_url) as sessions, reading(sessions) as session:
        row = session.get_one(WorkRow, number)
        assert (row.state, row.attempts, row.failed_at) == ("transcribed", 0, None)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "call.retried")).one()
        assert (entry.actor, entry.subject) == ("api:root", "call:test/R1")


def test_health_says_in_words_what_the_doctor_finds(site: RulesSite, clock: FixedClock) -> None:
    async def story(http: httpx.AsyncClient) -> None:
        told = (await http.get(f"{API}/health")).json()
        checks = {each["check"]: each for each in told["checks"]}
        assert checks["database"]["verdict"] == "ok"
        assert checks["backup"]["verdict"] == "warning"
        assert "DITING_BACKUP_DIR" in checks["backup"]["mend"]["en"]
        assert (told["execution"], told["at"]) == ("embedded", "2026-03-05T02:30:00Z")
        fail(site)
        assert (await http.get(f"{API}/health")).json() == told  # it stands for a minute
        clock.moment += timedelta(seconds=61)
        later = (await http.get(f"{API}/health")).json()
        assert "failed" in {each["check"] for each in later["checks"]}

    async def none(http: httpx.AsyncClient) -> None:
        problem(await http.get(f"{API}/health"), 403, "auth.role")

    site.tell("auditor", story)
    site.tell("lead", none)
