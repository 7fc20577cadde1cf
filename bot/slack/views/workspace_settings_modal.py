"""The modal of what holds for the whole workspace, drawn and read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services.settings.workspace_settings import (
    MAX_REMINDERS_PER_DAY,
    MAX_REMINDERS_PER_WEEK,
    WorkspaceSettings,
)
from bot.slack.blockkit.blocks import modal
from bot.slack.blockkit.inputs import channel_input, multi_select_input, number_input, parse_inputs
from bot.slack.views.task_modals import notice_modal


def settings_modal(current: WorkspaceSettings) -> dict[str, Any]:
    """Draw the modal with what holds now."""
    return modal(
        "settings",
        "Settings",
        [
            channel_input(
                "channel",
                "The coordinators' channel",
                chosen=current.channel or "",
                hint="Questions, flags and the weekly summary go there. Invite me into it first.",
                optional=True,
            ),
            number_input(
                "reminders_per_day",
                "Reminders a day at most, for each expert",
                minimum=0,
                maximum=MAX_REMINDERS_PER_DAY,
                value=current.reminders_per_day,
            ),
            number_input(
                "reminders_per_week",
                "Reminders a week at most, for each expert",
                minimum=0,
                maximum=MAX_REMINDERS_PER_WEEK,
                value=current.reminders_per_week,
            ),
            multi_select_input(
                "digest",
                "Weekly summary",
                [("on", "Send it to the coordinators' channel")],
                chosen=["on"] if current.digest else [],
                optional=True,
                as_checkboxes=True,
            ),
        ],
        submit="Save",
    )


def parse_modal(values: Mapping[str, Any]) -> WorkspaceSettings:
    """Return what was chosen in the modal."""
    inputs = parse_inputs(values)
    return WorkspaceSettings(
        channel=inputs.get("channel"),
        reminders_per_day=int(inputs["reminders_per_day"]),
        reminders_per_week=int(inputs["reminders_per_week"]),
        digest="on" in (inputs.get("digest") or ()),
    )


def saved_modal(changes: Mapping[str, object]) -> dict[str, Any]:
    """Draw what the modal becomes once it was sent."""
    text = "Saved. It holds from now on." if changes else "Nothing was changed."
    return notice_modal("Settings", text)
