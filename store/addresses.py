"""Which machines a name leads to, and whether they may be reached: nobody can make Diting knock at doors
inside the house that nobody named."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final

Address = IPv4Address | IPv6Address
# Like `socket.getaddrinfo`; tests give another.
Resolve = Callable[..., Sequence[tuple[Any, ...]]]

# Addresses by which IPv4 ones are reached through IPv6: what is inside counts.
_NAT64: Final = ip_network("64:ff9b::/96")


class AddressRefusedError(Exception):
    """This address may not be reached. The message names the host and nothing else of the URL."""


class AddressUnknownError(Exception):
    """The name of the host leads nowhere, perhaps for now."""


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
            raise AddressRefusedError(f"{host} is inside ({address}), and its `networks` do not allow it")
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
