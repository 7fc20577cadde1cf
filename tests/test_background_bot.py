"""The bot in a thread of its own: it starts and stops whole, and says why if it cannot."""

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
    """Return a pretend workspace."""
    with Sandbox(
        manifest=build_manifest(None), clock=AdjustableClock(), limits=NO_LIMITS
    ) as opened:
        yield opened


def settings(sandbox: Sandbox, folder: Path, **changed: Any) -> Settings:  # noqa: ANN401 - settings of any sort
    """Return the settings of a bot over Socket Mode."""
    known = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'new.db'}",
        "LABELBOT_PORT": 0,
        "LABELBOT_TICK_SECONDS": 60,
    }
    return Settings.model_validate({**known, **changed})


def health(bot: BackgroundBot) -> httpx.Response:
    """Ask a bot how it is."""
    url = bot.url.replace("/slack/events", "/health")
    with httpx.Client(trust_env=False) as client:
        return client.get(url)


def test_a_bot_upgrades_its_database_listens_and_is_gone_afterwards(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    wanted = settings(sandbox, tmp_path)
    with BackgroundBot(wanted, sandbox.clock) as bot:
        assert health(bot).json() == {"ok": True, "database": "answers", "pending_messages": 0}
        assert sandbox.connection_count == 1
        assert is_current(wanted.database_url)
    sandbox.wait_until(lambda: sandbox.connection_count == 0)
    with pytest.raises(httpx.ConnectError):
        health(bot)
    assert not [thread for thread in threading.enumerate() if thread.name == "bot"]


def test_over_socket_mode_nobody_can_post_to_it(sandbox: Sandbox, tmp_path: Path) -> None:
    with (
        BackgroundBot(settings(sandbox, tmp_path), sandbox.clock) as bot,
        httpx.Client(trust_env=False) as client,
    ):
        assert client.post(bot.url, content=b"ssl_check=1").status_code == 404


def test_over_http_it_opens_no_socket(sandbox: Sandbox, tmp_path: Path) -> None:
    changed = {"SLACK_APP_TOKEN": None, "SLACK_SIGNING_SECRET": sandbox.signing_secret}
    with BackgroundBot(settings(sandbox, tmp_path, **changed), sandbox.clock) as bot:
        assert sandbox.connection_count == 0
        sandbox.use_http_delivery(bot.url, verify=True)


def test_a_token_that_slack_does_not_take_is_said_at_the_start(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    wanted = settings(sandbox, tmp_path, **dict.fromkeys(["SLACK_BOT_TOKEN"], "xoxb-wrong"))
    bot = BackgroundBot(wanted, sandbox.clock)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        bot.start()
    bot.stop()


def test_a_port_that_is_taken_is_said_at_the_start(sandbox: Sandbox, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        bot = BackgroundBot(settings(sandbox, tmp_path, LABELBOT_PORT=port), sandbox.clock)
        with pytest.raises(OSError, match=str(port)):
            bot.start()
        bot.stop()


def test_a_clock_that_is_turned_after_the_stop_turns_nothing(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with BackgroundBot(settings(sandbox, tmp_path), sandbox.clock):
        sandbox.clock.advance(timedelta(hours=1))
    sandbox.clock.advance(timedelta(hours=1))


def test_a_bot_that_was_stopped_can_be_followed_by_another(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    wanted = settings(sandbox, tmp_path)
    for _ in range(2):
        with BackgroundBot(wanted, sandbox.clock) as bot:
            assert health(bot).status_code == 200


def test_it_goes_by_the_wall_clock_unless_told_otherwise(sandbox: Sandbox, tmp_path: Path) -> None:
    bot = BackgroundBot(settings(sandbox, tmp_path))
    assert type(bot.bot.clock).__name__ == "WallClock"
