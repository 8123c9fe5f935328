"""The engine against a real server that misbehaves in every way a server can."""

import io
import logging
import socket
import threading
import wave
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

from ingest.audio import RATE
from store.errors import EngineError
from transcription.engines.engine import EngineSettings, LanguageGuess
from transcription.engines.openai_server import ServerEngine, ServerFactory
from transcription.engines.registry import Untold, make_engine
from transcription.engines.server_requests import MAX_ANSWER_BYTES, TranscriptionServer
from transcription.types import Word

KEY = "sk-4f0c2a9d7be14c55a1d3e8f7"
PLAIN = {"text": "您好"}
VERBOSE = {
    "task": "transcribe",
    "language": "chinese",
    "duration": 2.0,
    "text": " 您好，请问 ",
    "words": [
        {"word": "您好，", "start": 0.1, "end": 0.5},
        {"word": "请", "start": 0.5, "end": 0.8, "probability": 0.75},
        {"word": "问", "start": 0.8, "end": 1.0, "probability": 0.25},
    ],
    "segments": [
        {"id": 0, "start": 0.0, "end": 30.0, "avg_logprob": -0.2, "no_speech_prob": 0.1, "tokens": [1, 2, 3]},
        {"id": 1, "start": 1.0, "end": 30.0, "avg_logprob": -1.0, "no_speech_prob": 0.7, "tokens": [4]},
    ],
}


class Waits:
    """Stands for the time between attempts: nobody really waits."""

    def __init__(self):
        self.seconds = []

    async def __call__(self, seconds):
        self.seconds.append(seconds)


@pytest.fixture
def waits():
    return Waits()


@pytest.fixture
def engine(server, waits):
    def make(**changed):
        settings = EngineSettings(
            **{"model": "whisper-1", "url": server.url, "timeout_s": 20, "api_key": SecretStr(KEY)} | changed
        )
        return ServerEngine(TranscriptionServer(settings, waits), settings.model)

    return make


def failure(engine, clip, language="zh"):
    with pytest.raises(EngineError) as caught:
        engine.hear([clip], language)
    assert KEY not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


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


# Refusals are final, faults are not.


def test_a_wrong_key_is_said_at_once_and_never_shown(server, engine, clip, says, waits, caplog):
    caplog.set_level(logging.DEBUG)
    server.will(says({"error": {"message": f"Incorrect API key provided: {KEY}"}}, 401))
    error = failure(engine(), clip)
    assert (error.code, error.mend) == ("engine.refused", "Check DITING_ENGINE_API_KEY.")
    assert error.where == server.url
    assert (len(server.requests), waits.seconds) == (1, [])
    assert KEY not in caplog.text


def test_the_servers_reason_is_shown_on_one_line_without_the_key(server, engine, clip, says):
    server.will(says({"error": {"message": f"no model\n\x1b[31m for {KEY} " + "x" * 500}}, 404))
    error = failure(engine(), clip)
    assert error.message.startswith("the server refuses (status 404: no model [31m for … xxx")
    assert len(error.message) < 300


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirections_are_not_followed(server, engine, clip, says, status):
    server.will(says({}, status, Location=f"{server.url}/elsewhere"))
    error = failure(engine(), clip)
    assert error.code == "engine.refused"
    assert "not followed" in error.mend
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_fault_that_passes_is_waited_out(server, engine, clip, says, waits, status):
    server.will(says(b"oops", status), says(b"oops", status), says(PLAIN))
    assert engine().hear([clip], "zh").readings[0].text == "您好"
    assert waits.seconds == [0.5, 1.0]


def test_a_fault_that_stays_is_an_error(server, engine, clip, says, waits):
    server.will(says(b"oops", 500))
    error = failure(engine(retries=6), clip)
    assert error.code == "engine.busy"
    assert "status 500" in error.message
    assert waits.seconds == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert len(server.requests) == 7


def test_the_server_says_how_long_to_wait(server, engine, clip, says, waits):
    date = {"Date": "Thu, 05 Mar 2026 02:30:00 GMT", "Retry_After": "Thu, 05 Mar 2026 02:30:09 GMT"}
    server.will(
        says({}, 429, Retry_After="7"),
        lambda handler: dated(handler, date),
        says({}, 503, Retry_After="soon"),
        says(PLAIN),
    )
    assert engine().hear([clip], "zh").readings[0].text == "您好"
    assert waits.seconds == [7.0, 9.0, 2.0]


def dated(handler, headers):
    handler.send_response_only(503)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def test_a_server_that_wants_a_long_pause_gets_it(server, engine, clip, says, waits):
    server.will(says({}, 429, Retry_After="3600"))
    assert failure(engine(), clip).code == "engine.busy"
    assert (len(server.requests), waits.seconds) == (1, [])


def test_a_server_that_is_not_there_is_asked_again_and_then_named(engine, clip, waits):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # taken, but nobody listens
        error = failure(engine(url=f"http://127.0.0.1:{unused.getsockname()[1]}/v1", retries=2), clip)
    assert error.code == "engine.unreachable"
    assert waits.seconds == [0.5, 1.0]


def close(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def half(handler):
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'{"text": "')
    handler.wfile.flush()
    close(handler)


