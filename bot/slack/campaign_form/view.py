"""The campaign form: a modal with the defaults of the chosen kind, which keeps what was entered."""

from __future__ import annotations

from datetime import date

from bot.kinds import KINDS, kind_named
from bot.kinds.label import Preference
from bot.quality.votes import votes_of
from bot.services.campaigns.validation import (
    DEFAULT_TARGET_POSTERIOR,
    MAX_REPEAT_SHARE,
)
from bot.slack.blockkit.blocks import actions, button, context, header, modal
from bot.slack.blockkit.entries import Entries, Inputs, StateValues, entered_number, parse_inputs
from bot.slack.blockkit.inputs import (
    channel_input,
    date_input,
    number_input,
    select_input,
    text_input,
    url_input,
    users_input,
)
from bot.slack.blockkit.types import Block, InputBlock, ModalView
from bot.slack.campaign_form import kind_settings
from bot.slack.campaign_form.quality_blocks import quality_blocks
from bot.slack.parsing.action_ids import Action

DEFAULT_KIND = "rating"
DEFAULT_OVERLAPS = {"demonstration": 1}
DEFAULT_OVERLAP = 3
DEFAULT_TARGET_PERCENT = round(100 * DEFAULT_TARGET_POSTERIOR)
MAX_REPEAT_PERCENT = round(100 * MAX_REPEAT_SHARE)
MIN_TARGET_PERCENT, MAX_TARGET_PERCENT = 50, 99
MAX_OVERLAP = 20
DEFAULT_REMINDERS = "4h, 8h, 12h"
ITEM_ORDERS = [
    ("imported", "As imported"),
    ("informative", "Most informative pairs of models first"),
]
EXPORT_OPTIONS = [
    ("off", "No schedule"),
    ("daily", "Every day"),
    ("weekly", "Every Monday"),
]
DEFAULT_EXPORT_TIME = "06:00"


def selected_kind(values: StateValues) -> str:
    """Return the kind that is chosen in the open form."""
    chosen = str(parse_inputs(values).get("select_kind") or "").rpartition(":")[2]
    return chosen if chosen in KINDS else DEFAULT_KIND


def campaign_modal(values: StateValues, tz: str) -> ModalView:
    """Render the form with the entries so far (`state.values`) and the coordinator's time zone."""
    kind, inputs = selected_kind(values), parse_inputs(values)
    return modal(
        "create_campaign",
        "Create campaign",
        [
            *_task_blocks(kind, inputs),
            *_guidelines_blocks(inputs),
            *_members_blocks(kind, inputs),
            *_schedule_and_quality_blocks(kind, inputs, tz),
            *_exports_blocks(inputs),
        ],
        submit="Create",
    )


def _task_blocks(kind: str, inputs: Entries) -> list[Block]:
    options = [(Action("select_kind", 0, "", name).value, name.capitalize()) for name in KINDS]
    chosen = Action("select_kind", 0, "", kind).value
    kind_input = select_input("select_kind", "Kind of task", options, chosen=chosen)
    preview_action = Action("preview_draft")
    return [
        {**kind_input, "dispatch_action": True},
        context(f"Experts {kind_named(kind).task_phrase}."),
        text_input(
            "title",
            "Name",
            value=str(inputs.get("title") or ""),
            placeholder="Good jokes",
            hint="Experts see it as it is. Commands use a short form, such as good-jokes.",
            max_length=80,
        ),
        *kind_settings.kind_settings_inputs(kind, inputs),
        actions(
            "preview_draft",
            button("Preview the task", preview_action.action_id, preview_action.value),
        ),
    ]


def _guidelines_blocks(inputs: Entries) -> list[Block]:
    return [
        header("Guidelines"),
        text_input(
            "guidelines",
            "Instructions",
            value=str(inputs.get("guidelines") or ""),
            hint="Markdown. Every task links to them, and you can change them later.",
            optional=True,
            multiline=True,
        ),
        url_input(
            "guidelines_link",
            "More info link",
            value=str(inputs.get("guidelines_link") or ""),
            optional=True,
        ),
    ]


