"""Token rotation: tokens are renewed in time, by one process, and a failure loses nothing."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from bot.settings import Settings
from bot.slack.client.token_rotation import TokenRotation
from storage.database import Database
from tests.slack.slack_fixture import SlackFixture, open_slack


def open_workspace(database: Database, folder: Path) -> AbstractAsyncContextManager[SlackFixture]:
    """Open a workspace."""
    return open_slack(database, folder)


def rotation_of(slack: SlackFixture) -> TokenRotation:
    """Switch rotation on, and return what renews the token."""
    environment = slack.sandbox.environment | slack.sandbox.start_token_rotation()
    return TokenRotation(Settings.model_validate(environment), slack.sender)


def renewals(slack: SlackFixture) -> int:
    """Return how often Slack was asked for a token."""
    return sum(call.kind == "oauth.v2.access" for call in slack.sandbox.traffic)


async def test_token_is_renewed_before_it_expires(database: Database, tmp_path: Path) -> None:
    async with open_workspace(database, tmp_path) as slack:
        first = slack.sender.token
        rotation = rotation_of(slack)
        await rotation.keep_valid()
        second = slack.sender.token
        assert (second != first, renewals(slack)) == (True, 1)
        slack.clock.advance(timedelta(hours=9))
        await rotation.keep_valid()
        assert (slack.sender.token, renewals(slack)) == (second, 1)
        slack.clock.advance(timedelta(hours=2))
        await rotation.keep_valid()
        assert (slack.sender.token != second, renewals(slack)) == (True, 2)
        slack.clock.advance(timedelta(hours=2))
        assert (await slack.sender.call("auth.test", {}))["ok"]
        slack.sender.use_token(second)
        with pytest.raises(SlackApiError, match="token_expired"):
            await slack.sender.call("auth.test", {})


async def test_two_bots_renew_once_and_use_the_same_token(
    database: Database, tmp_path: Path
) -> None:
    async with open_workspace(database, tmp_path) as slack:
        one = rotation_of(slack)
        other = TokenRotation(one.settings, slack.sender)
        await asyncio.gather(one.keep_valid(), other.keep_valid())
        assert renewals(slack) == 1
        slack.sender.use_token("xoxb-old")
        await other.keep_valid()
        assert (slack.sender.token, renewals(slack)) == (slack.sandbox.bot_token, 1)


async def test_renewal_by_another_bot_ends_the_outage(
    sqlite_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_workspace(sqlite_database, tmp_path) as slack:
        failing = rotation_of(slack)
        slack.sandbox.faults.error("oauth.v2.access", "internal_error")
        await failing.keep_valid()
        slack.clock.advance(timedelta(minutes=2))
        await TokenRotation(failing.settings, slack.sender).keep_valid()
        await failing.keep_valid()
    assert "another process renewed the bot token" in caplog.messages[-1]


async def test_failed_renewal_is_logged_once_and_tried_again(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(sqlite_url)
    async with open_workspace(database, tmp_path) as slack:
        rotation, token = rotation_of(slack), slack.sender.token
        slack.sandbox.faults.error("oauth.v2.access", "internal_error")
        slack.sandbox.faults.fail("oauth.v2.access")
        for _ in range(3):
            await rotation.keep_valid()
            slack.clock.advance(timedelta(minutes=2))
        assert slack.sender.token == slack.sandbox.bot_token != token
    database.close()
    assert [text for text in caplog.messages if "did not renew" in text] == [
        "Slack did not renew the bot token: internal_error"
    ]
