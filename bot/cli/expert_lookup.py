"""Experts named on the command line: lookup by e-mail address, and the result of adding them."""

from __future__ import annotations

from collections.abc import Iterable, Sized

from bot.errors import BotError
from bot.settings import Settings, SettingsError, load_settings
from bot.slack.blockkit.text import pluralize
from bot.slack.client.sync_client import SyncSlackClient


class EmailNeedsSlackError(BotError):
    """“{email}” cannot be looked up in Slack ({reason}); use the Slack id instead."""


class UnknownEmailError(BotError):
    """Nobody in Slack has the e-mail address “{email}”. Check the address, or use the Slack id."""


def resolve_slack_ids(references: Iterable[str]) -> list[str]:
    """Return Slack ids for Slack ids and e-mail addresses; addresses are looked up in Slack.

    Raises:
        EmailNeedsSlackError: the token is missing, or Slack refuses the lookup.
        UnknownEmailError: no user has this address.
    """
    stripped = [reference.strip() for reference in references]
    emails = [reference for reference in stripped if "@" in reference]
    if not emails:
        return stripped
    settings = _load_settings(emails[0])
    with SyncSlackClient(settings.api_url, settings.bot_token.get_secret_value()) as slack:
        id_by_email = {email: _lookup_email(slack, email) for email in emails}
    return [id_by_email.get(reference, reference) for reference in stripped]


def format_added(campaign: str, added: Sized, existing: Sized) -> str:
    """Return how many experts became members of a campaign, and how many were members already."""
    text = f"Added {pluralize(len(added), 'expert')} to “{campaign}”"
    return f"{text}; {len(existing):,} already in it." if existing else f"{text}."


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
