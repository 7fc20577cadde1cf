"""Results of exports, with their files."""

from __future__ import annotations

import asyncio
from pathlib import Path

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.messages.exports import ExportFileMessage, ExportResultMessage
from bot.slack.client.error_codes import PERMANENT_KINDS
from bot.slack.client.group_members import members_of_channel
from bot.slack.client.sender import Sender
from bot.slack.client.uploads import FileUpload
from bot.slack.client.web_client import error_kind
from bot.slack.outbox.messages.send import AfterDelivery, post_to_recipient, send_file
from bot.slack.views import short_messages
from bot.slack.views.short_messages import FILE_NOT_SENT_TEXT
from storage.queries import memberships, outbox
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun, OutboxMessage

MAX_UPLOAD_BYTES = 50_000_000
"""Largest file that is uploaded to Slack; of a larger one only the path is named."""


async def deliver_export_result(
    sender: Sender, row: OutboxMessage, queued: ExportResultMessage
) -> AfterDelivery:
    """Report an export or its failure, and queue its file."""
    run, campaign = await sender.db.read(_read_run, queued.run_id)
    is_blind = await _has_blind_reader(sender, row.recipient, queued.channel, id_of(campaign))
    message = short_messages.render_export_result(run, campaign.title, is_withheld=is_blind)
    await post_to_recipient(sender, row, message, queued.channel)
    if is_blind or not await asyncio.to_thread(_can_upload, run):
        return None
    file_message = ExportFileMessage(queued.run_id, queued.channel)
    now = sender.clock.now()
    return lambda session: outbox.enqueue(session, file_message, recipient=row.recipient, now=now)


async def deliver_export_file(
    sender: Sender, row: OutboxMessage, queued: ExportFileMessage
) -> AfterDelivery:
    """Upload the file of an export, or say where it is."""
    run, campaign = await sender.db.read(_read_run, queued.run_id)
    is_blind = await _has_blind_reader(sender, row.recipient, queued.channel, id_of(campaign))
    if is_blind or not await asyncio.to_thread(_can_upload, run):
        return None
    path = _data_path(run)
    content = await asyncio.to_thread(path.read_bytes)
    file = FileUpload(f"{campaign.name}-{run.format}.jsonl", content)
    failure_text = FILE_NOT_SENT_TEXT.format(name=file.name, path=path)
    await send_file(sender, row, file, failure_text, queued.channel)
    return None


def _data_path(run: ExportRun) -> Path:
    return Path(run.path or "") / "data.jsonl"


def _can_upload(run: ExportRun) -> bool:
    """Check whether there is a file that is small enough; Slack does not accept an empty one."""
    path = _data_path(run)
    return bool(run.path) and path.is_file() and 0 < path.stat().st_size <= MAX_UPLOAD_BYTES


async def _has_blind_reader(
    sender: Sender, recipient: str, channel: str | None, campaign_id: int
) -> bool:
    """Check whether somebody who labels in the campaign would see the names of the models."""
    readers = [recipient]
    if channel:
        try:
            readers = await members_of_channel(sender, channel)
        except SlackApiError as error:
            if error_kind(error) not in PERMANENT_KINDS:
                raise
            return True  # the readers are unknown, so assume the worst
    return await sender.db.read(_is_any_labelling, campaign_id, readers)


def _is_any_labelling(session: Session, campaign_id: int, people: list[str]) -> bool:
    return any(memberships.is_labelling(session, campaign_id, person) for person in people)


def _read_run(session: Session, run_id: int) -> tuple[ExportRun, Campaign]:
    run = session.get_one(ExportRun, run_id)
    return run, session.get_one(Campaign, run.campaign_id)
