"""Simulation over HTTP: only reads, bounded, and refuses what is no setting."""

import asyncio

from sqlalchemy import func, select

from api.http.routes import trials
from store.audit import AuditEntry
from store.database import reading


def post(client, body, **options):
    async def ask():
        async with client() as http:
            return await http.post("/api/v1/warnings/simulate", json=body, **options)

    return asyncio.run(ask())


def entries(world) -> int:
    with reading(world.tools.sessions) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry))


def test_what_would_be_otherwise_is_told_and_nothing_is_written(client, world):
    before = entries(world)
    answer = post(client, {"set": {"thresholds.high": 99, "thresholds.medium": 98}, "lang": "en"})
    assert answer.status_code == 200
    found = answer.json()
    assert found["model_after"].startswith("default+trial@")
    assert found["complete"] is True
    assert sum(move["episodes"] for move in found["moves"]) == found["episodes"] > 0
    assert entries(world) == before
    forced = post(client, {"set": {"indicators.conduct.critical.floor": "high"}, "limit": 1, "lang": "en"})
    assert forced.json()["raised"] >= 1
    [shown] = forced.json()["differences"]
    assert shown["level_after"] == "high"


def test_what_cannot_be_tried_is_refused(client):
    wrong = post(client, {"set": {"indicators.disputes.points": 3}})
    assert wrong.status_code == 422
    assert wrong.json()["code"] == "weights.setting"
    for body in ({"set": {}}, {}, {"set": {"thresholds.low": 9}, "limit": 201}, {"sets": {"a": 1}}):
        assert post(client, body).status_code == 422


def test_only_so_many_episodes_are_looked_at(client, monkeypatch):
    monkeypatch.setattr(trials, "MOST_EPISODES", 1)
    found = post(client, {"set": {"thresholds.low": 9}}).json()
    assert (found["episodes"], found["complete"]) == (1, False)
