"""The app's Home tab: what waits, and the button that brings it."""

from __future__ import annotations

from bot.desk import Desk
from bot.services import tallying
from bot.slack import home
from handlers.triggers import Body


async def show_home(desk: Desk, event: Body) -> None:
    """Draw the Home tab anew each time it is opened."""
    if event.get("tab") == "home":
        person = event["user"]
        progress = await desk.db.read(tallying.progress_of, person, desk.clock.now())
        view = home.draw(progress)
        desk.soon(desk.sender.call("views.publish", {"user_id": person, "view": view}))
