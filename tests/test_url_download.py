"""Downloads: public addresses only, files only, and the bot token only for Slack."""

from __future__ import annotations

import asyncio
import gzip
import os
import resource
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import url_download
from bot.file_lock import open_locked
from bot.public_address import Address
from bot.url_download import (
    DownloadFailedError,
    UrlPolicy,
    download,
    download_from_slack,
    file_name_of,
    remove_partial_files,
)

LOOPBACK_HTTP = UrlPolicy(schemes=("http",), is_allowed=lambda address: str(address) == "127.0.0.1")


FILE = b'{"prompt": "Why?"}\n'
BOMB_BYTES = 150_000_000
BOMB_PIECE_BYTES = 1_000_000


def _raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


def _bomb(wbits: int) -> bytes:
    """Return compressed zeros without an end: `wbits` is 31 for gzip, 15 for zlib.

    Each piece ends with a full flush and can therefore be repeated, which costs no time.
    """
    compressor = zlib.compressobj(wbits=wbits)
    first, piece = (
        compressor.compress(bytes(BOMB_PIECE_BYTES)) + compressor.flush(zlib.Z_FULL_FLUSH)
        for _ in range(2)
    )
    return first + piece * (BOMB_BYTES // BOMB_PIECE_BYTES - 1)


COMPRESSED = {
    "gzip.jsonl": ("gzip", gzip.compress(FILE)),
    "twice.jsonl": ("gzip, gzip", gzip.compress(gzip.compress(FILE))),
    "members.jsonl": ("gzip", gzip.compress(FILE[:5]) + gzip.compress(FILE[5:])),
    "zlib.jsonl": ("deflate", zlib.compress(FILE)),
    "deflate.jsonl": ("deflate", _raw_deflate(FILE)),
    "mixed.jsonl": ("deflate, gzip", gzip.compress(zlib.compress(FILE))),
    "bomb.jsonl": ("gzip", _bomb(31)),
    "bomb-twice.jsonl": ("gzip, gzip", gzip.compress(_bomb(31))),
    "bomb-deflate.jsonl": ("deflate", _bomb(15)),
    "thrice.jsonl": ("gzip, gzip, gzip", gzip.compress(FILE)),
    "cut.jsonl": ("gzip", gzip.compress(FILE)[:-9]),
    "wrong.jsonl": ("gzip", FILE),
    "brotli.jsonl": ("br", FILE),
}
"""Files by path: the Content-Encoding that the server names, and the body."""


class FileServer:
    """A real server that sends files, and records the host and credentials of each request."""

    def __init__(self) -> None:
        """Start without requests; the port is set once the server runs."""
        self.requests: list[tuple[str, str | None]] = []
        self.port = 0
        self.is_streaming = asyncio.Event()

    def url_of(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the URL of a path."""
        return f"http://{host}:{self.port}/{path}"

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Send the response that the path stands for."""
        self.requests.append((request.host, request.headers.get("Authorization")))
        name = request.match_info["name"]
        redirects = {
            "other-host.jsonl": self.url_of("pairs.jsonl", "127.0.0.2"),
            "redirect.jsonl": "/pairs.jsonl",
            "loop.jsonl": "/loop.jsonl",
        }
        if name in redirects:
            raise web.HTTPFound(redirects[name])
        if name == "page.jsonl":
            return web.Response(text="<html>", content_type="text/html")
        if name == "gone.jsonl":
            raise web.HTTPNotFound
        if name in COMPRESSED:
            encoding, body = COMPRESSED[name]
            return web.Response(body=body, headers={"Content-Encoding": encoding})
        if name in ("endless.jsonl", "slow.jsonl"):
            return await self._stream(request, is_slow=name == "slow.jsonl")
        return web.Response(body=FILE)

    async def _stream(self, request: web.Request, *, is_slow: bool) -> web.StreamResponse:
        """Send chunks without a length until the client goes away."""
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(request)
        self.is_streaming.set()
        while True:
            await response.write(b"x" * (1 if is_slow else 1_000_000))
            await asyncio.sleep(0.01 if is_slow else 0)


@pytest.fixture
async def file_server() -> AsyncIterator[FileServer]:
    """Return a file server that listens on every loopback address."""
    files = FileServer()
    app = web.Application()
    app.router.add_get("/{name}", files.respond)
    async with TestServer(app, host="0.0.0.0") as server:  # noqa: S104 - 127.0.0.2 is the other host
        files.port = server.port or 0
        yield files


async def test_file_is_downloaded_without_credentials(
    file_server: FileServer, tmp_path: Path
) -> None:
    target = tmp_path / "file"
    await download(file_server.url_of("pairs.jsonl"), target, LOOPBACK_HTTP)
    assert target.read_bytes() == b'{"prompt": "Why?"}\n'
    assert file_server.requests == [(f"127.0.0.1:{file_server.port}", None)]


async def test_host_header_has_the_host_name(file_server: FileServer, tmp_path: Path) -> None:
    await download(
        file_server.url_of("redirect.jsonl", "localhost"), tmp_path / "file", LOOPBACK_HTTP
    )
    assert [host for host, _token in file_server.requests] == [f"localhost:{file_server.port}"] * 2


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/a.jsonl", "https://127.0.0.1:9/a.jsonl", "https://[::1]/a.csv"]
)
async def test_private_address_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailedError, match=r"public internet|https://"):
        await download(url, tmp_path / "file")


