"""Every request has an id, and a line in the log that names no one."""

import io
import json
import re

import pytest

from store.logging import configure_logging
from tests.api.http_client import API, get
from tests.spans import collected

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def log(restored_logging: None) -> io.StringIO:
    stream = io.StringIO()
    configure_logging("info", json=True, stream=stream)
    return stream


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [line for line in map(json.loads, log.getvalue().splitlines()) if line["event"] == "request"]


def test_a_request_has_an_id_and_a_line_without_its_address(client, world, log):
    call_id = world.ids["S01-clean"]
    given = get(client(), f"{API}/calls/{call_id}?name=13800138000", headers={"X-Request-ID": "r-17"})
    assert given.headers["X-Request-ID"] == "r-17"
    (line,) = lines(log)
    assert {key: line[key] for key in ("request_id", "method", "route", "status", "logger")} == {
        "request_id": "r-17",
        "method": "GET",
        "route": f"{API}/calls/{{call_id}}",
        "status": 200,
        "logger": "api.http.requests",
    }
    assert line["ms"] >= 0
    assert "13800138000" not in log.getvalue()


def test_ids_that_could_forge_a_log_are_replaced(client, log):
    for given in ("", "x" * 65, "a b", "李", "a\tb"):
        answer = get(client(), f"{API}/nowhere", headers={"X-Request-ID": given.encode()})
        assert answer.status_code == 404
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
        line = lines(log)[-1]
        assert (line["request_id"], line["route"]) == (answer.headers["X-Request-ID"], "(no route)")


def test_scrapes_and_health_checks_do_not_fill_the_log(client, log):
    assert get(client(), "/healthz").headers["X-Request-ID"]
    assert lines(log) == []


def test_who_is_turned_away_gets_an_id_too(client, log):
    assert get(client("http://elsewhere.example"), f"{API}/calls").headers["X-Request-ID"]
    (line,) = lines(log)
    assert line["status"] == 400


def test_a_request_takes_its_place_in_the_trace_of_the_caller(client, monkeypatch):
    with collected(monkeypatch) as spans:
        get(client(), f"{API}/calls", headers={"traceparent": PARENT})
        (found,) = spans.get_finished_spans()
    assert found.name == f"GET {API}/calls"
    assert f"{found.context.trace_id:032x}" == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert found.attributes["http.response.status_code"] == 200
