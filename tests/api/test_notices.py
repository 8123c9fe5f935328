"""Notices on the command line and over HTTP, against a server of the test."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from sqlalchemy import select
from typer.testing import CliRunner

from api.cli.main import app
from api.http.app import create_app
from api.notice_troubles import trouble
from complaint_warnings.cases.opening import Opening, open_case
from complaint_warnings.notices.models import NoticeRow
from complaint_warnings.notices.sender import deliver
from complaint_warnings.notices.types import ChannelType, Result
from store import audit
from store.clock import FixedClock, SystemClock
from store.database import SessionFactory, make_engine, make_session_factory, reading, transaction
from store.people import SYSTEM, Person, add_person, new_token
from store.settings import Settings, get_settings
from tests.api.http_client import API, get, problem
from tests.http_server import Server, says, served

SECRET = "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


@pytest.fixture
def server() -> Iterator[Server]:
    with served() as running:
        yield running


@pytest.fixture
def installation(
    sqlite_url: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SessionFactory]:
    """One with a webhook, two people and a dead letter."""
    policy = {
        "id": "house",
        "version": 1,
        "channels": {"hook": {"type": "webhook", "url": server.url, "secrets": ["hook"]}},
        "routes": [{"kinds": ["high_warning"], "to": ["channel:hook"]}],
    }
    file = tmp_path / "notices.yaml"
    file.write_text(yaml.safe_dump(policy), encoding="utf-8")
    monkeypatch.setenv("DITING_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("DITING_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DITING_NOTICES_FILE", str(file))
    monkeypatch.setenv("DITING_NOTICES_SECRETS", json.dumps({"hook": SECRET}))
    get_settings.cache_clear()
    engine = make_engine(sqlite_url)
    sessions = make_session_factory(engine)
    server.will(says({}, 410))
    clock = SystemClock()
    opening = Opening("warning", "debtor:1", "high", "call", {"zh": "…", "en": "…"}, debtor_name="王小明")
    with transaction(sessions) as session:
        add_person(session, clock, Person("root", "Root", ("admin",)))
        add_person(session, clock, Person("zhang", "Zhang", ("collector",)))
        open_case(session, clock, opening=opening, actor=SYSTEM)
    deliver(sessions, clock, get_settings())
    server.requests.clear()
    yield sessions
    engine.dispose()


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["notices", *arguments], catch_exceptions=True)
    error = getattr(result.exception, "exit_code", result.exit_code)
    assert error == code, (result.output, result.exception)
    return result.output


def test_dead_letters_are_listed_shown_and_sent_again(installation: SessionFactory, server: Server) -> None:
    assert "死信" in run("list", "--state", "dead")
    (listed,) = json.loads(run("list", "--json"))
    assert (listed["kind"], listed["channel"], listed["state"]) == ("high_warning", "hook", "dead")
    assert listed["reason"] == "notice.refused: answered with status 410"
    shown = json.loads(run("show", "1", "--json"))
    assert shown["document"]["debtor"] == "王**"
    assert [(each["outcome"], each["status"]) for each in shown["deliveries"]] == [("refused", 410)]
    assert "refused" in run("show", "1")

    server.will(says({}))
    run("resend", "1", "--by", "root")
    assert "sent 1, failed 0, dead letters 0" in run("deliver")
    assert server.requests[0].headers["webhook-id"] == listed["message_id"]
    with reading(installation) as session:
        entry = session.scalars(
            select(audit.AuditEntry).where(audit.AuditEntry.action == "notice.resent")
        ).one()
        assert (entry.actor, entry.subject) == ("root", "notice:1")
        assert audit.verify(session) == []


def test_all_dead_letters_of_a_channel(installation: SessionFactory) -> None:
    assert "1" in run("resend", "--all-of", "hook", "--by", "root")
    with reading(installation) as session:
        assert session.scalars(select(NoticeRow.state)).all() == ["waiting"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["resend", "--by", "root"], 2),
        (["resend", "1", "--all-of", "hook", "--by", "root"], 2),
        (["resend", "1", "--by", "zhang"], 1),
        (["resend", "1", "--by", "nobody"], 2),
        (["resend", "99", "--by", "root"], 2),
        (["show", "99"], 2),
        (["test", "pager"], 2),
    ],
)
def test_what_is_refused(installation: SessionFactory, arguments: list[str], code: int) -> None:
    run(*arguments, code=code)


def test_what_was_sent_is_not_sent_again_by_hand(installation: SessionFactory, server: Server) -> None:
    server.will(says({}))
    run("resend", "1", "--by", "root")
    run("deliver")

    run("resend", "1", "--by", "root", code=1)


def test_a_channel_is_tried(installation: SessionFactory, server: Server) -> None:
    server.will(says({}))
    assert "hook: 已发送 (msg_" in run("test", "hook")
    assert json.loads(server.requests[0].body)["type"] == "notices.test"
    server.will(says({}, 500))
    assert "notice.failed: answered with status 500" in run("test", "hook", code=1)


def test_a_channel_that_is_wrong_is_explained_in_plain_words(
    installation: SessionFactory, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = {
        "id": "house",
        "version": 2,
        "channels": {
            "group": {"type": "feishu", "url": server.url, "token": "token", "sign": "sign"},
            "unset": {"type": "wecom", "url": server.url, "token": "nowhere"},
        },
        "routes": [],
    }
    (tmp_path / "notices.yaml").write_text(yaml.safe_dump(policy), encoding="utf-8")
    monkeypatch.setenv("DITING_NOTICES_SECRETS", json.dumps({"token": "abc", "sign": "def"}))
    get_settings.cache_clear()
    server.will(says({"code": 19021, "msg": "sign match fail"}))
    told = "".join(run("test", "group", code=1).split())
    assert "notice.robot:therobotsays19021:signmatchfail" in told
    assert "签名不符" in told
    assert "The signature does not fit" in " ".join(run("test", "group", "--lang", "en", code=1).split())
    assert "DITING_NOTICES_SECRETS" in run("test", "unset", code=1)


@pytest.mark.parametrize(
    ("kind", "code", "detail", "words"),
    [
        ("dingtalk", "notice.robot", "the robot says 310000: sign not match", "安全设置不符"),
        ("wecom", "notice.robot", "the robot says 93000: invalid webhook url", "没有这个机器人"),
        ("feishu", "notice.robot", "the robot says 19024", "自定义关键词"),
        ("feishu", "notice.robot", "the robot says 310000", "机器人拒绝了消息"),
        ("email", "notice.sign_in", "", "授权码"),
        ("webhook", "notice.address", "", "networks"),
    ],
)
def test_troubles_have_words(kind: ChannelType, code: str, detail: str, words: str) -> None:
    found = trouble(kind, Result("again", code, detail))
    assert found is not None
    assert words in found.zh
    assert found.en[0] in "TAN"


def test_the_channels_are_shown_without_their_secrets(
    installation: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = run("channels")
    assert "hook: webhook" in shown
    assert "high_warning → channel:hook" in shown
    assert json.loads(run("channels", "--json"))["missing_secrets"] == []
    monkeypatch.setenv("DITING_NOTICES_SECRETS", "{}")
    assert "there is no usable secret hook" in run("channels", code=2)
    assert SECRET not in shown


def client(settings: Settings, token: str = "") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(settings, clock=FixedClock(SystemClock().now())))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)


def test_notices_over_http(installation: SessionFactory) -> None:
    settings = get_settings()
    listed = get(client(settings), f"{API}/notices?state=dead").json()
    assert [item["kind"] for item in listed["items"]] == ["high_warning"]
    assert get(client(settings), f"{API}/notices?state=sent").json() == {"items": [], "next": None}
    shown = get(client(settings), f"{API}/notices/1").json()
    assert shown["notice"] == listed["items"][0]
    assert [each["outcome"] for each in shown["deliveries"]] == ["refused"]
    problem(get(client(settings), f"{API}/notices/99"), 404, "notice.unknown")
    assert get(client(settings), f"{API}/notices/{2**40}").status_code == 422


def post(settings: Settings, path: str, token: str = "") -> httpx.Response:
    async def ask() -> httpx.Response:
        async with client(settings, token) as asking:
            return await asking.post(path)

    return asyncio.run(ask())


def test_a_person_sends_a_dead_letter_again_over_http(installation: SessionFactory) -> None:
    clock, settings = SystemClock(), get_settings()
    with transaction(installation) as session:
        root, zhang = (new_token(session, clock, person) for person in ("root", "zhang"))

    problem(post(settings, f"{API}/notices/1/resend"), 403, "auth.person")
    problem(post(settings, f"{API}/notices/1/resend", zhang), 403, "auth.role")
    again = post(settings, f"{API}/notices/1/resend", root)
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    problem(post(settings, f"{API}/notices/1/resend", root), 409, "notice.not_dead")


def test_the_channels_over_http_and_a_test_by_one(installation: SessionFactory, server: Server) -> None:
    settings = get_settings()
    (shown,) = get(client(settings), f"{API}/notices/channels").json()
    assert (shown["name"], shown["type"], shown["target"]) == ("hook", "webhook", "127.0.0.1")
    assert (shown["kinds"], shown["waiting"], shown["dead"]) == (["high_warning"], 0, 1)
    assert (shown["last_state"], shown["missing_secrets"]) == ("dead", [])
    assert server.url not in json.dumps(shown)

    place = f"{API}/notices/channels/hook/test"
    problem(post(settings, place), 403, "auth.person")
    with transaction(installation) as session:
        root, zhang = (new_token(session, SystemClock(), person) for person in ("root", "zhang"))
    problem(post(settings, place, zhang), 403, "auth.role")
    problem(post(settings, f"{API}/notices/channels/none/test", root), 404, "notices.no_channel")
    server.will(says({}))
    sent = post(settings, place, root).json()
    assert sent == {"outcome": "sent", "reason": None, "help_zh": None, "help_en": None}
    server.will(says({}, 500))
    failed = post(settings, place, root).json()
    assert (failed["outcome"], failed["reason"][:13]) == ("again", "notice.failed")
    assert json.loads(server.requests[-1].body)["type"] == "notices.test"
