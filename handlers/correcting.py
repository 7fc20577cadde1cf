"""Correcting a campaign midway: its overlap, what somebody holds, which answers count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session

from bot.desk import Desk
from bot.errors import FieldsError
from bot.services import campaigning, correcting, reporting, steering
from bot.services.correcting import NobodyInPoolError, Reassigned
from bot.slack import correcting as drawn
from bot.slack import ids
from bot.slack import steering as choosing
from bot.slack.cards import Drawn
from bot.slack.inputs import entered
from bot.slack.modals import shown_modal
from bot.slack.opening import open_view
from handlers.replying import reply
from handlers.triggers import Answer, Commanded, Pressed, Said, Submitted
from storage.tables import Campaign, CampaignState

People = Sequence[tuple[str, str]]


async def correct(desk: Desk, command: Commanded) -> Said:
    """Show what can be corrected in the campaign that is named, or the campaigns there are."""
    name = command.spoken.first
    if name:
        return await desk.db.read(_ways, name)
    found = await desk.db.read(steering.choosable, CampaignState.OPEN, CampaignState.PAUSED)
    return choosing.pick("Correct", "correct", found)


async def show_ways(desk: Desk, press: Pressed) -> None:
    """Show what can be corrected in the campaign whose button it was."""
    reply(desk, press, await desk.db.read(_ways_by_number, press.button.about))


async def open_overlap(desk: Desk, press: Pressed) -> None:
    """Ask for another overlap."""
    campaign = await desk.db.read(campaigning.campaign_by_id, press.button.about)
    view = drawn.overlapping(campaign.id or 0, campaign.title, campaign.overlap)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def open_taking_back(desk: Desk, press: Pressed) -> None:
    """Ask whose tasks go to others."""
    await _open(desk, press, drawn.taking_back)


async def open_reopening(desk: Desk, press: Pressed) -> None:
    """Ask which answer is opened again."""
    await _open(desk, press, drawn.reopening)


async def open_excluding(desk: Desk, press: Pressed) -> None:
    """Ask whose answers are left out, from when on and why."""
    today = press.click.at.astimezone(UTC).date()
    await _open(desk, press, lambda campaign, people: drawn.excluding(campaign, people, today))


async def include(desk: Desk, press: Pressed) -> None:
    """Let answers count again that were left out."""
    done = await desk.db.write(
        lambda session: correcting.include(
            session,
            campaigning.campaign_by_id(session, press.button.about),
            press.button.option,
            press.by,
        )
    )
    reply(desk, press, drawn.included(done))


async def change_overlap(desk: Desk, submitted: Submitted) -> Answer:
    """Let each item want more answers, or fewer."""
    wanted = str(entered(submitted.values).get(drawn.OVERLAP) or "")

    def change(session: Session) -> Drawn:
        campaign = _campaign(session, submitted)
        overlap = int(wanted) if ids.is_number(wanted) else 0
        done = correcting.change_overlap(session, campaign, overlap, submitted.by)
        return drawn.overlapped(campaign.title, done)

    return _shown(await desk.db.write(change))


async def take_back(desk: Desk, submitted: Submitted) -> Answer:
    """Take what somebody holds back, for somebody else or for all."""
    given = entered(submitted.values)

    def take(session: Session) -> Drawn:
        campaign = _campaign(session, submitted)
        person, to = given[drawn.PERSON], given.get(drawn.TO)
        if to:
            return drawn.taken_back(
                correcting.reassign(session, campaign, person, to, submitted.by)
            )
        taken = correcting.take_back(session, campaign, person, submitted.by)
        return drawn.taken_back(Reassigned(len(taken), 0))

    return _shown(await desk.db.write(take))


async def reopen(desk: Desk, submitted: Submitted) -> Answer:
    """Give an answer back to who gave it."""
    given = entered(submitted.values)

    def open_again(session: Session) -> Drawn:
        campaign = _campaign(session, submitted)
        found = correcting.answer_of(session, campaign, given[drawn.ITEM], given[drawn.PERSON])
        if found is None:
            raise FieldsError({drawn.ITEM: "They gave no answer to an item with this id"})
        correcting.reopen(session, found, given.get(drawn.REASON) or "", submitted.by)
        return drawn.reopened(given[drawn.ITEM])

    return _shown(await desk.db.write(open_again))


async def exclude(desk: Desk, submitted: Submitted) -> Answer:
    """Leave out what somebody answered from a day on."""
    given = entered(submitted.values)
    since = datetime.combine(date.fromisoformat(given[drawn.SINCE]), time(), UTC)

    def leave_out(session: Session) -> Drawn:
        campaign, reason = _campaign(session, submitted), given.get(drawn.REASON) or ""
        person = given[drawn.PERSON]
        done = correcting.exclude(session, campaign, person, since, reason, submitted.by)
        return drawn.excluded(done)

    return _shown(await desk.db.write(leave_out))


async def _open(desk: Desk, press: Pressed, draw: Callable[[int, People], dict[str, Any]]) -> None:
    view = draw(press.button.about, await desk.db.read(_people, press.button.about))
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


def _people(session: Session, campaign_id: int) -> People:
    campaign = campaigning.campaign_by_id(session, campaign_id)
    found = reporting.expert_statuses(session, campaign)
    if not found:
        raise NobodyInPoolError(campaign=campaign.name)
    return [(one.slack_id, one.name or one.slack_id) for one in found[:100]]


def _ways(session: Session, name: str) -> Drawn:
    return _drawn_ways(session, campaigning.campaign_named(session, name))


def _ways_by_number(session: Session, campaign_id: int) -> Drawn:
    return _drawn_ways(session, campaigning.campaign_by_id(session, campaign_id))


def _drawn_ways(session: Session, campaign: Campaign) -> Drawn:
    return drawn.ways(campaign.id or 0, campaign.title, correcting.excluded(session, campaign))


def _campaign(session: Session, submitted: Submitted) -> Campaign:
    number = int(submitted.metadata) if ids.is_number(submitted.metadata) else 0
    return campaigning.campaign_by_id(session, number)


def _shown(done: Drawn) -> Answer:
    return {"response_action": "update", "view": shown_modal("Done", done.blocks)}
