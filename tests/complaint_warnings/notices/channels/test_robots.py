"""The robots: what they are sent, and what their answers inside a status of 200 mean."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from complaint_warnings.notices import dispatch
from complaint_warnings.notices.channel_policy import Channel, DingTalkChannel, FeishuChannel, WeComChannel
from complaint_warnings.notices.channels import robots
from complaint_warnings.notices.channels.markdown import text
from complaint_warnings.notices.digests import ITEMS_MAX
from complaint_warnings.notices.types import Letter, Result
from store.settings import Settings
from tests.http_server import Server, says

from ..site import SIGN, TOKEN

NOW = datetime(2026, 3, 5, 4, 0, 0, 250_000, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LETTER = Letter(
    id=1,
    message_id="msg_1",
    kind="self_harm",
    recipient="",
    document={
        "event": "self_harm",
        "number": "W-2026-000001",
        "kind": "warning",
        "level": "high",
        "debtor": "王**",
        "at": "2026-03-05T04:00:00+00:00",
        "link": "https://d.example/1",
    },
    created_at=NOW,
    attempt=1,
    token="t",
    urgent=True,
    case_id=1,
)
TEXT = (
    "### 自伤风险，请立即处理 W-2026-000001\n\n**案件**: W-2026-000001\n\n**类型**: 预警\n\n**等级**: 高\n\n"
    "**客户**: 王\\*\\*\n\n**时间**: 2026-03-05 12:00\n\n[查看](https://d.example/1)\n\nmsg_1"
)
ROBOTS = {"dingtalk": DingTalkChannel, "wecom": WeComChannel, "feishu": FeishuChannel}


def robot(server: Server, kind: str, **more: Any) -> Channel:
    fields = {"type": kind, "url": server.url, "token": "token", "connect_seconds": 2, "total_seconds": 5}
    return ROBOTS[kind].model_validate(fields | more)


def send(settings: Settings, channel: Channel, letter: Letter = LETTER) -> Result:
    return dispatch.send(settings, channel, letter, NOW)


def asked(server: Server) -> tuple[str, dict[str, str], dict[str, Any]]:
    """Path, query and body of the one request."""
    (request,) = server.requests
    parts = urlsplit(request.path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return parts.path, query, json.loads(request.body)


def test_dingtalk(settings: Settings, server: Server) -> None:
    server.will(says({"errcode": 0, "errmsg": "ok"}))

    assert send(settings, robot(server, "dingtalk", sign="sign")) == Result("sent", status=200)
    path, query, body = asked(server)
    stamp = str(int(NOW.timestamp() * 1000))
    digest = hmac.new(SIGN.encode(), f"{stamp}\n{SIGN}".encode(), hashlib.sha256).digest()
    assert path == "/v1"
    assert query == {
        "access_token": TOKEN,
        "timestamp": stamp,
        "sign": base64.b64encode(digest).decode(),
    }
    assert body == {
        "msgtype": "markdown",
        "markdown": {"title": "自伤风险，请立即处理 W-2026-000001", "text": TEXT},
    }


def test_wecom(settings: Settings, server: Server) -> None:
    server.will(says({"errcode": 0, "errmsg": "ok"}))

    assert send(settings, robot(server, "wecom")) == Result("sent", status=200)
    path, query, body = asked(server)
    assert (path, query) == ("/v1", {"key": TOKEN})
    assert body == {"msgtype": "markdown", "markdown": {"content": TEXT}}


def test_feishu(settings: Settings, server: Server) -> None:
    server.will(says({"code": 0, "msg": "success", "data": {}}))

    assert send(settings, robot(server, "feishu", sign="sign")) == Result("sent", status=200)
    path, query, body = asked(server)
    stamp = str(int(NOW.timestamp()))
    digest = hmac.new(f"{stamp}\n{SIGN}".encode(), b"", hashlib.sha256).digest()
    assert (path, query) == (f"/v1/{TOKEN}", {})
    assert (body["timestamp"], body["sign"]) == (stamp, base64.b64encode(digest).decode())
    assert body["msg_type"] == "interactive"
    assert body["card"]["header"]["template"] == "red"
    assert body["card"]["header"]["title"]["content"] == "自伤风险，请立即处理 W-2026-000001"
    shown = body["card"]["elements"][0]["text"]["content"]
    assert shown.startswith("**案件**: W-2026-000001\n")
    assert shown.endswith("[查看](https://d.example/1)\nmsg_1")


@pytest.mark.parametrize(
    ("kind", "answer", "outcome", "code", "wait_s"),
    [
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, "again", "notice.robot", None),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, "again", "notice.busy", 600),
        ("dingtalk", {"errcode": 410100, "errmsg": "too fast"}, "again", "notice.busy", 600),
        ("dingtalk", {"errcode": 460101, "errmsg": "too long"}, "refused", "notice.robot", None),
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, "again", "notice.busy", 60),
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "again", "notice.robot", None),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, "again", "notice.busy", 60),
        ("feishu", {"code": 19021, "msg": "sign match fail"}, "again", "notice.robot", None),
        ("feishu", {"StatusCode": 0, "StatusMessage": "success"}, "sent", "", None),
        ("feishu", {"msg": "hello"}, "again", "notice.bad_answer", None),
        ("wecom", {"errcode": "0"}, "again", "notice.bad_answer", None),
        ("wecom", {"errcode": False}, "again", "notice.bad_answer", None),
        ("wecom", [0], "again", "notice.bad_answer", None),
        ("dingtalk", b"<html>captive portal</html>", "again", "notice.bad_answer", None),
        ("dingtalk", b"", "again", "notice.bad_answer", None),
        ("dingtalk", b'{"errcode": 0, "x": "' + b"x" * 100_000 + b'"}', "again", "notice.bad_answer", None),
    ],
)
def test_what_a_robot_says_inside_a_status_of_200(
    settings: Settings,
    server: Server,
    kind: str,
    answer: object,
    outcome: str,
    code: str,
    wait_s: float | None,
) -> None:
    server.will(says(answer))

    result = send(settings, robot(server, kind))
    assert (result.outcome, result.code, result.status, result.wait_s) == (outcome, code, 200, wait_s)


def test_a_robot_that_repeats_its_secret(settings: Settings, server: Server) -> None:
    server.will(says({"errcode": 300001, "errmsg": f"token {TOKEN} is not exist"}))

    assert send(settings, robot(server, "dingtalk")).detail == "the robot says 300001: token … is not exist"


@pytest.mark.parametrize(("kind", "limit"), [("wecom", 4096), ("dingtalk", 20_000), ("feishu", 20_000)])
def test_long_messages_are_cut_to_what_the_robot_takes(
    settings: Settings, server: Server, kind: str, limit: int
) -> None:
    items = [{**LETTER.document, "message": f"msg_{n}"} for n in range(500)]
    document = {"event": "digest", "at": "2026-03-06T00:00:00+00:00", "items": items}
    server.will(says({"errcode": 0, "code": 0}))
    assert send(settings, robot(server, kind), replace(LETTER, document=document)).outcome == "sent"

    (request,) = server.requests
    size = (
        len(json.loads(request.body)["markdown"]["content"].encode())
        if kind == "wecom"
        else len(request.body)
    )
    assert size <= limit
    assert "…" in request.body.decode()
    assert "msg_1" in request.body.decode()[-60:]


def test_a_full_digest_fits_wecom_uncut() -> None:
    longest = {
        **LETTER.document,
        "event": "relief_proposed",
        "link": "https://diting.example.com/cases/123456",
    }
    items = [{**longest, "message": f"msg_{n}"} for n in range(ITEMS_MAX)]
    document = {"event": "digest", "at": "2026-03-06T00:00:00+00:00", "items": items}

    assert "…" not in text(replace(LETTER, document=document), "both", SHANGHAI, limit=robots._WECOM_BYTES)


def test_a_secret_that_is_not_there_is_tried_again(settings: Settings, server: Server) -> None:
    result = send(settings, robot(server, "wecom", token="missing"))

    assert (result.outcome, result.code) == ("again", "notices.secret")
    assert server.requests == []


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level("DEBUG"):
        yield caplog


@pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
def test_no_log_and_no_error_holds_a_secret(settings: Settings, server: Server, kind: str, logged) -> None:
    sign = {} if kind == "wecom" else {"sign": "sign"}
    server.will(says({}, 500), says({"errcode": 1, "code": 1}))
    told = [send(settings, robot(server, kind, **sign)) for _ in range(2)]
    server.shutdown()
    server.server_close()
    told.append(send(settings, robot(server, kind, **sign)))

    everything = logged.text + repr(told) + "".join(str(record.args) for record in logged.records)
    assert TOKEN not in everything
    assert SIGN not in everything
