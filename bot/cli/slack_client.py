"""The client of Slack that commands use, with the newest token."""

from __future__ import annotations

from contextlib import closing

from bot.settings import Settings
from bot.slack.client.sync_client import SyncSlackClient
from bot.slack.client.token_rotation import origin_of
from storage.database import Database
from storage.queries import slack_tokens


def open_slack(settings: Settings) -> SyncSlackClient:
    """Return a client with the bot token; the newest one if the bot renews it."""
    return SyncSlackClient(settings.api_url, _newest_token(settings))


def _newest_token(settings: Settings) -> str:
    token = settings.bot_token.get_secret_value()
    if settings.refresh_token is None:
        return token
    with closing(Database(settings.database_url)) as database:
        stored = database.read_now(slack_tokens.stored_tokens, origin_of(settings))
    return stored.access_token if stored else token
