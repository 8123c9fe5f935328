"""Which addresses a channel may have; `store.addresses` says which machines it may reach."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from store.addresses import Address, AddressRefusedError, AddressUnknownError, resolve

__all__ = [
    "Address",
    "AddressRefusedError",
    "AddressUnknownError",
    "check_base_url",
    "is_loopback_name",
    "resolve",
]


def check_base_url(url: str) -> None:
    """Make sure that this is https, or http on this machine, with nothing secret in it.

    Raises:
        ValueError: it is not; the message does not show it.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError as error:
        raise ValueError("url: this is no address") from error
    if not parts.hostname or any(not "!" <= character <= "~" for character in url):
        raise ValueError("url: this is no address")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback_name(parts.hostname)):
        raise ValueError("url: only https is allowed; http only for this machine, in development")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("url: a user, a query or a fragment may be secret; name the token instead")


def is_loopback_name(host: str) -> bool:
    """Whether the host is this machine by its very name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
