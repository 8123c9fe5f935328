import base64
import hashlib
import io
import json

import pytest

from ingest.formats.vcon import VconOptions, read
from ingest.metadata import parse_call_record

SOUND = b"RIFF....WAVE"
BODY = base64.urlsafe_b64encode(SOUND).rstrip(b"=").decode()
HASH = "sha512-" + base64.urlsafe_b64encode(hashlib.sha512(SOUND).digest()).rstrip(b"=").decode()
DIALOG = {
    "type": "recording",
    "start": "2026-03-05T10:12:00+08:00",
    "duration": 33.12,
    "parties": [0, 1],
    "mediatype": "audio/x-wav",
    "filename": "a.wav",
    "encoding": "base64url",
    "body": BODY,
}
PARTIES = [
    {"tel": "tel:+8613800138000", "name": "李建国", "role": "customer"},
    {"name": "王敏", "role": "agent", "uuid": "A1"},
]
VCON = {"vcon": "0.4.0", "uuid": "0199e054-ed10-8035-b9a2-279e0d16bc46", "created_at": "2026-03-05T11:00:00Z"}
OPTIONS = VconOptions(source="vcon")


def calls(*, options=OPTIONS, **over):
    content = json.dumps({**VCON, "parties": PARTIES, "dialog": [DIALOG], **over}).encode()
    return list(read(io.BytesIO(content), "a.vcon", options))


def test_a_recording_inside_its_vcon():
    (call,) = calls(analysis=[{"type": "sentiment", "vendor": "x", "body": "angry"}])
    assert (call.inline.content, call.inline.media_type) == (SOUND, "audio/x-wav")
    record = parse_call_record(call.document, call.where)
    assert record.to_document() == {
        "external_id": VCON["uuid"],
        "source": "vcon",
        "direction": "inbound",
        "started_at": "2026-03-05T10:12:00+08:00",
        "time_source": "record",
        "agent": {"id": "A1", "name": "王敏"},
        "customer": {"name": "李建国", "number": "+8613800138000", "relation": "debtor"},
        "case": {"currency": "CNY", "complaints_before": 0, "agreed_times": []},
        "recording": {"file": "a.wav"},
        "history": [],
        "duration_s": 33.12,
        "vcon": {"uuid": VCON["uuid"], "dialog": 0},
    }


def test_a_recording_elsewhere():
    there = {k: v for k, v in DIALOG.items() if k != "body"} | {
        "url": "https://x/a.wav",
        "content_hash": [HASH],
    }
    (call,) = calls(dialog=[there])
    assert (call.recording, call.content_hash, call.inline) == ("https://x/a.wav", HASH, None)


def test_each_recording_is_a_call():
    found = calls(
        dialog=[DIALOG, {"type": "text", "body": "x"}, {**DIALOG, "parties": [1, 0]}, {"type": "recording"}]
    )
    assert [each.where for each in found] == ["a.vcon dialog[0]", "a.vcon dialog[2]", "a.vcon dialog[3]"]
    assert [each.document["external_id"][-2:] for each in found[:2]] == ["#0", "#2"]
    assert found[1].document["direction"] == "outbound"
    assert found[2].error.code == "format.missing"


def test_channels_only_where_the_site_says_that_there_are_any():
    assert "channels" not in calls()[0].document["recording"]
    stereo = calls(options=OPTIONS.model_copy(update={"stereo": True}))
    assert stereo[0].document["recording"]["channels"] == {"0": "customer", "1": "agent"}


def test_who_is_who_is_not_guessed():
    (call,) = calls(parties=[{"tel": "+1"}, {"sip": "sip:1@x"}])
    assert "agent" not in call.document
    assert call.document["customer"] == {}
    assert "direction" not in call.document


def test_times_without_a_zone():
    (call,) = calls(dialog=[{**DIALOG, "start": "2026-03-05T10:12:00"}])
    assert call.document["time_problem"] == "time.no_zone"


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"dialog": []}, "format.missing"),
        ({"dialog": "x"}, "format.bad_value"),
        ({"uuid": None}, "format.missing"),
        ({"critical": ["redaction"]}, "format.unsupported"),
        ({"signatures": [], "payload": "x"}, "format.unsupported"),
        ({"ciphertext": "x"}, "format.unsupported"),
        ({"parties": []}, "format.bad_value"),
        ({"dialog": [{**DIALOG, "body": "not base64!"}]}, "format.bad_value"),
        ({"dialog": [{**DIALOG, "body": "a"}]}, "format.bad_value"),
        ({"dialog": [{**DIALOG, "encoding": "json"}]}, "format.unsupported"),
        ({"dialog": [{**DIALOG, "content_hash": HASH[:-1] + "x"}]}, "format.bad_value"),
        ({"dialog": [{**DIALOG, "parties": [0, 99]}]}, "format.bad_value"),
    ],
)
def test_what_cannot_be_used(over, code):
    assert [each.error.code for each in calls(**over)] == [code]


def test_the_hash_of_an_inline_recording_may_be_right():
    assert calls(dialog=[{**DIALOG, "content_hash": HASH}])[0].inline.content == SOUND


@pytest.mark.parametrize(("content", "code"), [(b"[]", "format.missing"), (b"{" * 9999, "format.unreadable")])
def test_what_is_no_vcon(content, code):
    assert [each.error.code for each in read(io.BytesIO(content), "a.vcon", OPTIONS)] == [code]
