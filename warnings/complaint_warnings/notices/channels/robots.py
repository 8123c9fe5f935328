"""The robots of DingTalk, WeCom and Feishu groups: what they take, and what their answers mean. All of them
answer with status 200 and say in the body what went wrong.

DingTalk: https://open.dingtalk.com/document/robots/custom-robot-access
WeCom: https://developer.work.weixin.qq.com/document/path/91770
Feishu: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote_plus, urlencode
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from complaint_warnings.notices.channel_policy import DingTalkChannel, FeishuChannel, WeComChannel
from complaint_warnings.notices.channels import markdown
from complaint_warnings.notices.post import Answer, Outgoing, judge_status
from complaint_warnings.notices.types import Letter, Result
from complaint_warnings.notices.wording import title
from store.remote import plain

# The longest texts, in bytes: DingTalk takes 20 000 for the whole message, WeCom 4096 for the text, Feishu
# 20 KB for the request, in which JSON makes the text longer.
_DINGTALK_BYTES: Final = 16_000
_WECOM_BYTES: Final = 4096
_FEISHU_BYTES: Final = 12_000
_DINGTALK_PAUSE_S: Final = 600.0  # who was too fast is not listened to for ten minutes
_MINUTE_S: Final = 60.0
_RED: Final = ("self_harm", "high_warning", "deadline_breached")


@dataclass(frozen=True, slots=True)
class Codes:
    """What the numbers of a robot mean: those by which it wants a pause, and how long; those by which the
    message itself will never do."""

    field: tuple[str, ...]
    busy: frozenset[int]
    pause_s: float
    never: frozenset[int] = frozenset()


DINGTALK: Final = Codes(("errcode",), frozenset({130101, 410100}), _DINGTALK_PAUSE_S, frozenset({460101}))
WECOM: Final = Codes(("errcode",), frozenset({45009, 45033}), _MINUTE_S, frozenset({40058}))
FEISHU: Final = Codes(("code", "StatusCode"), frozenset({11232}), _MINUTE_S)


def dingtalk(
    channel: DingTalkChannel, letter: Letter, secrets: Sequence[SecretStr], now: datetime, zone: ZoneInfo
) -> Outgoing:
    """A markdown message; the signature is in the address, over milliseconds."""
    token, *sign = (secret.get_secret_value() for secret in secrets)
    query = urlencode({"access_token": token})
    if sign:
        stamp = str(int(now.timestamp() * 1000))
        digest = hmac.digest(sign[0].encode(), f"{stamp}\n{sign[0]}".encode(), hashlib.sha256)
        query += f"&timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"
    body = {
        "msgtype": "markdown",
        "markdown": {
            "title": title(letter.document, channel.language),
            "text": markdown.text(letter, channel.language, zone, limit=_DINGTALK_BYTES),
        },
    }
    return Outgoing(f"{channel.url}?{query}", _json(body))


def wecom(
    channel: WeComChannel, letter: Letter, secrets: Sequence[SecretStr], _now: datetime, zone: ZoneInfo
) -> Outgoing:
    """A markdown message; the key in the address is all that it asks for."""
    query = urlencode({"key": secrets[0].get_secret_value()})
    text = markdown.text(letter, channel.language, zone, limit=_WECOM_BYTES)
    return Outgoing(f"{channel.url}?{query}", _json({"msgtype": "markdown", "markdown": {"content": text}}))


def feishu(
    channel: FeishuChannel, letter: Letter, secrets: Sequence[SecretStr], now: datetime, zone: ZoneInfo
) -> Outgoing:
    """A card; the signature is in the body, over seconds. Its key is the text to sign, and the text is empty:
    so the platform wants it."""
    token, *sign = (secret.get_secret_value() for secret in secrets)
    document, language = letter.document, channel.language
    body_text = "\n".join(markdown.lines(letter, language, zone))
    text = markdown.cut(body_text, _FEISHU_BYTES) + f"\n{letter.message_id}"
    body: dict[str, Any] = {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {
                "title": {"tag": "plain_text", "content": title(document, language)},
                "template": "red" if document["event"] in _RED else "blue",
            },
            "elements": [{"tag": "div", "text": {"tag": "lark_md", "content": text}}],
        },
    }
    if sign:
        stamp = str(int(now.timestamp()))
        digest = hmac.digest(f"{stamp}\n{sign[0]}".encode(), b"", hashlib.sha256)
        body |= {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
    return Outgoing(f"{channel.url}/{quote_plus(token)}", _json(body))


def judge(answer: Answer, codes: Codes) -> Result:
    """What a robot's answer means: sent only where it says so itself."""
    failed = judge_status(answer)
    if failed is not None:
        return failed
    number, said = _said(answer, codes)
    if number is None:
        return Result("again", "notice.bad_answer", "the answer is not what a robot says", answer.status)
    if number == 0:
        return Result("sent", status=answer.status)
    detail = f"the robot says {number}{f': {said}' if said else ''}"
    if number in codes.busy:
        return Result("again", "notice.busy", detail, answer.status, codes.pause_s)
    outcome: Any = "refused" if number in codes.never else "again"
    return Result(outcome, "notice.robot", detail, answer.status)


def _said(answer: Answer, codes: Codes) -> tuple[int | None, str]:
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(body, dict) or answer.cut:
        return None, ""
    numbers = [body[name] for name in codes.field if name in body]
    number = numbers[0] if numbers and type(numbers[0]) is int else None
    said = body.get("errmsg", body.get("msg", ""))
    return number, plain(said) if isinstance(said, str) else ""


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
