"""One request to a server that cannot be trusted."""

from complaint_warnings.notices import urls
from complaint_warnings.notices.post import MAX_ANSWER_BYTES, Answer, Outgoing, Reach, judge_status, post
from complaint_warnings.notices.types import Result
from tests.http_server import Handler, Server, says

NEAR = Reach(loopback=True, connect_s=2, total_s=3)


def outgoing(server: Server) -> Outgoing:
    return Outgoing(server.url, b"{}", {"webhook-id": "msg_1"})


def test_redirects_are_not_followed(server: Server) -> None:
    server.will(says({}, 307, Location=server.url + "/elsewhere"))

    answer = post(outgoing(server), NEAR)
    assert isinstance(answer, Answer)
    assert judge_status(answer) == Result(
        "again", "notice.failed", "sends elsewhere (status 307), not followed", 307
    )
    assert len(server.requests) == 1


def test_an_endless_answer_is_read_no_further_than_is_needed(server: Server) -> None:
    def endless(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 8192)

    server.will(endless)
    answer = post(outgoing(server), NEAR)
    assert isinstance(answer, Answer)
    assert (answer.cut, len(answer.body)) == (True, MAX_ANSWER_BYTES)


def test_a_byte_now_and_then_does_not_outlast_the_whole_limit(server: Server) -> None:
    def drips(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not handler.server.ended.wait(0.05):
            handler.wfile.write(b"x")

    server.will(drips)
    hasty = Reach(loopback=True, connect_s=2, total_s=0.4)
    assert post(outgoing(server), hasty) == Result("again", "notice.timeout", "no answer within 0.4 s")


def test_no_server_and_no_permission(server: Server) -> None:
    assert post(outgoing(server), Reach()) == Result(
        "again",
        "notice.address",
        "127.0.0.1 is inside (127.0.0.1), and its `networks` do not allow it",
    )
    assert server.requests == []
    nobody = Outgoing("http://127.0.0.1:1/", b"{}")
    assert post(nobody, NEAR) == Result("again", "notice.unreachable", "the connection failed (ConnectError)")


def test_permission_by_network(server: Server) -> None:
    server.will(says({}))

    answer = post(outgoing(server), Reach(networks=["127.0.0.0/8"], total_s=3))
    assert isinstance(answer, Answer)
    assert server.requests[0].headers["host"] == server.url.split("/")[2]


def test_a_request_shows_none_of_its_secrets() -> None:
    shown = repr(Outgoing("https://x.example/?key=secret-key", b"secret-body", {"sign": "secret-head"}))

    assert "secret" not in shown


def test_how_long_a_server_wants_to_be_left_alone(server: Server) -> None:
    server.will(says({}, 503, Retry_After="120"))
    answer = post(outgoing(server), NEAR)
    assert isinstance(answer, Answer)
    failed = judge_status(answer)

    assert failed is not None
    assert (failed.code, failed.wait_s) == ("notice.failed", 120)


def test_another_address_of_the_host_where_the_first_does_not_listen(server: Server, monkeypatch) -> None:
    server.will(says({}))
    found = [(2, 1, 6, "", (address, 0)) for address in ("127.0.0.2", "127.0.0.1")]
    monkeypatch.setattr(urls.resolve, "__kwdefaults__", {"lookup": lambda *_a, **_k: found})

    answer = post(outgoing(server), NEAR)
    assert isinstance(answer, Answer)
    assert len(server.requests) == 1
