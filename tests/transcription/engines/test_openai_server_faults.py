"""Refusals of a server are final, its faults are not."""

import logging
import socket

import pytest

from store.errors import EngineError
from tests.transcription.engines.served import KEY, PLAIN, failure
from transcription.engines.engine import EngineSettings
from transcription.engines.openai_server import ServerEngine
from transcription.engines.server_requests import TranscriptionServer


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
