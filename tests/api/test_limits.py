"""How often one may ask."""

import asyncio

import httpx

from api.http.app import create_app
from api.http.limits import Counter
from store.settings import Settings
from tests.api.http_client import API, problem

PATH = f"{API}/nothing"  # counted like any other


def ask(settings: Settings, *requests: tuple[str, str | None]) -> list[httpx.Response]:
    async def all_in_turn() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return [
                await client.get(path, headers={"Authorization": f"Bearer {token}"} if token else {})
                for path, token in requests
            ]

    app = create_app(settings)
    answers = asyncio.run(all_in_turn())
    app.state.engine.dispose()
    return answers


def test_a_caller_who_asks_too_often_is_told_when_to_ask_again(tmp_path):
    settings = Settings(data_dir=tmp_path, caller_requests_per_minute=2)
    first, second, third, other = ask(settings, (PATH, "a"), (PATH, "a"), (PATH, "a"), (PATH, "b"))
    assert [first.status_code, second.status_code, other.status_code] == [404] * 3
    assert [answer.headers["ratelimit-remaining"] for answer in (first, second, third)] == ["1", "0", "0"]
    problem(third, 429, "request.too_many")
    assert 1 <= int(third.headers["retry-after"]) <= 120
    assert third.headers["ratelimit-limit"] == "2"
    assert third.headers["x-content-type-options"] == "nosniff"


def test_an_address_is_counted_however_many_keys_it_shows(tmp_path):
    settings = Settings(data_dir=tmp_path, address_requests_per_minute=2)
    answers = ask(settings, (PATH, "a"), (PATH, "b"), (PATH, "c"), ("/healthz", None))
    assert [answer.status_code for answer in answers[:3]] == [404, 404, 429]
    assert answers[3].status_code != 429


def test_nobody_is_counted_where_nothing_is_limited(tmp_path):
    settings = Settings(data_dir=tmp_path, caller_requests_per_minute=0, address_requests_per_minute=0)
    (answer,) = ask(settings, (PATH, "a"))
    assert "ratelimit-limit" not in answer.headers


def test_processes_count_together_in_redis(redis_url):
    one, other = Counter(redis_url), Counter(redis_url)
    assert [one.take(2, "x").allowed, other.take(2, "x").allowed, one.take(2, "x").allowed] == [
        True, True, False
    ]  # fmt: skip


def test_while_redis_is_away_each_counts_for_itself():
    alone = Counter("redis://127.0.0.1:1/0")
    assert [alone.take(1, "x").allowed for _ in range(2)] == [True, False]
