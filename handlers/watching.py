"""How far people and campaigns are, for whoever types for it."""

from __future__ import annotations

from bot.desk import Desk
from bot.services import reporting, tallying
from bot.slack import home
from handlers.triggers import Commanded
from storage.tables import Role


async def tell_status(desk: Desk, command: Commanded) -> str:
    """Tell people how far they are, and coordinators how far the campaigns are."""
    progress = await desk.db.read(tallying.progress_of, command.person, command.at)
    own = home.in_words(progress) if progress else home.NOBODY
    if await desk.role_of(command.person) != Role.COORDINATOR:
        return own
    campaigns = await desk.db.read(reporting.statuses)
    return "\n".join([own if progress else "", *map(home.campaign_in_words, campaigns)]).strip()
