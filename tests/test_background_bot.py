"""Tests of the bot in a background thread: start, stop and errors at startup."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from bot.background_bot import BackgroundBot
from bot.clock import AdjustableClock
from bot.database_lock import SecondBotError
from bot.sandbox import NO_LIMITS, Sandbox
from bot.settings import Settings
from bot.slack.app_manifest import build_manifest
from storage.schema_upgrade import is_current, upgrade


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


def health(bot: BackgroundBot, path: str = "/health") -> httpx.Response:
    """Request a bot's health check."""
    url = bot.url.replace("/slack/events", path)
    with httpx.Client(trust_env=False) as client:
        return client.get(url)


def test_bot_serves_metrics_and_renews_its_token(sandbox: Sandbox, tmp_path: Path) -> None:
    changes = {"LABELBOT_METRICS_PORT": 0, **sandbox.start_token_rotation()}
    with BackgroundBot(settings(sandbox, tmp_path, **changes), sandbox.clock) as bot:
        assert sandbox.bot_token.startswith("xoxe.xoxb-")
        assert bot.bot.slack_problems() == ()
        url = f"http://127.0.0.1:{bot.bot.metrics_port}/metrics"
        with httpx.Client(trust_env=False) as client:
            assert (
                'labelbot_slack_calls_total{code="ok",method="auth.test"}' in client.get(url).text
            )
        assert health(bot, "/metrics").status_code == 404


def test_bot_upgrades_database_listens_and_stops_completely(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    bot_settings = settings(sandbox, tmp_path)
    with BackgroundBot(bot_settings, sandbox.clock) as bot:
        assert health(bot).json() == {
            "ok": True,
            "status": "ok",
            "problems": [],
            "database": "writable",
            "slack": "connected",
            "pending_messages": 0,
            "oldest_pending_seconds": None,
            "failed_messages": 0,
            "invisible_tasks": 0,
            "waiting_events": 0,
            "oldest_event_seconds": None,
            "failed_events": 0,
            "disabled_webhooks": 0,
        }
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


def problems_of(bot: BackgroundBot) -> str:
    """Return what is wrong between the bot and Slack."""
    return " ".join(bot.bot.slack_problems())


def test_rejected_token_is_reported_and_the_bot_runs(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bot_settings = settings(sandbox, tmp_path, **dict.fromkeys(["SLACK_BOT_TOKEN"], "xoxb-wrong"))
    with BackgroundBot(bot_settings, sandbox.clock) as bot:
        assert "The login to Slack has failed since" in problems_of(bot)
        assert "invalid_auth; copy SLACK_BOT_TOKEN from the app's page" in problems_of(bot)
        assert health(bot).status_code == 503
        assert health(bot).json()["slack"] == "refused"
        assert health(bot, "/readyz").status_code == 200
    lines = [record for record in caplog.records if record.name == "bot.slack_connection"]
    assert [record.exc_info for record in lines] == [None]


def test_rejected_app_token_is_reported_and_the_bot_runs(sandbox: Sandbox, tmp_path: Path) -> None:
    bot_settings = settings(sandbox, tmp_path, **dict.fromkeys(["SLACK_APP_TOKEN"], "xapp-wrong"))
    with BackgroundBot(bot_settings, sandbox.clock) as bot:
        assert "The Socket Mode connection has failed since" in problems_of(bot)
        assert "invalid_auth; copy SLACK_APP_TOKEN" in problems_of(bot)


@pytest.mark.parametrize("error", ["token_revoked", ""])
def test_bot_that_starts_without_slack_connects_when_slack_is_back(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    for method in ("auth.test", "apps.connections.open"):
        if error:
            sandbox.faults.error(method, error, times=1)
        else:
            sandbox.faults.fail(method, 503, times=1)
    with BackgroundBot(settings(sandbox, tmp_path), sandbox.clock) as bot:
        assert (error or "HTTP 503") in problems_of(bot)
        sandbox.wait_until(lambda: problems_of(bot) == "", within=25)
        assert sandbox.connection_count == 1
    assert [record.exc_info for record in caplog.records if record.exc_info] == []
    texts = [
        record.getMessage() for record in caplog.records if record.name == "bot.slack_connection"
    ]
    assert sorted(text.partition(":")[0].partition(", after ")[0] for text in texts) == [
        "The Socket Mode connection fails",
        "The Socket Mode connection works again",
        "The login to Slack fails",
        "The login to Slack works again",
    ]


def test_bot_that_starts_without_slack_stops_within_seconds(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with socket.socket() as silent:  # accepts connections and never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        with BackgroundBot(settings(sandbox, tmp_path, SLACK_API_URL=url), sandbox.clock) as bot:
            began = monotonic()
            bot.stop()
            assert monotonic() - began < 5


def test_second_bot_on_a_sqlite_file_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    bot_settings = settings(sandbox, tmp_path)
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "new.db")
    with BackgroundBot(bot_settings, sandbox.clock):
        for url in (bot_settings.database_url, f"sqlite:///{link}"):
            second = BackgroundBot(settings(sandbox, tmp_path, DATABASE_URL=url), sandbox.clock)
            with pytest.raises(SecondBotError, match=f"process {os.getpid()}"):
                second.start()
            second.stop()


def test_read_only_database_is_refused_at_startup(sandbox: Sandbox, tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path / 'new.db'}")
    url = f"sqlite:///file:{tmp_path / 'new.db'}?mode=ro&uri=true"
    bot = BackgroundBot(settings(sandbox, tmp_path, DATABASE_URL=url), sandbox.clock)
    with pytest.raises(OperationalError, match="readonly"):
        bot.start()
    bot.stop()


def test_partial_downloads_are_removed_at_startup(sandbox: Sandbox, tmp_path: Path) -> None:
    partial = tmp_path / "imports" / "abc.jsonl.part"
    partial.parent.mkdir()
    partial.touch()
    bot_settings = settings(sandbox, tmp_path, LABELBOT_IMPORTS=partial.parent)
    with BackgroundBot(bot_settings, sandbox.clock):
        assert not partial.exists()


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
