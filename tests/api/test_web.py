"""The pages of web/, as the server gives them out."""

import asyncio
import gzip
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.http import problems
from api.http.routes import web
from api.http.routes.sign_in_pages import page_asked
from api.http.security import SecurityHeaders

DOCUMENT = "<title>谛听</title>"
SCRIPT = "console.log('谛听');" * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(DOCUMENT, encoding="utf-8")
    (folder / "assets" / "index-C0ffee.js").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def get(built: Path, *paths: str) -> list[httpx.Response]:
    app = FastAPI()
    problems.install(app)
    web.install(app, built)
    app.add_middleware(SecurityHeaders, encrypted=False)

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://diting.example") as http:
            return [await http.get(path) for path in paths]

    return asyncio.run(ask())


def test_every_address_is_one_document_in_which_our_own_scripts_alone_run(built: Path):
    for page in get(built, "/app", "/app/", "/app/calls/17?band=critical"):
        assert (page.status_code, page.text, page.headers["cache-control"]) == (200, DOCUMENT, "no-cache")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy


def test_parts_are_packed_and_kept(built: Path):
    (part,) = get(built, "/app/assets/index-C0ffee.js")
    assert part.text == SCRIPT
    assert part.headers["content-encoding"] == "gzip"
    assert int(part.headers["content-length"]) < len(gzip.compress(SCRIPT.encode())) + 20
    assert part.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_nothing_beside_the_parts_is_given_out(built: Path):
    for answer in get(built, "/app/assets/..%2f..%2fsecret.txt", "/app/assets/index-other.js"):
        assert answer.status_code == 404
        assert "secret" not in answer.text


def test_without_built_pages_one_is_led_to_the_list_that_needs_no_scripts(tmp_path: Path):
    first, answer = get(tmp_path / "nowhere", "/", "/app/calls")
    assert (first.status_code, first.headers["location"]) == (303, "/app/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/plain")


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/app/calls/17?state=failed&cursor=a.b", "/app/calls/17?state=failed&cursor=a.b"),
        ("/app", "/app"),
        ("/plain?band=critical", "/plain?band=critical"),
        ("", "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/app", "/"),
        ("/app//elsewhere.example", "/"),
        ("/app/\\elsewhere.example", "/"),
        ("/app?x=\r\nSet-Cookie: a=b", "/"),
        ("/application", "/"),
    ],
)
def test_one_comes_back_to_a_page_of_ours_alone(asked: str, page: str):
    assert page_asked(asked) == page
