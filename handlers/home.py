"""The app's Home tab: drawn when it is opened, and again when something on it changed."""

from __future__ import annotations

from datetime import timedelta

from bot.app_context import AppContext
from bot.services.home import home_tab
from bot.services.reports import overview as overview_report
from bot.services.tasks import recent_answers
from bot.slack.blockkit.blocks import Block
from bot.slack.views import campaigns_overview, home
from handlers.payloads import ActionPayload, Body
from storage.tables import Role

HOME_OPEN_FOR = timedelta(hours=1)
"""How long a Home tab is taken to be open still."""


async def show_home(app: AppContext, event: Body) -> None:
    """Draw the Home tab anew each time it is opened."""
    if event.get("tab") == "home":
        app.home_viewers[event["user"]] = app.clock.now()
        app.run_in_background(publish_home(app, event["user"]))


async def refresh_home(app: AppContext, slack_id: str) -> None:
    """Draw the Home tab again for somebody who may be looking at it."""
    opened = app.home_viewers.get(slack_id)
    if opened is None:
        return
    if app.clock.now() - opened > HOME_OPEN_FOR:
        del app.home_viewers[slack_id]
    else:
        app.run_in_background(publish_home(app, slack_id))


async def publish_home(app: AppContext, slack_id: str) -> None:
    """Draw the Home tab of a person."""
    found = await app.db.read(home_tab.load_home_tab, slack_id, app.clock.now())
    view = home.render_home(found, *await coordinator_blocks(app, slack_id))
    await app.sender.call("views.publish", {"user_id": slack_id, "view": view})


async def coordinator_blocks(app: AppContext, slack_id: str) -> list[list[Block]]:
    """Draw what the Home tab shows beside the tasks: to coordinators, how campaigns go."""
    if await app.role_of(slack_id) != Role.COORDINATOR:
        return []
    found = await app.db.read(overview_report.list_overviews, app.clock.now())
    return [campaigns_overview.home_blocks(found)]


async def change_answer(app: AppContext, payload: ActionPayload) -> None:
    """Bring an answer back as a message, to change it."""
    await app.db.write(
        recent_answers.show_recent_answer, payload.action.target_id, payload.interaction
    )
