"""Download files to import: from Slack with the bot token, or from a public address without it.

Protects against server-side request forgery (SSRF): each host, also of a redirect, is resolved
once, checked, and connected to by that IP address. Private and loopback addresses are refused.

A file grows under the name of a partial file, which is locked while it is written. What a killed
process left behind is removed at the next start.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.decompression import (
    PIECE_BYTES,
    ContentEncodingError,
    SizeLimitError,
    decompress,
    parse_encodings,
)
from bot.errors import BotError
from bot.file_lock import open_locked
from bot.host_lookup import resolve_host
from bot.lazy_module import LazyModule
from bot.public_address import Address, is_public

if TYPE_CHECKING:
    import httpx
else:
    httpx = LazyModule("httpx")  # the bot rarely needs it

log = logging.getLogger(__name__)

MAX_FILE_BYTES = 100_000_000
"""Largest file to import, in bytes: Slack's limit for a file input in a modal."""

DOWNLOAD_TIMEOUT_SECONDS = 120
MAX_REDIRECTS = 3

PARTIAL_SUFFIX = ".part"
"""End of the name of a file that is not complete yet."""

UNCOMPRESSED = {"Accept-Encoding": "identity"}
"""Ask for the file as it is. Some servers compress it all the same."""


class DownloadFailedError(BotError):
    """“{name}” could not be downloaded: {reason}."""


@dataclass(frozen=True, slots=True)
class UrlPolicy:
    """URL schemes and IP addresses that a download may use, and its limits.

    `headers` are sent to the host of the first address only, never to where it redirects.
    """

    schemes: Collection[str] = ("https",)
    is_allowed: Callable[[Address], bool] = is_public
    resolve: Callable[[str, int], Awaitable[list[Address]]] = resolve_host
    max_bytes: int = MAX_FILE_BYTES
    timeout_seconds: float = DOWNLOAD_TIMEOUT_SECONDS
    headers: Mapping[str, str] = field(default_factory=dict)


PUBLIC_HTTPS = UrlPolicy()


async def download(url: str, to: Path, policy: UrlPolicy = PUBLIC_HTTPS) -> None:
    """Download a file from a public address, without credentials of ours.

    Raises:
        DownloadFailedError: the policy forbids the address, the server does not send a file, or
            the file cannot be written.
    """
    name, first_host = file_name_of(url), _host_of(url)
    with _convert_errors(name, policy.max_bytes):
        async with (
            asyncio.timeout(policy.timeout_seconds),
            httpx.AsyncClient(trust_env=False) as client,
        ):
            for _ in range(MAX_REDIRECTS + 1):
                headers = policy.headers if _host_of(url) == first_host else {}
                async with _open_stream(client, url, policy, headers) as response:
                    if not response.is_redirect:
                        return await _save_response(response, name, to, policy.max_bytes)
                    url = str(httpx.URL(url).join(response.headers.get("location", "")))
    raise DownloadFailedError(name=name, reason="the address redirects too often")


