"""Files to import: fetched and looked into, and what became of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from secrets import token_hex

from sqlmodel import Session

from bot.downloading import NotFetchedError, download, download_from_slack, name_in
from bot.errors import BotError
from bot.imports import importer_of
from bot.services import bringing, receiving
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.slack import importing, notes
from bot.slack.client import is_local
from bot.slack.fetching import is_slacks
from bot.slack.sending import Sender
from bot.slack.words.saying import Note, direct
from storage.tables import Campaign, ImportRun, Outbox

LONGEST_NAME = 100


async def take_import(sender: Sender, row: Outbox) -> Note:
    """Fetch a file that a coordinator sent or named, look into it, and ask where it goes."""
    url, folder = row.facts["url"], Path(row.facts["folder"])
    name = Path(row.facts.get("name") or name_in(url)).name[-LONGEST_NAME:]
    try:
        path = await _fetched(sender, url, name, folder, in_slack="name" in row.facts)
        drawn = importing.offered(await _arrived(sender, row, name, path))
    except BotError as error:
        drawn = notes.plain_words(str(error))
    await direct(sender, row, drawn)
    return None


async def _fetched(sender: Sender, url: str, name: str, folder: Path, *, in_slack: bool) -> Path:
    importer_of(Path(name))
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    path = folder / f"{token_hex(8)}{Path(name).suffix.lower()}"
    if not in_slack:
        await download(url, path)
    elif is_slacks(url, sender.client.base_url):
        await download_from_slack(url, name, sender.token, path, proxies=not is_local(url))
    else:
        raise NotFetchedError(name=name, reason="it is not kept in Slack; drop the file itself")
    return path


async def _arrived(sender: Sender, row: Outbox, name: str, path: Path) -> receiving.Arrived:
    by = By(row.lane, SLACK, sender.clock.now())
    await asyncio.to_thread(receiving.sketch, path)
    run = await sender.db.write(receiving.keep, name, path, row.facts.get("campaign"), by)
    return await sender.db.read(receiving.arrived, run)


async def say_imported(sender: Sender, row: Outbox) -> Note:
    """A file was imported, or not: how many items came, and the rows that were left out."""
    run, title = await sender.db.read(_run, row.facts["run"])
    drawn = importing.imported(run, title)
    channel = await sender.direct_channel(row.lane)
    await sender.post(channel, drawn.text, drawn.blocks)
    report = bringing.report_of(Path(run.path))
    if await asyncio.to_thread(report.exists):
        await sender.client.files_upload_v2(
            file=str(report), filename=importing.report_name(run), channel=channel
        )
        await asyncio.to_thread(report.unlink)
    return None


def _run(session: Session, run_id: int) -> tuple[ImportRun, str]:
    run = session.get_one(ImportRun, run_id)
    return run, session.get_one(Campaign, run.campaign_id).title
