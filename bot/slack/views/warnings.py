"""Warnings about a campaign, with buttons for the actions that resolve them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.reports.remedies import CampaignWarning, Remedy
from bot.slack.blockkit.blocks import actions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn
from bot.slack.blockkit.types import Block, Button
from bot.slack.views.campaign_actions import REMEDIES_IN_MODAL, action_button
from bot.slack.views.campaigns_overview import format_warning

MAX_WITH_BUTTONS = 6
"""Warnings of one campaign that have buttons; Slack allows 50 blocks in a message."""


def warning_blocks(
    campaign_id: int, warnings: Sequence[CampaignWarning], *, in_modal: bool
) -> list[Block]:
    """Return the warnings of a campaign; each of the most severe has a row of buttons."""
    blocks: list[Block] = []
    for number, warning in enumerate(warnings[:MAX_WITH_BUTTONS]):
        buttons = _remedy_buttons(campaign_id, warning.remedies, in_modal=in_modal)
        blocks.append(plain_rich_text(_line(warning)))
        blocks += [actions(f"warning:{campaign_id}:{number}", *buttons)] if buttons else []
    others = warnings[MAX_WITH_BUTTONS:]
    return [*blocks, *([plain_rich_text("\n".join(map(_line, others)))] if others else [])]


def remedy_blocks(
    block_id: str, campaign_id: int, remedies: Sequence[Remedy], *, in_modal: bool
) -> list[Block]:
    """Return a row with the buttons of remedies; none without."""
    buttons = _remedy_buttons(campaign_id, remedies, in_modal=in_modal)
    return [actions(f"{block_id}:{campaign_id}", *buttons)] if buttons else []


def render_warning(title: str, campaign_id: int, warning: CampaignWarning) -> Message:
    """Render the notice about one warning."""
    text = f"⚠ “{title}”: {warning.text}."
    return Message(
        escape_mrkdwn(text),
        [
            plain_rich_text(text),
            actions(
                f"warning:{campaign_id}",
                *_remedy_buttons(campaign_id, warning.remedies, in_modal=False),
                action_button("Show status", "status", campaign_id),
            ),
        ],
    )


def _line(warning: CampaignWarning) -> str:
    return f"⚠ {format_warning(warning.text)}"


def _remedy_buttons(
    campaign_id: int, remedies: Sequence[Remedy], *, in_modal: bool
) -> list[Button]:
    return [
        action_button(remedy.label, remedy.action, campaign_id, remedy.option)
        for remedy in remedies
        if not in_modal or remedy.action in REMEDIES_IN_MODAL
    ]
