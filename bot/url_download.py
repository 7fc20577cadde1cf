"""Downloading a file to import: from Slack with our token, or from a public address without one.

Somebody may name any address, so each is looked up first and connected to by number: what was
checked is what is asked, also behind a redirect. Private and loopback addresses are never asked.
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
"""Bytes of a file to import: what Slack lets somebody put into a modal."""

DOWNLOAD_TIMEOUT_SECONDS = 120
MAX_REDIRECTS = 3

Address: TypeAlias = IPv4Address | IPv6Address

NAT64_NETWORK = IPv6Network("64:ff9b::/96")
"""Addresses behind which an IPv4 address stands (RFC 6052)."""


class DownloadFailedError(BotError):
    """“{name}” could not be fetched: {reason}."""


def is_public(address: Address) -> bool:
    """Say whether an address is one on the public internet, the one inside it included.

    IPv6 carries IPv4 addresses in several ways (RFC 4291, 3056, 4380, 6052): each is looked into.
    """
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        inner += [IPv4Address(int(address) & 0xFFFFFFFF)] if address in NAT64_NETWORK else []
        if any(one is not None and not is_public(one) for one in inner):
            return False
    return address.is_global and not address.is_multicast


@dataclass(frozen=True, slots=True)
class UrlPolicy:
    """Where a download may lead."""

    schemes: Collection[str] = ("https",)
    is_allowed: Callable[[Address], bool] = is_public


PUBLIC_HTTPS = UrlPolicy()


async def download(url: str, to: Path, policy: UrlPolicy = PUBLIC_HTTPS) -> None:
    """Fetch a file from a public address, without any secret of ours.

    Raises:
        NotFetchedError: the address may not be asked, does not answer, or hands out no file.
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
    raise DownloadFailedError(name=name, reason="it leads from one address to the next")


async def download_from_slack(
    url: str, name: str, token: str, to: Path, *, use_proxies: bool
) -> None:
    """Fetch a file that is kept in Slack. `proxies`: whether the environment's are used.

    Slack answers a missing permission with a sign-in page and 200, so a page is never a file.

    Raises:
        NotFetchedError: Slack did not hand it over.
    """
    with _convert_errors(name):
        async with (
            asyncio.timeout(DOWNLOAD_TIMEOUT_SECONDS),
            httpx.AsyncClient(trust_env=use_proxies, timeout=30) as client,
            client.stream("GET", url, headers={"Authorization": f"Bearer {token}"}) as response,
        ):
            await _save_response(response, name, to)


def file_name_of(url: str) -> str:
    """Return what a file is called, by its address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the file"
    return Path(parts.path).name or parts.hostname or "the file"


@contextmanager
def _convert_errors(name: str) -> Iterator[None]:
    """Turn what goes wrong on the way into a sentence."""
    try:
        yield
    except TimeoutError as error:
        raise DownloadFailedError(name=name, reason="it took too long; please try again") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        reason = "its address does not answer; please look at it again"
        raise DownloadFailedError(name=name, reason=reason) from error


@asynccontextmanager
async def _open_stream(
    client: httpx.AsyncClient, url: str, policy: UrlPolicy
) -> AsyncIterator[httpx.Response]:
    """Ask an address by the number that was checked, under the name that it has."""
    parsed_url = httpx.URL(url)
    if parsed_url.scheme not in policy.schemes:
        reason = f"its address must begin with {' or '.join(f'{one}://' for one in policy.schemes)}"
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
    """Return the address behind a name; all of them must be allowed, for any may be taken."""
    loop = asyncio.get_running_loop()
    results = await loop.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(place[0]).partition("%")[0]) for *_kind, place in results]
    if not addresses or not all(map(policy.is_allowed, addresses)):
        reason = "its address is not on the public internet"
        raise DownloadFailedError(name=file_name_of(str(url)), reason=reason)
    return addresses[0]


async def _save_response(response: httpx.Response, name: str, to: Path) -> None:
    if response.status_code != httpx.codes.OK:
        reason = f"its address answers {response.status_code}; please look at it again"
        raise DownloadFailedError(name=name, reason=reason)
    if "html" in response.headers.get("content-type", ""):
        raise DownloadFailedError(name=name, reason="a web page came instead of a file")
    size = 0
    with to.open("wb") as file:
        async for chunk in response.aiter_bytes():
            size += len(chunk)
            if size > MAX_FILE_BYTES:
                reason = f"it is larger than {MAX_FILE_BYTES // 1_000_000} MB; split it"
                raise DownloadFailedError(name=name, reason=reason)
            await asyncio.to_thread(file.write, chunk)
