"""The settings of the workspace, changed in their modal."""

from __future__ import annotations

from typing import Any

from bot.services.choosing import Choices, choices
from bot.slack.ids import Press
from tests.handlers.front import COORDINATOR, Front, submitted


def sent(day: str, week: str) -> dict[str, Any]:
    """Return the modal, filled."""
    body = submitted(COORDINATOR, "settings", "{}")
    numbers = {"reminders_a_day": day, "reminders_a_week": week}
    body["view"]["state"]["values"] = {
        "channel": {"channel": {"type": "conversations_select", "selected_conversation": "C1"}},
        **{name: {name: {"type": "number_input", "value": n}} for name, n in numbers.items()},
        "digest": {"digest": {"type": "checkboxes", "selected_options": []}},
    }
    return body


async def test_what_is_chosen_holds(front: Front) -> None:
    answer = await front.sends(sent("1", "3"))
    assert "Saved" in answer.body
    assert front.line.database.read_now(choices) == Choices("C1", 1, 3, digest=False)


async def test_a_button_opens_what_is_typed_for(front: Front) -> None:
    await front.says(COORDINATOR, "settings")
    await front.presses(COORDINATOR, Press("settings"))
    typed, pressed = (call["view"] for call in front.called("views.open"))
    assert typed == pressed


async def test_what_is_wrong_is_said_at_its_field(front: Front) -> None:
    answer = await front.sends(sent("5", "3"))
    assert '"errors":{"reminders_a_week":"A week cannot have fewer' in answer.body
    assert front.line.database.read_now(choices) == Choices()
