"""Files to import: downloads, previews and results."""

from __future__ import annotations

import asyncio
from pathlib import Path
from secrets import token_hex

from sqlmodel import Session

from bot.child_process import run_on_file
from bot.errors import BotError
from bot.imports.readers import check_file_name
from bot.imports.readers.containers import COMPRESSED
from bot.imports.row import UnreadableFileError
from bot.messages.imports import (
    FileReceivedMessage,
    ImportResultMessage,
    RejectedRowsMessage,
    UploadMessage,
)
from bot.messages.texts import TextMessage
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.imports import import_jobs, upload_sample, uploads
from bot.services.imports.file_names import errors_with_name
from bot.slack.client.files import is_slack_url
from bot.slack.client.sender import Sender
from bot.slack.client.uploads import FileUpload
from bot.slack.client.web_client import is_local_url
from bot.slack.outbox.messages.send import AfterDelivery, post_to_recipient, send_file
from bot.slack.views import imports, short_messages
from bot.slack.views.short_messages import FILE_NOT_SENT_TEXT
from bot.url_download import DownloadFailedError, download, download_from_slack, file_name_of
from storage.queries import outbox
from storage.tables import Campaign, ImportRun, OutboxMessage

MAX_NAME_CHARACTERS = 100


async def deliver_upload(
    sender: Sender, row: OutboxMessage, queued: UploadMessage
) -> AfterDelivery:
    """Download a file that a coordinator uploaded or linked, and queue the report on it."""
    name = Path(queued.name or file_name_of(queued.url)).name[-MAX_NAME_CHARACTERS:]
    now = sender.clock.now()
    try:
        path = await _download_file(sender, queued, name)
        await _check_file(path, name)
    except BotError as error:
        reply = TextMessage(str(error), is_reply=True)
        return lambda session: outbox.enqueue(session, reply, recipient=row.recipient, now=now)
    actor = Actor(row.recipient, SLACK, now)

    def record_upload(session: Session) -> None:
        run_id = uploads.record_upload(session, name, path, queued.campaign, actor)
        report = FileReceivedMessage(run_id)
        outbox.enqueue(session, report, recipient=row.recipient, now=now)

    return record_upload


async def _check_file(path: Path, name: str) -> None:
    """Read the beginning of a downloaded file; remove it if that is not possible.

    Errors call it `name`.

    A file that needs a large library is read by a child process, which leaves a sample.

    Raises:
        BotError: the file cannot be read.
    """
    try:
        with errors_with_name(name, path):
            if await asyncio.to_thread(upload_sample.needs_sample, path):
                await _write_sample(path)
        await asyncio.to_thread(uploads.preview_file, path, name)
    except BaseException:
        upload_sample.remove_upload(path)
        raise


async def _write_sample(path: Path) -> None:
    reason = await run_on_file("bot.upload_sample_process", path)
    if reason:
        raise UnreadableFileError(name=path.name, reason=reason)


async def deliver_file_received(
    sender: Sender, row: OutboxMessage, queued: FileReceivedMessage
) -> AfterDelivery:
    """Ask which columns of a downloaded file to import."""
    try:
        upload = await sender.db.read(uploads.get_upload, queued.run_id)
        message = imports.render_file_received(upload)
    except BotError as error:
        message = short_messages.render_text(str(error))
    await post_to_recipient(sender, row, message)
    return None


async def _download_file(sender: Sender, queued: UploadMessage, name: str) -> Path:
    check_file_name(Path(name))
    url, folder = queued.url, Path(queued.folder)
    endings = Path(name.lower()).suffixes
    ending = "".join(endings[-2:] if endings[-1:] == [COMPRESSED] else endings[-1:])
    path = folder / f"{token_hex(8)}{ending}"
    if queued.name is None:
        await download(url, path)
    elif is_slack_url(url, sender.client.base_url):
        await download_from_slack(url, name, sender.token, path, use_proxies=not is_local_url(url))
    else:
        raise DownloadFailedError(
            name=name, reason="it is stored outside Slack; upload the file itself"
        )
    return path


async def deliver_import_result(
    sender: Sender, row: OutboxMessage, queued: ImportResultMessage
) -> AfterDelivery:
    """Report the result of an import, and queue the list of rejected rows."""
    run, title = await sender.db.read(_read_run, queued.run_id)
    await post_to_recipient(sender, row, imports.render_import_result(run, title))
    report = import_jobs.rejected_rows_path(Path(run.path))
    if not await asyncio.to_thread(report.is_file):
        return None
    message, now = RejectedRowsMessage(queued.run_id), sender.clock.now()
    return lambda session: outbox.enqueue(session, message, recipient=row.recipient, now=now)


async def deliver_rejected_rows(
    sender: Sender, row: OutboxMessage, queued: RejectedRowsMessage
) -> AfterDelivery:
    """Upload the list of rejected rows, or say where it is."""
    run, _title = await sender.db.read(_read_run, queued.run_id)
    report = import_jobs.rejected_rows_path(Path(run.path))
    if not await asyncio.to_thread(report.is_file):
        return None
    file = FileUpload(
        imports.rejected_rows_filename(run), await asyncio.to_thread(report.read_bytes)
    )
    failure_text = FILE_NOT_SENT_TEXT.format(name=file.name, path=report)
    if await send_file(sender, row, file, failure_text, None):
        await asyncio.to_thread(report.unlink)
    return None


def _read_run(session: Session, run_id: int) -> tuple[ImportRun, str]:
    run = session.get_one(ImportRun, run_id)
    return run, session.get_one(Campaign, run.campaign_id).title
