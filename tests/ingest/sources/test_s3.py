"""A bucket of moto's S3 server on this machine."""

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from ingest.sources.check import check_source
from ingest.sources.s3 import trouble
from tests.ingest.sources.site import NAME, Site, make_source, record_json, wav


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Bucket:
    def __init__(self, endpoint: str) -> None:
        self.name = f"calls-{uuid.uuid4().hex[:12]}"
        self.endpoint = endpoint
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )
        self.client.create_bucket(Bucket=self.name)

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=content)

    def fields(self, **changed: Any) -> dict[str, Any]:
        given = {"kind": "s3", "bucket": self.name, "prefix": "in", "endpoint": self.endpoint}
        return given | {"access_key_id": "password", "secret_access_key": "password"} | changed


@pytest.fixture
def bucket(endpoint: str) -> Iterator[Bucket]:
    bucket = Bucket(endpoint)
    yield bucket
    bucket.client.close()


def test_calls_are_taken_once(site: Site, bucket: Bucket):
    for number in range(3):
        bucket.put(f"in/2026/A{number}.wav", wav(number))
        bucket.put(f"in/2026/A{number}.call.json", record_json(f"A{number}"))
    bucket.put("elsewhere/B.wav", wav(7))
    bucket.put("in/A9.wav.part", wav(9))
    site.use(**bucket.fields())
    assert (site.turn().taken, sorted(site.calls())) == (3, ["A0", "A1", "A2"])
    bucket.put("in/2026/A3.wav", wav(3))
    bucket.put("in/2026/A3.call.json", record_json("A3"))
    turn = site.turn()
    assert (turn.noted.new, turn.noted.known, turn.taken) == (1, 3, 1)


def test_an_object_that_went_is_given_up_and_taken_when_it_is_back(site: Site, bucket: Bucket):
    bucket.put("in/A1.wav", wav(1))
    bucket.put("in/A1.call.json", record_json("A1"))
    site.use(**bucket.fields())

    def remove(what: str, _count: int, _taken: object) -> None:
        if what == "list":
            bucket.client.delete_object(Bucket=bucket.name, Key="in/A1.wav")

    site.turn(listen=remove)
    assert site.items() == {"A1.wav": ("dead", "source.gone")}
    bucket.put("in/A1.wav", wav(1))
    assert site.turn().taken == 1


def test_a_name_that_cannot_be_listed_is_said(site: Site, bucket: Bucket):
    bucket.put("in/bad\x01name.wav", wav(5))
    site.use(**bucket.fields())
    turn = site.turn()
    assert turn.error is not None
    assert turn.error.code == "source.bad_name"


def test_what_is_wrong_is_said_in_plain_words(site: Site, bucket: Bucket):
    def code(**changed: Any) -> str:
        source = make_source(**bucket.fields(**changed))
        found = check_source(NAME, source, site.settings, site.intake).problem
        assert found is not None
        return found.code

    assert code(bucket="nobody-has-this") == "source.bucket_missing"
    assert code(endpoint="http://127.0.0.1:9") == "source.refused"
    assert code(endpoint="http://nowhere.invalid") == "source.host_unknown"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("<Code>RequestTimeTooSkewed</Code>", "source.clock_skew"),
        ("<Code>SignatureDoesNotMatch</Code>", "source.login"),
        ("<Code>InvalidAccessKeyId</Code> status 403 Forbidden", "source.login"),
        ("Server returned 403 Forbidden: AccessDenied", "source.no_right"),
        ("invalid peer certificate: UnknownIssuer", "source.tls"),
        ("operation timed out", "source.timeout"),
        ("something else", "source.unreachable"),
    ],
)
def test_what_servers_say_is_understood(said: str, code: str):
    assert trouble(said, "s3://calls").code == code
