"""The modal that makes a campaign: good defaults from the kind, and nothing typed gets lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.kinds import KINDS, kind_named
from bot.slack import tuning
from bot.slack.blocks import Block, actions, button, context, header, modal
from bot.slack.ids import Press
from bot.slack.inputs import (
    channel_input,
    choice_input,
    date_input,
    entered,
    link_input,
    number_input,
    people_input,
    text_input,
)

FIRST_KIND = "rating"
OVERLAPS = {"demonstration": 1}
USUAL_OVERLAP = 3
MOST_OVERLAP = 20
MOST_GOLD = 50
"""Percent."""

REMINDERS = "4h, 8h, 12h"
EXPORTS = [("off", "Only when asked for"), ("daily", "Every day"), ("weekly", "Every Monday")]
EXPORT_AT = "06:00"


def kind_in(values: Mapping[str, Any]) -> str:
    """Return the kind that is chosen in an open modal."""
    chosen = str(entered(values).get("kind") or "").rpartition(":")[2]
    return chosen if chosen in KINDS else FIRST_KIND


def draw(values: Mapping[str, Any], tz: str) -> dict[str, Any]:
    """Draw the modal with what was entered so far (`state.values`); `tz` is the coordinator's."""
    kind, said = kind_in(values), entered(values)
    return modal(
        "new",
        "New campaign",
        [
            *_what(kind, said),
            *_guidelines(said),
            *_who(kind, said),
            *_how(said, tz),
            *_datasets(said),
        ],
        submit="Create",
    )


def _what(kind: str, said: Mapping[str, Any]) -> list[Block]:
    options = [(Press("kind", 0, "", name).value, name.capitalize()) for name in KINDS]
    chosen = Press("kind", 0, "", kind).value
    picked = choice_input("kind", "Kind of task", options, chosen=chosen)
    look = Press("look")
    return [
        {**picked, "dispatch_action": True},
        context(f"Experts {kind_named(kind).asks}."),
        text_input(
            "title",
            "Name",
            value=str(said.get("title") or ""),
            placeholder="Good jokes",
            hint="What experts read. In commands, Good jokes is written good-jokes.",
            most=80,
        ),
        *tuning.draw(kind, said),
        actions("look", button("Preview the task", look.action_id, look.value)),
    ]


def _guidelines(said: Mapping[str, Any]) -> list[Block]:
    return [
        header("Guidelines"),
        text_input(
            "guidelines",
            "What experts should know",
            value=str(said.get("guidelines") or ""),
            hint="Markdown. One tap away on every task; can be changed later.",
            optional=True,
            multiline=True,
        ),
        link_input(
            "guidelines_link",
            "A link to more",
            value=str(said.get("guidelines_link") or ""),
            optional=True,
        ),
    ]


def _who(kind: str, said: Mapping[str, Any]) -> list[Block]:
    overlap = tuning.key_of(kind, "overlap")
    return [
        header("Who answers"),
        context("All of these together. Apps and people who left are left out."),
        people_input("people", "People", chosen=said.get("people") or (), optional=True),
        text_input(
            "group",
            "A user group",
            value=str(said.get("group") or ""),
            placeholder="@linguists",
            optional=True,
            most=80,
        ),
        channel_input(
            "pool_channel",
            "The members of a channel",
            chosen=str(said.get("pool_channel") or ""),
            optional=True,
        ),
        text_input(
            "domains",
            "Everybody who knows",
            value=str(said.get("domains") or ""),
            placeholder="medicine, law",
            hint="Domains of experts I know already, with commas between.",
            optional=True,
            most=200,
        ),
        number_input(
            overlap,
            "Experts for each item",
            least=1,
            most=MOST_OVERLAP,
            value=_number(said.get(overlap), OVERLAPS.get(kind, USUAL_OVERLAP)),
        ),
    ]


def _how(said: Mapping[str, Any], tz: str) -> list[Block]:
    return [
        header("How it goes"),
        number_input(
            "gold",
            "Gold, in percent",
            least=0,
            most=MOST_GOLD,
            value=_number(said.get("gold"), 0),
            hint="How many of the tasks are ones whose answer is known, mixed in unseen.",
        ),
        date_input("deadline", "Deadline", chosen=_day(said.get("deadline")), optional=True),
        text_input(
            "reminders",
            "Remind after",
            value=REMINDERS if "reminders" not in said else str(said["reminders"] or ""),
            hint="In working hours only, such as 4h, 1d. Empty: never.",
            optional=True,
            most=100,
        ),
        text_input("tz", "Time zone", value=str(said.get("tz") or tz), most=60),
    ]


def _datasets(said: Mapping[str, Any]) -> list[Block]:
    return [
        header("Datasets"),
        choice_input(
            "export",
            "Export by itself",
            EXPORTS,
            chosen=str(said.get("export") or "off"),
            hint=f"At {EXPORT_AT}. Can be changed with /label schedule.",
        ),
        channel_input(
            "export_channel",
            "Tell it in a channel",
            chosen=str(said.get("export_channel") or ""),
            optional=True,
        ),
    ]


def _number(said: object, default: int) -> int:
    return int(said) if isinstance(said, str) and said.isdecimal() else default


def _day(said: object) -> date | None:
    return date.fromisoformat(said) if isinstance(said, str) else None
