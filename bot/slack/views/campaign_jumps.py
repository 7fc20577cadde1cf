"""Jumps of a campaign as coordinators see them."""

from __future__ import annotations

from bot.slack.blockkit.blocks import actions, button, context
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn
from bot.slack.parsing.action_ids import Action
from storage.queries.campaign_jumps import CampaignJumpRow
from storage.row_id import id_of

ADVICE = (
    "It may be an improvement, or the items may be different. All answers count until you exclude "
    "some. The week is reported only once."
)


def render_campaign_jump(row: CampaignJumpRow) -> Message:
    """Render a jump, with buttons for the status and for excluding answers."""
    text = f"“{row.campaign.title}”: {row.jump.text}."
    campaign_id = id_of(row.campaign)
    exclude, status = Action("exclude", campaign_id), Action("status", campaign_id)
    return Message(
        escape_mrkdwn(text),
        [
            plain_rich_text(text),
            context(ADVICE),
            actions(
                f"campaign_jump:{row.jump.id}",
                button("Show status", status.action_id, status.value),
                button("Exclude answers…", exclude.action_id, exclude.value),
            ),
        ],
    )
