"""The message with the templates of campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.campaigns.templates import TemplateSummary
from bot.slack.blockkit.blocks import actions, button, context
from bot.slack.blockkit.mentions import fallback_text, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import Block
from bot.slack.parsing.action_ids import Action

MAX_LISTED = 20
"""Templates in one message: each needs two blocks, and Slack allows 50."""

SAVED = "Saved the settings of “{title}” as the template “{name}”."
DELETED = "Deleted the template “{name}”. Campaigns that were created from it stay."
SAVE_HINT = "To save the settings of a campaign, type /label templates CAMPAIGN NAME."


def render_templates(templates: Sequence[TemplateSummary], last_change: str = "") -> Message:
    """Render the templates, each with buttons to create a campaign from it and to delete it.

    `last_change` is a sentence about the change that was just made, if any.
    """
    count = len(templates)
    heading = f"{pluralize(count, 'template')}:" if count else "There are no templates."
    text = f"{last_change} {heading}".strip()
    rows = [block for template in templates[:MAX_LISTED] for block in _template_blocks(template)]
    hidden = count - MAX_LISTED
    hint = f"… and {hidden:,} more: type /label new TEMPLATE. {SAVE_HINT}"
    lines = context(hint if hidden > 0 else SAVE_HINT)
    return Message(fallback_text(text), [text_with_mentions(text), *rows, lines])


def _template_blocks(template: TemplateSummary) -> list[Block]:
    name = template.name
    new = Action("create_campaign", 0, "", name)
    remove = Action("delete_template", 0, "", name)
    return [
        text_with_mentions(f"{name}: {template.kind}"),
        actions(
            f"template:{name}",
            button(
                "Create campaign…",
                new.action_id,
                new.value,
                accessibility_label=f"Create campaign from {name}",
            ),
            button("Delete", remove.action_id, remove.value, accessibility_label=f"Delete {name}"),
        ),
    ]
