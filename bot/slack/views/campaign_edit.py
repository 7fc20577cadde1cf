"""The dialog that edits a running campaign."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.cron import InvalidDurationError, format_duration, parse_duration
from bot.errors import FieldsError
from bot.kinds import kind_named
from bot.quality.votes import votes_of
from bot.services.campaigns.edit import CampaignEdit
from bot.services.campaigns.qualification import PracticeChange
from bot.services.campaigns.validation import MAX_OVERLAP
from bot.services.people.retention import MAX_RETENTION_DAYS
from bot.slack.blockkit.blocks import context, modal
from bot.slack.blockkit.entries import Inputs, StateValues, parse_inputs
from bot.slack.blockkit.inputs import date_input, number_input, select_input, text_input
from bot.slack.blockkit.types import Block, InputBlock, ModalView
from bot.slack.campaign_form.quality_blocks import practice_blocks
from bot.slack.campaign_form.setting_inputs import setting_label
from bot.slack.campaign_form.shared_inputs import (
    FIELD_LABELS,
    MAX_TIMES_CHARACTERS,
    gold_input,
    max_overlap_input,
    quota_inputs,
    reminders_input,
    removal_input,
)
from bot.slack.views.campaign_changes import SKIP_POLICIES
from storage.tables import Campaign, SkipPolicy

MAX_TITLE_CHARACTERS = 80

REASONS = (("no", "No"), ("optional", "Optional"), ("required", "Required"))
YES_NO = (("yes", "Yes"), ("no", "No"))

RETENTION_HINT = (
    "This many days after the campaign is closed, the bot deletes the names, Slack ids and "
    "messages of its experts. Their answers stay, under a pseudonym. Experts who have a role, or "
    "are in a campaign that keeps them, stay. This cannot be undone. Empty: never."
)


def edit_modal(campaign: Campaign, campaign_id: int) -> ModalView:
    """Return the dialog with the present values of a campaign."""
    return modal(
        "edit_campaign",
        "Edit campaign",
        [
            *_general_inputs(campaign),
            *_kind_inputs(campaign),
            *_practice_inputs(campaign),
            _clone_hint(campaign),
        ],
        submit="Save",
        metadata=str(campaign_id),
    )


def _clone_hint(campaign: Campaign) -> Block:
    text = (
        "Other settings would change what answers so far mean. To change them, clone the campaign: "
        f"/label clone {campaign.name}"
    )
    return context(text)


def _general_inputs(campaign: Campaign) -> list[InputBlock]:
    return [
        text_input("title", "Title", value=campaign.title, max_length=MAX_TITLE_CHARACTERS),
        date_input(
            "deadline",
            "Deadline",
            chosen=campaign.deadline.date() if campaign.deadline else None,
            hint="The end of this day in UTC. Empty: none.",
            optional=True,
        ),
        number_input(
            "overlap",
            "Answers per item",
            minimum=1,
            maximum=MAX_OVERLAP,
            value=campaign.overlap,
            hint="Items that already have more keep them.",
        ),
        *_maximum_input(campaign),
        text_input(
            "lease",
            "Time limit",
            value=format_duration(campaign.lease_minutes),
            hint="Working time until an unanswered task goes to another expert, such as 2d.",
            max_length=MAX_TIMES_CHARACTERS,
        ),
        reminders_input(", ".join(map(format_duration, campaign.reminder_minutes))),
        gold_input(round(campaign.gold_share * 100)),
        select_input(
            "skips", FIELD_LABELS["skip_policy"], SKIP_POLICIES, chosen=campaign.skip_policy
        ),
        *quota_inputs(campaign.max_answers or None, campaign.max_answers_per_day or None),
        removal_input(campaign.removal_days or None),
        number_input(
            "retention_days",
            "Days until experts are erased",
            minimum=0,
            maximum=MAX_RETENTION_DAYS,
            value=campaign.retention_days,
            hint=RETENTION_HINT,
            optional=True,
        ),
    ]


def _maximum_input(campaign: Campaign) -> list[InputBlock]:
    if not votes_of(kind_named(campaign.kind).example.label):
        return []
    return [max_overlap_input(campaign.max_overlap)]


def _kind_inputs(campaign: Campaign) -> list[InputBlock]:
    settings = campaign.settings
    reason = str(settings.get("reason", "no"))
    return [
        select_input("reason", setting_label("reason"), REASONS, chosen=reason),
        *(
            select_input(key, setting_label(key), YES_NO, chosen="yes" if settings[key] else "no")
            for key in ("confidence", "write_better")
            if key in settings
        ),
    ]


def _practice_inputs(campaign: Campaign) -> list[InputBlock]:
    entries = Inputs(
        {
            "practice_questions": str(campaign.practice_questions),
            "pass_percent": str(round(campaign.practice_pass_mark * 100)),
            "practice_attempts": str(campaign.practice_attempts),
        }
    )
    return practice_blocks(campaign.kind, entries)


def parse_practice(values: StateValues, campaign: Campaign) -> PracticeChange:
    """Return the practice that was entered; no change if the dialog has no inputs for it."""
    inputs = parse_inputs(values)
    if "practice_questions" not in inputs:
        return PracticeChange()
    percent = int(inputs.required_text("pass_percent"))
    is_same_mark = percent == round(campaign.practice_pass_mark * 100)
    return PracticeChange(
        int(inputs.required_text("practice_questions")),
        campaign.practice_pass_mark if is_same_mark else percent / 100,
        int(inputs.required_text("practice_attempts")),
    )


def parse_retention(values: StateValues, campaign: Campaign) -> int | None:
    """Return the days until experts are erased that were entered, None for never.

    A dialog without the input, which an older version has opened, changes nothing.
    """
    inputs = parse_inputs(values)
    if "retention_days" not in inputs:
        return campaign.retention_days
    days = inputs.text("retention_days")
    return int(days) if days else None


def parse_edit(values: StateValues, campaign: Campaign) -> CampaignEdit:
    """Return what was entered.

    Raises:
        FieldsError, InvalidDurationError: a time is not one.
    """
    inputs = parse_inputs(values)
    day = inputs.day("deadline")
    is_same_day = campaign.deadline is not None and day == campaign.deadline.date()
    deadline = campaign.deadline if is_same_day else None
    if day and not is_same_day:
        deadline = datetime.combine(day, time(23, 59, 59), UTC)
    maximum = inputs.text("max_overlap")
    return CampaignEdit(
        title=inputs.required_text("title"),
        deadline=deadline,
        removes_deadline=day is None,
        lease=_parse_lease(inputs.required_text("lease")),
        reminders=_parse_times(inputs.text("reminders")),
        gold_share=_parse_share(inputs, campaign),
        overlap=int(inputs.required_text("overlap")),
        max_overlap=int(maximum) if maximum else None,
        target_posterior=campaign.target_posterior if maximum else None,
        skip_policy=SkipPolicy(inputs.required_text("skips")),
        removal_days=inputs.number("removal_days", 0),
        max_answers=inputs.number("max_answers", 0),
        max_answers_per_day=_parse_daily_answers(inputs, campaign),
        settings=_parse_settings(inputs),
    )


def _parse_daily_answers(inputs: Inputs, campaign: Campaign) -> int:
    """Return the most answers a day; a dialog of an older version has no input for it."""
    if "max_answers_per_day" not in inputs:
        return campaign.max_answers_per_day
    return inputs.number("max_answers_per_day", 0)


def _parse_lease(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except InvalidDurationError as error:
        raise FieldsError({"lease": str(error)}) from None


def _parse_times(text: str) -> list[timedelta]:
    return [parse_duration(part) for part in text.split(",") if part.strip()]


def _parse_share(inputs: Inputs, campaign: Campaign) -> float:
    percent = int(inputs.required_text("gold_percent"))
    return campaign.gold_share if percent == round(campaign.gold_share * 100) else percent / 100


def _parse_settings(inputs: Inputs) -> dict[str, object]:
    flags = {key: inputs[key] == "yes" for key in ("confidence", "write_better") if key in inputs}
    return {"reason": inputs.required_text("reason"), **flags}
