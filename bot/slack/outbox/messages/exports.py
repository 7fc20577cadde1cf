"""Results of exports, with their files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryFile

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.exports.archive import folder_bytes, write_archive
from bot.messages.exports import ExportFileMessage, ExportResultMessage
from bot.slack.client.error_codes import PERMANENT_KINDS
from bot.slack.client.group_members import members_of_channel
from bot.slack.client.sender import Sender
from bot.slack.client.uploads import FileUpload
from bot.slack.client.web_client import error_kind
from bot.slack.outbox.messages.send import AfterDelivery, post_to_recipient, send_file
from bot.slack.views import short_messages
from bot.slack.views.short_messages import FILE_NOT_SENT_TEXT, FILE_TOO_LARGE_TEXT
from storage.queries import memberships, outbox
from storage.row_id import id_of
from storage.tables import Campaign, ExportRun, OutboxMessage

MAX_UPLOAD_BYTES = 50_000_000
"""Largest archive that is uploaded to Slack; of a larger one only the path is named."""

MAX_FOLDER_BYTES = 400_000_000
"""Largest folder of which an archive is made. Text shrinks to an eighth at best."""


async def deliver_export_result(
    sender: Sender, row: OutboxMessage, queued: ExportResultMessage
) -> AfterDelivery:
    """Report an export or its failure, and queue its file."""
    run, campaign = await sender.db.read(_read_run, queued.run_id)
    is_blind = await _has_blind_reader(sender, row.recipient, queued.channel, id_of(campaign))
    message = short_messages.render_export_result(run, campaign.title, is_withheld=is_blind)
    await post_to_recipient(sender, row, message, queued.channel)
    if is_blind or not await asyncio.to_thread(_has_file, run):
        return None
    file_message = ExportFileMessage(queued.run_id, queued.channel)
    now = sender.clock.now()
    return lambda session: outbox.enqueue(session, file_message, recipient=row.recipient, now=now)


async def deliver_export_file(
    sender: Sender, row: OutboxMessage, queued: ExportFileMessage
) -> AfterDelivery:
    """Upload the archive of an export, or say where the export is."""
    run, campaign = await sender.db.read(_read_run, queued.run_id)
    is_blind = await _has_blind_reader(sender, row.recipient, queued.channel, id_of(campaign))
    if is_blind or not await asyncio.to_thread(_has_file, run):
        return None
    folder = Path(run.path or "")
    content = await asyncio.to_thread(_build_archive, folder)
    if content is None:
        text = FILE_TOO_LARGE_TEXT.format(limit=MAX_UPLOAD_BYTES // 1_000_000, path=folder)
        await post_to_recipient(sender, row, short_messages.render_text(text), queued.channel)
        return None
    file = FileUpload(f"{folder.name}.zip", content)
    failure_text = FILE_NOT_SENT_TEXT.format(name=file.name, path=folder)
    await send_file(sender, row, file, failure_text, queued.channel)
    return None


def _has_file(run: ExportRun) -> bool:
    """Return whether there is a file worth sending: the export has rows and was not moved."""
    return bool(run.path) and bool(run.rows) and Path(run.path or "").is_dir()


def _build_archive(folder: Path) -> bytes | None:
    """Return the archive of an export; None if it would be too large for Slack."""
    if folder_bytes(folder) > MAX_FOLDER_BYTES:
        return None
    with TemporaryFile() as file:
        write_archive(folder, file)
        if file.tell() > MAX_UPLOAD_BYTES:
            return None
        file.seek(0)
        return file.read()


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
