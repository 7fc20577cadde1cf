"""Exports: one now, to oneself or to a channel; and those that come by themselves."""

from __future__ import annotations

from sqlmodel import Session

from bot import schedule
from bot.desk import Desk
from bot.exports.formats import FORMATS
from bot.recurring import Rhythm, cron_from
from bot.services import campaigning, founding, planning, requesting, scheduling, steering
from bot.services.directing import By
from bot.services.scheduling import ScheduleStatus, Wanted
from bot.slack import planning as drawn
from bot.slack.cards import Drawn
from bot.slack.mentioning import sentence
from bot.slack.spoken import Spoken
from bot.slack.steering import pick
from handlers.replying import reply
from handlers.triggers import Commanded, Pressed, Said
from storage.tables import Campaign, CampaignState

ON_ITS_WAY = "Exporting {name} as {shape}. I'll message {whom} when it is there."


async def export(desk: Desk, command: Commanded) -> Said:
    """Start an export, or show the campaigns there are; the result comes as a message."""
    spoken = command.spoken
    if not spoken.words:
        return pick("Export", "export", await desk.db.read(steering.choosable, *CampaignState))
    name, *rest = spoken.words
    channel = spoken.channels[0] if spoken.channels else None
    wanted = Wanted(rest[0] if rest else "", desk.settings.exports_dir, channel)
    shape = await desk.db.write(_named, name, wanted, command.by)
    desk.soon(schedule.export(desk))
    whom = "the channel" if channel else "you"
    return ON_ITS_WAY.format(name=name, shape=shape, whom=whom)


async def press_export(desk: Desk, press: Pressed) -> None:
    """Start an export of the campaign that the button is about."""
    wanted = Wanted("", desk.settings.exports_dir)
    name, shape = await desk.db.write(_numbered, press.button.about, wanted, press.by)
    desk.soon(schedule.export(desk))
    words = ON_ITS_WAY.format(name=name, shape=shape, whom="you")
    reply(desk, press, Drawn(words, [sentence(words)]))


async def plan(desk: Desk, command: Commanded) -> Said:
    """Plan exports of a campaign, or show those that are planned."""
    spoken = command.spoken
    if not spoken.words:
        found = await desk.db.read(steering.choosable, CampaignState.OPEN, CampaignState.PAUSED)
        return pick("Schedule", "plans", found)
    name, *rest = spoken.words
    if not rest:
        _campaign, plans = await desk.db.read(_plans, name)
        return drawn.plans(name, plans)
    plans = await desk.db.write(_planned, desk, spoken, command.by)
    return drawn.plans(name, plans, "Planned.")


async def press_plans(desk: Desk, press: Pressed) -> None:
    """Show the plans of the campaign that the button is about."""
    name, plans = await desk.db.read(_plans_numbered, press.button.about)
    reply(desk, press, drawn.plans(name, plans))


async def remove_plan(desk: Desk, press: Pressed) -> None:
    """Remove a plan; what it exported stays."""
    name, plans = await desk.db.write(_removed, press.button.about, press.by)
    reply(desk, press, drawn.plans(name, plans, "Removed."))


def _named(session: Session, name: str, wanted: Wanted, by: By) -> str:
    campaign = campaigning.campaign_named(session, name, lock=True)
    return requesting.request(session, campaign, wanted, by)


def _numbered(session: Session, campaign_id: int, wanted: Wanted, by: By) -> tuple[str, str]:
    campaign = campaigning.campaign_by_id(session, campaign_id, lock=True)
    return campaign.name, requesting.request(session, campaign, wanted, by)


def _plans(session: Session, name: str) -> tuple[Campaign, list[ScheduleStatus]]:
    campaign = campaigning.campaign_named(session, name)
    return campaign, scheduling.schedules(session, campaign)


def _plans_numbered(session: Session, campaign_id: int) -> tuple[str, list[ScheduleStatus]]:
    campaign = campaigning.campaign_by_id(session, campaign_id)
    return campaign.name, scheduling.schedules(session, campaign)


def _planned(session: Session, desk: Desk, spoken: Spoken, by: By) -> list[ScheduleStatus]:
    name, *rest = spoken.words
    campaign = campaigning.campaign_named(session, name, lock=True)
    shapes = [word for word in rest if word in FORMATS]
    shape = shapes[0] if shapes else scheduling.formats_for(campaign.kind)[0]
    often = cron_from(" ".join(word for word in rest if word not in FORMATS))
    tz = spoken.options.get("tz") or founding.zone_of(session, by.actor)
    channel = spoken.channels[0] if spoken.channels else campaign.channel
    wanted = Wanted(shape, desk.settings.exports_dir, channel)
    planning.plan(session, campaign, wanted, Rhythm(often, tz), by)
    return scheduling.schedules(session, campaign)


def _removed(session: Session, plan_id: int, by: By) -> tuple[str, list[ScheduleStatus]]:
    campaign = planning.unschedule(session, plan_id, by)
    return campaign.name, scheduling.schedules(session, campaign)
