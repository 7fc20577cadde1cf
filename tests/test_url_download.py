"""Downloading: only public addresses, only files, and our token goes to Slack alone."""

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
    *("0.0.0.0", "100.64.0.1", "255.255.255.255", "224.0.0.1", "198.18.0.1", "192.0.2.1"),  # noqa: S104 - what must not be asked
    *("::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::1"),
]

HERE = UrlPolicy(schemes=("http",), is_allowed=lambda address: str(address) == "127.0.0.1")


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_on_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_ones_own_is_not(address: str) -> None:
    assert not is_public(ip_address(address))


class Shop:
    """A real server that hands out files, and remembers who asked with what."""

    def __init__(self) -> None:
        """Begin with nobody in it."""
        self.asked: list[tuple[str, str | None]] = []
        self.port = 0

    def at(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of something."""
        return f"http://{host}:{self.port}/{path}"

    async def hand_out(self, request: web.Request) -> web.StreamResponse:
        """Answer as the path says."""
        self.asked.append((request.host, request.headers.get("Authorization")))
        what = request.match_info["what"]
        leads_to = {
            "aside.jsonl": self.at("pairs.jsonl", "127.0.0.2"),
            "on.jsonl": "/pairs.jsonl",
            "round.jsonl": "/round.jsonl",
        }
        if what in leads_to:
            raise web.HTTPFound(leads_to[what])
        if what == "page.jsonl":
            return web.Response(text="<html>", content_type="text/html")
        if what == "gone.jsonl":
            raise web.HTTPNotFound
        return web.Response(body=b'{"prompt": "Why?"}\n')


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """Return a shop that is open on every loopback address."""
    opened = Shop()
    app = web.Application()
    app.router.add_get("/{what}", opened.hand_out)
    async with TestServer(app, host="0.0.0.0") as server:  # noqa: S104 - 127.0.0.2 is another place
        opened.port = server.port or 0
        yield opened


async def test_a_file_comes_whole_and_without_any_secret(shop: Shop, tmp_path: Path) -> None:
    to = tmp_path / "kept"
    await download(shop.at("pairs.jsonl"), to, HERE)
    assert to.read_bytes() == b'{"prompt": "Why?"}\n'
    assert shop.asked == [(f"127.0.0.1:{shop.port}", None)]


async def test_a_name_is_asked_under_its_name(shop: Shop, tmp_path: Path) -> None:
    await download(shop.at("on.jsonl", "localhost"), tmp_path / "kept", HERE)
    assert [host for host, _token in shop.asked] == [f"localhost:{shop.port}"] * 2


@pytest.mark.parametrize(
    "path", ["http://127.0.0.1:9/a.jsonl", "https://127.0.0.1:9/a.jsonl", "https://[::1]/a.csv"]
)
async def test_nothing_of_ones_own_is_asked(path: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailedError, match=r"public internet|https://"):
        await download(path, tmp_path / "kept")


async def test_a_redirect_leads_to_no_other_place_either(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailedError, match="public internet"):
        await download(shop.at("aside.jsonl"), tmp_path / "kept", HERE)
    assert len(shop.asked) == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("round.jsonl", "from one address to the next"),
        ("page.jsonl", "a web page came"),
        ("gone.jsonl", "answers 404"),
    ],
)
async def test_what_is_no_file_is_said(shop: Shop, tmp_path: Path, path: str, said: str) -> None:
    with pytest.raises(DownloadFailedError, match=said):
        await download(shop.at(path), tmp_path / "kept", HERE)


@pytest.mark.parametrize(
    "url",
    ["https://", "ftp://x.org/a", "nonsense", "https://no-such-host.invalid/a.csv", "http://["],
)
async def test_what_is_no_address_is_said(url: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailedError):
        await download(url, tmp_path / "kept")


async def test_slack_is_shown_our_token(shop: Shop, tmp_path: Path) -> None:
    url = shop.at("pairs.jsonl")
    await download_from_slack(url, "pairs.jsonl", "xoxb-1", tmp_path / "kept", use_proxies=False)
    assert shop.asked == [(f"127.0.0.1:{shop.port}", "Bearer xoxb-1")]
    with pytest.raises(DownloadFailedError, match="a web page came"):
        await download_from_slack(
            shop.at("page.jsonl"), "x.jsonl", "xoxb-1", tmp_path / "kept", use_proxies=False
        )


def test_no_more_is_kept_than_slack_would_take() -> None:
    assert url_download.MAX_FILE_BYTES == 100_000_000


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://x.org/data/pairs.jsonl?sig=1", "pairs.jsonl"),
        ("https://x.org/", "x.org"),
        ("", "the file"),
    ],
)
def test_a_file_is_called_by_its_address(url: str, name: str) -> None:
    assert file_name_of(url) == name