async def test_redirect_to_a_refused_address_is_not_followed(
    file_server: FileServer, tmp_path: Path
) -> None:
    with pytest.raises(DownloadFailedError, match="public internet"):
        await download(file_server.url_of("other-host.jsonl"), tmp_path / "file", LOOPBACK_HTTP)
    assert len(file_server.requests) == 1


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("loop.jsonl", "redirects too often"),
        ("page.jsonl", "sent a web page"),
        ("gone.jsonl", "responded with status 404"),
    ],
)
async def test_response_without_a_file_is_an_error(
    file_server: FileServer, tmp_path: Path, path: str, reason: str
) -> None:
    with pytest.raises(DownloadFailedError, match=reason):
        await download(file_server.url_of(path), tmp_path / "file", LOOPBACK_HTTP)


@pytest.mark.parametrize(
    "url",
    ["https://", "ftp://x.org/a", "nonsense", "https://no-such-host.invalid/a.csv", "http://["],
)
async def test_invalid_url_is_an_error(url: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailedError):
        await download(url, tmp_path / "file")


async def test_slack_download_sends_the_token(file_server: FileServer, tmp_path: Path) -> None:
    url = file_server.url_of("pairs.jsonl")
    await download_from_slack(url, "pairs.jsonl", "xoxb-1", tmp_path / "file", use_proxies=False)
    assert file_server.requests == [(f"127.0.0.1:{file_server.port}", "Bearer xoxb-1")]
    with pytest.raises(DownloadFailedError, match="sent a web page"):
        await download_from_slack(
            file_server.url_of("page.jsonl"),
            "x.jsonl",
            "xoxb-1",
            tmp_path / "file",
            use_proxies=False,
        )


@pytest.mark.parametrize(
    "path",
    ["gzip.jsonl", "twice.jsonl", "members.jsonl", "zlib.jsonl", "deflate.jsonl", "mixed.jsonl"],
)
async def test_compressed_file_is_stored_decompressed(
    file_server: FileServer, tmp_path: Path, path: str
) -> None:
    target = tmp_path / "file"
    await download(file_server.url_of(path), target, LOOPBACK_HTTP)
    assert target.read_bytes() == FILE
    assert names_in(tmp_path) == [target.name]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("bomb.jsonl", "larger than 100 MB"),
        ("bomb-twice.jsonl", "larger than 100 MB"),
        ("bomb-deflate.jsonl", "larger than 100 MB"),
        ("endless.jsonl", "larger than 100 MB"),
        ("thrice.jsonl", "compressed it more than twice"),
        ("cut.jsonl", "sent only a part of it"),
        ("wrong.jsonl", "is damaged"),
        ("brotli.jsonl", "compressed it as “br”"),
    ],
)
async def test_file_that_cannot_be_stored_leaves_nothing_behind(
    file_server: FileServer, tmp_path: Path, path: str, reason: str
) -> None:
    with pytest.raises(DownloadFailedError, match=reason):
        await download(file_server.url_of(path), tmp_path / "file", LOOPBACK_HTTP)
    assert names_in(tmp_path) == []


