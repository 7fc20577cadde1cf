"""Download files to import: from Slack with the bot token, or from a public address without it.

Protects against server-side request forgery (SSRF): each host, also of a redirect, is resolved
once, checked, and connected to by that IP address. Private and loopback addresses are refused.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import httpx

from bot.errors import BotError

MAX_FILE_BYTES = 100_000_000
"""Largest file to import, in bytes: Slack's limit for a file input in a modal."""

DOWNLOAD_TIMEOUT_SECONDS = 120
MAX_REDIRECTS = 3

Address: TypeAlias = IPv4Address | IPv6Address

NAT64_NETWORK = IPv6Network("64:ff9b::/96")
"""IPv6 addresses that embed an IPv4 address (RFC 6052)."""


class DownloadFailedError(BotError):
    """“{name}” could not be downloaded: {reason}."""


def is_public(address: Address) -> bool:
    """Return whether an address, and any IPv4 address embedded in it, is on the public internet.

    IPv6 embeds IPv4 addresses in several ways (RFC 4291, 3056, 4380, 6052); all are checked.
    """
    if isinstance(address, IPv6Address):
        embedded = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        embedded += [IPv4Address(int(address) & 0xFFFFFFFF)] if address in NAT64_NETWORK else []
        if any(ipv4 is not None and not is_public(ipv4) for ipv4 in embedded):
            return False
    return address.is_global and not address.is_multicast


@dataclass(frozen=True, slots=True)
class UrlPolicy:
    """URL schemes and IP addresses that a download may use."""

    schemes: Collection[str] = ("https",)
    is_allowed: Callable[[Address], bool] = is_public


PUBLIC_HTTPS = UrlPolicy()


async def download(url: str, to: Path, policy: UrlPolicy = PUBLIC_HTTPS) -> None:
    """Download a file from a public address, without credentials.

    Raises:
        DownloadFailedError: the policy forbids the address, or the server does not send a file.
    """
    name = file_name_of(url)
    with _convert_errors(name):
        async with (
            asyncio.timeout(DOWNLOAD_TIMEOUT_SECONDS),
            httpx.AsyncClient(trust_env=False) as client,
        ):
            for _ in range(MAX_REDIRECTS + 1):
                async with _open_stream(client, url, policy) as response:
                    if not response.is_redirect:
                        return await _save_response(response, name, to)
                    url = str(httpx.URL(url).join(response.headers.get("location", "")))
    raise DownloadFailedError(name=name, reason="the address redirects too often")


async def download_from_slack(
    url: str, name: str, token: str, to: Path, *, use_proxies: bool
) -> None:
    """Download a file stored in Slack; `use_proxies`: use the proxies of the environment.

    Without permission, Slack responds with a sign-in page and status 200, so a web page is an
    error.

    Raises:
        DownloadFailedError: Slack did not send the file.
    """
    with _convert_errors(name):
        async with (
            asyncio.timeout(DOWNLOAD_TIMEOUT_SECONDS),
            httpx.AsyncClient(trust_env=use_proxies, timeout=30) as client,
            client.stream("GET", url, headers={"Authorization": f"Bearer {token}"}) as response,
        ):
            await _save_response(response, name, to)


def file_name_of(url: str) -> str:
    """Return the file name in a URL, else its host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the file"
    return Path(parts.path).name or parts.hostname or "the file"


@contextmanager
def _convert_errors(name: str) -> Iterator[None]:
    """Convert network errors to `DownloadFailedError`."""
    try:
        yield
    except TimeoutError as error:
        raise DownloadFailedError(name=name, reason="it took too long; try again") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        reason = "the server does not respond; check the address"
        raise DownloadFailedError(name=name, reason=reason) from error


@asynccontextmanager
async def _open_stream(
    client: httpx.AsyncClient, url: str, policy: UrlPolicy
) -> AsyncIterator[httpx.Response]:
    """Send the request to the checked IP address, with the original host name in Host and SNI."""
    parsed_url = httpx.URL(url)
    if parsed_url.scheme not in policy.schemes:
        schemes = " or ".join(f"{scheme}://" for scheme in policy.schemes)
        reason = f"the address must begin with {schemes}"
        raise DownloadFailedError(name=file_name_of(url), reason=reason)
    address = await _resolve_address(parsed_url, policy)
    async with client.stream(
        "GET",
        parsed_url.copy_with(host=str(address), userinfo=b""),
        headers={"Host": parsed_url.netloc.decode("ascii")},
        extensions={"sni_hostname": parsed_url.host},
        timeout=30,
    ) as response:
        yield response


async def _resolve_address(url: httpx.URL, policy: UrlPolicy) -> Address:
    """Return an IP address of a host; all its addresses must be allowed by the policy."""
    loop = asyncio.get_running_loop()
    results = await loop.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in results]
    if not addresses or not all(map(policy.is_allowed, addresses)):
        reason = "the address is not on the public internet"
        raise DownloadFailedError(name=file_name_of(str(url)), reason=reason)
    return addresses[0]


async def _save_response(response: httpx.Response, name: str, to: Path) -> None:
    if response.status_code != httpx.codes.OK:
        reason = f"the server responded with status {response.status_code}; check the address"
        raise DownloadFailedError(name=name, reason=reason)
    if "html" in response.headers.get("content-type", ""):
        raise DownloadFailedError(name=name, reason="the server sent a web page, not a file")
    size = 0
    with to.open("wb") as file:
        async for chunk in response.aiter_bytes():
            size += len(chunk)
            if size > MAX_FILE_BYTES:
                reason = f"it is larger than {MAX_FILE_BYTES // 1_000_000} MB; split it"
                raise DownloadFailedError(name=name, reason=reason)
            await asyncio.to_thread(file.write, chunk)
