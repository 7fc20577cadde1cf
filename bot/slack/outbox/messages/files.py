"""Files to import: downloads, previews and results."""

from __future__ import annotations

import asyncio
from pathlib import Path
from secrets import token_hex

from sqlmodel import Session

from bot.errors import BotError
from bot.imports.readers import check_file_name
from bot.imports.readers.containers import COMPRESSED
from bot.messages.imports import ImportResultMessage, UploadMessage
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.imports import import_jobs, uploads
from bot.slack.client.files import is_slack_url
from bot.slack.client.sender import Sender
from bot.slack.client.web_client import is_local_url
from bot.slack.outbox.messages.send import AfterDelivery, post_to_recipient
from bot.slack.views import imports, short_messages
from bot.url_download import DownloadFailedError, download, download_from_slack, file_name_of
from storage.tables import Campaign, ImportRun, OutboxMessage

MAX_NAME_CHARACTERS = 100


async def deliver_upload(
    sender: Sender, row: OutboxMessage, queued: UploadMessage
) -> AfterDelivery:
    """Download a file that a coordinator uploaded or linked, and ask which columns to import."""
    name = Path(queued.name or file_name_of(queued.url)).name[-MAX_NAME_CHARACTERS:]
    try:
        path = await _download_file(sender, queued, name)
        actor = Actor(row.recipient, SLACK, sender.clock.now())
        upload = await _store_upload(sender, name, path, queued.campaign, actor)
        message = imports.render_file_received(upload)
    except BotError as error:
        message = short_messages.render_text(str(error))
    await post_to_recipient(sender, row, message)
    return None


async def _download_file(sender: Sender, queued: UploadMessage, name: str) -> Path:
    check_file_name(Path(name))
    url, folder = queued.url, Path(queued.folder)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
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


async def _store_upload(
    sender: Sender, name: str, path: Path, campaign: str | None, actor: Actor
) -> uploads.UploadedFile:
    await asyncio.to_thread(uploads.preview_file, path)
    run = await sender.db.write(uploads.record_upload, name, path, campaign, actor)
    return await sender.db.read(uploads.get_upload, run)


async def deliver_import_result(
    sender: Sender, row: OutboxMessage, queued: ImportResultMessage
) -> AfterDelivery:
    """Report the result of an import, and upload the list of rejected rows."""
    run, title = await sender.db.read(_read_run, queued.run_id)
    message = imports.render_import_result(run, title)
    channel = await sender.direct_channel(row.recipient)
    await sender.post(channel, message.text, message.blocks)
    report = import_jobs.rejected_rows_path(Path(run.path))
    if await asyncio.to_thread(report.exists):
        await sender.client.files_upload_v2(
            file=str(report), filename=imports.rejected_rows_filename(run), channel=channel
        )
        await asyncio.to_thread(report.unlink)
    return None


def _read_run(session: Session, run_id: int) -> tuple[ImportRun, str]:
    run = session.get_one(ImportRun, run_id)
    return run, session.get_one(Campaign, run.campaign_id).title
