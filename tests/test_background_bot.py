"""Tests of the bot in a background thread: start, stop and errors at startup."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from bot.background_bot import BackgroundBot
from bot.clock import AdjustableClock
from bot.sandbox import NO_LIMITS, Sandbox
from bot.settings import Settings
from bot.slack.app_manifest import build_manifest
from storage.schema_upgrade import is_current


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Return a sandbox workspace."""
    with Sandbox(
        manifest=build_manifest(None), clock=AdjustableClock(), limits=NO_LIMITS
    ) as opened:
        yield opened


def settings(sandbox: Sandbox, folder: Path, **changes: Any) -> Settings:  # noqa: ANN401 - settings of any type
    """Return the settings of a bot that uses Socket Mode."""
    defaults = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'new.db'}",
        "LABELBOT_PORT": 0,
        "LABELBOT_TICK_SECONDS": 60,
    }
    return Settings.model_validate({**defaults, **changes})


def health(bot: BackgroundBot) -> httpx.Response:
    """Request a bot's health check."""
    url = bot.url.replace("/slack/events", "/health")
    with httpx.Client(trust_env=False) as client:
        return client.get(url)


def test_bot_upgrades_database_listens_and_stops_completely(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    bot_settings = settings(sandbox, tmp_path)
    with BackgroundBot(bot_settings, sandbox.clock) as bot:
        assert health(bot).json() == {"ok": True, "database": "answers", "pending_messages": 0}
        assert sandbox.connection_count == 1
        assert is_current(bot_settings.database_url)
    sandbox.wait_until(lambda: sandbox.connection_count == 0)
    with pytest.raises(httpx.ConnectError):
        health(bot)
    assert not [thread for thread in threading.enumerate() if thread.name == "bot"]


def test_socket_mode_accepts_no_http_requests(sandbox: Sandbox, tmp_path: Path) -> None:
    with (
        BackgroundBot(settings(sandbox, tmp_path), sandbox.clock) as bot,
        httpx.Client(trust_env=False) as client,
    ):
        assert client.post(bot.url, content=b"ssl_check=1").status_code == 404


def test_signed_http_opens_no_socket(sandbox: Sandbox, tmp_path: Path) -> None:
    changes = {"SLACK_APP_TOKEN": None, "SLACK_SIGNING_SECRET": sandbox.signing_secret}
    with BackgroundBot(settings(sandbox, tmp_path, **changes), sandbox.clock) as bot:
        assert sandbox.connection_count == 0
        sandbox.use_http_delivery(bot.url, verify=True)


def test_rejected_token_fails_at_startup(sandbox: Sandbox, tmp_path: Path) -> None:
    bot_settings = settings(sandbox, tmp_path, **dict.fromkeys(["SLACK_BOT_TOKEN"], "xoxb-wrong"))
    bot = BackgroundBot(bot_settings, sandbox.clock)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        bot.start()
    bot.stop()


def test_port_in_use_fails_at_startup(sandbox: Sandbox, tmp_path: Path) -> None:
    with socket.socket() as other_server:
        other_server.bind(("127.0.0.1", 0))
        other_server.listen()
        port = other_server.getsockname()[1]
        bot = BackgroundBot(settings(sandbox, tmp_path, LABELBOT_PORT=port), sandbox.clock)
        with pytest.raises(OSError, match=str(port)):
            bot.start()
        bot.stop()


def test_stopped_bot_ignores_clock_changes(sandbox: Sandbox, tmp_path: Path) -> None:
    with BackgroundBot(settings(sandbox, tmp_path), sandbox.clock):
        sandbox.clock.advance(timedelta(hours=1))
    sandbox.clock.advance(timedelta(hours=1))


def test_new_bot_can_start_after_another_stopped(sandbox: Sandbox, tmp_path: Path) -> None:
    bot_settings = settings(sandbox, tmp_path)
    for _ in range(2):
        with BackgroundBot(bot_settings, sandbox.clock) as bot:
            assert health(bot).status_code == 200


def test_wall_clock_is_the_default(sandbox: Sandbox, tmp_path: Path) -> None:
    bot = BackgroundBot(settings(sandbox, tmp_path))
    assert type(bot.bot.clock).__name__ == "WallClock"
