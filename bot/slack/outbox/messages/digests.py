"""The weekly summary."""

from __future__ import annotations

from bot.messages.digests import DigestMessage
from bot.services.reports import digest
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.send import AfterDelivery, post_to_recipient
from bot.slack.views import digest as digest_view
from storage.tables import OutboxMessage


async def deliver_digest(
    sender: Sender, row: OutboxMessage, queued: DigestMessage
) -> AfterDelivery:
    """Send the summary of the last seven days, unless nothing happened."""
    week = await sender.db.read(digest.weekly_digest, sender.clock.now())
    if not week.is_empty:
        await post_to_recipient(sender, row, digest_view.render_digest(week), queued.channel)
    return None
