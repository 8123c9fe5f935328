"""Which addresses are knocked at."""

import socket
from ipaddress import ip_address

import pytest

from complaint_warnings.notices.urls import (
    AddressRefusedError,
    AddressUnknownError,
    check_base_url,
    resolve,
)


def leads_to(*addresses: str):
    """A look-up of names that gives these."""
    return lambda *_args, **_more: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses
    ]


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.7", "172.16.3.4", "192.168.1.1", "127.0.0.1", "0.0.0.0", "169.254.169.254", "100.64.0.1",  # noqa: S104
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:10.0.0.7", "::ffff:169.254.169.254", "2002:a00:7::1", "64:ff9b::a00:7",
    ],
)  # fmt: skip
def test_addresses_inside_are_refused(address: str) -> None:
    with pytest.raises(AddressRefusedError, match=r"hook\.example"):
        resolve("hook.example", 443, networks=(), loopback=False, lookup=leads_to("93.184.216.34", address))


def test_public_addresses_are_taken_and_inside_ones_by_permission_alone() -> None:
    public = resolve("x.example", 443, networks=(), loopback=False, lookup=leads_to("93.184.216.34"))
    inside = resolve(
        "x.example", 443, networks=["10.20.0.0/16"], loopback=False, lookup=leads_to("10.20.3.4")
    )

    assert public == [ip_address("93.184.216.34")]
    assert inside == [ip_address("10.20.3.4")]
    with pytest.raises(AddressRefusedError):
        resolve("x.example", 443, networks=["10.20.0.0/16"], loopback=False, lookup=leads_to("10.21.0.1"))


def test_this_machine_in_development_alone() -> None:
    assert resolve("127.0.0.1", 80, networks=(), loopback=True) == [ip_address("127.0.0.1")]
    with pytest.raises(AddressRefusedError):
        resolve("127.0.0.1", 80, networks=(), loopback=False)
    with pytest.raises(AddressRefusedError):
        resolve("x.example", 80, networks=(), loopback=True, lookup=leads_to("10.0.0.1"))


def test_a_name_that_leads_nowhere() -> None:
    def fails(*_args, **_more):
        raise socket.gaierror

    for lookup in (fails, leads_to()):
        with pytest.raises(AddressUnknownError):
            resolve("x.example", 443, networks=(), loopback=False, lookup=lookup)


@pytest.mark.parametrize(
    "url", ["https://a.example/x", "http://127.0.0.1:80/x", "http://localhost/x", "HTTP://[::1]/"]
)
def test_addresses_that_may_be_written_down(url: str) -> None:
    check_base_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/x", "ftp://a.example/", "https://", "a.example", "https://a.example:99999/",
        "https://u@a.example/", "https://a.example/?key=1", "https://a.example/#x",
        "https://a.example/\r\nX: y",
        "http://127.0.0.1.evil.example/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_addresses_that_may_not(url: str) -> None:
    with pytest.raises(ValueError, match="url:"):
        check_base_url(url)
