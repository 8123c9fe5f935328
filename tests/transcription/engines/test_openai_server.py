"""The engine against a real server: what is sent, and what is made of the answers."""

import io
import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from ingest.audio import RATE
from store.errors import EngineError
from tests.transcription.engines.served import KEY, PLAIN, VERBOSE, failure
from transcription.engines.engine import EngineSettings, LanguageGuess
from transcription.engines.openai_server import ServerFactory
from transcription.engines.registry import Untold, make_engine
from transcription.types import Word

# What is sent, and what is made of a good answer.


def test_a_clip_is_sent_as_sound_with_everything_that_decides_what_comes_back(server, engine, clip, says):
    server.will(says(VERBOSE))
    engine().hear([clip], "zh")
    (request,) = server.requests
    assert request.path == "/v1/audio/transcriptions"
    assert request.fields == {
        "model": ["whisper-1"],
        "temperature": ["0"],
        "response_format": ["verbose_json"],
        "timestamp_granularities[]": ["word", "segment"],
        "language": ["zh"],
    }
    assert request.headers["authorization"] == f"Bearer {KEY}"
    with wave.open(io.BytesIO(request.wav)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2)
        sent = np.frombuffer(sound.readframes(sound.getnframes()), "<i2") / 32767
    assert len(sent) == len(clip)
    assert np.abs(sent - clip).max() < 1 / 32767


def test_without_a_key_none_is_sent(server, engine, clip, says):
    server.will(says(PLAIN))
    engine(api_key=None).hear([clip], "zh")
    assert "authorization" not in server.requests[0].headers


def test_a_verbose_answer_gives_words_and_how_sure_the_server_is(server, engine, clip, says):
    server.will(says(VERBOSE))
    hearing = engine().hear([clip], "zh")
    assert hearing.language is None
    (reading,) = hearing.readings
    assert reading.text == "您好，请问"
    assert reading.log_probability == pytest.approx((3 * -0.2 + -1.0) / 4)
    assert reading.no_speech == 0.1
    untold = pytest.approx(np.exp(-0.4))
    assert reading.words == (
        Word("您好，", 0.1, 0.5, untold),
        Word("请", 0.5, 0.8, 0.75),
        Word("问", 0.8, 1.0, 0.25),
    )


def test_an_answer_of_text_alone_claims_nothing_more(server, engine, clip, says):
    server.will(says(PLAIN))
    (reading,) = engine().hear([clip], "zh").readings
    assert (reading.text, reading.words, reading.log_probability, reading.no_speech) == (
        "您好",
        (),
        None,
        None,
    )


def test_an_empty_text_is_an_answer(server, engine, clip, says):
    server.will(says({"text": ""}))
    assert engine().hear([clip], "zh").readings[0].text == ""


def test_short_clips_are_lengthened_and_loud_ones_do_not_wrap_round(server, engine, says):
    server.will(says(PLAIN))
    engine().hear([np.array([2.0, -2.0], np.float32)], "zh")
    with wave.open(io.BytesIO(server.requests[0].wav)) as sound:
        assert sound.getnframes() == RATE // 2
        assert list(np.frombuffer(sound.readframes(3), "<i2")) == [32767, -32767, 0]


def test_clips_are_sent_a_few_at_once_and_come_back_in_order(server, engine, clip):
    def by_length(handler):
        with wave.open(io.BytesIO(server.requests[-1].wav)) as sound:
            handler.answer(200, f'{{"text": "{sound.getnframes()}"}}'.encode())

    server.will(by_length)
    lengths = list(range(9000, 9012))
    readings = engine(concurrency=1).hear([clip[:n] for n in lengths], "zh").readings
    assert [reading.text for reading in readings] == [str(n) for n in lengths]


def test_no_more_requests_than_allowed_are_under_way(server, engine, clip, says):
    together = threading.Barrier(3)

    def meet(handler):
        together.wait(timeout=20)  # passes only when three are under way at once
        handler.answer(200, b'{"text": "x"}')

    server.will(meet)
    assert len(engine(concurrency=3).hear([clip] * 9, "zh").readings) == 9
    assert server.most_under_way == 3


