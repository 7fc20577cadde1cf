"""What can be typed after /label."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from sqlmodel import Session

from bot import schedule
from bot.desk import Desk
from bot.errors import BotError
from bot.services import assigning, campaigning, reporting, scheduling, tallying
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.services.scheduling import Wanted
from bot.slack import home
from bot.slack.manifest import COMMAND
from bot.slack.text import escaped
from handlers.triggers import Commanded, Word
from storage.tables import Role

UNKNOWN = "I do not know “{word}”{near}. This is what I know:\n\n"


class NoCampaignNamedError(BotError):
    """Say which campaign: `/label export CAMPAIGN`. The campaigns are {names}."""


async def give_help(desk: Desk, command: Commanded) -> str:
    """Say what this person can type; for an unknown word, say so first, with the nearest one."""
    role = await desk.role_of(command.person)
    known = {name: word for name, word in command.known.items() if _may(role, word)}
    asked = command.words[0]
    begins = (
        "" if asked == "help" else UNKNOWN.format(word=escaped(asked), near=_near(asked, known))
    )
    return begins + "\n".join(_explained(name, word) for name, word in known.items())


def _may(role: Role | None, word: Word) -> bool:
    return word.role is None or role in (word.role, Role.COORDINATOR)


def _near(asked: str, known: Mapping[str, Word]) -> str:
    found = get_close_matches(asked, known, n=1)
    return f"; perhaps you mean *{COMMAND} {found[0]}*" if found else ""


def _explained(name: str, word: Word) -> str:
    typed = " ".join(part for part in (COMMAND, name, word.usage) if part)
    return f"*{typed}* {word.says}"


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
    if await desk.role_of(command.person) != Role.COORDINATOR:
        return own
    campaigns = await desk.db.read(reporting.statuses)
    return "\n".join([own if progress else "", *map(home.campaign_in_words, campaigns)]).strip()


async def export(desk: Desk, command: Commanded) -> str:
    """Start an export; the result comes as a message."""
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
