"""The app's Home tab: what waits, and the button that brings it."""

from __future__ import annotations

from bot.desk import Desk
from bot.services import overviewing, tallying
from bot.slack import home, overview
from bot.slack.blocks import Block
from handlers.triggers import Body
from storage.tables import Role


async def show_home(desk: Desk, event: Body) -> None:
    """Draw the Home tab anew each time it is opened."""
    if event.get("tab") == "home":
        person = event["user"]
        progress = await desk.db.read(tallying.progress_of, person, desk.clock.now())
        view = home.draw(progress, *await desk_of(desk, person))
        desk.soon(desk.sender.call("views.publish", {"user_id": person, "view": view}))


async def desk_of(desk: Desk, person: str) -> list[list[Block]]:
    """Draw what the Home tab shows beside the tasks: to coordinators, how campaigns go."""
    if await desk.role_of(person) != Role.COORDINATOR:
        return []
    found = await desk.db.read(overviewing.overviews, desk.clock.now())
    return [overview.home(found)]
