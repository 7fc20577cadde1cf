"""The checks of `labelbot doctor`: settings, storage, and Slack.

The checks of Slack are tokens, scopes, coordinators, clock and connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.cli.doctor_result import Finding
from bot.cli.doctor_samples import check_samples
from bot.cli.doctor_storage_checks import check_storage
from bot.cli.slack_client import open_slack
from bot.clock import WallClock
from bot.settings import (
    Settings,
    SettingsError,
    load_settings,
    load_storage_settings,
)
from bot.slack.app_manifest import SCOPES
from bot.slack.client.login_errors import advice_for
from bot.slack.client.sync_client import ApiResponse, SyncSlackClient

MAX_CLOCK_SKEW = timedelta(minutes=1)
"""Signed requests older than five minutes are rejected; a clock this far off is already wrong."""


def run_checks(*, sends_samples: bool = False) -> Iterator[Finding]:
    """Run all checks, one after the other. No message contains a secret."""
    try:
        settings = load_settings()
    except SettingsError as error:
        yield Finding("settings", ok=False, message=f"{error.details['problems']}; correct .env")
        yield from _check_storage_only()
        return
    connection = "Socket Mode" if settings.is_socket_mode else "signed HTTP"
    yield Finding("settings", ok=True, message=f"complete, for {connection}")
    yield from check_storage(settings)
    yield from _check_slack(settings)
    if sends_samples:
        yield from check_samples(settings)


def _check_storage_only() -> Iterator[Finding]:
    """Run the checks that need no settings for Slack."""
    try:
        yield from check_storage(load_storage_settings())
    except SettingsError:
        return


def _check_slack(settings: Settings) -> Iterator[Finding]:
    with open_slack(settings) as slack:
        answer = slack.call("auth.test")
        yield _check_bot_token(answer)
        if not answer.error:
            yield _check_scopes(answer)
            yield from (_check_coordinator(slack, slack_id) for slack_id in settings.coordinators)
        if answer.server_time:
            yield _check_clock(answer)
    yield _check_connection(settings)


def _check_bot_token(answer: ApiResponse) -> Finding:
    if answer.error:
        return _token_failure("bot token", answer, "SLACK_BOT_TOKEN")
    message = f"signed in as {answer.body.get('user')} in {answer.body.get('team')}"
    return Finding("bot token", ok=True, message=message)


def _token_failure(check: str, answer: ApiResponse, which: str) -> Finding:
    message = f"{answer.error}; {advice_for(answer.error, which)}"
    return Finding(check, ok=False, message=message)


def _check_scopes(answer: ApiResponse) -> Finding:
    missing = [scope for scope in SCOPES if scope not in (answer.scopes or ())]
    if missing:
        message = (
            f"missing: {', '.join(missing)}; update the app with `labelbot manifest` and install "
            "it again"
        )
        return Finding("scopes", ok=False, message=message)
    return Finding("scopes", ok=True, message=f"all {len(SCOPES)} granted")


def _check_coordinator(slack: SyncSlackClient, slack_id: str) -> Finding:
    check = f"coordinator {slack_id}"
    answer = slack.call("users.info", user=slack_id)
    if answer.error:
        message = f"{answer.error}; correct LABELBOT_COORDINATORS"
        return Finding(check, ok=False, message=message)
    user = answer.body["user"]
    if user.get("deleted") or user.get("is_bot"):
        message = "deactivated, or a bot; correct LABELBOT_COORDINATORS"
        return Finding(check, ok=False, message=message)
    return Finding(check, ok=True, message=str(user.get("real_name") or user.get("name")))


def _check_clock(answer: ApiResponse) -> Finding:
    skew = abs(WallClock().now() - answer.server_time) if answer.server_time else timedelta()
    if skew > MAX_CLOCK_SKEW:
        message = f"{skew.total_seconds():,.0f} seconds off Slack's clock; synchronize it with NTP"
        return Finding("clock", ok=False, message=message)
    return Finding("clock", ok=True, message="in sync with Slack's clock")


def _check_connection(settings: Settings) -> Finding:
    if settings.app_token is None:
        message = f"signed HTTP on {settings.host}:{settings.port}"
        return Finding("connection", ok=True, message=message)
    with SyncSlackClient(settings.api_url, settings.app_token.get_secret_value()) as slack:
        answer = slack.call("apps.connections.open")
    if answer.error:
        return _token_failure("connection", answer, "SLACK_APP_TOKEN")
    return Finding("connection", ok=True, message="Socket Mode; Slack accepts connections")
