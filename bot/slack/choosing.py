"""The modal of what holds for the whole workspace, drawn and read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services.choosing import MOST_A_DAY, MOST_A_WEEK, Choices
from bot.slack.blocks import modal
from bot.slack.inputs import channel_input, choices_input, entered, number_input
from bot.slack.modals import notice_modal


def draw(now: Choices) -> dict[str, Any]:
    """Draw the modal with what holds now."""
    return modal(
        "settings",
        "Settings",
        [
            channel_input(
                "channel",
                "The coordinators' channel",
                chosen=now.channel or "",
                hint="Questions, flags and the weekly summary go there. Invite me into it first.",
                optional=True,
            ),
            number_input(
                "reminders_a_day",
                "Reminders a day at most, for each expert",
                least=0,
                most=MOST_A_DAY,
                value=now.reminders_a_day,
            ),
            number_input(
                "reminders_a_week",
                "Reminders a week at most, for each expert",
                least=0,
                most=MOST_A_WEEK,
                value=now.reminders_a_week,
            ),
            choices_input(
                "digest",
                "Weekly summary",
                [("on", "Send it to the coordinators' channel")],
                chosen=["on"] if now.digest else [],
                optional=True,
                as_ticks=True,
            ),
        ],
        submit="Save",
    )


def read(values: Mapping[str, Any]) -> Choices:
    """Return what was chosen in the modal."""
    said = entered(values)
    return Choices(
        channel=said.get("channel"),
        reminders_a_day=int(said["reminders_a_day"]),
        reminders_a_week=int(said["reminders_a_week"]),
        digest="on" in (said.get("digest") or ()),
    )


def kept(changed: Mapping[str, object]) -> dict[str, Any]:
    """Draw what the modal becomes once it was sent."""
    words = "Saved. It holds from now on." if changed else "Nothing was changed."
    return notice_modal("Settings", words)
