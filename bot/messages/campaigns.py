"""Messages about campaigns: created campaigns, invited members and test tasks."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.queued_message import CoordinatorNotice, Priority, QueuedMessage, Recipient


@dataclass(frozen=True, slots=True)
class MemberLookupMessage(QueuedMessage):
    """People to look up in Slack and invite; the report is a separate message.

    A group is an id or a handle such as @linguists. None leaves domains, languages or role as they
    are. The members of `channels` are listed before they are added, without `coordinators`.
    """

    message_type = "member_lookup"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    slack_ids: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    campaign: str = ""
    domains: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    role: str | None = None
    coordinators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvitationListMessage(QueuedMessage):
    """The members of a channel, for the person who wants to invite them and confirms it.

    `slack_ids` are those to add; `coordinators` are added only if the person chooses so, and
    `existing` are members of the campaign already. The rest is as in `MemberLookupMessage`.
    """

    message_type = "invitation_list"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    slack_ids: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    existing: tuple[str, ...] = ()
    ignored_count: int = 0
    problems: tuple[str, ...] = ()
    campaign: str = ""
    domains: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class InvitedMessage(QueuedMessage):
    """The report to the person who invited people: who was added, and who was not.

    `slack_ids` are the people who were found; `ignored_count` are apps and deactivated people.
    """

    message_type = "invited"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    slack_ids: tuple[str, ...] = ()
    ignored_count: int = 0
    problems: tuple[str, ...] = ()
    campaign: str = ""
    added: tuple[str, ...] = ()
    existing: tuple[str, ...] = ()
    role: str | None = None


@dataclass(frozen=True, slots=True)
class CampaignCreatedMessage(QueuedMessage):
    """The report of a new campaign, with buttons for the next steps."""

    message_type = "campaign_created"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    campaign_id: int


@dataclass(frozen=True, slots=True)
class TaskTestMessage(QueuedMessage):
    """A task of a campaign, as a test."""

    message_type = "test_task"
    recipient = Recipient.REQUESTER
    priority = Priority.AWAITED

    campaign_id: int


@dataclass(frozen=True, slots=True)
class CampaignWarningMessage(CoordinatorNotice):
    """A warning about a campaign that needs coordinators; `key` says which of its warnings."""

    message_type = "campaign_warning"
    recipient = Recipient.COORDINATORS
    priority = Priority.NEWS

    campaign_id: int
    key: str
