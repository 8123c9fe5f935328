import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from complaint_warnings.types import Indicator, WarningAssessment
from ingest.metadata import CallRecord, parse_call_record
from pipeline.result import CallResult, RecordingFacts, dumps, score_json, to_json
from pipeline.version import diting_version
from qc.findings import Deduction, Finding, Inspection, Score, SecondHearing, TicketProposal
from transcription.types import (
    AudioHealth,
    Because,
    ChannelHealth,
    Cue,
    LineSound,
    Transcript,
    Utterance,
    Word,
)
from transcription.voice.document import to_document
from transcription.voice.types import Interaction, SpeakerTurns, VoiceReport

from .conftest import RECORD

WHY = Because("因为", "because")
HEARD = Utterance(
    id=0,
    speaker="agent",
    start=0.5200001,
    end=3.1,
    text="让你在公司抬不起头",
    confidence=0.9123456,
    words=(Word("让你", 0.52, 0.9, 0.97),),
)
FINDING = Finding(
    rule="cn.threat.employer@3",
    pack="cn-base@1",
    category="threat",
    kind="violation",
    speaker="agent",
    utterances=(0,),
    span=(0, 9),
    start=0.52,
    end=3.1,
    heard="让你在公司台不起头",
    matched="让你在公司抬不起头",
    how="sound",
    confidence=0.93,
    status="certain",
    severity="critical",
    points=40,
    why={"zh": "以工作相威胁", "en": "threatens the job"},
    cite=("cn.cba2026",),
    attributes={"b": "2", "a": "1"},
    second_hearing=SecondHearing(
        "confirmed", ("让你在公司抬不起头。",), -8.12345, -7.0, "faster-whisper", "base"
    ),
)


VOICE = VoiceReport(
    seconds={"customer": (None, 2.701)},
    interaction=Interaction((SpeakerTurns("agent", 3.0, 1.0, 1, None, 3.0, 0, 0),)),
)


def result(record: CallRecord | None = None, language: str | None = "zh", **changed: object) -> CallResult:
    values: dict[str, object] = {
        "record": record or parse_call_record(RECORD, "test"),
        "recording": RecordingFacts("ab" * 32, "opus", 8000, 2, 83.20049),
        "transcript": Transcript(language, "faster-whisper", "base", (HEARD,)),
        "cues": (
            Cue("raised_voice", "customer", 31.2, 35.0, 2.70001, "sd over own baseline", (0,), 0.80001, WHY),
        ),
        "inspection": Inspection(
            findings=(FINDING,),
            score=Score(0, "critical", (Deduction("cn.threat.employer@3", "threat", 40),), veto="x"),
            ticket=TicketProposal("urgent", ("恐吓威胁",)),
            packs=("cn-base",),
            pack_hash="0" * 64,
        ),
        "warning": WarningAssessment(
            78.54, "high", "default@1", (Indicator("complaint_intent", 25.04, "因为"),), "尽快回电"
        ),
        "reasons": (),
        "voice": VOICE,
    }
    return CallResult(**(values | changed))  # type: ignore[arg-type]


def test_result_has_the_documented_shape_in_the_documented_order() -> None:
    expected = {
        "diting": diting_version(),
        "status": "inspected",
        "reasons": [],
        "call": {
            "external_id": "H001",
            "source": "central-recorder",
            "direction": "outbound",
            "started_at": "2026-03-05T10:12:00+08:00",
            "agent": {"id": "A1027", "name": "王敏", "team": "T2"},
            "customer": {
                "id": "C889201",
                "name": "李建国",
                "number": "+8613800138000",
                "relation": "debtor",
                "timezone": "Asia/Shanghai",
            },
            "case": {
                "id": "K-2026-000123",
                "client": "中国联通",
                "days_overdue": 63,
                "amount_due": "1260.00",
                "currency": "CNY",
                "complaints_before": 0,
                "agreed_times": [],
            },
            "note": {"outcome": "promise_to_pay", "text": "承诺周五还500元"},
            "history": [],
            "duration_s": 83.2,
            "recording": {"sha256": "ab" * 32, "codec": "opus", "sample_rate": 8000, "channels": 2},
        },
        "transcript": {
            "language": "zh",
            "engine": "faster-whisper",
            "model": "base",
            "roles": None,
            "line": [],
            "utterances": [
                {
                    "id": 0,
                    "speaker": "agent",
                    "side": None,
                    "kind": "speech",
                    "start": 0.52,
                    "end": 3.1,
                    "text": "让你在公司抬不起头",
                    "as_heard": None,
                    "confidence": 0.912,
                    "doubts": [],
                    "words": [["让你", 0.52, 0.9, 0.97]],
                    "numbers": [],
                }
            ],
        },
        "cues": [
            {
                "kind": "raised_voice",
                "speaker": "customer",
                "start": 31.2,
                "end": 35.0,
                "value": 2.7,
                "unit": "sd over own baseline",
                "utterances": [0],
                "confidence": 0.8,
                "because": "因为",
            }
        ],
        "voice": to_document(VOICE),
        "findings": [
            {
                "rule": "cn.threat.employer@3",
                "category": "threat",
                "kind": "violation",
                "speaker": "agent",
                "utterances": [0],
                "start": 0.52,
                "end": 3.1,
                "heard": "让你在公司台不起头",
                "matched": "让你在公司抬不起头",
                "how": "sound",
                "confidence": 0.93,
                "status": "certain",
                "severity": "critical",
                "points": 40,
                "why": "以工作相威胁",
                "cite": ["cn.cba2026"],
                "attributes": {"a": "1", "b": "2"},
                "advisory": False,
                "second_hearing": {
                    "outcome": "confirmed",
                    "heard_again": ["让你在公司抬不起头。"],
                    "likelihood_heard": -8.123,
                    "likelihood_expected": -7.0,
                    "engine": "faster-whisper",
                    "model": "base",
                },
                "advice": None,
            }
        ],
        "facts": [],
        "score": {
            "total": 0,
            "band": "critical",
            "deductions": [{"rule": "cn.threat.employer@3", "points": 40}],
        },
        "ticket": {"priority": "urgent", "reasons": ["恐吓威胁"]},
        "warning": {
            "score": 78.5,
            "level": "high",
            "model": "default@1",
            "indicators": [{"name": "complaint_intent", "points": 25.0, "because": "因为"}],
            "advice": "尽快回电",
        },
    }

    assert to_json(result()) == expected
    assert dumps(result()) == json.dumps(expected, ensure_ascii=False)  # the order of keys too


