"""What experts choose for themselves."""

from __future__ import annotations

from bot.desk import Desk
from bot.services import preferring, resting
from bot.slack import preferring as windows
from bot.slack.opening import open_view
from handlers.triggers import Answer, Commanded, Pressed, Submitted
from handlers.visiting import draw_again


async def open_settings(desk: Desk, press: Pressed) -> None:
    """Open the settings, from the Home tab."""
    await _open(desk, press.click.person, press.trigger_id, press.click.response_url)


async def type_settings(desk: Desk, command: Commanded) -> None:
    """Open the settings, typed for."""
    await _open(desk, command.person, command.trigger_id, command.response_url)


async def _open(desk: Desk, person: str, trigger_id: str, response_url: str | None) -> None:
    expert = await desk.db.read(resting.expert_called, person)
    view = windows.settings_modal(preferring.preferences_of(expert), expert.tz)
    desk.soon(open_view(desk.sender, trigger_id, view, response_url))


async def submit_settings(desk: Desk, submitted: Submitted) -> Answer:
    """Keep what was chosen."""
    wanted = windows.preferences_from(submitted.values)
    click = submitted.click
    await desk.db.write(preferring.prefer, click.person, wanted, click.at)
    await draw_again(desk, click.person)
    return None
