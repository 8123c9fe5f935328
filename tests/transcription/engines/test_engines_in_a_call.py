"""What becomes of a real call with engines that tell no language, another language, or nothing but text."""

from functools import cache
from pathlib import Path

import pytest

from ingest.audio import Audio, decode
from store.errors import EngineError
from tests.http_server import says
from tests.transcription.engines.tone_models import paraformer, sense_voice
from transcription.engines.engine import EngineSettings
from transcription.engines.registry import make_engine
from transcription.transcribe import transcribe

RECORDING = Path(__file__).parents[3] / "samples" / "calls" / "S10-no-time.opus"
REFUSES_FORM = {"error": {"message": "response_format verbose_json is not supported"}}


@cache
def call() -> Audio:
    return decode(RECORDING)


def sherpa(folder):
    return make_engine("sherpa-onnx", EngineSettings(model=str(folder)))


@pytest.fixture
def hosted(server):
    return make_engine("openai-server", EngineSettings(model="whisper-1", url=server.url, retries=0))


def test_where_the_engine_cannot_tell_the_language_the_call_is_not_judged(tmp_path):
    transcript = transcribe(call(), None, sherpa(paraformer(tmp_path / "tones", {"您": 20})))
    assert transcript.language is None
    assert "language.unknown" in transcript.problems
    assert transcript.utterances == ()
    assert transcript.unheard
    assert transcript.engine == "sherpa-onnx"


def test_a_language_that_is_not_judged_is_told_from_one_that_is_not_known(tmp_path):
    transcript = transcribe(call(), None, sherpa(sense_voice(tmp_path / "tones", {"您": 20}, auto="ja")))
    assert transcript.language == "ja"
    assert "language.unsupported" in transcript.problems
    assert transcript.utterances == ()
    assert transcript.unheard


def test_a_server_is_told_what_it_told(server, hosted):
    server.will(says({"text": "您好请问是李先生吗", "language": "chinese"}))
    transcript = transcribe(call(), None, hosted)
    assert transcript.language == "zh"
    assert {utterance.text.rstrip("。？！") for utterance in transcript.utterances} == {"您好请问是李先生吗"}
    assert (transcript.engine, transcript.model) == ("openai-server", "whisper-1")
    assert transcript.options["server"] == server.url
    assert transcript.options["response_format"] == "verbose_json"


def test_the_transcript_says_that_the_server_gave_only_text(server, hosted):
    server.will(says(REFUSES_FORM, 400), says({"text": "您好请问是李先生吗"}))
    transcript = transcribe(call(), None, hosted)
    assert transcript.options["response_format"] == "json"
    assert "language.unknown" in transcript.problems


def test_a_server_that_fails_fails_the_call_and_leaves_no_half_transcript(server, hosted):
    server.will(says({"text": "您好", "language": "chinese"}), says(b"", 500))
    with pytest.raises(EngineError) as caught:
        transcribe(call(), None, hosted)
    assert caught.value.code == "engine.busy"