# The language.


def test_without_a_language_the_server_tells_it_and_odd_clips_are_read_again(server, engine, clip, says):
    server.will(
        says({"text": "您好", "language": "chinese"}),
        says({"text": "Nee how", "language": "English"}),
        says({"text": "再见", "language": "zh-CN"}),
        says({"text": "你好", "language": "chinese"}),
    )
    hearing = engine(concurrency=1).hear([clip, clip[:RATE], clip], None)
    assert hearing.language == LanguageGuess("zh", pytest.approx(0.8))
    assert [reading.text for reading in hearing.readings] == ["您好", "你好", "再见"]
    assert [request.fields.get("language") for request in server.requests] == [None, None, None, ["zh"]]


def test_an_unknown_language_keeps_its_name(server, engine, clip, says):
    server.will(says({"text": "Saluton", "language": "Esperanto"}))
    assert engine().hear([clip], None).language == LanguageGuess("esperanto", 1.0)


def test_a_server_that_tells_no_language_leaves_it_open(server, engine, clip, says):
    server.will(says(PLAIN))
    hearing = engine().hear([clip], None)
    assert (hearing.language, hearing.readings[0].text) == (None, "您好")
    assert len(server.requests) == 1


# A server that knows only plain answers.


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": {"message": "response_format 'verbose_json' is not compatible with model 'gpt-x'"}}),
        (422, {"detail": [{"loc": ["body", "timestamp_granularities[]"], "msg": "not known"}]}),
        (400, {"error": "unsupported response_format"}),
    ],
)
def test_a_server_that_says_that_it_knows_no_verbose_form_is_asked_plainly(
    server, engine, clip, says, status, body
):
    server.will(says(body, status), says(PLAIN))
    listening = engine()
    assert listening.options["response_format"] == "verbose_json"
    assert listening.hear([clip], "zh").readings[0].text == "您好"
    assert listening.options["response_format"] == "json"
    assert server.requests[1].fields == {
        "model": ["whisper-1"],
        "temperature": ["0"],
        "response_format": ["json"],
        "language": ["zh"],
    }
    listening.hear([clip], "zh")
    assert len(server.requests) == 3  # it is not asked the same question again


@pytest.mark.parametrize(
    "body", [{"error": {"message": "no such model"}}, b"<html>response_format</html>", b"{", [1]]
)
def test_any_other_refusal_does_not_lower_the_demands(server, engine, clip, says, body):
    server.will(says(body, 400))
    listening = engine()
    assert failure(listening, clip).code == "engine.refused"
    assert listening.options["response_format"] == "verbose_json"
    assert len(server.requests) == 1


# Settings, and what is stored.


def test_options_say_where_the_words_come_from_and_hold_no_key(server, engine):
    options = engine().options
    assert options["server"] == server.url
    assert options["temperature"] == 0.0
    assert str(options["library"]).startswith("httpx ")
    assert KEY not in f"{options}{engine()!r}{engine().__dict__}"


def test_the_surroundings_decide_nothing(server, engine, clip, says, monkeypatch, tmp_path: Path):
    """No proxy and no password file of the machine comes between."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server.will(says(PLAIN))
    assert engine().hear([clip], "zh").readings[0].text == "您好"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("settings", "code", "where"),
    [
        (EngineSettings(model="whisper-1"), "engine.no_url", "DITING_ENGINE_URL"),
        (EngineSettings(url="http://127.0.0.1:9/v1"), "model.missing", "DITING_MODEL"),
    ],
)
def test_incomplete_settings_are_named(settings, code, where):
    for use in (ServerFactory(), ServerFactory().check):
        with pytest.raises(EngineError) as caught:
            use(settings)
        assert (caught.value.code, caught.value.where) == (code, where)


def test_the_registry_makes_it_without_asking_the_server(server):
    settings = EngineSettings(model="whisper-1", url=server.url + "/")
    assert isinstance(ServerFactory().check(settings), Untold)
    made = make_engine("openai-server", settings)
    assert (made.name, made.model, made.ways) == ("openai-server", "whisper-1", 1)
    assert made.options["server"] == server.url
    assert server.requests == []
