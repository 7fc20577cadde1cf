"""Tests of the addresses that count as public: everything special is refused."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.public_address import PRIVATE_IPV4_NETWORKS, PRIVATE_IPV6_NETWORKS, is_public

PUBLIC = [
    *("8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.0", "223.255.255.255", "100.63.255.255"),
    *("2606:4700:4700::1111", "2a00:1450:4001::1", "2001:200::1"),
    *("64:ff9b::808:808", "2002:808:808::1"),
]

PRIVATE = [
    *("127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "0.0.0.0", "0.1.2.3", "100.64.0.1", "100.127.255.255"),  # noqa: S104 - addresses that must be refused
    *("255.255.255.255", "240.0.0.1", "224.0.0.1", "239.255.255.255", "198.18.0.1", "198.19.9.9"),
    *("192.0.2.1", "198.51.100.7", "203.0.113.9", "192.0.0.8", "192.88.99.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1", "fec0::1"),
    *("feff::1", "100::1", "5f00::1", "4000::1", "1::1"),
    *("2001:db8::1", "3fff::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001::1"),
    *("::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
    *("::ffff:0:127.0.0.1", "64:ff9b:1::1", "64:ff9b:1::808:808", "64:ff9b:1:ffff::1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:0:0:1::1"),
    *(
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "2002:c0a8:101::1",
        "2001:0:7f00:1::",
        "2001:0:808:808::1",
    ),
    *("2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:127.0.0.1"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_internet_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_special_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("network", [*PRIVATE_IPV4_NETWORKS, *PRIVATE_IPV6_NETWORKS], ids=str)
def test_first_and_last_address_of_a_special_network_are_not_public(network: object) -> None:
    first, last = network[0], network[-1]  # type: ignore[index]  # networks of both versions
    assert not is_public(first)
    assert not is_public(last)


@given(value=st.integers(0, 2**32 - 1))
def test_no_address_is_public_that_the_standard_library_calls_private(value: int) -> None:
    address = IPv4Address(value)
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast


@given(value=st.integers(0, 2**128 - 1))
def test_no_ipv6_address_is_public_outside_global_unicast(value: int) -> None:
    address = IPv6Address(value)
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_site_local
