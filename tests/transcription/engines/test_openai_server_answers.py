"""Answers of a server that cannot be used."""

import pytest

from store.remote import MAX_ANSWER_BYTES
from tests.transcription.engines.served import failure


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
