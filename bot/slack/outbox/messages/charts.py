"""Progress charts of campaigns, uploaded as images with alt text."""

from __future__ import annotations

import asyncio
from pkgutil import resolve_name

from sqlmodel import Session

from bot.messages.charts import ChartMessage
from bot.services.campaigns import campaigns
from bot.services.reports import forecast
from bot.services.reports.forecast import ProgressCurve
from bot.slack.charts import alt_text
from bot.slack.client.sender import Sender
from bot.slack.client.uploads import FileUpload
from bot.slack.outbox.messages.send import AfterDelivery, send_file
from storage.tables import OutboxMessage

CHART_RENDERER = "bot.slack.charts.png:render_png"
"""Loaded with the first chart, so that other bots need no memory for the imaging library."""

CHART_FAILED_TEXT = "Slack did not accept the chart. {alt}"


async def deliver_chart(sender: Sender, row: OutboxMessage, queued: ChartMessage) -> AfterDelivery:
    """Upload the chart that somebody asked for, or say that it is too early for one."""
    curve = await sender.db.read(_read_curve, queued.campaign_id, sender)
    channel = await sender.direct_channel(row.recipient)
    if len(curve.days) < alt_text.MIN_DAYS:
        message = alt_text.render_too_early(curve)
        await sender.post(channel, message.text, message.blocks)
        return None
    image = await asyncio.to_thread(resolve_name(CHART_RENDERER), curve)
    alt = alt_text.build_alt_text(curve)
    title = alt_text.build_file_title(curve)
    file = FileUpload(f"{curve.name}.png", image, title, alt)
    await send_file(sender, row, file, CHART_FAILED_TEXT.format(alt=alt), channel)
    return None


def _read_curve(session: Session, campaign_id: int, sender: Sender) -> ProgressCurve:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    return forecast.progress_curve(session, campaign, sender.clock.now())
