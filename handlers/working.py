"""The next task, for whoever types for it."""

from __future__ import annotations

from bot.desk import Desk
from bot.services import assigning, tallying
from bot.slack import home
from handlers.triggers import Commanded


async def bring_next(desk: Desk, command: Commanded) -> str:
    """Bring the next task as a new message."""
    progress = await desk.db.read(tallying.progress_of, command.person, command.at)
    if progress is None:
        return home.NOBODY
    facts = {"asked": True}
    await desk.db.write(assigning.ask, "task", lane=command.person, facts=facts, now=command.at)
    return "Here it comes, in our direct messages."
