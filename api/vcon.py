"""A judged call as a vCon, the IETF's container of conversations (draft-ietf-vcon-vcon-core-04).

Parties, the recording, and as analysis what was said and what was found. Without `full` it is a redacted one:
numbers partly hidden, the customer without a name, the recording left out.
"""

import base64
import hashlib
import json
import mimetypes
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from api.masking import masked

SYNTAX: Final = "0.4.0"
_AGENT, _CUSTOMER = 0, 1
_MEDIA: Final = {".wav": "audio/x-wav", ".mp3": "audio/x-mp3", ".m4a": "audio/x-mp4", ".opus": "audio/ogg"}

Json = dict[str, Any]


def to_vcon(
    result: Mapping[str, Any],
    *,
    created_at: datetime,
    file: str | None = None,
    recording: bytes | None = None,
    full: bool = False,
    taken: Mapping[str, str] | None = None,
) -> Json:
    """The vCon of one call. The same call with the same findings gives the same bytes, but for `taken`.

    Args:
        result: the result file of the call (docs/formats.md).
        created_at: when it was judged.
        file: what the recording was called.
        recording: its bytes, to go into the vCon; only with `full`.
        full: with numbers and names.
        taken: the number of the export, who took it, and when (`export`, `by`, `at`): attached. The vCon
            keeps its id: it is the same call.
    """
    shown: Json = dict(result) if full else masked(dict(result))
    call = shown["call"]
    vcon: Json = {
        "vcon": SYNTAX,
        "extensions": ["CC"],  # `role` of a party
        "created_at": created_at.isoformat(),
        "parties": _parties(call, full=full),
        "dialog": [_dialog(call, file if full else None, recording if full else None)],
        "analysis": [_transcript(shown), _findings(shown)],
    }
    if not full:
        whole = to_vcon(result, created_at=created_at, file=file, recording=recording, full=True)
        vcon["redacted"] = {"uuid": whole["uuid"], "type": "personal_data"}
    marks = {} if taken is None else {"attachments": [_export(taken)]}
    return {"uuid": str(_uuid(vcon)), **vcon, **marks}


def _export(taken: Mapping[str, str]) -> Json:
    """By what the view log tells who took it away."""
    return {
        "purpose": "export",
        "start": taken["at"],
        "party": _AGENT,
        "mediatype": "application/json",
        "encoding": "json",
        "body": json.dumps(dict(taken), ensure_ascii=False),
    }


def _parties(call: Mapping[str, Any], *, full: bool) -> list[Json]:
    """The agent first, then the customer."""
    agent, customer = call.get("agent") or {}, call.get("customer") or {}
    number = customer.get("number")
    collector = {"role": "agent", "name": agent.get("name") or agent.get("id")}
    debtor = {
        "role": "customer",
        "tel": number and (f"tel:{number}" if full else number),
        "name": customer.get("name") if full else None,
    }
    return [{name: value for name, value in party.items() if value} for party in (collector, debtor)]


def _dialog(call: Mapping[str, Any], file: str | None, recording: bytes | None) -> Json:
    """The recording. A time of the call that is unknown stays out: none is made up."""
    facts = call.get("recording") or {}
    dialog: Json = {"type": "recording"}
    if call.get("started_at"):
        dialog["start"] = call["started_at"]
    if call.get("duration_s") is not None:
        dialog["duration"] = call["duration_s"]
    dialog["parties"] = _channels(facts)
    if call.get("direction") == "inbound":
        dialog["originator"] = _CUSTOMER
    elif call.get("direction") == "outbound" and dialog["parties"][0] != _AGENT:
        dialog["originator"] = _AGENT
    if file:
        dialog["filename"] = file
    if recording is not None:
        dialog["mediatype"] = _media_type(file)
        dialog["encoding"] = "base64url"
        dialog["body"] = base64.urlsafe_b64encode(recording).rstrip(b"=").decode()
    return dialog


def _channels(facts: Mapping[str, Any]) -> list[Any]:
    """Who is on which channel. Where that is not known, or both are on one, both stand for each channel."""
    count = facts.get("channels") or 1
    roles = facts.get("roles") or {}
    parties = {"agent": _AGENT, "customer": _CUSTOMER}
    if count == 1:
        return [_AGENT, _CUSTOMER]
    named = [parties.get(str(roles.get(str(channel)))) for channel in range(count)]
    return [[_AGENT, _CUSTOMER] if party is None else party for party in named]


def _transcript(result: Mapping[str, Any]) -> Json:
    transcript = result["transcript"]
    made_by = "/".join(str(transcript[name]) for name in ("engine", "model") if transcript.get(name))
    return _analysis("transcript", transcript, made_by, result)


def _findings(result: Mapping[str, Any]) -> Json:
    names = ("status", "reasons", "findings", "facts", "score", "ticket", "warning")
    return _analysis("quality_control", {name: result.get(name) for name in names}, "", result)


def _analysis(kind: str, body: Mapping[str, Any], product: str, result: Mapping[str, Any]) -> Json:
    """One analysis. Its body is JSON in a text, as the encoding `json` wants it."""
    return {
        "type": kind,
        "dialog": 0,
        "vendor": "Diting",
        "product": product or f"diting {result['diting']}",
        "schema": "docs/formats.md#result-file-结果文件",
        "mediatype": "application/json",
        "encoding": "json",
        "body": json.dumps(body, ensure_ascii=False),
    }


def _media_type(file: str | None) -> str:
    suffix = "." + (file or "").rpartition(".")[2].lower()
    return _MEDIA.get(suffix) or mimetypes.guess_type(f"x{suffix}")[0] or "application/octet-stream"


def _uuid(content: Json) -> UUID:
    """Version 8: of what the vCon holds."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16])
    number = number & ~(0xF << 76) | (8 << 76)
    number = number & ~(3 << 62) | (2 << 62)
    return UUID(int=number)
