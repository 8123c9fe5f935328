"""What a connection that failed means, in plain words."""

import ssl
from typing import Final

import httpx

from store.remote import plain

_DEEPEST: Final = 10


def explain(error: httpx.TransportError) -> tuple[str, str, str]:
    """Code, message and mend."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < _DEEPEST:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return (
            "source.timeout",
            "the server does not answer",
            "Is it running? Does a firewall stand between?",
        )
    tls = next((each for each in causes if isinstance(each, ssl.SSLError)), None)
    if tls is not None or "CERTIFICATE" in str(error).upper():
        return (
            "source.tls",
            f"its certificate or encryption is not accepted ({plain(str(tls or error))})",
            "Let this machine trust the authority that signed it, and check its name and date.",
        )
    if any(isinstance(each, ConnectionRefusedError) for each in causes):
        return (
            "source.refused",
            "the machine is there, but nothing answers at this port",
            "Check the port, and that the service runs.",
        )
    return (
        "source.unreachable",
        f"the connection failed ({plain(str(error)) or type(error).__name__})",
        "Check the network between here and there.",
    )
