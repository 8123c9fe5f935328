"""Signed webhooks as of the Standard Webhooks specification (https://www.standardwebhooks.com)."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from standardwebhooks import Webhook

from complaint_warnings.notices.channel_policy import WebhookChannel
from complaint_warnings.notices.post import Answer, Outgoing, judge_status
from complaint_warnings.notices.types import Letter, Result
from complaint_warnings.notices.wording import Language, items, title

# What may leave the house, by name: whatever else a document may hold one day stays here.
_FIELDS: Final = (
    "case", "number", "kind", "level", "state", "debtor", "at", "link", "deadline", "due", "undelivered",
)  # fmt: skip


def compose(
    channel: WebhookChannel, letter: Letter, secrets: Sequence[SecretStr], now: datetime, _zone: ZoneInfo
) -> Outgoing:
    """The signed request: the same body each time, the moment of the attempt in the head.

    Raises:
        ValueError: a secret is no base64; the message does not show it.
    """
    body = json.dumps(payload(letter, channel.language), ensure_ascii=False, separators=(",", ":"))
    sent = now.astimezone(UTC)
    signatures = [_signer(secret).sign(letter.message_id, sent, body) for secret in secrets]
    headers = {
        "webhook-id": letter.message_id,
        "webhook-timestamp": str(int(sent.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return Outgoing(channel.url, body.encode(), headers)


def payload(letter: Letter, language: Language) -> dict[str, Any]:
    """`type`, `timestamp` and `data`."""
    data = {**_data(letter.document, language), "recipient": letter.recipient or None}
    found = items(letter.document)
    if found:
        data["items"] = [
            {"type": f"case.{item['event']}", "id": item["message"], **_data(item, language)}
            for item in found
        ]
    subject = "case" if "case" in letter.document else "notices"
    return {
        "type": f"{subject}.{letter.document['event']}",
        "timestamp": letter.created_at.astimezone(UTC).isoformat(),
        "data": data,
    }


def judge(answer: Answer) -> Result:
    """Any 2xx is success."""
    return judge_status(answer) or Result("sent", status=answer.status)


def _data(document: Mapping[str, Any], language: Language) -> dict[str, Any]:
    told = {name: document[name] for name in _FIELDS if document.get(name) is not None}
    return {"title": title(document, language), **told}


def _signer(secret: SecretStr) -> Webhook:
    try:
        return Webhook(secret.get_secret_value())
    except Exception:  # whatever the library says may hold the secret
        raise ValueError("the secret of a webhook is base64, with whsec_ before it or not") from None