async def download_from_slack(
    url: str, name: str, token: str, to: Path, *, use_proxies: bool
) -> None:
    """Download a file stored in Slack; `use_proxies`: use the proxies of the environment.

    Without permission, Slack responds with a sign-in page and status 200, so a web page is an
    error.

    Raises:
        DownloadFailedError: Slack did not send the file, or it cannot be written.
    """
    headers = {"Authorization": f"Bearer {token}", **UNCOMPRESSED}
    with _convert_errors(name):
        async with (
            asyncio.timeout(DOWNLOAD_TIMEOUT_SECONDS),
            httpx.AsyncClient(trust_env=use_proxies, timeout=30) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            await _save_response(response, name, to)


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def file_name_of(url: str) -> str:
    """Return the file name in a URL, else its host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the file"
    return Path(parts.path).name or parts.hostname or "the file"


def remove_partial_files(folder: Path) -> None:
    """Remove the partial files that killed processes left in a folder; others are locked."""
    for path in folder.glob(f"*{PARTIAL_SUFFIX}"):
        with suppress(OSError):
            descriptor = open_locked(path)
            if descriptor is not None:
                path.unlink()
                os.close(descriptor)


@contextmanager
def _convert_errors(name: str, max_bytes: int = MAX_FILE_BYTES) -> Iterator[None]:
    """Convert network errors to `DownloadFailedError`."""
    try:
        yield
    except TimeoutError as error:
        raise DownloadFailedError(name=name, reason="it took too long; try again") from error
    except SizeLimitError as error:
        reason = f"it is larger than {max_bytes // 1_000_000} MB; split it"
        raise DownloadFailedError(name=name, reason=reason) from error
    except ContentEncodingError as error:
        raise DownloadFailedError(name=name, reason=str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        reason = "the server does not respond; check the address"
        raise DownloadFailedError(name=name, reason=reason) from error


@asynccontextmanager
async def _open_stream(
    client: httpx.AsyncClient, url: str, policy: UrlPolicy, headers: Mapping[str, str]
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
        headers={**headers, "Host": parsed_url.netloc.decode("ascii"), **UNCOMPRESSED},
        extensions={"sni_hostname": parsed_url.host},
        timeout=30,
    ) as response:
        yield response


async def _resolve_address(url: httpx.URL, policy: UrlPolicy) -> Address:
    """Return an IP address of a host; all its addresses must be allowed by the policy."""
    addresses = await policy.resolve(url.host, url.port or 443)
    if not addresses or not all(map(policy.is_allowed, addresses)):
        reason = "the address is not on the public internet"
        raise DownloadFailedError(name=file_name_of(str(url)), reason=reason)
    return addresses[0]


async def _save_response(
    response: httpx.Response, name: str, to: Path, max_bytes: int = MAX_FILE_BYTES
) -> None:
    if response.status_code != httpx.codes.OK:
        reason = f"the server responded with status {response.status_code}; check the address"
        raise DownloadFailedError(name=name, reason=reason, status=response.status_code)
    if "html" in response.headers.get("content-type", ""):
        raise DownloadFailedError(name=name, reason="the server sent a web page, not a file")
    encodings = parse_encodings(response.headers.get("content-encoding", ""))
    partial_file = await asyncio.to_thread(_PartialFile, to, name, max_bytes)
    try:
        size = 0
        async for piece in response.aiter_raw(PIECE_BYTES):
            size += len(piece)
            if size > max_bytes:
                raise SizeLimitError
            await asyncio.to_thread(partial_file.write, piece)
        await asyncio.to_thread(partial_file.complete, encodings)
    finally:
        await asyncio.to_thread(partial_file.close)


class _PartialFile:
    """A file that is written under another name; `close` removes what is not complete."""

    def __init__(self, target: Path, name: str, max_bytes: int) -> None:
        """Create and lock the file.

        Raises:
            DownloadFailedError: it cannot be created.
        """
        self._target = target
        self._name = name
        self._max_bytes = max_bytes
        self._paths = [target.with_name(f"{target.name}{PARTIAL_SUFFIX}")]
        self._descriptors: list[int] = []
        self._is_closed = threading.Event()
        self._lock = threading.Lock()
        with self._convert_write_errors():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._open(self._paths[0])

    def write(self, piece: bytes) -> None:
        """Append bytes as they were received."""
        with self._convert_write_errors(), self._lock:
            if not self._is_closed.is_set():
                _write_all(self._descriptors[0], piece)

    def complete(self, encodings: Collection[str]) -> None:
        """Decompress the file if necessary, and give it its final name."""
        with self._convert_write_errors(), self._lock:
            if encodings:
                self._decompress(encodings)
            if not self._is_closed.is_set():
                self._paths[-1].replace(self._target)

    def close(self) -> None:
        """Remove what is not complete and release the locks.

        After a timeout, a thread may still be writing. It ends soon, and only then its descriptor
        is closed: otherwise it could write to a file that was opened since.
        """
        self._is_closed.set()
        with self._lock:
            for path in self._paths:
                with suppress(OSError):
                    path.unlink()
            for descriptor in self._descriptors:
                os.close(descriptor)
            self._descriptors.clear()

    def _open(self, path: Path) -> int:
        descriptor = open_locked(path)
        if descriptor is None:
            raise FileExistsError(path)
        self._descriptors.append(descriptor)
        return descriptor

    def _decompress(self, encodings: Collection[str]) -> None:
        compressed = self._paths[0]
        self._paths.append(compressed.with_name(f"{self._target.name}.1{PARTIAL_SUFFIX}"))
        descriptor = self._open(self._paths[-1])
        with compressed.open("rb") as file:
            pieces = iter(lambda: file.read(PIECE_BYTES), b"")
            for piece in decompress(pieces, encodings, self._max_bytes):
                if self._is_closed.is_set():
                    return
                _write_all(descriptor, piece)

    @contextmanager
    def _convert_write_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            cause = error.strerror or str(error)
            log.error("cannot write to the folder for imports (%s): %s", self._target.parent, cause)  # noqa: TRY400 - the cause is enough
            reason = f"the bot cannot write to its folder for imports ({cause}); tell its operator"
            raise DownloadFailedError(name=self._name, reason=reason) from error


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
