"""The app's Home tab: drawn when it is opened, and again when something on it changed."""

from __future__ import annotations

from datetime import timedelta

from bot.desk import Desk
from bot.services import overviewing, recalling, visiting
from bot.slack import home, overview
from bot.slack.blocks import Block
from handlers.triggers import Body, Pressed
from storage.tables import Role

OPEN_FOR = timedelta(hours=1)
"""How long a Home tab is taken to be open still."""


async def show_home(desk: Desk, event: Body) -> None:
    """Draw the Home tab anew each time it is opened."""
    if event.get("tab") == "home":
        desk.visitors[event["user"]] = desk.clock.now()
        desk.soon(draw(desk, event["user"]))


async def draw_again(desk: Desk, person: str) -> None:
    """Draw the Home tab again for somebody who may be looking at it."""
    opened = desk.visitors.get(person)
    if opened is None:
        return
    if desk.clock.now() - opened > OPEN_FOR:
        del desk.visitors[person]
    else:
        desk.soon(draw(desk, person))


async def draw(desk: Desk, person: str) -> None:
    """Draw the Home tab of a person."""
    found = await desk.db.read(visiting.visit, person, desk.clock.now())
    view = home.draw(found, *await desk_of(desk, person))
    await desk.sender.call("views.publish", {"user_id": person, "view": view})


async def desk_of(desk: Desk, person: str) -> list[list[Block]]:
    """Draw what the Home tab shows beside the tasks: to coordinators, how campaigns go."""
    if await desk.role_of(person) != Role.COORDINATOR:
        return []
    found = await desk.db.read(overviewing.overviews, desk.clock.now())
    return [overview.home(found)]


async def change(desk: Desk, press: Pressed) -> None:
    """Bring an answer back as a message, to change it."""
    await desk.db.write(recalling.bring_back, press.button.assignment, press.click)
