"""Fetching a file: only text, only so much, only from Slack, and the token goes nowhere else."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from bot.slack.client.files import MAX_FILE_BYTES, InvalidTextFileError, fetch_text

TOKEN = "xoxb-secret"  # noqa: S105 - what must not go anywhere else
API = "http://127.0.0.1:1/api/"

ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "plain": (200, {}, b"Hello."),
    "utf8": (200, {}, "naïve 🙂".encode()),
    "bom": (200, {}, b"\xef\xbb\xbfHello."),
    "crlf": (200, {}, b"one\r\ntwo\rthree\n"),
    "octets": (200, {"Content-Type": "application/octet-stream"}, b"Hello."),
    "gzip": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"Hello.")),
    "largest": (200, {}, b"x" * MAX_FILE_BYTES),
    "too_large": (200, {}, b"x" * (MAX_FILE_BYTES + 1)),
    "bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 20 * MAX_FILE_BYTES)),
    "empty": (200, {}, b""),
    "blank": (200, {}, b" \n\t"),
    "nul": (200, {}, b"a\x00b"),
    "latin1": (200, {}, "naïve".encode("latin-1")),
    "utf16": (200, {}, "hello".encode("utf-16")),
    "image": (200, {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n"),
    "sign_in": (200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>Sign in</html>"),
    "gone": (404, {}, b"no"),
    "forbidden": (403, {}, b"no"),
    "broken": (500, {}, b"no"),
}


@dataclass
class Shelf:
    """A real server that hands out files, and remembers who asked with which token."""

    server: BaseTestServer
    asked: list[tuple[str, str]] = field(default_factory=list)

    def url(self, name: str, host: str = "127.0.0.1") -> str:
        """Return the address of a file."""
        return f"http://{host}:{self.server.port}/{name}"


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    """Return a shelf that is open."""

    async def hand_out(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        opened.asked.append(
            (request.host.partition(":")[0], request.headers.get("Authorization", ""))
        )
        if name == "redirect":
            raise web.HTTPFound(opened.url("plain", "localhost"))
        status, headers, body = ANSWERS[name]
        return web.Response(
            status=status, headers={"Content-Type": "text/plain"} | headers, body=body
        )

    app = web.Application()
    app.router.add_get("/{name}", hand_out)
    async with TestServer(app) as server:
        opened = Shelf(server)
        yield opened


FETCHED = [
    ("plain", "Hello."),
    ("utf8", "naïve 🙂"),
    ("bom", "Hello."),
    ("crlf", "one\ntwo\nthree\n"),
    ("octets", "Hello."),
    ("gzip", "Hello."),
    ("largest", "x" * MAX_FILE_BYTES),
]


@pytest.mark.parametrize(("name", "text"), FETCHED, ids=[name for name, _ in FETCHED])
async def test_a_text_comes_whole(shelf: Shelf, name: str, text: str) -> None:
    assert await fetch_text(shelf.url(name), "essay.txt", TOKEN, API) == text
    assert shelf.asked == [("127.0.0.1", f"Bearer {TOKEN}")]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("too_large", "larger than 400,000 bytes"),
        ("bomb", "larger than 400,000 bytes"),
        ("empty", "no text in it"),
        ("blank", "no text in it"),
        ("nul", "no text in it"),
        ("latin1", "no UTF-8 text"),
        ("utf16", "no UTF-8 text"),
        ("image", "no UTF-8 text"),
        ("sign_in", "send it as plain text"),
        ("gone", "Slack answered 404"),
        ("forbidden", "Slack answered 403"),
        ("broken", "Slack answered 500"),
        ("redirect", "Slack answered 302"),
    ],
)
async def test_what_is_no_text_is_refused_by_its_name(shelf: Shelf, name: str, said: str) -> None:
    with pytest.raises(InvalidTextFileError, match=said) as caught:
        await fetch_text(shelf.url(name), "essay.txt", TOKEN, API)
    assert str(caught.value).startswith("“essay.txt” could not be added")
    assert TOKEN not in str(caught.value)


async def test_a_redirect_carries_the_token_nowhere(shelf: Shelf) -> None:
    with pytest.raises(InvalidTextFileError):
        await fetch_text(shelf.url("redirect"), "essay.txt", TOKEN, API)
    assert shelf.asked == [("127.0.0.1", f"Bearer {TOKEN}")]


async def test_a_file_that_is_kept_elsewhere_is_never_asked_for(shelf: Shelf) -> None:
    with pytest.raises(InvalidTextFileError, match="not kept in Slack"):
        await fetch_text(shelf.url("plain", "localhost"), "essay.txt", TOKEN, API)
    assert shelf.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "https://docs.google.example/essay",
        "https://slack.com.evil.example/essay",
        "https://evilslack.com/essay",
        "https://slack.com@evil.example/essay",
        "http://files.slack.com/essay",
        "file:///etc/passwd",
        "ftp://files.slack.com/essay",
        "http://127.0.0.1/essay",
        "essay.txt",
        "https://[",
        "",
    ],
)
async def test_the_token_of_the_real_slack_goes_to_slack_only(url: str) -> None:
    with pytest.raises(InvalidTextFileError, match="not kept in Slack"):
        await fetch_text(url, "essay.txt", TOKEN, "https://slack.com/api/")


async def test_a_server_that_does_not_answer_is_said_in_words() -> None:
    with pytest.raises(InvalidTextFileError, match="did not hand it over"):
        await fetch_text("http://127.0.0.1:9/essay", "essay.txt", TOKEN, API)
