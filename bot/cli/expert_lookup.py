"""Experts named on the command line: lookup by e-mail address, and the result of adding them."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from dataclasses import dataclass

from bot.cli.output import print_error
from bot.cli.slack_client import open_slack
from bot.errors import BotError
from bot.settings import Settings, SettingsError, load_settings
from bot.slack.blockkit.text import pluralize
from bot.slack.client.sync_client import SyncSlackClient

UNKNOWN_EMAIL = "users_not_found"


class EmailNeedsSlackError(BotError):
    """“{email}” cannot be looked up in Slack ({reason}); use the Slack id instead."""


class UnknownEmailError(BotError):
    """Nobody in Slack has the e-mail address “{email}”. Check the address, or use the Slack id."""


@dataclass(frozen=True, slots=True)
class ResolvedPeople:
    """The Slack ids of several people, and the e-mail addresses that nobody in Slack has."""

    slack_ids: list[str]
    unknown_emails: list[str]

    def require_some(self) -> list[str]:
        """Return the Slack ids.

        Raises:
            UnknownEmailError: there are only addresses that nobody has.
        """
        if self.unknown_emails and not self.slack_ids:
            raise UnknownEmailError(email=self.unknown_emails[0])
        return self.slack_ids

    def print_unknown(self) -> None:
        """Name the addresses that nobody has; the others were used."""
        for email in self.unknown_emails:
            print_error(f"Not added: {UnknownEmailError(email=email)}")


def resolve_people(references: Iterable[str]) -> ResolvedPeople:
    """Return Slack ids for Slack ids and e-mail addresses; one wrong address stops nobody else.

    Raises:
        EmailNeedsSlackError: the token is missing, or Slack refuses the lookup.
    """
    stripped = [reference.strip() for reference in references]
    emails = [reference for reference in stripped if "@" in reference]
    if not emails:
        return ResolvedPeople(stripped, [])
    settings = _load_settings(emails[0])
    with open_slack(settings) as slack:
        id_by_email = {email: _lookup_email(slack, email) for email in emails}
    found = [id_by_email.get(reference, reference) for reference in stripped]
    unknown = [email for email, slack_id in id_by_email.items() if slack_id is None]
    return ResolvedPeople([slack_id for slack_id in found if slack_id], unknown)


def resolve_slack_ids(references: Iterable[str]) -> list[str]:
    """Return Slack ids for Slack ids and e-mail addresses; addresses are looked up in Slack.

    Raises:
        EmailNeedsSlackError: the token is missing, or Slack refuses the lookup.
        UnknownEmailError: no user has this address.
    """
    people = resolve_people(references)
    if people.unknown_emails:
        raise UnknownEmailError(email=people.unknown_emails[0])
    return people.slack_ids


def format_added(campaign: str, added: Sized, existing: Sized) -> str:
    """Return how many experts became members of a campaign, and how many were members already."""
    text = f"Added {pluralize(len(added), 'expert')} to “{campaign}”"
    return f"{text}; {len(existing):,} already in it." if existing else f"{text}."


def _load_settings(email: str) -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        raise EmailNeedsSlackError(email=email, reason=error.details["problems"]) from None


def _lookup_email(slack: SyncSlackClient, email: str) -> str | None:
    answer = slack.call("users.lookupByEmail", email=email)
    if answer.error == UNKNOWN_EMAIL:
        return None
    if answer.error:
        raise EmailNeedsSlackError(email=email, reason=answer.error)
    return str(answer.body["user"]["id"])
