"""Label quality: alerts and appeals to coordinators."""

from __future__ import annotations

from bot.messages.quality import AppealMessage, CampaignJumpMessage, QualityAlertMessage
from bot.services.reviews import appeals
from bot.slack.blockkit.message import Message
from bot.slack.client.sender import Sender
from bot.slack.outbox.messages.send import AfterDelivery, post_to_recipient, update_in_place
from bot.slack.views import appeals as appeals_view
from bot.slack.views import campaign_jumps as jumps_view
from bot.slack.views import quality_alerts as alerts_view
from storage.queries import campaign_jumps, quality_alerts
from storage.tables import OutboxMessage


async def deliver_quality_alert(
    sender: Sender, row: OutboxMessage, queued: QualityAlertMessage
) -> AfterDelivery:
    """Send an alert about an expert to coordinators, or update its message."""
    alert = await sender.db.read(quality_alerts.alert_by_id, queued.case_id)
    if alert is not None:
        await _deliver(sender, row, queued, alerts_view.render_quality_alert(alert))
    return None


async def deliver_campaign_jump(
    sender: Sender, row: OutboxMessage, queued: CampaignJumpMessage
) -> AfterDelivery:
    """Send a jump of a campaign to coordinators."""
    jump = await sender.db.read(campaign_jumps.campaign_jump_by_id, queued.case_id)
    if jump is not None:
        await _deliver(sender, row, queued, jumps_view.render_campaign_jump(jump))
    return None


async def deliver_appeal(
    sender: Sender, row: OutboxMessage, queued: AppealMessage
) -> AfterDelivery:
    """Send an appeal to coordinators, or update its message with the decision."""
    appeal = await sender.db.read(appeals.find_appeal, queued.case_id)
    if appeal is not None:
        await _deliver(sender, row, queued, appeals_view.render_appeal(appeal))
    return None


async def _deliver(
    sender: Sender,
    row: OutboxMessage,
    queued: QualityAlertMessage | AppealMessage | CampaignJumpMessage,
    message: Message,
) -> None:
    if queued.message_ts:
        await update_in_place(sender, row, message, (queued.channel, queued.message_ts))
    else:
        await post_to_recipient(sender, row, message, queued.channel)
