"""Bringing items in: a file dropped in the DM, chosen in a modal, or named by its address."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from bot import schedule
from bot.desk import Desk
from bot.errors import FieldsError
from bot.imports.columns import Columns
from bot.services import campaigning, receiving
from bot.services.auditing import SLACK
from bot.services.directing import By
from bot.services.receiving import Arrived, Goal, NoCampaignsError
from bot.slack import ids, importing
from bot.slack.inputs import entered
from bot.slack.opening import open_view, update_view
from handlers.triggers import Answer, Body, Commanded, Pressed, Said, Submitted
from storage.queries import telling
from storage.tables import Campaign, CampaignState, Role


async def begin(desk: Desk, command: Commanded) -> Said:
    """Ask for a file; with an address behind the campaign, fetch it at once."""
    name, address, *_rest = (*command.spoken.words, "", "")
    campaign = await desk.db.read(campaigning.campaign_named, name) if name else None
    if campaign and address:
        await _fetch(desk, command.person, {"url": address, "campaign": campaign.name})
        return "I'll fetch it and show you what is in it, in our direct messages."
    view = importing.asking(await desk.db.read(_campaigns), campaign.id if campaign else None)
    desk.soon(open_view(desk.sender, command.trigger_id, view, command.response_url))
    return None


async def ask(desk: Desk, press: Pressed) -> None:
    """Ask for a file for the campaign whose button it was."""
    chosen = int(press.button.option) if ids.is_number(press.button.option) else None
    view = importing.asking(await desk.db.read(_campaigns), chosen)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def take_file(desk: Desk, submitted: Submitted) -> Answer:
    """Take the file, or the address, that was asked for."""
    given = entered(submitted.values)
    files, address = given.get(importing.FILE) or [], given.get(importing.ADDRESS)
    if bool(files) == bool(address):
        raise FieldsError({importing.ADDRESS: "Give a file or an address, one of the two"})
    goal = importing.goal_from(given.get(importing.GOAL))
    campaign = await desk.db.read(_campaign, goal or 0)
    facts = {"campaign": campaign.name, **(_facts(files[0]) if files else {"url": address})}
    await _fetch(desk, submitted.click.person, facts)
    return None


async def take_dropped(desk: Desk, message: Body) -> bool:
    """Take the files that a coordinator dropped in the DM, outside of any thread."""
    if message.get("thread_ts") or not message.get("files"):
        return False
    if await desk.role_of(message["user"]) != Role.COORDINATOR:
        return False
    for file in message["files"]:
        await _fetch(desk, message["user"], _facts(file))
    return True


async def choose(desk: Desk, press: Pressed) -> None:
    """Open the modal that says where a file goes."""
    view = await desk.db.read(_mapping, press.button.option, None)
    desk.soon(open_view(desk.sender, press.trigger_id, view, press.click.response_url))


async def choose_goal(desk: Desk, press: Pressed) -> None:
    """Another campaign was chosen: show what its kind wants."""
    shown = dict(press.view or {})
    view = await desk.db.read(_mapping, shown.get("private_metadata", ""), press.button.option)
    desk.soon(update_view(desk.sender, shown, view))


async def show_more(desk: Desk, press: Pressed) -> None:
    """Show menus for the columns that few files have; what was chosen stays."""
    button, shown = press.button, dict(press.view or {})
    view = await desk.db.read(_mapping, button.option, button.field, is_whole=True)
    desk.soon(update_view(desk.sender, shown, view))


async def import_file(desk: Desk, submitted: Submitted) -> Answer:
    """Begin the import."""
    by = By(submitted.click.person, SLACK, submitted.click.at)
    await desk.db.write(_begin, submitted, by)
    desk.soon(schedule.bring_in(desk))
    return None


async def _fetch(desk: Desk, person: str, facts: dict[str, Any]) -> None:
    facts = {**facts, "folder": str(desk.settings.imports_dir)}
    now = desk.clock.now()
    await desk.db.write(telling.put, "arriving", lane=person, facts=facts, now=now)


def _facts(file: Body) -> dict[str, Any]:
    url = file.get("url_private_download") or file.get("url_private") or ""
    return {"url": url, "name": file.get("name") or "your file"}


def _campaigns(session: Session) -> list[tuple[int, str]]:
    chosen = select(Campaign.id, Campaign.title).where(Campaign.state != CampaignState.CLOSED)
    found = session.exec(chosen.order_by(col(Campaign.id).desc())).all()
    if not found:
        raise NoCampaignsError
    return [(number or 0, title) for number, title in found]


def _campaign(session: Session, number: int) -> Campaign:
    return session.get_one(Campaign, number)


def _mapping(
    session: Session, run: str, goal: str | None, *, is_whole: bool = False
) -> dict[str, Any]:
    file = receiving.arrived(session, _number(run))
    goals = receiving.goals(session, file.run)
    return importing.mapping(file, goals, _chosen(file, goals, goal), is_whole=is_whole)


def _chosen(file: Arrived, goals: list[Goal], goal: str | None) -> Goal:
    """Return the campaign that was chosen, else the one that was named, else the newest."""
    is_it = (lambda one: str(one.id) == goal) if goal else (lambda one: one.name == file.campaign)
    return next(filter(is_it, goals), goals[0])


def _begin(session: Session, submitted: Submitted, by: By) -> Campaign:
    file = receiving.arrived(session, _number(submitted.metadata))
    given = entered(submitted.values)
    goal = importing.goal_from(given.get(importing.GOAL)) or 0
    columns: Columns = importing.columns_from(submitted.values, file.columns)
    strict = bool(given.get(importing.STRICT))
    try:
        return receiving.begin(session, file.run, goal, columns, by, strict=strict)
    except FieldsError as error:
        raise FieldsError(importing.at_their_menus(error.fields, goal)) from error


def _number(text: str) -> int:
    if not ids.is_number(text):
        raise receiving.GoneFileError
    return int(text)