@pytest.mark.parametrize("fault", [close, half])
def test_a_connection_that_breaks_is_tried_again(server, engine, clip, says, fault):
    server.will(fault, says(PLAIN))
    assert engine().hear([clip], "zh").readings[0].text == "您好"
    server.requests.clear()
    server.will(fault)
    assert failure(engine(retries=1), clip).code == "engine.unreachable"
    assert len(server.requests) == 2


def hang(handler):
    handler.server.ended.wait(20)


def drip(handler):
    """Sends a byte whenever one might give up, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.server.ended.wait(0.01):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def drip_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not handler.server.ended.wait(0.01):
        handler.wfile.write(b"X-More: x\r\n")
        handler.wfile.flush()


@pytest.mark.parametrize("fault", [hang, drip, drip_headers])
def test_a_server_that_takes_too_long_is_given_up(server, engine, clip, fault):
    server.will(fault)
    error = failure(engine(timeout_s=0.3), clip)
    assert error.code == "engine.timeout"
    assert "0.3 s" in error.message
    assert len(server.requests) == 1


def test_one_clip_that_fails_fails_all_and_is_never_empty(server, engine, clip, says):
    server.will(says(PLAIN), says(b"", 400), says(PLAIN))
    with pytest.raises(EngineError) as caught:
        engine(concurrency=1).hear([clip] * 3, "zh")
    assert caught.value.code == "engine.refused"


class StopWork(BaseException):
    """What a worker raises when it is told to stop: no failure of the server."""


def test_being_told_to_stop_is_no_failure(server, clip, says):
    async def told(_seconds):
        raise StopWork

    server.will(says(b"", 500))
    settings = EngineSettings(model="whisper-1", url=server.url, timeout_s=20)
    engine = ServerEngine(TranscriptionServer(settings, told), settings.model)
    with pytest.raises(StopWork):
        engine.hear([clip] * 3, "zh")


# Answers that cannot be used.


def with_kind(body, kind):
    return lambda handler: handler.answer(200, body, kind)


def words(*times):
    return {"text": "a b", "words": [{"word": "a", "start": start, "end": end} for start, end in times]}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (with_kind(b"<html>Sign in</html>", "text/html; charset=utf-8"), "text/html"),
        (with_kind(b'{"text": "x"}', "text/plain"), "text/plain"),
        (with_kind(b'{"text": "x"}', ""), "of no kind"),
        (b"<html>", "no JSON"),
        (b'{"text": "tru', "no JSON"),
        (b"", "no JSON"),
        ([{"text": "x"}], "object"),
        ({}, "text: Field required"),
        ({"text": None}, "text: "),
        ({"text": 7}, "text: "),
        ({"text": ["x"]}, "text: "),
        ({"text": "x" * 20_001}, "text: "),
        ({"text": "x", "language": 5}, "language: "),
        ({"text": "x", "words": "x"}, "words: "),
        ({"text": "x", "words": [{"word": "x"}]}, "words.0.start: "),
        ({"text": "x", "segments": [{"avg_logprob": "low"}]}, "segments.0.avg_logprob: "),
        ({"text": "x", "segments": [{"no_speech_prob": 1.5}]}, "segments.0.no_speech_prob: "),
        (b'{"text": "x", "words": [{"word": "x", "start": NaN, "end": 1}]}', "words.0.start: "),
        (b'{"text": "x", "words": [{"word": "x", "start": 0, "end": Infinity}]}', "words.0.end: "),
        (b'{"text": "x", "words": [{"word": "x", "start": 0, "end": 1e999}]}', "words.0.end: "),
        (b'{"text": "x", "segments": [{"avg_logprob": NaN}]}', "segments.0.avg_logprob: "),
        (words((-0.6, 1.0)), "words.0: its times lie outside the clip of 2.00 s"),
        (words((0.0, 2.6)), "words.0: its times lie outside"),
        (words((1.0, 0.9)), "words.0: it ends before it begins"),
        (words((1.0, 1.2), (0.5, 0.7)), "words.1: it begins before the word before it"),
    ],
)
def test_an_answer_that_cannot_be_is_an_error_and_no_reading(server, engine, clip, says, waits, answer, why):
    server.will(answer if callable(answer) else says(answer))
    error = failure(engine(), clip)
    assert error.code == "engine.bad_answer"
    assert why in error.message
    assert (len(server.requests), waits.seconds) == (1, [])


def test_times_that_are_only_rounded_are_drawn_into_the_clip(server, engine, clip, says):
    server.will(says(words((-0.3, 0.2), (0.15, 0.4), (0.1, 0.5), (1.9, 2.4))))
    (reading,) = engine().hear([clip], "zh").readings
    assert [(word.start, word.end) for word in reading.words] == [
        (0.0, 0.2),
        (0.15, 0.4),
        (0.15, 0.5),
        (1.9, 2.0),
    ]


def test_a_huge_answer_is_not_read_to_its_end(server, engine, clip):
    sent = []

    def flood(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(b'{"text": "')
        while not handler.server.ended.is_set():
            handler.wfile.write(b"x" * 65536)
            sent.append(65536)

    server.will(flood)
    error = failure(engine(), clip)
    assert error.code == "engine.bad_answer"
    assert str(MAX_ANSWER_BYTES) in error.message
    assert sum(sent) < 10 * MAX_ANSWER_BYTES


def test_packed_answers_are_refused(server, engine, clip, says):
    server.will(says(b"\x1f\x8b...", Content_Encoding="gzip"))
    assert "packed" in failure(engine(), clip).message


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
