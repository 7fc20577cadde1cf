"""The workspace settings modal: rendering and parsing."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services.settings.workspace_settings import (
    MAX_REMINDERS_PER_DAY,
    MAX_REMINDERS_PER_WEEK,
    WorkspaceSettings,
)
from bot.slack.blockkit.blocks import modal
from bot.slack.blockkit.inputs import (
    StateValues,
    channel_input,
    multi_select_input,
    number_input,
    parse_inputs,
)
from bot.slack.blockkit.types import ModalView
from bot.slack.views.task_modals import notice_modal


def settings_modal(current: WorkspaceSettings) -> ModalView:
    """Return the modal with the current settings."""
    return modal(
        "workspace_settings",
        "Edit settings",
        [
            channel_input(
                "channel",
                "Coordinators' channel",
                chosen=current.channel or "",
                hint="For questions, flags and the weekly summary. Invite the bot to it first.",
                optional=True,
            ),
            number_input(
                "reminders_per_day",
                "Maximum reminders per expert and day",
                minimum=0,
                maximum=MAX_REMINDERS_PER_DAY,
                value=current.reminders_per_day,
            ),
            number_input(
                "reminders_per_week",
                "Maximum reminders per expert and week",
                minimum=0,
                maximum=MAX_REMINDERS_PER_WEEK,
                value=current.reminders_per_week,
            ),
            multi_select_input(
                "digest",
                "Weekly summary",
                [("on", "Send to the coordinators' channel")],
                chosen=["on"] if current.digest else [],
                optional=True,
                as_checkboxes=True,
            ),
        ],
        submit="Save",
    )


def parse_modal(values: StateValues) -> WorkspaceSettings:
    """Parse the submitted settings."""
    inputs = parse_inputs(values)
    return WorkspaceSettings(
        channel=inputs.get("channel"),
        reminders_per_day=int(inputs["reminders_per_day"]),
        reminders_per_week=int(inputs["reminders_per_week"]),
        digest="on" in (inputs.get("digest") or ()),
    )


def saved_modal(changes: Mapping[str, object]) -> ModalView:
    """Return the notice that replaces the modal when it was submitted."""
    text = "Saved. The new settings apply now." if changes else "No settings were changed."
    return notice_modal("Edit settings", text)
