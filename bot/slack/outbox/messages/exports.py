"""Results of exports, with their files."""

from __future__ import annotations

from pathlib import Path

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.messages.exports import ExportResultMessage
from bot.slack.client.group_members import members_of_channel
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import retry_after_seconds
from bot.slack.outbox.messages.send import AfterDelivery
from bot.slack.views import short_messages
from storage.queries import memberships
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun, OutboxMessage

MAX_UPLOAD_BYTES = 50_000_000
"""Largest file that is uploaded to Slack; of a larger one only the path is named."""


async def deliver_export_result(
    sender: Sender, row: OutboxMessage, queued: ExportResultMessage
) -> AfterDelivery:
    """Report an export or its failure, and upload its file."""
    run, campaign = await sender.db.read(_read_run, queued.run_id)
    channel = queued.channel or await sender.direct_channel(row.recipient)
    is_blind = await _has_blind_reader(sender, row.recipient, queued.channel, id_of(campaign))
    message = short_messages.render_export_result(run, campaign.title, is_withheld=is_blind)
    await sender.post(channel, message.text, message.blocks)
    if is_blind:
        return None
    data = Path(run.path) / "data.jsonl" if run.path else None
    if data and data.exists() and 0 < data.stat().st_size <= MAX_UPLOAD_BYTES:
        name = f"{campaign.name}-{run.format}.jsonl"
        await sender.client.files_upload_v2(file=str(data), filename=name, channel=channel)
    return None


async def _has_blind_reader(
    sender: Sender, recipient: str, channel: str | None, campaign_id: int
) -> bool:
    """Check whether somebody who labels in the campaign would see the names of the models."""
    readers = [recipient]
    if channel:
        try:
            readers = await members_of_channel(sender, channel)
        except SlackApiError as error:
            if retry_after_seconds(error) is not None:
                raise
            return True  # the readers are unknown, so assume the worst
    return await sender.db.read(_is_any_labelling, campaign_id, readers)


def _is_any_labelling(session: Session, campaign_id: int, people: list[str]) -> bool:
    return any(memberships.is_labelling(session, campaign_id, person) for person in people)


def _read_run(session: Session, run_id: int) -> tuple[ExportRun, Campaign]:
    run = session.get_one(ExportRun, run_id)
    return run, session.get_one(Campaign, run.campaign_id)
