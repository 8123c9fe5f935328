"""Notices by e-mail: one message to one address, over TLS, in bounded time."""

import html
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP as LINE_ENDS
from email.utils import format_datetime
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from complaint_warnings.notices.channel_policy import EmailChannel
from complaint_warnings.notices.post import ADDRESSES_MAX, Reach
from complaint_warnings.notices.types import Letter, Result
from complaint_warnings.notices.urls import AddressRefusedError, AddressUnknownError, resolve
from complaint_warnings.notices.wording import facts, items, label, line, title
from store.remote import trusted_certificates

_TAKEN: Final = 250
_READY: Final = 220
_TOO_LARGE: Final = 552
_NO_SUCH_MAILBOX: Final = (550, 551, 553)
Trust = Callable[[], ssl.SSLContext]


def compose(channel: EmailChannel, letter: Letter, zone: ZoneInfo) -> EmailMessage:
    """The message; its id is that of the notice, so that mail programs show a repetition once."""
    language, document = channel.language, letter.document
    domain = channel.sender.rpartition("@")[2]
    message = EmailMessage(policy=LINE_ENDS)
    message["From"] = channel.sender
    message["To"] = letter.address or ""
    message["Subject"] = _one_line(f"[Diting] {title(document, language)}")
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{letter.message_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.urgent:
        message["Importance"] = "high"
    message.set_content(_text(letter, channel, zone), charset="utf-8", cte="base64")
    message.add_alternative(_html(letter, channel, zone), subtype="html", charset="utf-8", cte="base64")
    return message


def send(
    channel: EmailChannel,
    letter: Letter,
    password: SecretStr | None,
    reach: Reach,
    zone: ZoneInfo,
    trust: Trust = trusted_certificates,
) -> Result:
    """Hand the message to the mail server. `letter.address` is where it goes."""
    try:
        message = compose(channel, letter, zone)
    except ValueError:
        return Result("refused", "notice.no_address", "the address cannot stand in a message")
    try:
        with _session(channel, reach, trust) as server:
            if channel.username is not None and password is not None:
                server.login(channel.username, password.get_secret_value())
            server.send_message(message, channel.sender, [letter.address or ""])
    except (AddressRefusedError, AddressUnknownError, smtplib.SMTPException, OSError) as error:
        return _failure(error)
    return Result("sent", status=_TAKEN)


def _failure(error: Exception) -> Result:
    """What an error means. The server's own words are left out: they may name the recipient."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        status, _ = next(iter(error.recipients.values()))
        return _answered(status, for_good=status in _NO_SUCH_MAILBOX)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Result("again", "notice.sign_in", "the mail server refuses the sign-in", error.smtp_code)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, for_good=error.smtp_code == _TOO_LARGE)
    code, detail = _not_reached(error)
    return Result("again", code, detail)


def _not_reached(error: Exception) -> tuple[str, str]:
    if isinstance(error, AddressRefusedError):
        return "notice.address", str(error)
    if isinstance(error, TimeoutError):
        return "notice.timeout", "the mail server did not answer in time"
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return "notice.not_safe", f"no safe connection ({type(error).__name__})"
    return "notice.unreachable", f"the connection failed ({type(error).__name__})"


def _answered(status: int, *, for_good: bool) -> Result:
    detail = f"the mail server answered with status {status}"
    if for_good:
        return Result("refused", "notice.refused", detail, status)
    return Result("again", "notice.failed", detail, status)


@contextmanager
def _session(channel: EmailChannel, reach: Reach, trust: Trust) -> Iterator[smtplib.SMTP]:
    """A connection to the checked address, encrypted before anything is said, and cut off when it takes too
    long altogether: the time-outs of the socket are those of single answers."""
    raw = _connect(channel, reach)
    late = threading.Event()

    def cut_off() -> None:
        late.set()
        with suppress(OSError):
            raw.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(reach.total_s, cut_off)
    timer.daemon = True
    timer.start()
    server: smtplib.SMTP | None = None
    try:
        raw.settimeout(reach.total_s)
        server = _Server(channel, raw, trust)
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()  # the message is taken; how the farewell goes is all the same
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        if server is not None:
            server.close()
        raw.close()


def _connect(channel: EmailChannel, reach: Reach) -> socket.socket:
    """A connection to one of the checked addresses of the host."""
    addresses = resolve(channel.host, channel.port, networks=reach.networks, loopback=reach.loopback)
    *others, last = addresses[:ADDRESSES_MAX]
    for address in others:
        with suppress(OSError):
            return socket.create_connection((str(address), channel.port), timeout=reach.connect_s)
    return socket.create_connection((str(last), channel.port), timeout=reach.connect_s)


class _Server(smtplib.SMTP):
    """`smtplib` on a connection that was made to a checked address; the name is for the certificate."""

    def __init__(self, channel: EmailChannel, raw: socket.socket, trust: Trust) -> None:
        super().__init__(local_hostname="diting")
        self._host = channel.host  # what `starttls` holds the certificate against
        self.sock = raw
        if channel.security == "tls":
            self.sock = trust().wrap_socket(raw, server_hostname=channel.host)
        self._greet()
        self.ehlo()
        if channel.security == "starttls":
            self.starttls(context=trust())
            self.ehlo()

    def _greet(self) -> None:
        code, said = self.getreply()
        if code != _READY:
            raise smtplib.SMTPConnectError(code, said)


def _text(letter: Letter, channel: EmailChannel, zone: ZoneInfo) -> str:
    document, language = letter.document, channel.language
    lines = [title(document, language), ""]
    for item in items(document):
        lines.append(f"- {line(item, language, zone)}")
        lines += [f"  {item['link']}"] if item.get("link") else []
    if not items(document):
        lines += [f"{fact.label}: {fact.value}" for fact in facts(document, language, zone)]
        lines += ["", str(document["link"])] if document.get("link") else []
    return "\n".join([*lines, "", letter.message_id, ""])


def _html(letter: Letter, channel: EmailChannel, zone: ZoneInfo) -> str:
    document, language = letter.document, channel.language
    rows = []
    for item in items(document):
        text = html.escape(line(item, language, zone))
        rows.append(f"<li>{_anchor(item.get('link'), text) if item.get('link') else text}</li>")
    inner = f"<ul>{''.join(rows)}</ul>"
    if not rows:
        cells = [
            f"<tr><th align='left'>{html.escape(fact.label)}</th><td>{html.escape(fact.value)}</td></tr>"
            for fact in facts(document, language, zone)
        ]
        inner = f"<table>{''.join(cells)}</table>"
        if document.get("link"):
            inner += f"<p>{_anchor(document['link'], html.escape(label('link', language)))}</p>"
    head = html.escape(title(document, language))
    return f"<html><body><h3>{head}</h3>{inner}<p><small>{letter.message_id}</small></p></body></html>"


def _anchor(link: object, text: str) -> str:
    return f'<a href="{html.escape(str(link))}">{text}</a>'


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
