"""Downloads: public addresses only, files only, and the bot token only for Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import url_download
from bot.url_download import (
    DownloadFailedError,
    UrlPolicy,
    download,
    download_from_slack,
    file_name_of,
    is_public,
)

PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808", "2002:808:808::1"]

PRIVATE = [
    *("127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("0.0.0.0", "100.64.0.1", "255.255.255.255", "224.0.0.1", "198.18.0.1", "192.0.2.1"),  # noqa: S104 - addresses that must be refused
    *("::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::1"),
]

LOOPBACK_HTTP = UrlPolicy(schemes=("http",), is_allowed=lambda address: str(address) == "127.0.0.1")


@pytest.mark.parametrize("address", PUBLIC)
def test_internet_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_private_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


class FileServer:
    """A real server that sends files, and records the host and credentials of each request."""

    def __init__(self) -> None:
        """Start without requests; the port is set once the server runs."""
        self.requests: list[tuple[str, str | None]] = []
        self.port = 0

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
        return web.Response(body=b'{"prompt": "Why?"}\n')


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
