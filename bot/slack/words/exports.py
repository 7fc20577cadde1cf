"""Exports: what became of one, and its file."""

from __future__ import annotations

from pathlib import Path

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.services import campaigning
from bot.slack import notes
from bot.slack.client import retry_after
from bot.slack.gathering import members_of_channel
from bot.slack.sending import Sender
from bot.slack.words.saying import Note
from storage.tables import Campaign, ExportRun, Outbox

BIGGEST_UPLOAD = 50_000_000
"""Bytes of an export that are sent into Slack; a bigger one is only named."""


async def say_exported(sender: Sender, row: Outbox) -> Note:
    """An export that somebody asked for is there (or failed): what it holds, and the file."""
    run, campaign = await sender.db.read(_run, row.facts["run"])
    channel = row.facts.get("channel") or await sender.direct_channel(row.lane)
    is_blind = await _must_stay_blind(sender, row, campaign.id or 0)
    drawn = notes.exported(run, campaign.title, stays_away=is_blind)
    await sender.post(channel, drawn.text, drawn.blocks)
    if is_blind:
        return None
    data = Path(run.path) / "data.jsonl" if run.path else None
    if data and data.exists() and 0 < data.stat().st_size <= BIGGEST_UPLOAD:
        name = f"{campaign.name}-{run.format}.jsonl"
        await sender.client.files_upload_v2(file=str(data), filename=name, channel=channel)
    return None


async def _must_stay_blind(sender: Sender, row: Outbox, campaign_id: int) -> bool:
    """Say whether somebody who labels would see the names of the models."""
    channel = row.facts.get("channel")
    readers = [row.lane]
    if channel:
        try:
            readers = await members_of_channel(sender, channel)
        except SlackApiError as error:
            if retry_after(error) is not None:
                raise
            return True  # who reads there is not known
    return await sender.db.read(_any_labels, campaign_id, readers)


def _any_labels(session: Session, campaign_id: int, people: list[str]) -> bool:
    return any(campaigning.is_labelling(session, campaign_id, one) for one in people)


def _run(session: Session, run_id: int) -> tuple[ExportRun, Campaign]:
    run = session.get_one(ExportRun, run_id)
    return run, session.get_one(Campaign, run.campaign_id)
