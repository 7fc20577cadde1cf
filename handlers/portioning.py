"""Going on after one's time a day or one's batch."""

from __future__ import annotations

from bot.desk import Desk
from bot.services import portioning
from handlers.triggers import Pressed


async def go_on(desk: Desk, press: Pressed) -> None:
    """Bring the next task where the button was: the person wants more."""
    await desk.db.write(portioning.go_on, press.click)
