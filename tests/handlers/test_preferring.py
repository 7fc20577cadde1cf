"""The settings of an expert: a window, from home or typed for, and what is sent in it."""

from __future__ import annotations

from typing import Any

from bot.slack.ids import Press
from storage.tables import Expert
from tests.handlers.front import Front, happened, in_view, submitted

ENTERED: dict[str, dict[str, Any]] = {
    "days": {"type": "checkboxes", "selected_options": [{"value": "1"}, {"value": "6"}]},
    "starts": {"type": "timepicker", "selected_time": "07:30"},
    "ends": {"type": "timepicker", "selected_time": "12:00"},
    "tz": {"type": "plain_text_input", "value": "Asia/Tokyo"},
    "minutes": {"type": "number_input", "value": "30"},
    "batch": {"type": "number_input", "value": None},
    "reminders": {"type": "radio_buttons", "selected_option": {"value": "off"}},
    "locale": {"type": "static_select", "selected_option": {"value": "en"}},
}


def sent(person: str, **changes: dict[str, Any]) -> dict[str, Any]:
    """Return the window as it is sent."""
    body = submitted(person, "hours", "{}")
    entered = {**ENTERED, **changes}
    body["view"]["state"]["values"] = {key: {key: element} for key, element in entered.items()}
    return body


async def test_the_window_opens_from_home_and_when_typed_for(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    await front.sends(in_view(ada.id, Press("hours"), {"type": "home"}))
    assert await front.says(ada.id, "hours") == ""
    await front.desk.finish()
    assert len(front.called("views.open")) == 2


async def test_what_is_sent_is_kept_and_shown_at_home(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    await front.sends(happened({"type": "app_home_opened", "user": ada.id, "tab": "home"}))
    await front.sends(sent(ada.id))
    (row,) = front.line.workshop.rows(Expert)
    assert (row.day_starts, row.day_ends, row.days, row.tz) == (450, 720, [1, 6], "Asia/Tokyo")
    assert (row.budget_minutes, row.batch_size, row.wants_reminders) == (30, None, False)
    ada.sees("Monday and Saturday, 07:30 to 12:00 (Asia/Tokyo)")


async def test_what_is_wrong_is_told_at_its_field(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    answer = await front.sends(sent(ada.id, tz={"type": "plain_text_input", "value": "Mars"}))
    assert '"tz"' in answer.body
    assert front.line.workshop.rows(Expert)[0].day_starts == 9 * 60


async def test_a_stranger_has_nothing_to_choose(front: Front) -> None:
    assert "in no campaign yet" in await front.says("U1", "hours")
