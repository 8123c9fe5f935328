"""Who gets in, what everybody is told, and what nobody is."""

from sqlalchemy import text

from api.http import examples
from store.database import make_engine
from tests.api.http_client import API, TOKEN, get, problem


def test_with_a_token_nobody_else_gets_in(client, world):
    for path in ("calls", "calls/1", "calls/1/findings", "calls/1/audio", "findings", "tickets", "warnings"):
        response = get(client(api_token=TOKEN), f"{API}/{path}")
        problem(response, 401, "auth.required")
        assert response.headers["www-authenticate"] == "Bearer"
    wrong = get(client(api_token=TOKEN), f"{API}/calls", headers={"Authorization": "Bearer no"})
    problem(wrong, 401, "auth.wrong")
    right = get(client(api_token=TOKEN), f"{API}/calls", headers={"Authorization": f"Bearer {TOKEN}"})
    assert right.status_code == 200
    assert world.audited("recording.played") == []


def test_without_a_token_only_this_machine_s_names_are_answered(client):
    assert get(client("http://attacker.example"), f"{API}/calls").status_code == 400
    assert get(client("http://localhost:8400"), f"{API}/calls").status_code == 200


def test_health_needs_no_token_and_names_what_is_wrong(client, world):
    response = get(client(api_token=TOKEN), "/healthz")
    assert response.status_code == 200
    assert response.json()["database"] == "ok"
    broken = get(client(model="/no/such/model"), "/healthz")
    assert broken.status_code == 503
    assert broken.json()["model"] == "there is no such model folder [model.missing]"


def test_metrics_need_the_token_and_are_what_prometheus_reads(client):
    problem(get(client(api_token=TOKEN), "/metrics"), 401, "auth.required")
    response = get(client(api_token=TOKEN), "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    first = next(line for line in response.text.splitlines() if not line.startswith("#"))
    assert first.startswith('diting_oldest_waiting_call_seconds{lane="urgent",stage="transcribe"}')


def test_health_notices_a_database_of_another_version(client, sqlite_url):
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'elsewhere'"))
    engine.dispose()
    response = get(client(database_url=sqlite_url), "/healthz")
    assert response.status_code == 503
    assert "diting db upgrade" in response.json()["database"]


def test_every_answer_carries_the_security_headers(client):
    for path in (f"{API}/calls", f"{API}/calls/999", "/healthz", "/plain"):
        headers = get(client(), path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


def test_an_unexpected_error_tells_nothing(client, world, monkeypatch):
    def broken(*_args, **_options):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("api.http.routes.calls.stored_calls", broken)
    response = get(client(), f"{API}/calls")
    problem(response, 500, "server.unexpected")
    assert "secret" not in response.text


def test_engines_are_shown_with_what_they_lack(client):
    body = get(client(), f"{API}/engines").json()
    engines = {item["name"]: item for item in body["items"]}
    assert sorted(engines) == ["faster-whisper", "openai-server", "sherpa-onnx"]
    whisper = engines["faster-whisper"]
    assert (whisper["chosen"], whisper["usable"], whisper["problem"]) == (True, True, None)
    assert engines["sherpa-onnx"]["problem"] == examples.ENGINE["problem"]


def test_engines_are_shown_to_readers_only_and_without_keys(client):
    key = "sk-4f0c2a9d7be14c55a1d3e8f7"
    settings = {"engine": "openai-server", "engine_url": "http://127.0.0.1:9/v1", "engine_api_key": key}
    problem(get(client(api_token=TOKEN, **settings), f"{API}/engines"), 401, "auth.required")
    shown = get(
        client(api_token=TOKEN, **settings), f"{API}/engines", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert shown.status_code == 200
    assert key not in shown.text