async def test_canceled_download_leaves_nothing_behind(
    file_server: FileServer, tmp_path: Path
) -> None:
    url = file_server.url_of("slow.jsonl")
    task = asyncio.create_task(download(url, tmp_path / "file", LOOPBACK_HTTP))
    await file_server.is_streaming.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert names_in(tmp_path) == []


def test_partial_file_of_a_killed_process_is_removed_and_a_locked_one_is_not(
    tmp_path: Path,
) -> None:
    abandoned, complete = tmp_path / "a.jsonl.part", tmp_path / "a.jsonl"
    abandoned.touch()
    complete.touch()
    active = tmp_path / "b.jsonl.part"
    descriptor = open_locked(active)
    assert descriptor is not None
    remove_partial_files(tmp_path)
    assert set(tmp_path.iterdir()) == {active, complete}
    os.close(descriptor)
    remove_partial_files(tmp_path)
    assert set(tmp_path.iterdir()) == {complete}
    remove_partial_files(tmp_path / "missing")


async def test_folder_that_cannot_be_created_is_named_as_the_cause(
    file_server: FileServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(DownloadFailedError, match="cannot write to its folder for imports"):
        await download(
            file_server.url_of("pairs.jsonl"), tmp_path / "taken" / "file", LOOPBACK_HTTP
        )
    assert f"({tmp_path / 'taken'})" in caplog.text


def names_in(folder: Path) -> list[str]:
    """Return the names of the files in a folder."""
    return [path.name for path in folder.iterdir()]


@contextmanager
def file_size_limit(limit: int) -> Iterator[None]:
    """Let this process write no more than `limit` bytes to a file, as if the disk were full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("path", ["pairs.jsonl", "endless.jsonl", "bomb.jsonl"])
async def test_disk_that_is_full_is_named_as_the_cause(
    file_server: FileServer, tmp_path: Path, path: str
) -> None:
    with (
        file_size_limit(5 if path == "pairs.jsonl" else 1_500_000),
        pytest.raises(DownloadFailedError, match=r"cannot write .*\(File too large\)"),
    ):
        await download(file_server.url_of(path), tmp_path / "file", LOOPBACK_HTTP)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("private", ["10.0.0.1", "::1", "64:ff9b:1::1", "fec0::1"])
async def test_host_is_refused_if_any_of_its_addresses_is_private(
    file_server: FileServer, tmp_path: Path, private: str
) -> None:
    async def resolve(_host: str, _port: int) -> list[Address]:
        return [ip_address("127.0.0.1"), ip_address(private)]

    policy = UrlPolicy(("http",), LOOPBACK_HTTP.is_allowed, resolve)
    with pytest.raises(DownloadFailedError, match="public internet"):
        await download(file_server.url_of("pairs.jsonl", "two.example"), tmp_path / "file", policy)
    assert file_server.requests == []


async def test_host_is_resolved_once_and_connected_to_by_the_checked_address(
    file_server: FileServer, tmp_path: Path
) -> None:
    answers = iter([ip_address("127.0.0.1"), ip_address("127.0.0.2")])

    async def resolve(_host: str, _port: int) -> list[Address]:
        return [next(answers)]

    policy = UrlPolicy(("http",), LOOPBACK_HTTP.is_allowed, resolve)
    await download(file_server.url_of("pairs.jsonl", "rebound.example"), tmp_path / "file", policy)
    assert file_server.requests == [(f"rebound.example:{file_server.port}", None)]
    assert str(next(answers)) == "127.0.0.2"


def test_size_limit_is_that_of_slack() -> None:
    assert url_download.MAX_FILE_BYTES == 100_000_000


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://x.org/data/pairs.jsonl?sig=1", "pairs.jsonl"),
        ("https://x.org/", "x.org"),
        ("", "the file"),
    ],
)
def test_file_name_comes_from_the_url(url: str, name: str) -> None:
    assert file_name_of(url) == name
