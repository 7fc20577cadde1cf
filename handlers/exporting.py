"""Exports, for whoever types for one."""

from __future__ import annotations

from sqlmodel import Session

from bot import schedule
from bot.desk import Desk
from bot.errors import BotError
from bot.services import campaigning, reporting, scheduling
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.services.scheduling import Wanted
from handlers.triggers import Commanded


class NoCampaignNamedError(BotError):
    """Say which campaign: `/label export CAMPAIGN`. The campaigns are {names}."""


async def export(desk: Desk, command: Commanded) -> str:
    """Start an export; the result comes as a message."""
    rest = command.spoken.words
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
