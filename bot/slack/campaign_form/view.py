"""The modal that makes a campaign: good defaults from the kind, and nothing typed gets lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.kinds import KINDS, kind_named
from bot.slack.blockkit.blocks import Block, actions, button, context, header, modal
from bot.slack.blockkit.inputs import (
    channel_input,
    date_input,
    number_input,
    parse_inputs,
    select_input,
    text_input,
    url_input,
    users_input,
)
from bot.slack.campaign_form import kind_settings
from bot.slack.parsing.action_ids import Action

DEFAULT_KIND = "rating"
DEFAULT_OVERLAPS = {"demonstration": 1}
DEFAULT_OVERLAP = 3
MAX_OVERLAP = 20
MAX_GOLD_PERCENT = 50
"""Percent."""

DEFAULT_REMINDERS = "4h, 8h, 12h"
EXPORT_OPTIONS = [
    ("off", "Only when asked for"),
    ("daily", "Every day"),
    ("weekly", "Every Monday"),
]
DEFAULT_EXPORT_TIME = "06:00"


def selected_kind(values: Mapping[str, Any]) -> str:
    """Return the kind that is chosen in an open modal."""
    chosen = str(parse_inputs(values).get("kind") or "").rpartition(":")[2]
    return chosen if chosen in KINDS else DEFAULT_KIND


def campaign_modal(values: Mapping[str, Any], tz: str) -> dict[str, Any]:
    """Draw the modal with what was entered so far (`state.values`); `tz` is the coordinator's."""
    kind, inputs = selected_kind(values), parse_inputs(values)
    return modal(
        "new",
        "New campaign",
        [
            *_task_blocks(kind, inputs),
            *_guidelines_blocks(inputs),
            *_members_blocks(kind, inputs),
            *_schedule_and_quality_blocks(inputs, tz),
            *_exports_blocks(inputs),
        ],
        submit="Create",
    )


def _task_blocks(kind: str, inputs: Mapping[str, Any]) -> list[Block]:
    options = [(Action("kind", 0, "", name).value, name.capitalize()) for name in KINDS]
    chosen = Action("kind", 0, "", kind).value
    kind_input = select_input("kind", "Kind of task", options, chosen=chosen)
    preview_action = Action("look")
    return [
        {**kind_input, "dispatch_action": True},
        context(f"Experts {kind_named(kind).task_phrase}."),
        text_input(
            "title",
            "Name",
            value=str(inputs.get("title") or ""),
            placeholder="Good jokes",
            hint="What experts read. In commands, Good jokes is written good-jokes.",
            max_length=80,
        ),
        *kind_settings.kind_settings_inputs(kind, inputs),
        actions("look", button("Preview the task", preview_action.action_id, preview_action.value)),
    ]


def _guidelines_blocks(inputs: Mapping[str, Any]) -> list[Block]:
    return [
        header("Guidelines"),
        text_input(
            "guidelines",
            "What experts should know",
            value=str(inputs.get("guidelines") or ""),
            hint="Markdown. One tap away on every task; can be changed later.",
            optional=True,
            multiline=True,
        ),
        url_input(
            "guidelines_link",
            "A link to more",
            value=str(inputs.get("guidelines_link") or ""),
            optional=True,
        ),
    ]


def _members_blocks(kind: str, inputs: Mapping[str, Any]) -> list[Block]:
    overlap_key = kind_settings.input_key(kind, "overlap")
    return [
        header("Who answers"),
        context("All of these together. Apps and people who left are left out."),
        users_input("people", "People", chosen=inputs.get("people") or (), optional=True),
        text_input(
            "group",
            "A user group",
            value=str(inputs.get("group") or ""),
            placeholder="@linguists",
            optional=True,
            max_length=80,
        ),
        channel_input(
            "pool_channel",
            "The members of a channel",
            chosen=str(inputs.get("pool_channel") or ""),
            optional=True,
        ),
        text_input(
            "domains",
            "Everybody who knows",
            value=str(inputs.get("domains") or ""),
            placeholder="medicine, law",
            hint="Domains of experts I know already, with commas between.",
            optional=True,
            max_length=200,
        ),
        number_input(
            overlap_key,
            "Experts for each item",
            minimum=1,
            maximum=MAX_OVERLAP,
            value=_parse_number(
                inputs.get(overlap_key), DEFAULT_OVERLAPS.get(kind, DEFAULT_OVERLAP)
            ),
        ),
    ]


def _schedule_and_quality_blocks(inputs: Mapping[str, Any], tz: str) -> list[Block]:
    return [
        header("How it goes"),
        number_input(
            "gold",
            "Gold, in percent",
            minimum=0,
            maximum=MAX_GOLD_PERCENT,
            value=_parse_number(inputs.get("gold"), 0),
            hint="How many of the tasks are ones whose answer is known, mixed in unseen.",
        ),
        date_input(
            "deadline", "Deadline", chosen=_parse_date(inputs.get("deadline")), optional=True
        ),
        text_input(
            "reminders",
            "Remind after",
            value=DEFAULT_REMINDERS
            if "reminders" not in inputs
            else str(inputs["reminders"] or ""),
            hint="In working hours only, such as 4h, 1d. Empty: never.",
            optional=True,
            max_length=100,
        ),
        text_input("tz", "Time zone", value=str(inputs.get("tz") or tz), max_length=60),
    ]


def _exports_blocks(inputs: Mapping[str, Any]) -> list[Block]:
    return [
        header("Datasets"),
        select_input(
            "export",
            "Export by itself",
            EXPORT_OPTIONS,
            chosen=str(inputs.get("export") or "off"),
            hint=f"At {DEFAULT_EXPORT_TIME}. Can be changed with /label schedule.",
        ),
        channel_input(
            "export_channel",
            "Tell it in a channel",
            chosen=str(inputs.get("export_channel") or ""),
            optional=True,
        ),
    ]


def _parse_number(value: object, default: int) -> int:
    return int(value) if isinstance(value, str) and value.isdecimal() else default


def _parse_date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
