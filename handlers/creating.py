"""A new campaign: its modal, which follows the kind that is chosen, and what is made of it."""

from __future__ import annotations

from sqlmodel import Session

from bot.desk import Desk
from bot.errors import BotError
from bot.services import founding, previewing
from bot.services.directing import By
from bot.services.founding import Wish
from bot.slack import creating as drawn
from bot.slack import previewing as pictures
from bot.slack import wishing
from bot.slack.opening import open_view, update_view
from bot.slack.zones import zone_in_slack
from handlers.triggers import Answer, Commanded, Pressed, Said, Submitted


async def open_new(desk: Desk, command: Commanded) -> Said:
    """Open the modal with the defaults."""
    desk.soon(_open(desk, command.person, command.trigger_id, command.response_url))
    return None


async def press_new(desk: Desk, press: Pressed) -> None:
    """Open the modal with the defaults, from a button."""
    click = press.click
    desk.soon(_open(desk, click.person, press.trigger_id, click.response_url))


async def _open(desk: Desk, person: str, trigger_id: str, response_url: str | None) -> None:
    """Ask Slack for the time zone of the person, and open the modal with it."""
    tz = await zone_in_slack(desk.sender, person)
    tz = tz or await desk.db.read(founding.zone_of, person)
    await open_view(desk.sender, trigger_id, drawn.draw({}, tz), response_url)


async def change_kind(desk: Desk, press: Pressed) -> None:
    """Ask what the chosen kind needs; what was typed stays."""
    view = dict(press.view or {})
    tz = await desk.db.read(founding.zone_of, press.click.person)
    desk.soon(update_view(desk.sender, view, drawn.draw(view["state"]["values"], tz)))


async def look(desk: Desk, press: Pressed) -> None:
    """Show the task as an expert would see it, with what is chosen so far."""
    values = (press.view or {})["state"]["values"]
    kind, settings = wishing.settings_in(values)
    title = str((values.get("title") or {}).get("title", {}).get("value") or "New campaign")
    task = previewing.example(kind, settings, title, "")
    push = desk.sender.client.views_push
    desk.soon(push(trigger_id=press.trigger_id, view=pictures.window(task)))


async def submit_new(desk: Desk, submitted: Submitted) -> Answer:
    """Make the campaign; a message says that it is ready."""
    wish = wishing.read(submitted.values, submitted.click.at)
    try:
        await desk.db.write(_found, desk, wish, submitted.by)
    except BotError as error:
        raise wishing.at_its_field(error, submitted.values) from error
    return None


def _found(session: Session, desk: Desk, wish: Wish, by: By) -> None:
    founding.found(session, wish, desk.settings.exports_dir, by)
