"""What can be typed after /label."""

from __future__ import annotations

from bot.desk import Desk
from bot.errors import BotError
from bot.services import exporting, reporting, tallying
from bot.slack import home
from handlers.triggers import Commanded
from storage.queries import telling

HELP = (
    "*/label next* brings your next task\n"
    "*/label status* tells what you did and what waits\n"
    "*/label help* shows this"
)
COORDINATOR_HELP = (
    "\n\nFor coordinators:\n"
    "*/label status* also tells how each campaign goes\n"
    "*/label export CAMPAIGN [FORMAT]* sends you a dataset; formats: sft, preference, rating, "
    "annotations"
)


class NotCoordinatorError(BotError):
    """Only coordinators can use `/label {word}`; ask one of them to do it for you."""


class NoCampaignNamedError(BotError):
    """Say which campaign: `/label export CAMPAIGN`. The campaigns are {names}."""


async def give_help(desk: Desk, command: Commanded) -> str:
    """Say what can be typed; for an unknown word, say so first."""
    word = command.words[0].lower() if command.words else "help"
    unknown = "" if word == "help" else "I do not know that word. This is what I know:\n\n"
    is_coordinator = desk.is_coordinator(command.person)
    return f"{unknown}{HELP}{COORDINATOR_HELP if is_coordinator else ''}"


async def bring_next(desk: Desk, command: Commanded) -> str:
    """Bring the next task as a new message."""
    progress = await desk.db.read(tallying.progress_of, command.person, command.at)
    if progress is None:
        return home.NOBODY
    facts = {"asked": True}
    await desk.db.write(telling.put, "task", lane=command.person, facts=facts, now=command.at)
    return "Here it comes, in our direct messages."


async def tell_status(desk: Desk, command: Commanded) -> str:
    """Tell people how far they are, and coordinators how far the campaigns are."""
    progress = await desk.db.read(tallying.progress_of, command.person, command.at)
    own = home.in_words(progress) if progress else home.NOBODY
    if not desk.is_coordinator(command.person):
        return own
    campaigns = await desk.db.read(reporting.all_statuses)
    return "\n".join([own if progress else "", *map(home.campaign_in_words, campaigns)]).strip()


async def export(desk: Desk, command: Commanded) -> str:
    """Start an export; the result comes as a message."""
    if not desk.is_coordinator(command.person):
        raise NotCoordinatorError(word="export")
    _word, *rest = command.words
    if not rest:
        names = [status.name for status in await desk.db.read(reporting.all_statuses)]
        raise NoCampaignNamedError(names=", ".join(names) or "none yet")
    name, form = rest[0], rest[1] if len(rest) > 1 else None
    asked = await desk.db.write(
        exporting.request_by_name,
        name,
        form,
        directory=str(desk.settings.exports_dir),
        requested_by=command.person,
        now=command.at,
    )
    return f"Exporting {asked}. I'll message you when it is there."
