"""Experts as people name them: Slack ids, or e-mail addresses that Slack is asked about."""

from __future__ import annotations

from collections.abc import Iterable

from bot.errors import BotError
from bot.settings import Settings, SettingsError, load_settings
from bot.slack.client.sync_client import SyncSlackClient


class EmailNeedsSlackError(BotError):
    """“{email}” cannot be looked up in Slack ({reason}); give the Slack id instead."""


class UnknownEmailError(BotError):
    """Nobody in Slack has the e-mail address “{email}”."""


def resolve_slack_ids(references: Iterable[str]) -> list[str]:
    """Return the Slack ids of experts; e-mail addresses are looked up, ids stay as they are.

    Raises:
        EmailNeedsSlackError: there is no token to ask Slack with, or Slack refuses.
        UnknownEmailError: Slack knows nobody of this address.
    """
    wanted = [one.strip() for one in references]
    emails = [one for one in wanted if "@" in one]
    if not emails:
        return wanted
    settings = _load_settings(emails[0])
    with SyncSlackClient(settings.api_url, settings.bot_token.get_secret_value()) as slack:
        known = {email: _lookup_email(slack, email) for email in emails}
    return [known.get(one, one) for one in wanted]


def _load_settings(email: str) -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        raise EmailNeedsSlackError(email=email, reason=error.details["problems"]) from None


def _lookup_email(slack: SyncSlackClient, email: str) -> str:
    answer = slack.call("users.lookupByEmail", email=email)
    if answer.error == "users_not_found":
        raise UnknownEmailError(email=email)
    if answer.error:
        raise EmailNeedsSlackError(email=email, reason=answer.error)
    return str(answer.body["user"]["id"])
