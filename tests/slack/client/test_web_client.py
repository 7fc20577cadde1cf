"""The web client: local URLs, proxies and error codes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.client.web_client import (
    create_client,
    error_code,
    host_of,
    is_local_url,
    retry_after_seconds,
)

SANDBOX = "http://127.0.0.1:9000/api/"
SLACK = "https://slack.com/api/"
PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1", True),
        ("http://127.0.0.1:9000/api/", True),
        ("http://localhost:1/", True),
        ("http://LOCALHOST/", True),
        ("http://[::1]:80/", True),
        ("https://127.0.0.1/", True),
        ("http://127.0.0.1.evil.example/", False),
        ("http://localhost.evil.example/", False),
        ("http://localhost@evil.example/", False),
        ("http://evil.example/127.0.0.1", False),
        ("https://slack.com/", False),
        ("127.0.0.1", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_only_this_machine_is_local(*, url: str, expected: bool) -> None:
    assert is_local_url(url) is expected


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://files.slack.com/x", "files.slack.com"),
        ("https://me:pw@Files.Slack.com:8/x", "files.slack.com"),
        ("nothing", ""),
        ("http://[", ""),
    ],
)
def test_host_of_a_url(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return an HTTP session."""
    async with aiohttp.ClientSession() as http:
        yield http


async def test_proxy_is_used_for_slack_but_not_for_the_sandbox(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("HTTP_PROXY", PROXY)
    assert create_client("xoxb-1", SLACK, session).proxy == PROXY
    assert create_client("xoxb-1", SANDBOX, session).proxy is None


async def test_client_uses_the_shared_session(session: aiohttp.ClientSession) -> None:
    client = create_client("xoxb-1", SANDBOX, session)
    assert client.session is session
    assert client.base_url == SANDBOX


def api_error(status: int, body: dict[str, object] | None, **headers: str) -> SlackApiError:
    """Return the error that the SDK raises for a response."""
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="x",
        req_args={},
        data=body or {},
        headers=headers,
        status_code=status,
    )
    return error_for(response)


def error_for(response: AsyncSlackResponse | None) -> SlackApiError:
    """Return the error for a response, or for none."""
    return SlackApiError("no", response)  # type: ignore[no-untyped-call]  # the SDK has no types here


def test_error_code_of_a_response() -> None:
    assert error_code(api_error(200, {"ok": False, "error": "is_archived"})) == "is_archived"
    assert error_code(api_error(503, None)) == ""
    assert error_code(error_for(None)) == ""


def test_only_a_rate_limit_has_seconds_to_wait() -> None:
    assert retry_after_seconds(api_error(429, {"ok": False}, **{"Retry-After": "30"})) == 30.0
    assert retry_after_seconds(api_error(429, {"ok": False})) == 1.0
    assert retry_after_seconds(api_error(200, {"ok": False, "error": "fatal_error"})) is None
    assert retry_after_seconds(error_for(None)) is None
