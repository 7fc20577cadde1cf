"""Which IP addresses are on the public internet. Everything else may be a server of our network."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

PRIVATE_IPV4_NETWORKS = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network (RFC 791)
            "10.0.0.0/8",  # private use (RFC 1918)
            "100.64.0.0/10",  # carrier-grade NAT (RFC 6598)
            "127.0.0.0/8",  # loopback (RFC 1122)
            "169.254.0.0/16",  # link-local, and the metadata servers of clouds (RFC 3927)
            "172.16.0.0/12",  # private use (RFC 1918)
            "192.0.0.0/24",  # protocol assignments (RFC 6890)
            "192.0.2.0/24",  # documentation (RFC 5737)
            "192.88.99.0/24",  # relays of 6to4, no longer used (RFC 7526)
            "192.168.0.0/16",  # private use (RFC 1918)
            "198.18.0.0/15",  # benchmarks (RFC 2544)
            "198.51.100.0/24",  # documentation (RFC 5737)
            "203.0.113.0/24",  # documentation (RFC 5737)
            "224.0.0.0/4",  # multicast (RFC 5771)
            "240.0.0.0/4",  # reserved, and broadcast (RFC 1112, 919)
        ),
    )
)
"""IPv4 networks that are not on the public internet, from IANA's special-purpose registry."""

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The only IPv6 addresses that IANA assigns to the public internet.

Loopback, IPv4-compatible and IPv4-mapped addresses, `64:ff9b:1::/48`, unique local, link-local,
site-local (`fec0::/10`) and multicast addresses are all outside.
"""

PRIVATE_IPV6_NETWORKS = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID (RFC 2928)
            "2001:db8::/32",  # documentation (RFC 3849)
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)
"""Networks within `GLOBAL_UNICAST` that are not on the public internet."""

NAT64_NETWORK = IPv6Network("64:ff9b::/96")
"""Addresses through which a network without IPv4 reaches IPv4 servers (RFC 6052)."""

ISATAP_IDENTIFIERS = (0x00005EFE, 0x02005EFE)
"""The third quarter of an address that tunnels to the IPv4 address in the last one (RFC 5214)."""


def is_public(address: Address) -> bool:
    """Return whether an address, and any IPv4 address embedded in it, is on the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in PRIVATE_IPV4_NETWORKS)
    if address in NAT64_NETWORK:
        return is_public(_last_ipv4(address))
    if address not in GLOBAL_UNICAST or any(address in one for one in PRIVATE_IPV6_NETWORKS):
        return False
    if address.sixtofour is not None:
        return is_public(address.sixtofour)
    is_isatap = (int(address) >> 32) & 0xFFFFFFFF in ISATAP_IDENTIFIERS
    return not is_isatap or is_public(_last_ipv4(address))


def _last_ipv4(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
