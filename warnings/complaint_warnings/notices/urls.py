"""Which addresses a channel may have, and which machines it may reach: nobody can make Diting knock at doors
inside the house that the policy does not name."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
# Like `socket.getaddrinfo`; tests give another.
Resolve = Callable[..., Sequence[tuple[Any, ...]]]

# Addresses by which IPv4 ones are reached through IPv6: what is inside counts.
_NAT64: Final = ip_network("64:ff9b::/96")


class AddressRefusedError(Exception):
    """The channel may not reach this address. The message names the host and nothing else of the URL."""


class AddressUnknownError(Exception):
    """The name of the host leads nowhere, perhaps for now."""


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


def resolve(
    host: str,
    port: int,
    *,
    networks: Sequence[str],
    loopback: bool,
    lookup: Resolve = socket.getaddrinfo,
) -> list[Address]:
    """The addresses of a host, every one of them checked: connect to one of these and ask nobody again.

    Args:
        host: name or address.
        port: of the service.
        networks: private ones that may be reached.
        loopback: whether this machine itself may be (development).
        lookup: asks for the addresses of a name.

    Raises:
        AddressRefusedError: one of them is not public, and not in `networks`.
        AddressUnknownError: there are none.
    """
    try:
        found = lookup(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressUnknownError(f"the name {host} leads nowhere") from error
    addresses = list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))
    if not addresses:
        raise AddressUnknownError(f"the name {host} leads nowhere")
    allowed = [ip_network(network) for network in networks]
    for address in addresses:
        real = _inside(address)
        if any(real in network for network in allowed if network.version == real.version):
            continue
        if loopback and real.is_loopback:
            continue
        if not real.is_global or real.is_multicast:
            raise AddressRefusedError(
                f"{host} is inside ({address}), and the channel's `networks` do not allow it"
            )
    return addresses


def _inside(address: Address) -> Address:
    """The address that is really reached, where one is packed into another."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
