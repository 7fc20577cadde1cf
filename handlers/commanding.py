"""What can be typed after /label."""

from __future__ import annotations

from sqlmodel import Session

from bot import schedule
from bot.desk import Desk
from bot.errors import BotError
from bot.services import assigning, campaigning, reporting, scheduling, tallying
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.services.scheduling import Wanted
from bot.slack import home
from handlers.triggers import Commanded

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
    await desk.db.write(assigning.ask, "task", lane=command.person, facts=facts, now=command.at)
    return "Here it comes, in our direct messages."


async def tell_status(desk: Desk, command: Commanded) -> str:
    """Tell people how far they are, and coordinators how far the campaigns are."""
    progress = await desk.db.read(tallying.progress_of, command.person, command.at)
    own = home.in_words(progress) if progress else home.NOBODY
    if not desk.is_coordinator(command.person):
        return own
    campaigns = await desk.db.read(reporting.statuses)
    return "\n".join([own if progress else "", *map(home.campaign_in_words, campaigns)]).strip()


async def export(desk: Desk, command: Commanded) -> str:
    """Start an export; the result comes as a message."""
    if not desk.is_coordinator(command.person):
        raise NotCoordinatorError(word="export")
    _word, *rest = command.words
    if not rest:
        names = [status.name for status in await desk.db.read(reporting.statuses)]
        raise NoCampaignNamedError(names=", ".join(names) or "none yet")
    asked = await desk.db.write(_request, desk, command, rest[0], rest[1] if rest[1:] else None)
    desk.soon(schedule.export(desk))
    return f"Exporting {rest[0]} as {asked}. I'll message you when it is there."


def _request(session: Session, desk: Desk, command: Commanded, name: str, asked: str | None) -> str:
    """Queue the export; without a format take the first that suits the campaign."""
    campaign = campaigning.campaign_named(session, name)
    chosen = asked or scheduling.formats_for(campaign.kind)[0]
    wanted = Wanted(chosen, desk.settings.exports_dir)
    scheduling.request_export(session, campaign, wanted, By(command.person, SLACK, command.at))
    return chosen
