"""Exports: what became of one, and its file."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from bot.services import campaigning
from bot.slack import notes
from bot.slack.sending import Sender
from bot.slack.words.saying import Note
from storage.tables import Campaign, ExportRun, Outbox

BIGGEST_UPLOAD = 50_000_000
"""Bytes of an export that are sent into Slack; a bigger one is only named."""


async def say_exported(sender: Sender, row: Outbox) -> Note:
    """An export that somebody asked for is there (or failed): what it holds, and the file."""
    run, campaign = await sender.db.read(_run, row.facts["run"])
    channel = await sender.direct_channel(row.lane)
    is_blind = await sender.db.read(campaigning.is_labelling, campaign.id or 0, row.lane)
    drawn = notes.exported(run, campaign.title, stays_away=is_blind)
    await sender.post(channel, drawn.text, drawn.blocks)
    if is_blind:
        return None
    data = Path(run.path) / "data.jsonl" if run.path else None
    if data and data.exists() and 0 < data.stat().st_size <= BIGGEST_UPLOAD:
        name = f"{campaign.name}-{run.format}.jsonl"
        await sender.client.files_upload_v2(file=str(data), filename=name, channel=channel)
    return None


def _run(session: Session, run_id: int) -> tuple[ExportRun, Campaign]:
    run = session.get_one(ExportRun, run_id)
    return run, session.get_one(Campaign, run.campaign_id)
