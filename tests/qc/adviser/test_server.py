"""The adviser against a real server that misbehaves: every odd answer is no answer."""

import json

import pytest

from qc.adviser.question import Question
from qc.adviser.server import ChatAdviser
from qc.findings import Advice
from store.remote import MAX_ANSWER_BYTES
from store.settings import Settings
from tests.http_server import Handler, says

KEY = "sk-advise-0c9d8e7f6a5b"
QUESTION = Question(0, ({"role": "system", "content": "…"}, {"role": "user", "content": "{}"}))
GOOD = '{"view": "doubts", "reason": "客户在转述别人的话"}'


def completion(content: object) -> dict[str, object]:
    return {"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]}


async def no_wait(_seconds: float) -> None:
    """Stands for the time between attempts."""


@pytest.fixture
def adviser(server):
    def make(**changed):
        given = {"adviser_url": server.url, "adviser_model": "judge-7b", "adviser_api_key": KEY}
        return ChatAdviser(Settings(**given | {"adviser_timeout_seconds": 5} | changed), no_wait)

    return make


def test_a_good_answer_is_advice(server, adviser):
    server.will(says(completion(GOOD)))
    assert adviser().ask([QUESTION]) == [Advice("doubts", "客户在转述别人的话", "judge-7b")]
    [request] = server.requests
    sent = json.loads(request.body)
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert (sent["model"], sent["temperature"], sent["messages"]) == ("judge-7b", 0, list(QUESTION.messages))
    assert sent["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    "content",
    [
        "I think it is a threat.",
        "```json\n" + GOOD + "\n```",
        '{"view": "guilty", "reason": "违规"}',
        '{"view": "supports"}',
        '{"view": "supports", "reason": ""}',
        '{"view": "supports", "reason": "是", "status": "certain", "points": 40}',
        '{"view": ["supports"], "reason": "是"}',
        '{"view": "supports", "reason": 7}',
        '["supports"]',
        "null",
        "[" * 100_000,
        "",
        None,
        {"view": "supports", "reason": "是"},
    ],
)
def test_what_is_not_the_object_asked_for_is_no_answer(server, adviser, content):
    server.will(says(completion(content)))
    [advice] = adviser().ask([QUESTION])
    assert advice.view == "no_answer"
    assert advice.reason.endswith("cannot be used: it is not the JSON object that was asked for")


@pytest.mark.parametrize("answer", [{}, {"choices": []}, {"choices": [{"text": GOOD}]}, [], b"<html>", b"{"])
def test_what_is_no_completion_is_no_answer(server, adviser, answer):
    server.will(says(answer))
    assert [advice.view for advice in adviser().ask([QUESTION])] == ["no_answer"]


def test_a_page_is_no_answer(server, adviser):
    server.will(lambda handler: handler.answer(200, b"<h1>hello</h1>", "text/html"))
    [advice] = adviser().ask([QUESTION])
    assert advice.reason.startswith("adviser.bad_answer: ")


def test_a_huge_answer_is_not_read_to_its_end(server, adviser):
    def huge(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        for _ in range(2 * MAX_ANSWER_BYTES // 65536):
            handler.wfile.write(b"[" * 65536)
        handler.close_connection = True

    server.will(huge)
    [advice] = adviser().ask([QUESTION])
    assert advice.reason.startswith("adviser.bad_answer: ")


@pytest.mark.parametrize(
    ("status", "code"), [(401, "adviser.refused"), (302, "adviser.refused"), (404, "adviser.refused")]
)
def test_refusals_are_final_and_do_not_show_the_key(server, adviser, status, code):
    server.will(says({"error": {"message": f"no {KEY}"}}, status, Location="http://127.0.0.1:9/"))
    [advice] = adviser().ask([QUESTION])
    assert advice.reason.startswith("adviser.refused: ")
    assert KEY not in advice.reason
    assert len(server.requests) == 1


def test_a_busy_server_is_asked_again(server, adviser):
    server.will(says({}, 503), says(completion(GOOD)))
    assert [advice.view for advice in adviser().ask([QUESTION])] == ["doubts"]


def test_a_server_that_is_down_is_not_asked_for_every_question(server, adviser):
    server.will(says({}, 500))
    answers = adviser(adviser_retries=1).ask([QUESTION] * 4)
    assert [advice.view for advice in answers] == ["no_answer"] * 4
    assert len(server.requests) == 2


def test_a_server_that_dawdles_is_given_up(server, adviser):
    server.will(lambda handler: handler.server.ended.wait(30))
    [advice] = adviser(adviser_timeout_seconds=0.2).ask([QUESTION])
    assert advice.reason == "adviser.timeout: the server did not answer within 0.2 s"


def test_an_odd_answer_does_not_end_the_others(server, adviser):
    server.will(says(completion("?")), says(completion(GOOD)))
    assert [advice.view for advice in adviser().ask([QUESTION, QUESTION])] == ["no_answer", "doubts"]


def test_a_server_that_knows_no_schema_is_asked_more_plainly(server, adviser):
    refusal = says({"error": {"message": "response_format type json_schema is unavailable"}}, 400)
    plain = says({"error": {"message": "unknown field response_format"}}, 422)
    server.will(refusal, plain, says(completion(GOOD)), says(completion(GOOD)))
    asked = adviser()
    assert [advice.view for advice in asked.ask([QUESTION, QUESTION])] == ["doubts", "doubts"]
    forms = [json.loads(request.body).get("response_format", {}).get("type") for request in server.requests]
    assert forms == ["json_schema", "json_object", None, None]


def test_the_reason_is_one_short_line(server, adviser):
    server.will(says(completion(json.dumps({"view": "supports", "reason": "a\n\u202eb\x00" + "长" * 900}))))
    [advice] = adviser().ask([QUESTION])
    assert advice.reason == "a b " + "长" * 196