def test_what_could_not_be_judged_is_not_called_clean() -> None:
    clean = Score(100, "clean", ())

    assert score_json(clean, judged=True) == {"total": 100, "band": "clean", "deductions": []}
    assert score_json(clean, judged=False) == {"total": 100, "band": None, "deductions": []}
    assert score_json(Score(85, "major", ()), judged=False)["band"] == "major"


def test_result_is_one_line_with_characters_as_they_are() -> None:
    line = dumps(result())

    assert "\n" not in line
    assert "抬不起头" in line


def test_call_without_recording_has_no_length() -> None:
    call = to_json(result(recording=None))["call"]

    assert (call["duration_s"], call["recording"]) == (None, None)


def test_roles_of_the_channels_stand_beside_the_number_of_channels() -> None:
    record = parse_call_record(
        RECORD | {"recording": {"file": "call.opus", "channels": {"1": "customer", "0": "agent"}}}, "test"
    )

    assert to_json(result(record))["call"]["recording"] == {
        "sha256": "ab" * 32,
        "codec": "opus",
        "sample_rate": 8000,
        "channels": 2,
        "roles": {"0": "agent", "1": "customer"},
        "file": "call.opus",
    }


def test_what_else_is_on_the_line_and_the_health_of_the_recording_are_shown() -> None:
    dead = ChannelHealth("silent", 0.0, -72.0, None, -72.0, None, 0.0, 0.0, 0.0, 0.0, None, None)
    good = ChannelHealth("speech", 20.0, -6.0, -22.0, -55.0, 33.0, 0.0, 0.0, 0.0, 0.0, 187.5, 3400.0)
    rings = LineSound("ringback", 0, 0.984, 12.0204, 0.99, ((0.984, 2.0), (11.0, 12.02)))
    heard = Transcript("zh", "whisper", "base", (HEARD,), line=(rings,), health=AudioHealth((good, dead)))
    shown = to_json(replace(result(), transcript=heard))

    assert shown["transcript"]["line"] == [
        {"kind": "ringback", "channel": 0, "start": 0.984, "end": 12.02, "confidence": 0.99}
    ]
    health = shown["call"]["recording"]["health"]
    assert [channel["state"] for channel in health["channels"]] == ["speech", "silent"]
    assert health["channels"][0]["snr_db"] == 33.0
    (remark,) = health["remarks"]
    assert (remark["code"], remark["grave"]) == ("audio.dead_channel", True)
    assert remark["zh"].startswith("右声道一直没有声音")


def test_unreadable_time_is_shown_with_its_problem() -> None:
    record = parse_call_record(RECORD | {"started_at": "unknown"}, "test")
    call = to_json(result(record))["call"]

    assert (call["started_at"], call["time_problem"]) == (None, "time.unreadable")


def test_reasons_make_the_call_unjudged() -> None:
    shown = to_json(result(reasons=("time.missing: no time",)))

    assert (shown["status"], shown["reasons"]) == ("unjudged", ["time.missing: no time"])


def test_english_call_is_explained_in_english() -> None:
    in_english = to_json(result(language="en"))
    assert in_english["findings"][0]["why"] == "threatens the job"
    assert in_english["cues"][0]["because"] == "because"
    assert to_json(result(language=None))["findings"][0]["why"] == "以工作相威胁"


def test_nothing_needed_is_null() -> None:
    bare = Inspection((), Score(100, "clean", ()), None, ("cn-base",), "0" * 64)
    shown = to_json(result(inspection=bare, warning=None))

    assert (shown["findings"], shown["ticket"], shown["warning"]) == ([], None, None)


def test_given_offset_of_the_time_is_kept() -> None:
    started = datetime(2026, 3, 5, 2, 12, tzinfo=timezone(timedelta(hours=6)))
    record = parse_call_record(RECORD | {"started_at": started.isoformat()}, "test")

    assert to_json(result(record))["call"]["started_at"] == "2026-03-05T02:12:00+06:00"


def test_nothing_known_of_the_voices_is_null():
    assert to_json(result(voice=None))["voice"] is None
    assert to_json(result(voice=VoiceReport()))["voice"] is None
