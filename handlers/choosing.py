"""What holds for the whole workspace: looked at and changed in a modal."""

from __future__ import annotations

from bot.desk import Desk
from bot.services import choosing
from bot.slack import choosing as drawn
from bot.slack.opening import open_view
from handlers.triggers import Answer, Commanded, Pressed, Said, Submitted


async def open_settings(desk: Desk, command: Commanded) -> Said:
    """Open the modal with what holds now."""
    view = drawn.draw(await desk.db.read(choosing.choices))
    desk.soon(open_view(desk.sender, command.trigger_id, view, command.response_url))
    return None


async def press_settings(desk: Desk, press: Pressed) -> None:
    """Open the modal with what holds now, from a button."""
    view = drawn.draw(await desk.db.read(choosing.choices))
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def submit_settings(desk: Desk, submitted: Submitted) -> Answer:
    """Keep what was chosen."""
    wanted = drawn.read(submitted.values)
    changed = await desk.db.write(choosing.choose, wanted, submitted.by)
    return {"response_action": "update", "view": drawn.kept(changed)}
