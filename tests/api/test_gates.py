"""Whatever refuses a request refuses it as a problem document, and every answer carries what it must."""

import asyncio

import httpx
import pytest

from api.http.etags import listed
from tests.api.http_client import API, TOKEN, get, problem

SECURITY = ("x-content-type-options", "x-frame-options", "content-security-policy", "referrer-policy")


def ask(client, method, path, **options) -> httpx.Response:
    async def once() -> httpx.Response:
        async with client:
            return await client.request(method, path, **options)

    return asyncio.run(once())


@pytest.fixture
def world(sqlite_world):
    """None of this asks the database."""
    return sqlite_world


def test_what_is_not_there_and_what_is_not_done(client):
    body = problem(get(client(), f"{API}/nothing"), 404, "request.no_route")
    assert (body["title"], body["title_zh"]) == ("Not Found", "未找到")
    response = ask(client(), "DELETE", f"{API}/calls")
    problem(response, 405, "request.method")
    assert response.headers["allow"]


def test_another_name_of_the_service(client):
    response = get(client("http://attacker.example"), f"{API}/calls")
    problem(response, 400, "request.host")
    assert get(client("http://[::1]:8400"), f"{API}/engines").status_code == 200


def test_every_invalid_field_is_named_with_the_id_of_the_request(client):
    response = get(client(), f"{API}/calls?limit=0&score_min=x", headers={"X-Request-ID": "mine-1"})
    body = problem(response, 422, "request.invalid")
    assert {each["where"] for each in body["errors"]} == {"query limit", "query score_min"}
    assert body["request_id"] == response.headers["x-request-id"] == "mine-1"


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "request.json"),
        (b"name=x", "application/x-www-form-urlencoded", 415, "request.media_type"),
        (b"[]", "application/json", 422, "request.invalid"),
        (b"x" * (1024 * 1024 + 1), "application/json", 413, "request.too_large"),
    ],
)
def test_bodies_that_cannot_be_read(client, content, kind, status, code):
    response = ask(client(), "POST", f"{API}/searches", content=content, headers={"Content-Type": kind})
    problem(response, status, code)


def test_a_body_that_does_not_say_how_long_it_is(client):
    async def pieces():
        for _ in range(17):
            yield b" " * 65536

    headers = {"Content-Type": "application/json"}
    response = ask(client(), "POST", f"{API}/searches", content=pieces(), headers=headers)
    problem(response, 413, "request.too_large")


@pytest.mark.parametrize("path", ["/complaints/%00", "/search?q=%00"])
def test_a_nul_in_an_address(client, path):
    problem(get(client(), API + path), 422, "request.out_of_range")


def test_who_has_the_newest_version_is_not_sent_it_again(client):
    first = get(client(), f"{API}/engines")
    tag = first.headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = get(client(), f"{API}/engines", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert get(client(), f"{API}/engines", headers={"If-None-Match": '"other"'}).content == first.content


def test_a_head_is_the_answer_without_its_body(client):
    whole, head = get(client(), f"{API}/engines"), ask(client(), "HEAD", f"{API}/engines")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "etag"):
        assert head.headers[name] == whole.headers[name]
    assert ask(client(), "HEAD", f"{API}/nothing").status_code == 404


@pytest.mark.parametrize("path", [f"{API}/engines", f"{API}/nothing", f"{API}/calls?limit=0", "/healthz"])
def test_answers_of_every_kind_carry_the_same_protection(client, path):
    headers = get(client(api_token=TOKEN), path, headers={"Origin": "https://other.example"}).headers
    assert all(name in headers for name in SECURITY)
    assert not [name for name in headers if name.startswith("access-control-")]
    assert "server" not in headers
    assert headers["cache-control"] == "no-store"


def test_no_cookie_is_given_to_whoever_only_asks(client):
    assert "set-cookie" not in get(client(api_token=TOKEN), f"{API}/calls").headers


def test_tags_are_read_as_the_standard_writes_them():
    assert listed(None, weak=True) is None
    assert listed(' W/"a", "b,c"', weak=True) == {'"a"', '"b,c"'}
    assert listed('W/"a", "b"', weak=False) == {'"b"'}
    assert listed(" * ", weak=False) == {"*"}
