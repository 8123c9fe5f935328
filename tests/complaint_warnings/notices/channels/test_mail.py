"""E-mail to a real server that refuses, stalls and insists on TLS."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from complaint_warnings.notices.channel_policy import EmailChannel
from complaint_warnings.notices.channels.mail import compose, send
from complaint_warnings.notices.post import Reach
from complaint_warnings.notices.types import Letter, Result

from ..mail_server import MailServer, mail_served

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEAR = Reach(loopback=True, connect_s=2, total_s=2)
PASSWORD = SecretStr("mail-password-5")
LETTER = Letter(
    id=1,
    message_id="msg_1",
    kind="high_warning",
    recipient="li",
    document={
        "event": "high_warning",
        "number": "W-2026-000001",
        "level": "high",
        "debtor": "王**",
        "at": "2026-03-05T04:00:00+00:00",
        "link": "https://d.example/1?a=1&b=2",
    },
    created_at=datetime(2026, 3, 5, 4, 0, tzinfo=UTC),
    attempt=1,
    token="t",
    urgent=False,
    case_id=1,
    address="li@example.com",
)


def channel(server: MailServer, **more) -> EmailChannel:
    fields = {"security": "none", "host": "127.0.0.1", "port": server.port, "sender": "d@example.com"}
    return EmailChannel.model_validate({"type": "email", **fields, **more})


def test_a_message_arrives_whole(mail_server: MailServer) -> None:
    result = send(channel(mail_server), LETTER, None, NEAR, SHANGHAI)

    assert result == Result("sent", status=250)
    (message,) = mail_server.messages
    assert message["Subject"] == "[Diting] 高等级预警 W-2026-000001"
    assert (message["From"], message["To"]) == ("d@example.com", "li@example.com")
    assert message["Message-ID"] == "<msg_1@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text == (
        "高等级预警 W-2026-000001\n\n案件: W-2026-000001\n等级: 高\n客户: 王**\n时间: 2026-03-05 12:00\n\n"
        "https://d.example/1?a=1&b=2\n\nmsg_1\n"
    )
    page = message.get_body(("html",)).get_content()
    assert '<a href="https://d.example/1?a=1&amp;b=2">查看</a>' in page
    assert mail_server.taken[0].rcpt_tos == ["li@example.com"]


def test_nothing_smuggles_a_header_in(mail_server: MailServer) -> None:
    document = {**LETTER.document, "number": "W-1\r\nBcc: evil@example.com\r\n\r\nhello"}

    assert (
        send(channel(mail_server), replace(LETTER, document=document), None, NEAR, SHANGHAI).outcome == "sent"
    )
    (message,) = mail_server.messages
    assert message["Bcc"] is None
    assert mail_server.taken[0].rcpt_tos == ["li@example.com"]
    smuggled = replace(LETTER, address="li@example.com\r\nBcc: evil@example.com")
    refused = send(channel(mail_server), smuggled, None, NEAR, SHANGHAI)
    assert (refused.outcome, refused.code) == ("refused", "notice.no_address")


@pytest.mark.parametrize(
    ("answer", "outcome", "code", "status"),
    [
        ("451 try later", "again", "notice.failed", 451),
        ("554 it looks like spam to li@example.com", "again", "notice.failed", 554),
        ("552 too large", "refused", "notice.refused", 552),
    ],
)
def test_a_message_that_is_not_taken(mail_server: MailServer, answer, outcome, code, status) -> None:
    mail_server.answers = [answer]

    result = send(channel(mail_server), LETTER, None, NEAR, SHANGHAI)
    assert (result.outcome, result.code, result.status) == (outcome, code, status)
    assert "li@example.com" not in result.detail


@pytest.mark.parametrize(("answer", "outcome"), [("550 no such user", "refused"), ("450 later", "again")])
def test_a_recipient_that_is_not_taken(mail_server: MailServer, answer: str, outcome: str) -> None:
    mail_server.at_recipient = answer

    assert send(channel(mail_server), LETTER, None, NEAR, SHANGHAI).outcome == outcome


def test_a_server_that_takes_the_message_and_never_says_so(mail_server: MailServer) -> None:
    mail_server.take_then_stall = True
    hasty = Reach(loopback=True, connect_s=3, total_s=3)

    first = send(channel(mail_server), LETTER, None, hasty, SHANGHAI)
    mail_server.take_then_stall = False
    second = send(channel(mail_server), replace(LETTER, attempt=2), None, NEAR, SHANGHAI)

    assert (first.outcome, first.code) == ("again", "notice.timeout")
    assert second.outcome == "sent"
    assert {message["Message-ID"] for message in mail_server.messages} == {"<msg_1@example.com>"}
    assert len(mail_server.messages) == 2


def test_a_server_that_is_not_there_or_inside(mail_server: MailServer) -> None:
    gone = EmailChannel.model_validate(channel(mail_server).model_dump() | {"port": 1})
    assert send(gone, LETTER, None, NEAR, SHANGHAI).code == "notice.unreachable"
    assert send(channel(mail_server), LETTER, None, Reach(), SHANGHAI).code == "notice.address"


def test_a_server_without_tls_is_told_nothing(mail_server: MailServer) -> None:
    result = send(channel(mail_server, security="starttls"), LETTER, None, NEAR, SHANGHAI)

    assert (result.outcome, result.code) == ("again", "notice.not_safe")
    assert mail_server.taken == []


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Files of a key and of a certificate for this machine that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)
    (folder / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))
    return folder / "key.pem", folder / "certificate.pem"


@pytest.fixture
def tls_server(certificate: tuple[Path, Path]) -> Iterator[MailServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    with mail_served(tls_context=context, require_starttls=True, auth_required=True) as running:
        yield running


def trusting(certificate: Path) -> Callable[[], ssl.SSLContext]:
    return lambda: ssl.create_default_context(cafile=certificate)


def test_signing_in_over_starttls(tls_server: MailServer, certificate) -> None:
    signed = channel(tls_server, security="starttls", username="diting", password="smtp")

    result = send(signed, LETTER, PASSWORD, NEAR, SHANGHAI, trusting(certificate[1]))
    assert result == Result("sent", status=250)
    assert tls_server.signed_in == [("diting", "mail-password-5")]
    wrong = send(signed, LETTER, SecretStr("wrong-one"), NEAR, SHANGHAI, trusting(certificate[1]))
    assert (wrong.outcome, wrong.code) == ("again", "notice.sign_in")
    assert "wrong-one" not in wrong.detail


def test_a_certificate_that_nobody_vouches_for_gets_no_password(tls_server: MailServer) -> None:
    signed = channel(tls_server, security="starttls", username="diting", password="smtp")

    result = send(signed, LETTER, PASSWORD, NEAR, SHANGHAI)
    assert (result.outcome, result.code) == ("again", "notice.not_safe")
    assert tls_server.signed_in == []


def test_a_digest_in_a_message(mail_server: MailServer) -> None:
    items = [{**LETTER.document, "message": f"msg_{n}", "number": f"W-{n}"} for n in (1, 2)]
    document = {"event": "digest", "at": "2026-03-06T00:00:00+00:00", "items": items}
    text = compose(channel(mail_server), replace(LETTER, document=document), SHANGHAI).get_body(("plain",))

    assert text is not None
    assert "- 高等级预警 W-1 · 高 · 王** · 2026-03-05 12:00" in text.get_content()
    assert "- 高等级预警 W-2 · 高 · 王** · 2026-03-05 12:00" in text.get_content()


def test_tls_from_the_beginning(certificate: tuple[Path, Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    with mail_served(tls=context) as server:
        secure = channel(server, security="tls")
        assert send(secure, LETTER, None, NEAR, SHANGHAI, trusting(certificate[1])).outcome == "sent"
        assert send(secure, LETTER, None, NEAR, SHANGHAI).code == "notice.not_safe"
        assert len(server.messages) == 1
