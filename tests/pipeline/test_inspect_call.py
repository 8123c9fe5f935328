import json
import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pipeline.inspect_call import CallFiles, CallInspector, find_metadata
from pipeline.result import CallResult, dumps, to_json
from store.errors import AudioError, BadInputError, MetadataError, TranscriptError
from store.settings import Settings
from transcription.engines.engine import Engine, EngineSettings

from .site import SAMPLES, load_program, write_calls


@pytest.fixture(scope="module")
def inspector() -> CallInspector:
    return CallInspector(Settings(), speech=scripted)


def scripted() -> Engine:
    engine: Engine = load_program("scripted_engine").make(EngineSettings())
    return engine


def transcript_of(name: str) -> CallFiles:
    return CallFiles(transcript=SAMPLES / f"{name}.transcript.json")


def codes(result: CallResult) -> list[str]:
    return [reason.partition(":")[0] for reason in result.reasons]


def categories(result: CallResult) -> set[str]:
    return {finding.category for finding in result.inspection.findings}


def test_transcript_with_its_metadata_is_inspected(inspector: CallInspector) -> None:
    result = inspector.inspect(transcript_of("S02-abuse"))

    assert (result.status, result.reasons, result.recording) == ("inspected", (), None)
    assert "abuse" in categories(result)
    assert (result.inspection.score.band, result.inspection.score.total) == ("critical", 0)
    assert result.inspection.ticket
    assert result.inspection.ticket.priority == "urgent"
    assert result.transcript.engine == "given"
    assert result.record.external_id == "S02-abuse"


def test_complaint_to_a_regulator_makes_a_high_warning(inspector: CallInspector) -> None:
    warning = inspector.inspect(transcript_of("S06-complaint")).warning

    assert warning
    assert warning.level == "high"
    assert "complaint_intent" in {indicator.name.partition(".")[0] for indicator in warning.indicators}


def test_same_files_give_the_same_bytes(inspector: CallInspector) -> None:
    again = CallInspector(Settings())

    assert dumps(inspector.inspect(transcript_of("S05-dispute-ignored"))) == dumps(
        again.inspect(transcript_of("S05-dispute-ignored"))
    )


def test_call_without_a_time_is_unjudged_but_keeps_its_findings_and_gets_a_ticket(
    inspector: CallInspector,
) -> None:
    result = inspector.inspect(transcript_of("S10-no-time"))

    assert result.status == "unjudged"
    assert codes(result) == ["time.missing"]
    assert result.inspection.ticket is not None


def test_transcript_that_comes_alone_is_judged_without_metadata(
    inspector: CallInspector, tmp_path: Path
) -> None:
    alone = shutil.copy(SAMPLES / "S02-abuse.transcript.json", tmp_path / "x.transcript.json")
    result = inspector.inspect(CallFiles(transcript=Path(alone)))

    assert result.status == "unjudged"
    assert codes(result) == ["time.missing", "metadata.missing"]
    assert "没有随录音提供元数据" in result.reasons[1]
    assert "abuse" in categories(result)
    assert result.inspection.ticket
    assert any("没有随录音提供元数据" in reason for reason in result.inspection.ticket.reasons)


def test_unsupported_language_is_unjudged(inspector: CallInspector, tmp_path: Path) -> None:
    path = tmp_path / "x.transcript.json"
    path.write_text(
        json.dumps(
            {
                "language": "ja",
                "utterances": [{"speaker": "agent", "start": 0, "end": 1, "text": "もしもし"}],
            }
        )
    )
    metadata = SAMPLES / "S01-clean.call.json"
    result = inspector.inspect(CallFiles(transcript=path, metadata=metadata))

    assert result.status == "unjudged"
    assert "language.unsupported" in codes(result)
    assert result.inspection.ticket is not None


def test_empty_transcript_is_never_clean(inspector: CallInspector, tmp_path: Path) -> None:
    path = tmp_path / "x.transcript.json"
    path.write_text('{"language": "zh", "utterances": []}')
    result = inspector.inspect(CallFiles(transcript=path, metadata=SAMPLES / "S01-clean.call.json"))

    assert codes(result) == ["transcript.empty"]
    assert to_json(result)["score"]["band"] is None
    assert result.inspection.ticket is not None


def test_pack_may_be_asked_for_by_name() -> None:
    result = CallInspector(Settings(), packs=["cn-telecom-client"]).inspect(transcript_of("S01-clean"))

    assert [name.partition("@")[0] for name in result.inspection.packs] == ["cn-base", "cn-telecom-client"]


def test_recording_is_decoded_transcribed_and_heard(inspector: CallInspector, tmp_path: Path) -> None:
    write_calls(tmp_path, ["S02-abuse"])
    shares: list[float] = []
    result = inspector.inspect(CallFiles(recording=tmp_path / "S02-abuse.wav"), shares.append)

    assert result.transcript.engine == "scripted"
    assert result.transcript.utterances[0].speaker == "agent"
    assert result.recording
    assert (result.recording.codec, result.recording.sample_rate, result.recording.channels) == (
        "pcm_s16le",
        16000,
        2,
    )
    assert result.recording.duration_s == 8.0
    assert shares[-1] == 1.0
    assert shares == sorted(shares)


def test_recording_with_its_transcript_is_not_transcribed_again(tmp_path: Path) -> None:
    def must_not_open() -> Engine:
        raise AssertionError

    write_calls(tmp_path, ["S02-abuse"])
    inspector = CallInspector(Settings(), speech=must_not_open)
    result = inspector.inspect(
        CallFiles(recording=tmp_path / "S02-abuse.wav", transcript=SAMPLES / "S02-abuse.transcript.json")
    )

    assert result.transcript.engine == "given"
    assert result.recording is not None


def test_silence_is_unjudged_with_a_ticket(inspector: CallInspector, tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros((8000 * 3, 2), dtype=np.float32), 8000)
    result = inspector.inspect(CallFiles(recording=path))

    assert result.status == "unjudged"
    assert {"transcript.empty", "audio.silent", "time.missing", "metadata.missing"} <= set(codes(result))
    assert result.inspection.ticket is not None


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("this is no sound")


def zero_seconds(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)


@pytest.mark.parametrize("write", [empty, text, zero_seconds])
def test_recording_that_cannot_be_read_is_refused(
    inspector: CallInspector, tmp_path: Path, write: Callable[[Path], None]
) -> None:
    path = tmp_path / "bad.wav"
    write(path)

    with pytest.raises(AudioError) as caught:
        inspector.inspect(CallFiles(recording=path))
    assert caught.value.exit_code == 2
    assert "bad.wav" in str(caught.value)


def test_missing_files_are_named(inspector: CallInspector, tmp_path: Path) -> None:
    gone = tmp_path / "gone.json"

    with pytest.raises(TranscriptError, match="gone"):
        inspector.inspect(CallFiles(transcript=gone))
    with pytest.raises(MetadataError, match="gone"):
        inspector.inspect(CallFiles(transcript=SAMPLES / "S01-clean.transcript.json", metadata=gone))
    with pytest.raises(BadInputError) as caught:
        inspector.inspect(CallFiles())
    assert caught.value.code == "call.no_input"


@pytest.mark.parametrize(
    ("name", "field"),
    [("A.opus", "recording"), ("A.mono.opus", "recording"), ("A.transcript.json", "transcript")],
)
def test_metadata_is_found_beside_the_file(tmp_path: Path, name: str, field: str) -> None:
    files = CallFiles(**{field: tmp_path / name})
    assert find_metadata(files) is None

    (tmp_path / "A.call.json").touch()

    assert find_metadata(files) == tmp_path / "A.call.json"
