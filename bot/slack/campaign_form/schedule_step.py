"""The third step of the campaign form: deadline, exports and reminders; quality on request."""

from __future__ import annotations

from datetime import date

from bot.services.campaigns.validation import MAX_REMOVAL_DAYS
from bot.slack.blockkit.blocks import header
from bot.slack.blockkit.entries import number_within
from bot.slack.blockkit.inputs import (
    channel_input,
    date_input,
    select_input,
    text_input,
)
from bot.slack.blockkit.types import Block
from bot.slack.campaign_form.form import CampaignForm
from bot.slack.campaign_form.quality_blocks import quality_blocks
from bot.slack.campaign_form.shared_inputs import reminders_input, removal_input

EXPORT_OPTIONS = [
    ("off", "No schedule"),
    ("daily", "Every day"),
    ("weekly", "Every Monday"),
]
DEFAULT_EXPORT_TIME = "06:00"
MAX_TIME_ZONE_CHARACTERS = 60


def main_blocks(form: CampaignForm) -> list[Block]:
    """Return the inputs that every campaign needs."""
    inputs = form.inputs
    return [
        date_input(
            "deadline", "Deadline", chosen=_parse_date(inputs.text("deadline")), optional=True
        ),
        select_input(
            "export_schedule",
            "Scheduled exports",
            EXPORT_OPTIONS,
            chosen=inputs.text("export_schedule"),
            hint=f"At {DEFAULT_EXPORT_TIME}. Change it with /label schedule.",
        ),
        channel_input(
            "export_channel",
            "Notify channel",
            chosen=inputs.text("export_channel"),
            optional=True,
        ),
        text_input("tz", "Time zone", value=inputs.text("tz"), max_length=MAX_TIME_ZONE_CHARACTERS),
    ]


def more_blocks(form: CampaignForm) -> list[Block]:
    """Return the inputs that few campaigns need."""
    return [
        reminders_input(form.inputs.text("reminders")),
        removal_input(number_within(form.inputs, "removal_days", 1, MAX_REMOVAL_DAYS)),
        header("Quality"),
        *quality_blocks(form.kind, form.inputs),
    ]


def _parse_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