def _compares_pairs(kind: str) -> bool:
    return isinstance(kind_named(kind).example.label, Preference)


def _members_blocks(kind: str, inputs: Inputs) -> list[Block]:
    overlap_key = kind_settings.input_key(kind, "overlap")
    return [
        header("Experts"),
        context("All of these are added. Apps and deactivated people are skipped."),
        users_input("people", "People", chosen=inputs.texts("people"), optional=True),
        text_input(
            "user_group",
            "User group",
            value=str(inputs.get("user_group") or ""),
            placeholder="@linguists",
            optional=True,
            max_length=80,
        ),
        channel_input(
            "member_channel",
            "Members of a channel",
            chosen=str(inputs.get("member_channel") or ""),
            optional=True,
        ),
        text_input(
            "domains",
            "Experts in these domains",
            value=str(inputs.get("domains") or ""),
            placeholder="medicine, law",
            hint="Adds every expert who has one of these domains. Separate them with commas.",
            optional=True,
            max_length=200,
        ),
        number_input(
            overlap_key,
            "Answers per item",
            minimum=1,
            maximum=MAX_OVERLAP,
            value=entered_number(inputs, overlap_key, DEFAULT_OVERLAPS.get(kind, DEFAULT_OVERLAP)),
        ),
        *(_pair_blocks(inputs) if _compares_pairs(kind) else ()),
        *(_adaptive_overlap_blocks(inputs) if votes_of(kind_named(kind).example.label) else ()),
    ]


def _pair_blocks(inputs: Entries) -> list[InputBlock]:
    return [
        number_input(
            "repeat_percent",
            "Repeated pairs (%)",
            minimum=0,
            maximum=MAX_REPEAT_PERCENT,
            value=entered_number(inputs, "repeat_percent", 0),
            hint="The share that an expert gets again after days, with the sides exchanged.",
        ),
        select_input(
            "item_order",
            "Order of items",
            ITEM_ORDERS,
            chosen=str(inputs.get("item_order") or "imported"),
            hint="Informative pairs separate the models with fewer votes.",
        ),
    ]


def _adaptive_overlap_blocks(inputs: Entries) -> list[InputBlock]:
    return [
        number_input(
            "max_overlap",
            "Maximum answers per item",
            minimum=2,
            maximum=MAX_OVERLAP,
            value=entered_number(inputs, "max_overlap", 0) or None,
            hint="If the answers conflict, more experts answer, up to this number. Empty: never.",
            optional=True,
        ),
        number_input(
            "target_percent",
            "Target posterior (%)",
            minimum=MIN_TARGET_PERCENT,
            maximum=MAX_TARGET_PERCENT,
            value=entered_number(inputs, "target_percent", DEFAULT_TARGET_PERCENT),
            hint="With a maximum: how probable it must be that the answers are right.",
        ),
    ]


def _schedule_and_quality_blocks(kind: str, inputs: Entries, tz: str) -> list[Block]:
    return [
        header("Schedule and quality"),
        *quality_blocks(kind, inputs),
        date_input(
            "deadline", "Deadline", chosen=_parse_date(inputs.get("deadline")), optional=True
        ),
        text_input(
            "reminders",
            "Reminders",
            value=DEFAULT_REMINDERS
            if "reminders" not in inputs
            else str(inputs["reminders"] or ""),
            hint="How much working time after a task is sent, such as 4h, 1d. Empty: none.",
            optional=True,
            max_length=100,
        ),
        text_input("tz", "Time zone", value=str(inputs.get("tz") or tz), max_length=60),
    ]


def _exports_blocks(inputs: Entries) -> list[Block]:
    return [
        header("Scheduled exports"),
        select_input(
            "export_schedule",
            "Schedule",
            EXPORT_OPTIONS,
            chosen=str(inputs.get("export_schedule") or "off"),
            hint=f"At {DEFAULT_EXPORT_TIME}. Change it with /label schedule.",
        ),
        channel_input(
            "export_channel",
            "Notify channel",
            chosen=str(inputs.get("export_channel") or ""),
            optional=True,
        ),
    ]


def _parse_date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
