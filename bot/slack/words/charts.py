"""Charts: a picture of how a campaign goes, with its words for those who do not see it."""

from __future__ import annotations

import asyncio
from pkgutil import resolve_name

from sqlmodel import Session

from bot.services import campaigning, foreseeing
from bot.services.foreseeing import Curve
from bot.slack import charted
from bot.slack.sending import Sender
from bot.slack.words.saying import Note
from storage.tables import Outbox

DRAW = "bot.slack.charting:draw"
"""Loaded when the first chart is drawn: a bot that draws none needs no room for a library."""


async def say_chart(sender: Sender, row: Outbox) -> Note:
    """Somebody asked for a chart: the picture as a file, told in its alt text."""
    curve = await sender.db.read(_curve, row.facts["campaign"], sender)
    channel = await sender.direct_channel(row.lane)
    if len(curve.days) < charted.FEWEST_DAYS:
        drawn = charted.too_early(curve)
        await sender.post(channel, drawn.text, drawn.blocks)
        return None
    picture = await asyncio.to_thread(resolve_name(DRAW), curve)
    await sender.client.files_upload_v2(
        content=picture,
        filename=f"{curve.name}.png",
        title=charted.title(curve),
        alt_txt=charted.in_words(curve),
        channel=channel,
    )
    return None


def _curve(session: Session, campaign_id: int, sender: Sender) -> Curve:
    campaign = campaigning.campaign_by_id(session, campaign_id)
    return foreseeing.curve(session, campaign, sender.clock.now())
