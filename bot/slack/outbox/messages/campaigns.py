"""Messages about campaigns: created campaigns, invited members and test tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.campaigns import (
    CampaignCreatedMessage,
    CampaignWarningMessage,
    InvitationListMessage,
    InvitedMessage,
    MemberLookupMessage,
    TaskTestMessage,
)
from bot.messages.texts import TextMessage
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import campaigns, create, invitations
from bot.services.campaigns.invitations import Invitation, InvitationResult, MemberLookup
from bot.services.reviews import warning_notices
from bot.services.tasks import task_preview
from bot.services.tasks.next_task import TaskView
from bot.slack.client.group_members import look_up_members
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.media import media_messages
from bot.slack.outbox.messages.send import AfterDelivery, post_to_recipient
from bot.slack.views import campaign_created
from bot.slack.views import task_preview as task_preview_view
from bot.slack.views import warnings as warnings_view
from storage.queries import outbox
from storage.row_id import id_of
from storage.tables import OutboxMessage, Role


async def deliver_member_lookup(
    sender: Sender, row: OutboxMessage, queued: MemberLookupMessage
) -> AfterDelivery:
    """Look up invited people in Slack, add them, and queue the report."""
    # There may be hundreds of people; to start again after each rate limit would take for ever.
    lookup = await look_up_members(replace(sender, max_wait=None), queued)
    if queued.channels and lookup.slack_ids:
        return partial(_queue_list, queued, lookup, row.recipient, sender.clock.now())
    invitation = Invitation(
        people=lookup.slack_ids,
        campaign=queued.campaign,
        domains=queued.domains,
        languages=queued.languages,
        role=Role(queued.role) if queued.role else None,
    )
    actor = Actor(row.recipient, SLACK, sender.clock.now())

    def invite(session: Session) -> None:
        report: InvitedMessage | TextMessage
        try:
            with session.begin_nested():
                result = invitations.invite(session, invitation, actor)
        except BotError as error:  # for example, the campaign was closed in the meantime
            report = TextMessage(str(error), is_reply=True)
        else:
            report = InvitedMessage(
                slack_ids=tuple(lookup.slack_ids),
                ignored_count=lookup.ignored_count,
                problems=tuple(lookup.problems),
                campaign=result.campaign,
                added=result.added,
                existing=result.existing,
                role=queued.role,
            )
        outbox.enqueue(session, report, recipient=row.recipient, now=actor.at)

    return invite


def _queue_list(
    queued: MemberLookupMessage,
    lookup: MemberLookup,
    requester: str,
    now: datetime,
    session: Session,
) -> None:
    """Queue the list of the people who were found; those who were named are among those to add."""
    groups = invitations.group_for_invitation(session, lookup.slack_ids, queued, requester)
    message = InvitationListMessage(
        slack_ids=groups.new,
        coordinators=groups.coordinators,
        existing=groups.existing,
        ignored_count=lookup.ignored_count,
        problems=tuple(lookup.problems),
        campaign=queued.campaign,
        domains=queued.domains,
        languages=queued.languages,
        role=queued.role,
    )
    outbox.enqueue(session, message, recipient=requester, now=now)


async def deliver_invitation_list(
    sender: Sender, row: OutboxMessage, queued: InvitationListMessage
) -> AfterDelivery:
    """Show the members of a channel to the person who wants to invite them, with a button."""
    message = campaign_created.render_invitation_list(queued, id_of(row))
    await post_to_recipient(sender, row, message)
    return None


async def deliver_invited(
    sender: Sender, row: OutboxMessage, queued: InvitedMessage
) -> AfterDelivery:
    """Report to the person who invited people who was added, and who was not."""
    lookup = MemberLookup(list(queued.slack_ids), queued.ignored_count, list(queued.problems))
    result = InvitationResult(queued.campaign, queued.added, queued.existing)
    role = Role(queued.role) if queued.role else None
    invitation = Invitation(people=queued.slack_ids, campaign=queued.campaign, role=role)
    await post_to_recipient(
        sender, row, campaign_created.render_invited(lookup, result, invitation)
    )
    return None


async def deliver_campaign_created(
    sender: Sender, row: OutboxMessage, queued: CampaignCreatedMessage
) -> AfterDelivery:
    """Report a new campaign to its coordinator, with buttons for the next steps."""
    created = await sender.db.read(create.created_campaign, queued.campaign_id)
    await post_to_recipient(sender, row, campaign_created.render_created(created))
    return None


async def deliver_test_task(
    sender: Sender, row: OutboxMessage, queued: TaskTestMessage
) -> AfterDelivery:
    """Send a task of a campaign as a test."""
    task = await sender.db.read(_preview_first_task, queued.campaign_id)
    message, now = task_preview_view.render_test_task(task), sender.clock.now()
    channel = await sender.direct_channel(row.recipient)
    ts = await sender.post(channel, message.text, message.blocks)
    media = media_messages(task.form, (sender.posted_channel(channel), ts))

    def share_media(session: Session) -> None:
        for one in media:
            outbox.enqueue(session, one, recipient=row.recipient, now=now)

    return share_media


def _preview_first_task(session: Session, campaign_id: int) -> TaskView:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    return task_preview.preview_task(session, campaign)


async def deliver_campaign_warning(
    sender: Sender, row: OutboxMessage, queued: CampaignWarningMessage
) -> AfterDelivery:
    """Send coordinators a warning about a campaign, unless it no longer applies."""
    found = await sender.db.read(
        warning_notices.warning_of, queued.campaign_id, queued.key, sender.clock.now()
    )
    if found is not None:
        title, warning = found
        message = warnings_view.render_warning(title, queued.campaign_id, warning)
        await post_to_recipient(sender, row, message, queued.channel)
    return None
