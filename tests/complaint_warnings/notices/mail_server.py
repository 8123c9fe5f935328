"""A real mail server on this machine, which refuses and stalls as a test tells it."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class MailServer:
    """What it took, and how it behaves: `answers` are given to the messages one after the other, then `250`;
    `at_recipient` to every recipient; `stall` keeps it from answering until the test ends."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    at_recipient: str = ""
    stall: bool = False
    take_then_stall: bool = False
    password: str = "mail-password-5"

    @property
    def messages(self) -> list[EmailMessage]:
        return [
            cast("EmailMessage", message_from_bytes(cast("bytes", each.content), policy=policy.default))
            for each in self.taken
        ]


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _o: Any
    ) -> str:
        if self.server.at_recipient:
            return self.server.at_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _s: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.server.stall:
            await asyncio.sleep(3600)  # ended with the loop
        if self.server.take_then_stall:
            self.server.taken.append(envelope)
            await asyncio.sleep(3600)
        answer = self.server.answers.pop(0) if self.server.answers else "250 OK"
        if answer.startswith("2"):
            self.server.taken.append(envelope)
        return answer


@contextmanager
def mail_served(*, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[MailServer]:
    """A mail server on a free port, while it is needed. With `tls` it speaks TLS from the beginning; options
    are those of `aiosmtpd.smtp.SMTP`."""
    state = MailServer()

    def authenticate(
        _s: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        user, password = data.login.decode(), data.password.decode()
        state.signed_in.append((user, password))
        return AuthResult(success=password == state.password, handled=False)

    loop = asyncio.new_event_loop()

    def answer() -> SMTP:
        return SMTP(_Handler(state), authenticator=authenticate, loop=loop, hostname="mail.test", **options)

    server = loop.run_until_complete(loop.create_server(answer, host="127.0.0.1", port=0, ssl=tls))
    state.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield state
    finally:
        loop.call_soon_threadsafe(_end, loop, server)
        thread.join()
        loop.close()


def _end(loop: asyncio.AbstractEventLoop, server: asyncio.Server) -> None:
    server.close()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.call_later(0.01, loop.stop)
