"""What an edit changed in a campaign, and the result of a clone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.clock import format_day
from bot.cron import format_duration
from bot.services.campaigns.edit import Difference
from bot.services.campaigns.qualification import describe_missing_gold
from bot.slack.blockkit.blocks import actions, button
from bot.slack.blockkit.mentions import fallback_text, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.campaign_form.setting_inputs import setting_label
from bot.slack.campaign_form.shared_inputs import FIELD_LABELS
from bot.slack.parsing.action_ids import Action
from storage.tables import Campaign, SkipPolicy

SKIP_POLICIES = (
    (SkipPolicy.REASSIGN.value, "Other experts get it"),
    (SkipPolicy.HOLD.value, "Put it on hold"),
)
"""What happens to items that are skipped as unclear: stored values, and their labels."""


def render_edited(
    campaign: Campaign, differences: Sequence[Difference], missing_gold: int = 0
) -> Message:
    """Render what changed in a campaign.

    `missing_gold` is how many more gold items its practice needs, which matters if it changed.
    """
    if not differences:
        text = f"Nothing changed in “{campaign.title}”."
        return Message(fallback_text(text), [text_with_mentions(text)])
    lines = [
        f"{FIELD_LABELS[one.field]}: {_format(one.field, one.before)} → "
        f"{_format(one.field, one.after)}"
        for one in differences
        if one.field != "settings"
    ]
    settings = [
        line for one in differences if one.field == "settings" for line in _setting_lines(one)
    ]
    changes_practice = any(one.field == "practice_questions" for one in differences)
    warnings = [describe_missing_gold(missing_gold)] if changes_practice and missing_gold else []
    text = "\n".join(
        [f"Changed “{campaign.title}”.", *lines, *settings, *(f"⚠ {one}" for one in warnings)]
    )
    return Message(fallback_text(text), [text_with_mentions(text)])


def _setting_lines(difference: Difference) -> list[str]:
    return [
        f"{setting_label(key)}: {_format('', difference.before.get(key))} → {_format('', value)}"
        for key, value in difference.after.items()
        if value != difference.before.get(key)
    ]


def _format(field: str, value: object) -> str:
    match value:
        case None | []:
            text = "none"
        case 0 if field in ("removal_days", "max_answers", "max_answers_per_day"):
            text = "none"
        case str() if field == "skip_policy":
            text = dict(SKIP_POLICIES)[value]
        case bool():
            text = "yes" if value else "no"
        case datetime():
            text = format_day(value.date())
        case float():
            text = f"{value:.0%}"
        case int() if field == "lease_minutes":
            text = format_duration(value)
        case list() if field == "reminder_minutes":
            text = ", ".join(map(format_duration, value))
        case _:
            text = str(value)
    return text


def render_cloned(campaign: Campaign, campaign_id: int, source: str) -> Message:
    """Render the result of a clone, with buttons for the next steps."""
    text = (
        f"Created “{campaign.title}” ({campaign.name}) like “{source}”: the same settings and "
        "people, no items yet."
    )
    labels = {"import_items": "Import items…", "edit_campaign": "Edit campaign…"}
    buttons = [
        button(label, name, Action(name, campaign_id, "", _option(name, campaign_id)).value)
        for name, label in labels.items()
    ]
    row = actions(f"cloned:{campaign_id}", *buttons)
    return Message(fallback_text(text), [text_with_mentions(text), row])


def _option(name: str, campaign_id: int) -> str:
    return str(campaign_id) if name == "import_items" else ""
