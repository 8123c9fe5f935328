from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.metadata import CallRecord, parse_call_record, record_without_metadata
from pipeline.judging import Judge, reasons
from store.errors import RuleError
from store.settings import Settings
from transcription.types import Transcript, Utterance

from .conftest import RECORD

SAID = (
    Utterance(0, "agent", 0.0, 4.0, "您好，我是澄岳公司的，受中国联通委托给您打电话，本次通话有录音。"),
    Utterance(1, "customer", 4.5, 6.0, "好的，我周五还。"),
    Utterance(2, "agent", 6.5, 9.0, "好的，感谢您的接听，再见。"),
)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(Settings())


def transcript(problems: Sequence[str] = (), language: str | None = "zh") -> Transcript:
    return Transcript(language, "scripted", "x", SAID, problems=tuple(problems))


def record(**changed: object) -> CallRecord:
    return parse_call_record(RECORD | changed, "test")


def test_whole_call_leaves_nothing_unjudged(judge: Judge) -> None:
    assert reasons(judge.inspect(record(), transcript(), ())) == ()


@pytest.mark.parametrize(
    "code", ["audio.damaged", "audio.silent", "audio.no_speech", "roles.assumed", "speech.unheard"]
)
@pytest.mark.parametrize(("language", "prefix"), [("zh", "未能判定："), ("en", "Not judged: ")])
def test_every_problem_has_a_sentence_and_a_ticket(
    judge: Judge, code: str, language: str, prefix: str
) -> None:
    inspection = judge.inspect(record(), transcript([code], language), ())

    said = dict(inspection.unjudged)[code]
    assert code not in said, "the sentence must say it in words"
    assert inspection.ticket
    assert prefix + said in inspection.ticket.reasons


def test_recording_that_came_alone_lacks_its_metadata(judge: Judge) -> None:
    alone = record_without_metadata(Path("call.wav"), "ab" * 32)

    assert [code for code, _ in judge.inspect(alone, transcript(), ()).unjudged] == [
        "time.missing",
        "metadata.missing",
    ]


def test_call_that_a_source_named_file_sent_has_metadata(judge: Judge) -> None:
    sent = record(source="file", started_at=None)

    assert [code for code, _ in judge.inspect(sent, transcript(), ()).unjudged] == ["time.missing"]


def packs(judge: Judge, call: CallRecord, language: str = "zh") -> list[str]:
    inspection = judge.inspect(call, transcript(language=language), ())
    return [name.partition("@")[0] for name in inspection.packs]


def test_packs_follow_language_creditor_and_wish(judge: Judge) -> None:
    configured = Judge(Settings(client_packs={"中国联通": ("cn-telecom-client",)}))
    other = record(case={"client": "华岑通信"})

    assert packs(configured, record()) == ["cn-base", "cn-telecom-client"]
    assert packs(configured, other) == ["cn-base"]
    assert packs(Judge(Settings(), ["cn-telecom-client"]), other) == ["cn-base", "cn-telecom-client"]
    assert packs(judge, record(), language="en") == ["us-regf"]
    assert packs(judge, record(), language="ja") == []


def test_wrong_rule_file_stops_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "house-rules"
    folder.mkdir()
    (folder / "pack.yaml").write_text("id: [", "utf-8")

    with pytest.raises(RuleError):
        Judge(Settings(packs=("house-rules",), rule_folders=(tmp_path,))).load_defaults()


def test_evidence_is_the_call_in_short(judge: Judge) -> None:
    inspection = judge.inspect(record(), transcript(), ())
    evidence = judge.evidence(record(), transcript(), inspection)

    assert (evidence.call, evidence.started_at) == ("central-recorder/H001", record().started_at)
    assert (evidence.band, evidence.language) == (inspection.score.band, "zh")
    assert evidence.findings == inspection.findings
