"""Downloads of text files: only limited text from Slack, and the token goes nowhere else."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from bot.slack.client.files import MAX_FILE_BYTES, InvalidTextFileError, fetch_text

TOKEN = "xoxb-secret"  # noqa: S105 - a fake token
API = "http://127.0.0.1:1/api/"

RESPONSES: dict[str, tuple[int, dict[str, str], bytes]] = {
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
class FileServer:
    """A server of files that records the host and token of each request."""

    server: BaseTestServer
    requests: list[tuple[str, str]] = field(default_factory=list)

    def url(self, name: str, host: str = "127.0.0.1") -> str:
        """Return the URL of a file."""
        return f"http://{host}:{self.server.port}/{name}"


@pytest.fixture
async def file_server() -> AsyncIterator[FileServer]:
    """Return a running file server."""

    async def respond(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        host, token = request.host.partition(":")[0], request.headers.get("Authorization", "")
        files.requests.append((host, token))
        if name == "redirect":
            raise web.HTTPFound(files.url("plain", "localhost"))
        status, headers, body = RESPONSES[name]
        return web.Response(
            status=status, headers={"Content-Type": "text/plain"} | headers, body=body
        )

    app = web.Application()
    app.router.add_get("/{name}", respond)
    async with TestServer(app) as server:
        files = FileServer(server)
        yield files


TEXT_FILES = [
    ("plain", "Hello."),
    ("utf8", "naïve 🙂"),
    ("bom", "Hello."),
    ("crlf", "one\ntwo\nthree\n"),
    ("octets", "Hello."),
    ("gzip", "Hello."),
    ("largest", "x" * MAX_FILE_BYTES),
]


@pytest.mark.parametrize(("name", "text"), TEXT_FILES, ids=[name for name, _ in TEXT_FILES])
async def test_text_file_is_fetched(file_server: FileServer, name: str, text: str) -> None:
    assert await fetch_text(file_server.url(name), "essay.txt", TOKEN, API) == text
    assert file_server.requests == [("127.0.0.1", f"Bearer {TOKEN}")]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("too_large", "larger than 400,000 bytes"),
        ("bomb", "larger than 400,000 bytes"),
        ("empty", "contains no text"),
        ("blank", "contains no text"),
        ("nul", "contains no text"),
        ("latin1", "not UTF-8 text"),
        ("utf16", "not UTF-8 text"),
        ("image", "not UTF-8 text"),
        ("sign_in", "may not read it"),
        ("gone", "Slack answered 404"),
        ("forbidden", "Slack answered 403"),
        ("broken", "Slack answered 500"),
        ("redirect", "Slack answered 302"),
    ],
)
async def test_unusable_file_is_refused_with_a_reason(
    file_server: FileServer, name: str, reason: str
) -> None:
    with pytest.raises(InvalidTextFileError, match=reason) as error:
        await fetch_text(file_server.url(name), "essay.txt", TOKEN, API)
    assert str(error.value).startswith("“essay.txt” could not be added")
    assert TOKEN not in str(error.value)


async def test_redirect_does_not_leak_the_token(file_server: FileServer) -> None:
    with pytest.raises(InvalidTextFileError):
        await fetch_text(file_server.url("redirect"), "essay.txt", TOKEN, API)
    assert file_server.requests == [("127.0.0.1", f"Bearer {TOKEN}")]


async def test_file_outside_slack_is_not_requested(file_server: FileServer) -> None:
    with pytest.raises(InvalidTextFileError, match="stored outside Slack"):
        await fetch_text(file_server.url("plain", "localhost"), "essay.txt", TOKEN, API)
    assert file_server.requests == []


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
async def test_token_is_sent_only_to_slack(url: str) -> None:
    with pytest.raises(InvalidTextFileError, match="stored outside Slack"):
        await fetch_text(url, "essay.txt", TOKEN, "https://slack.com/api/")


async def test_unreachable_server_is_reported() -> None:
    with pytest.raises(InvalidTextFileError, match="did not deliver it"):
        await fetch_text("http://127.0.0.1:9/essay", "essay.txt", TOKEN, API)
